"""`read`: any transcript file to turns, whatever its format and encoding.

The content decides which reader is used, the extension only where the content does not say.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path, PurePath

from parihs.errors import ParihsError
from parihs.formats import (
    atrain,
    docx,
    headed,
    maxqda,
    meet,
    parihs_text,
    plain,
    srt,
    table,
    turn_json,
    webvtt,
    whisperx,
    zoom,
)
from parihs.formats.decoding import decode
from parihs.formats.lines import Unreadable, count
from parihs.formats.text_reader import TextReader
from parihs.model import ParsedTranscript, ParsedTurn

MAX_BYTES = 200 * 1024 * 1024
"""Larger than any transcript; a day of talk with a time for every word is about 20 MB."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be read: its short name, what people call it, and its file extensions."""

    name: str
    label: str
    extensions: tuple[str, ...]


# In the order in which they are asked whether a text is theirs; plain text takes what is left.
_READERS: tuple[TextReader, ...] = (
    parihs_text,
    webvtt,
    whisperx,
    turn_json,
    # Its first line is certain, so an arrow that somebody says in a cell makes no captions of it.
    table,
    srt,
    zoom,
    meet,
    atrain,
    headed,
    maxqda,
    plain,
)
_BY_NAME = {reader.NAME: reader for reader in _READERS}

FORMATS: tuple[Format, ...] = (
    *(Format(reader.NAME, reader.LABEL, reader.EXTENSIONS) for reader in _READERS),
    Format(docx.NAME, docx.LABEL, docx.EXTENSIONS),
)
"""Every format that `read` knows, as its ``format`` argument names it."""

_BY_EXTENSION: dict[str, TextReader] = {
    ".vtt": webvtt,
    ".srt": srt,
    ".json": turn_json,
    ".csv": table,
    ".tsv": table,
}
_PROSE_EXTENSIONS = {"", *plain.EXTENSIONS}
_MARKUP = re.compile(r"\s*<(?:!doctype|\?xml|html|tt)\b", re.IGNORECASE)
_KNOWN = "Formats that can be read: .vtt, .srt, .txt, .docx, .json, .csv and .tsv."
# A database cannot keep these: NUL, and halves of surrogate pairs that JSON can smuggle in.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def read(path: Path | str, *, format: str | None = None) -> ParsedTranscript:
    """Read a transcript file; ``format`` is one of `FORMATS` where the file should not decide.

    One turn per cue or paragraph of the file, times in ms; `merge_turns` joins them. Whatever was
    skipped, guessed or repaired is in ``warnings``; file name, SHA-256, encoding and format are in
    ``provenance``.

    Raises ParihsError with file, line and remedy.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(path.name)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ParihsError(f"There is no file “{path.name}” here.", "Check its path.") from error
    except IsADirectoryError as error:
        raise ParihsError(f"“{path.name}” is a folder.", "Choose a file in it.") from error
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise ParihsError(
            f"“{path.name}” cannot be opened ({reason}).", "Check that you may read it."
        ) from error
    return read_bytes(data, path.name, format=format)


def read_bytes(data: bytes, filename: str, *, format: str | None = None) -> ParsedTranscript:
    """Read a transcript from the bytes of a file; otherwise like `read`."""
    name = PurePath(filename.replace("\\", "/")).name
    if len(data) > MAX_BYTES:
        raise _too_large(name)
    if format is not None and format not in {known.name for known in FORMATS}:
        raise ParihsError(
            f"“{format}” is not a transcript format.",
            f"Formats: {', '.join(known.name for known in FORMATS)}.",
        )
    try:
        parsed, encoding = _parse(data, PurePath(name).suffix.lower(), format)
        parsed = _checked(parsed)
    except Unreadable as error:
        where = f"“{name}”, line {error.line}" if error.line is not None else f"“{name}”"
        raise ParihsError(f"{where}: {error.message}", error.hint) from error
    provenance = {
        "file": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "format": parsed.format,
        "encoding": encoding,
    }
    warnings = parsed.warnings
    if not encoding.startswith(("utf-", "xml")):
        note = f"Read as {encoding}, not UTF-8: check letters with accents."
        warnings = (note, *warnings)
    return replace(parsed, warnings=warnings, provenance={**parsed.provenance, **provenance})


def _parse(data: bytes, extension: str, format: str | None) -> tuple[ParsedTranscript, str]:
    """Return the transcript and the name of its encoding."""
    if format == docx.NAME or (format is None and docx.looks_like(data)):
        if not data.startswith(b"PK"):
            decode(data)
            raise Unreadable(
                "it is not a Word document.",
                "Read it without naming a format, or save it as .docx.",
            )
        return docx.parse(data), "xml"
    text, encoding = decode(data)
    reader = _BY_NAME[format] if format is not None else _reader_for(text, extension)
    return reader.parse(text), encoding


def _reader_for(text: str, extension: str) -> TextReader:
    if _MARKUP.match(text):
        raise Unreadable("it is a web page or XML, a format that is not known here.", _KNOWN)
    reader = next(reader for reader in _READERS if reader.looks_like(text))
    if reader.NAME != plain.NAME or extension in _PROSE_EXTENSIONS:
        return reader
    if extension in _BY_EXTENSION:
        return _BY_EXTENSION[extension]
    guess = plain.parse(text)
    if guess.speakers or guess.duration_ms is not None:
        return plain
    raise Unreadable(
        f"its format is not known ({extension}), and no speakers or times are in it.", _KNOWN
    )


def _checked(parsed: ParsedTranscript) -> ParsedTranscript:
    """Mend what any reader may meet: ends before starts, characters that cannot be kept."""
    turns = [_storable(turn) for turn in parsed.turns]
    if not turns:
        raise Unreadable("no spoken text was found in it.", "Check that it is the right file.")
    warnings = list(parsed.warnings)
    mended = sum(new != old for new, old in zip(turns, parsed.turns, strict=True))
    if mended:
        warnings.append(f"Characters that are not text were replaced in {count(mended, 'turn')}.")
    reversed_turns = [at for at, turn in enumerate(turns) if _ends_before_start(turn)]
    for at in reversed_turns:
        turns[at] = replace(turns[at], end_ms=None)
    if reversed_turns:
        n = count(len(reversed_turns), "turn ends", "turns end")
        warnings.append(f"{n} before the start; those ends were left out.")
    backwards = _steps_back(turns)
    if backwards:
        n = count(backwards, "turn starts", "turns start")
        warnings.append(f"{n} earlier than the turn above; the file's order was kept.")
    return replace(parsed, turns=tuple(turns), warnings=tuple(warnings))


def _storable(turn: ParsedTurn) -> ParsedTurn:
    speaker = None if turn.speaker is None else _UNSTORABLE.sub("\ufffd", turn.speaker)
    return replace(turn, speaker=speaker, text=_UNSTORABLE.sub("\ufffd", turn.text))


def _ends_before_start(turn: ParsedTurn) -> bool:
    return turn.start_ms is not None and turn.end_ms is not None and turn.end_ms < turn.start_ms


def _steps_back(turns: Sequence[ParsedTurn]) -> int:
    starts = [turn.start_ms for turn in turns if turn.start_ms is not None]
    return sum(later < earlier for earlier, later in pairwise(starts))


def _too_large(name: str) -> ParihsError:
    return ParihsError(
        f"“{name}” is larger than {MAX_BYTES // 1024**2} MB, which no transcript is.",
        "If it is a recording, add it as one.",
    )
