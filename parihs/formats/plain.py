"""Ordinary text: ``Name: text``, ``[00:01:02] Name: text``, or paragraphs with neither.

This is the reader of last resort, so it takes any text and keeps all of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from parihs.formats.clock import CLOCK, RANGE, parse_clock
from parihs.formats.lines import count
from parihs.formats.paragraphs import Paragraph, split_paragraphs, to_turns
from parihs.model import ParsedTranscript

NAME = "text"
LABEL = "Plain text, with or without names and times"
EXTENSIONS: tuple[str, ...] = (".txt", ".text", ".md")

_BRACKETED = re.compile(rf"[\[({{<]\s*{RANGE}\s*[\])}}>]\s*(?:[-–—|]\s+)?")
# MAXQDA and f4 glue the time to the name: 00:03:40.5Name: text
_BARE = re.compile(rf"{RANGE}(?=$|\s|[^\W\d_])\s*(?:[-–—|]\s+)?")
# Google Meet puts a time on a line of its own every five minutes.
_ALONE = re.compile(rf"{RANGE}$")
_AFTER_NAME = re.compile(
    rf"(?P<name>[^\W\d_][^:\[(]{{0,59}}?)(?:\s*[\[(]|:\s*\[)\s*(?P<start>{CLOCK})\s*[\])]\s*:?\s+(?P<text>\S.*)"
)

_MIN_BARE_SHARE = 0.3
"""Below this share of paragraphs, a time that opens a line is taken as something somebody said."""


def looks_like(text: str) -> bool:
    """Say yes: any text can be read as paragraphs."""
    return True


def parse(text: str) -> ParsedTranscript:
    """Read one turn per paragraph, with the speakers and times that can be told from the file."""
    paragraphs, n_unread = _timed(split_paragraphs(text))
    turns, warnings = to_turns(paragraphs)
    if n_unread:
        warnings.insert(0, f"{count(n_unread, 'time')} without text below left out.")
    return ParsedTranscript(tuple(turns), NAME, None, tuple(warnings))


def _timed(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], int]:
    """Take times off the beginnings of paragraphs; a time alone on its line belongs to the next."""
    bare = sum(_BARE.match(paragraph.text) is not None for paragraph in paragraphs)
    patterns = [_BRACKETED, _ALONE]
    if bare >= _MIN_BARE_SHARE * len(paragraphs):
        patterns.append(_BARE)
    timed: list[Paragraph] = []
    waiting: tuple[int | None, int | None] | None = None
    unread = 0
    for paragraph in paragraphs:
        read = _take_time(paragraph, patterns)
        if not read.text:
            unread += waiting is not None
            waiting = (read.start_ms, read.end_ms)
            continue
        if waiting is not None and read.start_ms is None:
            read = replace(read, start_ms=waiting[0], end_ms=waiting[1])
        waiting = None
        timed.append(read)
    return timed, unread + (waiting is not None)


def _take_time(paragraph: Paragraph, patterns: Sequence[re.Pattern[str]]) -> Paragraph:
    for pattern in patterns:
        lead = pattern.match(paragraph.text)
        start = parse_clock(lead["start"]) if lead else None
        if lead and start is not None:
            end = parse_clock(lead["end"] or "")
            rest = paragraph.text[lead.end() :]
            return replace(paragraph, text=rest, start_ms=start, end_ms=end)
    named = _AFTER_NAME.fullmatch(paragraph.text)
    start = parse_clock(named["start"]) if named else None
    if named and start is not None:
        return replace(paragraph, text=f"{named['name']}: {named['text']}", start_ms=start)
    return paragraph
