"""Transcript text for ATLAS.ti: ``[00:01:02] Ann: Shall we begin?``, a blank line between turns.

It is read as ordinary text.
"""

from __future__ import annotations

from parihs.formats.clock import format_clock
from parihs.formats.spoken_lines import Line, cut_ms, spoken_lines, without_time_marks
from parihs.model import ParsedTranscript

STEP_MS = 1000
"""Whole seconds are what ATLAS.ti takes for a time between brackets."""


def compose(parsed: ParsedTranscript) -> str:
    """Write a paragraph per turn, beginning with its time in whole seconds.

    Lost: ends, what is finer than a second, line breaks, times of words; a time between brackets or
    hashes in the words loses them, since it would become a place in the recording.
    """
    return "\n\n".join(map(_paragraph, spoken_lines(parsed.turns))) + "\n"


def _paragraph(line: Line) -> str:
    start = line.turn.start_ms
    time = "" if start is None else f"[{format_clock(cut_ms(start, STEP_MS))[:-4]}] "
    name = "" if line.speaker is None else f"{line.speaker}: "
    return f"{time}{name}{without_time_marks(line.text)}"
