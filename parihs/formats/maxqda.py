"""MAXQDA and f4 transcripts, with times between hashes: ``Ann: Shall we begin? #00:03:40-5#``."""

from __future__ import annotations

import re
from dataclasses import replace

from parihs.formats.clock import format_clock, parse_clock
from parihs.formats.lines import count
from parihs.formats.paragraphs import Paragraph, split_paragraphs, to_turns
from parihs.formats.spoken_lines import Line, cut_ms, spoken_lines, without_time_marks
from parihs.model import ParsedTranscript

NAME = "maxqda"
LABEL = "MAXQDA or f4 text with #00:03:40-5#"
EXTENSIONS: tuple[str, ...] = (".txt",)

STEP_MS = 100
"""Tenths of a second are what stands after the hyphen."""

_MARK = re.compile(r"(?:(?<!\s)\s+)?#(?P<time>(?:\d{1,4}:)?\d{1,3}:\d{2}(?:[-.,]\d{1,3})?)#\s*")


def looks_like(text: str) -> bool:
    """Say whether any time stands between hashes."""
    return _MARK.search(text) is not None


def parse(text: str) -> ParsedTranscript:
    """Read one turn per paragraph; a time before the text starts it, one after the text ends it.

    Where times stand only at the ends, a turn starts where the one before ended.
    """
    paragraphs: list[Paragraph] = []
    waiting: int | None = None
    inner = 0
    for paragraph in split_paragraphs(text):
        read, n_inner = _take_marks(paragraph)
        inner += n_inner
        if not read.text:
            waiting = read.start_ms if read.start_ms is not None else waiting
            continue
        if waiting is not None and read.start_ms is None:
            read = replace(read, start_ms=waiting)
        waiting = None
        paragraphs.append(read)
    # A paragraph that ends with its time is finished: what follows is not the rest of a line.
    paragraphs = [
        replace(now, continues=now.continues and before is not None and before.end_ms is None)
        for before, now in zip([None, *paragraphs], paragraphs, strict=False)
    ]
    turns, warnings = to_turns(paragraphs)
    if all(turn.start_ms is None for turn in turns):
        ends = [turn.end_ms for turn in turns]
        turns[1:] = [
            replace(turn, start_ms=end) for turn, end in zip(turns[1:], ends[:-1], strict=True)
        ]
        warnings.insert(
            0, "Times stand after the text: each turn starts where the one before it ended."
        )
    if inner:
        warnings.insert(0, f"{count(inner, 'time')} in the middle of a paragraph left out.")
    return ParsedTranscript(tuple(turns), NAME, None, tuple(warnings))


def _take_marks(paragraph: Paragraph) -> tuple[Paragraph, int]:
    """Return a paragraph with its marks taken out as times, and how many stood in its middle."""
    text = paragraph.text
    marks = [mark for mark in _MARK.finditer(text) if parse_clock(mark["time"]) is not None]
    if not marks:
        return paragraph, 0
    leading = marks[0].start() == 0
    trailing = marks[-1].end() == len(text) and not (leading and len(marks) == 1)
    start = parse_clock(marks[0]["time"]) if leading else None
    end = parse_clock(marks[-1]["time"]) if trailing else None
    pieces, at = [], 0
    for mark in marks:
        pieces.append(text[at : mark.start()])
        at = mark.end()
    words = " ".join(piece for piece in [*pieces, text[at:]] if piece)
    inner = len(marks) - leading - trailing
    return replace(paragraph, text=words, start_ms=start, end_ms=end), inner


def compose(parsed: ParsedTranscript) -> str:
    """Write a paragraph per turn: its start in tenths of a second, ``Name:``, and the words.

    Lost: ends, what is finer than a tenth, line breaks, times of words; a time between brackets or
    hashes in the words loses them, since it would become a place in the recording.
    """
    return "\n\n".join(map(_written, spoken_lines(parsed.turns))) + "\n"


def _written(line: Line) -> str:
    start = line.turn.start_ms
    time = ""
    if start is not None:
        seconds, _, fraction = format_clock(cut_ms(start, STEP_MS)).partition(".")
        time = f"#{seconds}-{fraction[0]}# "
    name = "" if line.speaker is None else f"{line.speaker}: "
    return f"{time}{name}{without_time_marks(line.text)}"
