"""Excerpts as unbroken stretches, and which of them stand together: whole arrays, no pair missed.

Filters may cut an excerpt into several stretches (only what doctors said of it). Two stretches
stand together when they overlap, share a turn, or are few enough turns apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from parihs.compare.shared import Ints

_AT_ONCE: Final = 4_000_000
"""Pairs held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Stretches of excerpts, sorted by where they begin."""

    excerpt: Ints
    """Number of the excerpt each belongs to."""
    first: Ints
    """Where each begins, counted through all versions, in turns or characters."""
    reach: Ints
    """Whatever begins before this stands together with it."""
    broken: Ints
    """Numbers of the excerpts that have several stretches."""


def runs_of(pieces: pd.DataFrame, *, in_turns: bool, apart: int = 0) -> Runs:
    """The stretches that pieces in consecutive turns make.

    With ``in_turns`` they stand together when at most ``apart`` turns lie between one's last and
    the other's first turn (0: the same turn); else when they share a character.
    """
    excerpt = pieces["excerpt"].to_numpy()
    turn = pieces["turn"].to_numpy()
    first = turn if in_turns else pieces["start"].to_numpy()
    last = turn + 1 + apart if in_turns else pieces["end"].to_numpy()
    opens = np.ones(len(excerpt), dtype=bool)
    opens[1:] = (np.diff(excerpt) != 0) | (np.diff(turn) != 1)
    closes = np.append(opens[1:], True)[: len(opens)]
    version = pd.factorize(pieces["version_id"])[0].astype(np.int64)
    line = version[opens] * (int(last.max(initial=0)) + 1)
    first, last, excerpt = line + first[opens], line + last[closes], excerpt[opens]
    order = np.argsort(first, kind="stable")
    numbers, counts = np.unique(excerpt, return_counts=True)
    return Runs(excerpt[order], first[order], last[order], numbers[counts > 1])


def pairs_together(runs: Runs) -> Iterator[tuple[Ints, Ints]]:
    """Every two different excerpts that stand together, each pair once, in portions."""
    after = np.searchsorted(runs.first, runs.reach, side="left")
    n = np.maximum(after - np.arange(len(after)) - 1, 0)
    edges = np.concatenate([[0], np.cumsum(n)])
    width = int(runs.excerpt.max(initial=0)) + 1
    doubtful = [np.zeros(0, dtype=np.int64)]
    begin = 0
    while begin < len(n):
        end = int(np.searchsorted(edges, edges[begin] + _AT_ONCE, side="right")) - 1
        end = max(end, begin + 1)
        earlier = np.repeat(np.arange(begin, end), n[begin:end])
        skipped = np.repeat(edges[begin:end] - edges[begin], n[begin:end])
        later = earlier + 1 + np.arange(len(earlier)) - skipped
        one, other = runs.excerpt[earlier], runs.excerpt[later]
        kept = one != other
        if len(runs.broken):
            # Only an excerpt of several stretches can meet another one twice.
            unsure = np.isin(one, runs.broken) | np.isin(other, runs.broken)
            low, high = np.minimum(one, other), np.maximum(one, other)
            doubtful.append((low * width + high)[kept & unsure])
            kept &= ~unsure
        yield one[kept], other[kept]
        begin = end
    rest = np.unique(np.concatenate(doubtful))
    yield rest // width, rest % width
