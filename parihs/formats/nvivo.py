"""Transcript rows for NVivo: ``Timespan``, ``Speaker`` and ``Content`` between tabs.

They are read as any table is.
"""

from __future__ import annotations

from parihs.formats.clock import format_clock
from parihs.formats.spoken_lines import Line, cut_ms, spoken_lines
from parihs.model import ParsedTranscript

STEP_MS = 100
"""NVivo measures tenths of a second."""


def compose(parsed: ParsedTranscript) -> str:
    """Write a row per turn, times cut to tenths of a second.

    Lost: what is finer than that, an end without a start, tabs, line breaks, times of words.
    """
    rows = [
        f"{_timespan(line)}\t{_cell(line.speaker)}\t{_cell(line.text)}"
        for line in spoken_lines(parsed.turns, own_column=True)
    ]
    return "\n".join(["Timespan\tSpeaker\tContent", *rows, ""])


def _timespan(line: Line) -> str:
    start, end = line.turn.start_ms, line.turn.end_ms
    if start is None:
        return ""
    return _clock(start) if end is None else f"{_clock(start)} - {_clock(end)}"


def _clock(ms: int) -> str:
    return format_clock(cut_ms(ms, STEP_MS))[:-2]


def _cell(text: str | None) -> str:
    """The text, in quotes only where it would lose its own."""
    if text is None:
        return ""
    quoted = len(text) > 1 and text.startswith('"') and text.endswith('"')
    return '"' + text.replace('"', '""') + '"' if quoted else text
