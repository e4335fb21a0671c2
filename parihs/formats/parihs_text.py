"""A transcript as text that people can read and this program can read back without a guess.

::

    # parihs transcript (en)

    [00:00:01.948 - 00:00:08.748] Project Manager: Shall we begin?

One turn per line. ``?`` stands for an unknown speaker or start; a backslash protects what would
otherwise be read as structure. Without the first line it is ordinary ``[time] Name: text``.
"""

from __future__ import annotations

import re

from parihs.formats.clock import CLOCK, format_clock, parse_clock
from parihs.formats.lines import Unreadable, language_tag, split_lines
from parihs.model import ParsedTranscript, ParsedTurn

NAME = "parihs_text"
LABEL = "parihs text"
EXTENSIONS: tuple[str, ...] = (".txt",)

_SIGNATURE = re.compile(r"# parihs transcript(?: \((?P<language>[^()\n]*)\))?\s*")
_TURN = re.compile(
    rf"(?:\[(?P<start>{CLOCK}|\?)(?: - (?P<end>{CLOCK}))?\] )?"
    r"(?P<speaker>(?:[^\\:]|\\.)*):(?: (?P<text>.*))?",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LINE_BREAKS = {"n": "\n", "r": "\r"}
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r"})


def looks_like(text: str) -> bool:
    """Say whether the first line is the one that ``compose`` writes."""
    return _SIGNATURE.fullmatch(split_lines(text)[0]) is not None


def parse(text: str) -> ParsedTranscript:
    """Read back what ``compose`` wrote; raises Unreadable with the line that is not a turn."""
    first, *lines = split_lines(text)
    signature = _SIGNATURE.fullmatch(first)
    language = signature["language"] if signature else None
    turns = tuple(_turn(line, number) for number, line in enumerate(lines, start=2) if line.strip())
    return ParsedTranscript(turns, NAME, language)


def compose(parsed: ParsedTranscript) -> str:
    """Write speakers, times and text of every turn; times of single words have no place here."""
    language = language_tag(parsed.language)
    head = f"# parihs transcript ({language})" if language else "# parihs transcript"
    return "".join([head + "\n", *(f"\n{_line(turn)}\n" for turn in parsed.turns)])


def _turn(line: str, number: int) -> ParsedTurn:
    match = _TURN.fullmatch(line)
    if match is None:
        raise Unreadable(
            "this line is not “[start - end] Name: text”.",
            "Put each turn on one line, or delete the file's first line to read it as ordinary "
            "text.",
            line=number,
        )
    return ParsedTurn(
        speaker=None if match["speaker"] == "?" else _unescape(match["speaker"]),
        text=_unescape(match["text"] or ""),
        start_ms=parse_clock(match["start"] or ""),
        end_ms=parse_clock(match["end"] or ""),
    )


def _line(turn: ParsedTurn) -> str:
    return f"{_times(turn)}{_speaker(turn.speaker)}: {turn.text.translate(_ESCAPES)}"


def _times(turn: ParsedTurn) -> str:
    if turn.start_ms is None and turn.end_ms is None:
        return ""
    start = "?" if turn.start_ms is None else format_clock(turn.start_ms)
    return f"[{start}] " if turn.end_ms is None else f"[{start} - {format_clock(turn.end_ms)}] "


def _speaker(name: str | None) -> str:
    if name is None:
        return "?"
    escaped = name.translate(_ESCAPES).replace(":", "\\:")
    return f"\\{escaped}" if escaped.startswith(("?", "[")) else escaped


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: _LINE_BREAKS.get(match[1], match[1]), text)
