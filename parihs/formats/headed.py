"""Transcripts with speaker and time on a line of their own: Otter, Teams, Word's dictation, Rev.

::

    Ann Example  0:03
    Shall we begin?
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from parihs.formats.clock import CLOCK, parse_clock
from parihs.formats.lines import count, split_lines
from parihs.formats.names import could_be_header
from parihs.model import ParsedTranscript, ParsedTurn

NAME = "otter"
LABEL = "Name and time above each paragraph (Otter, Teams, Word)"
EXTENSIONS: tuple[str, ...] = (".txt",)

# Hospital accounts carry their trust in brackets after the name.
_NAME = r"(?P<name>[^\W_][^:\t\n]{0,119}?)"
_NAME_FIRST = re.compile(rf"{_NAME}:?(?:\s+(?P<time>{CLOCK})|\s*[\[(](?P<boxed>{CLOCK})[\])])\s*:?")
_TIME_FIRST = re.compile(rf"(?:(?P<time>{CLOCK})|[\[(](?P<boxed>{CLOCK})[\])])\s+{_NAME}:?")
_CLOSING = re.compile(
    r"Transcribed by https?://\S+|.{1,120} (?:started|stopped) transcription", re.IGNORECASE
)
_BY_OTTER = re.compile(r"Transcribed by https?://(?:www\.)?otter\.ai\S*", re.IGNORECASE)
_OPENS_WITH_TIME = re.compile(rf"[\[(]?{CLOCK}[\])]?\s+\S.*")
_ADDITION = re.compile(r"\s*[(\[][^()\[\]]*[)\]]|\s*\|.*$")

_LONG_SUMMARY = 15
"""Lines that Otter may put above the first speaker: title, keywords, names."""


def looks_like(text: str) -> bool:
    """Say whether lines with a name and a time head the text, after a summary at most."""
    lines = [line.strip() for line in split_lines(text) if line.strip()]
    if _otter_names(lines):
        return True
    headers = _headers(lines)
    if not any(at + 1 < len(lines) and at + 1 not in headers for at in headers):
        return False
    # “Monday 10:30” far down in a transcript is not its first speaker.
    summary = min(headers)
    if summary > max(_LONG_SUMMARY, len(lines) - summary):
        return False
    return len(headers) > 1 or len(lines) <= 4


def parse(text: str) -> ParsedTranscript:
    """Read one turn per header line with the paragraphs below it; only starts are known."""
    lines = [line.strip() for line in split_lines(text)]
    headers: dict[int, tuple[str, int | None]] = {**_headers(lines)} or {**_otter_names(lines)}
    said: list[list[str]] = [[] for _ in headers]
    preamble = closing = 0
    current = -1
    for at, line in enumerate(lines):
        if at in headers:
            current += 1
        elif _CLOSING.fullmatch(line):
            closing += 1
        elif line and current < 0:
            preamble += 1
        elif line:
            said[current].append(line)
    turns = tuple(
        ParsedTurn(speaker, "\n".join(words), start)
        for (speaker, start), words in zip(headers.values(), said, strict=True)
        if words
    )
    return ParsedTranscript(
        turns, NAME, None, _warnings(preamble, closing, len(headers) - len(turns))
    )


def _headers(lines: Sequence[str]) -> dict[int, tuple[str, int]]:
    """Return speaker and start of each header line by its index.

    “We begin at  10:30” has the same shape, so a name must look like one or come back.
    """
    found: dict[int, tuple[str, int, bool]] = {}
    for at, line in enumerate(lines):
        match = _NAME_FIRST.fullmatch(line) or _TIME_FIRST.fullmatch(line)
        start = parse_clock(match["time"] or match["boxed"]) if match else None
        if match and start is not None:
            bare = _ADDITION.sub("", match["name"]).strip()
            found[at] = (match["name"], start, could_be_header(bare or match["name"]))
    # “[0:05] Yes” has this shape too, in a file where every line begins with its time.
    opening = [at for at, line in enumerate(lines) if _OPENS_WITH_TIME.fullmatch(line)]
    if sum(at in found for at in opening) * 2 < len(opening):
        found = {at: header for at, header in found.items() if at not in opening}
    times = Counter(name for name, _, _ in found.values())
    return {
        at: (name, start)
        for at, (name, start, looks_right) in found.items()
        if looks_right or (times[name] > 2 and len(name.split()) <= 3)
    }


def _otter_names(lines: Sequence[str]) -> dict[int, tuple[str, None]]:
    """Names above paragraphs in a file that Otter wrote without times.

    Only Otter's own last line makes this certain: a short line above a longer one may be anything.
    """
    if not any(_BY_OTTER.fullmatch(line) for line in lines):
        return {}
    around = zip(["", *lines[:-1]], lines, [*lines[1:], ""], strict=True)
    return {
        at: (line, None)
        for at, (before, line, below) in enumerate(around)
        if not before and below and could_be_header(_ADDITION.sub("", line).strip() or line)
    }


def _warnings(preamble: int, closing: int, empty: int) -> tuple[str, ...]:
    warnings = []
    if preamble:
        warnings.append(f"{count(preamble, 'line')} before the first speaker left out.")
    if closing:
        warnings.append(f"{count(closing, 'line')} by the transcription service left out.")
    if empty:
        warnings.append(f"{count(empty, 'speaker line')} without text left out.")
    return tuple(warnings)
