"""`write`: a transcript into a file, in any of the formats that people ask for.

What each of them cannot hold is said in ``loses``; everything else is read back by `read` as it
was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

from parihs.errors import ParihsError
from parihs.formats import (
    atlasti,
    docx_writing,
    maxqda,
    nvivo,
    parihs_text,
    srt,
    table,
    webvtt,
    whisperx,
)
from parihs.model import ParsedTranscript


@dataclass(frozen=True, slots=True)
class Writer:
    """A format that can be written."""

    name: str
    label: str
    extension: str
    media_type: str
    loses: str
    """What it cannot hold, in a sentence."""
    compose: Callable[[ParsedTranscript, str], bytes]
    """The file's bytes for a transcript with a title."""

    def filename(self, title: str) -> str:
        """A name for the file; formats that share an ending are told apart by a word before it."""
        among = sum(other.extension == self.extension for other in WRITERS)
        first = next(other for other in WRITERS if other.extension == self.extension)
        mark = f".{self.name}" if among > 1 and self is not first else ""
        return f"{safe_name(title)}{mark}{self.extension}"


def _text(compose: Callable[[ParsedTranscript], str]) -> Callable[[ParsedTranscript, str], bytes]:
    return lambda parsed, title: compose(parsed).encode("utf-8", "replace")


def _for_spreadsheets(parsed: ParsedTranscript, title: str) -> bytes:
    # Excel takes UTF-8 for an old code page unless the file begins with a mark.
    return table.compose(parsed).encode("utf-8-sig", "replace")


WRITERS: tuple[Writer, ...] = (
    Writer(
        "docx",
        "Word document",
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Times of single words are not in it.",
        docx_writing.compose,
    ),
    Writer(
        "text",
        "Text",
        ".txt",
        "text/plain",
        "Times of single words are not in it.",
        _text(parihs_text.compose),
    ),
    Writer(
        "webvtt",
        "WebVTT captions",
        ".vtt",
        "text/vtt",
        "Holds times of words, but not how sure the recogniser was. Needs times.",
        _text(webvtt.compose),
    ),
    Writer(
        "srt",
        "SubRip captions (SRT)",
        ".srt",
        "application/x-subrip",
        "Times of single words are not in it; a missing time is guessed. Needs times.",
        _text(srt.compose),
    ),
    Writer(
        "csv",
        "Table (CSV)",
        ".csv",
        "text/csv",
        "Times of single words are not in it.",
        _for_spreadsheets,
    ),
    Writer(
        "whisperx",
        "WhisperX JSON",
        ".json",
        "application/json",
        "Holds everything: words, their times, and how sure the recogniser was.",
        _text(whisperx.compose),
    ),
    Writer(
        "maxqda",
        "MAXQDA transcript",
        ".txt",
        "text/plain",
        "Starts of turns to a tenth of a second; no ends. In MAXQDA: Import, Focus Group "
        "Transcripts or Transcripts, then choose the recording.",
        _text(maxqda.compose),
    ),
    Writer(
        "nvivo",
        "NVivo transcript rows",
        ".txt",
        "text/plain",
        "Times to a tenth of a second. In NVivo: open the recording, Edit, Transcript, Import "
        "Rows, and choose tab-delimited text with a header row.",
        _text(nvivo.compose),
    ),
    Writer(
        "atlasti",
        "ATLAS.ti transcript",
        ".txt",
        "text/plain",
        "Starts of turns to the second; no ends. In ATLAS.ti: import the recording, then add this "
        "file to it as its transcript.",
        _text(atlasti.compose),
    ),
)
"""Every format that `write` knows; where several share an ending, the first is what it means."""


def writer_named(name: str) -> Writer:
    """The format with this name; raises ParihsError for another."""
    for writer in WRITERS:
        if writer.name == name:
            return writer
    raise ParihsError(
        f"“{name}” is not a format for transcripts.",
        f"Formats: {', '.join(writer.name for writer in WRITERS)}.",
    )


def write(
    parsed: ParsedTranscript,
    path: Path | str,
    *,
    format: str | None = None,
    title: str | None = None,
) -> Path:
    """Write a transcript to a file, whole or not at all, and return its path.

    ``format`` is the name of one of `WRITERS`; without it the file's ending decides. ``title`` is
    the file's name unless given. Raises ParihsError for an unknown ending or format, and where
    captions lack times.
    """
    path = Path(path)
    data = write_bytes(parsed, path.name, format=format, title=title)
    draft = path.with_name(path.name + ".part")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise ParihsError(
            f"“{path.name}” cannot be written ({reason}).", "Choose another folder."
        ) from error
    return path


def write_bytes(
    parsed: ParsedTranscript,
    filename: str,
    *,
    format: str | None = None,
    title: str | None = None,
) -> bytes:
    """The bytes of a file in the format that its name asks for; otherwise like `write`."""
    name = PurePath(filename)
    if format is not None:
        writer = writer_named(format)
    else:
        found = [w for w in WRITERS if w.extension == name.suffix.lower()]
        if not found:
            raise ParihsError(
                f"“{name.name}” is no kind of transcript file.",
                f"End it in {', '.join(dict.fromkeys(w.extension for w in WRITERS))}.",
            )
        writer = found[0]
    return writer.compose(parsed, title or name.stem or "Transcript")


def safe_name(title: str) -> str:
    """The title as a file name that every system takes."""
    kept = "".join(
        "-" if letter in '\\/:*?"<>|' or ord(letter) < 32 else letter for letter in title
    )
    return kept.strip(" .")[:100].strip(" .") or "transcript"
