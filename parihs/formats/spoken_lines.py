"""One turn on one line as ``Name: text``: what captions and transcript texts are written from.

Such lines have no way to protect a colon in a name or a line break in speech, so these are made
harmless before writing, and what a reader finds is what was written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parihs.formats.clock import CLOCK
from parihs.model import ParsedTurn

UNKNOWN = "Unknown Speaker"
"""Who speaks where nobody is named beside others who are; else they would seem to go on."""

# It looks like a colon and ends no name.
_LIKE_A_COLON = str.maketrans({":": "\ua789", "：": "\ua789"})
_TIME_MARK = re.compile(
    rf"[\[(]\s*(?P<brackets>{CLOCK})\s*[\])]|\s*#(?P<hashes>{CLOCK}(?:-[0-9]{{1,3}})?)#\s*"
)
_SPACES = re.compile(r"[\t\r\n\v\f]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A turn as it will stand in the file, and the turn it came from without its words."""

    speaker: str | None
    text: str
    turn: ParsedTurn

    def __str__(self) -> str:
        return self.text if self.speaker is None else f"{self.speaker}: {self.text}"


def spoken_lines(turns: Sequence[ParsedTurn], *, own_column: bool = False) -> list[Line]:
    """Make a line of each turn that says something; names and text lose tabs and line breaks.

    ``own_column`` says that names have a place of their own: they keep their colons, and nobody
    needs a name for being unknown.
    """
    named = any(turn.speaker is not None for turn in turns)
    lines = []
    for turn in turns:
        text = one_line(turn.text)
        if not text:
            continue
        name = None if turn.speaker is None else one_line(turn.speaker)
        if not own_column:
            name = name.translate(_LIKE_A_COLON) if name else UNKNOWN if named else None
        lines.append(Line(name, text, replace(turn, words=())))
    return lines


def one_line(text: str) -> str:
    """The text without tabs and line breaks."""
    return _SPACES.sub(" ", text).strip()


def cut_ms(ms: int, step: int) -> int:
    """The time cut down to a format's smallest step, so that it never runs ahead of the sound."""
    return ms - ms % step


def without_time_marks(text: str) -> str:
    """The words without hashes and brackets around a time, which would become a place to play."""
    before = None
    while before != text:
        before = text
        text = _TIME_MARK.sub(lambda m: m["brackets"] or f" {m['hashes']} ", text).strip()
    return text
