"""Undoing rolling captions, which show every line twice: once as it is spoken, once above the next.

YouTube's automatic captions are the usual source. Read as they stand, each sentence would count two
or three times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from parihs.formats.cues import Cue

_TAG = re.compile(r"<[^<>]*>")
_MIN_SCROLLS = 2


def unroll(cues: Sequence[Cue]) -> tuple[list[Cue], int]:
    """Return the cues with only the lines that are new in each, and how many lines repeated.

    Files that do not roll come back unchanged: two people saying “Yeah.” one after the other is
    speech, so a file counts as rolling only where lines move up above new ones again and again.
    """
    shown = [[_plain(line) for line in cue.lines] for cue in cues]
    carried = [0] + [_overlap(before, now) for before, now in pairwise(shown)]
    tall = sum(len(lines) > 1 for lines in shown)
    scrolls = sum(0 < kept < len(now) for kept, now in zip(carried, shown, strict=True))
    if scrolls < _MIN_SCROLLS or scrolls * 2 < tall:
        return list(cues), 0
    fresh = [
        replace(cue, lines=cue.lines[kept:])
        for cue, kept in zip(cues, carried, strict=True)
        if kept < len(cue.lines)
    ]
    return fresh, sum(carried)


def _plain(line: str) -> str:
    return " ".join(_TAG.sub("", line).split())


def _overlap(before: list[str], now: list[str]) -> int:
    """Return how many first lines of ``now`` were the last lines of ``before``."""
    for size in range(min(len(before), len(now)), 0, -1):
        if before[-size:] == now[:size]:
            return size
    return 0
