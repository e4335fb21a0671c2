"""Consensus for whole studies at once: the rule of ``parihs.coding.consensus`` on arrays.

``shared_spans`` there says what coders agree on, one group of codings at a time; comparing a study
needs the same answer for half a million codings within a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

VALENCE_NAMES = ("-2", "-1", "0", "1", "2", "mixed", "unrated")
MIXED, UNRATED = 5, 6


@dataclass(frozen=True, slots=True)
class Stretches:
    """What coders share: stretch ``i`` stands on ``members[first[i]:first[i + 1]]``."""

    group: Ints
    start: Ints
    end: Ints
    valence: Ints
    """Place in ``VALENCE_NAMES``."""
    members: Ints
    """Places of the codings behind the stretches, in the order they were given."""
    first: Ints


def shared_stretches(
    group: Ints, coder: Ints, start: Ints, end: Ints, valence: Ints, *, at_least: int = 2
) -> Stretches:
    """Stretches that ``at_least`` coders gave the same code, over all groups at once.

    ``group`` numbers the (version, code) of each coding, ``coder`` its coder, ``valence`` its place
    in ``VALENCE_NAMES``. Sorted by group and start.
    """
    if not len(group):
        none = np.zeros(0, dtype=np.int64)
        return Stretches(none, none, none, none, none, np.zeros(1, dtype=np.int64))
    width = int(end.max()) + 2
    n_coders = int(coder.max()) + 1
    own_group, own_start, own_end = _joined((group * n_coders + coder), start, end, width)
    line = (own_group // n_coders) * width
    edges = np.concatenate([line + own_start, line + own_end])
    steps = np.repeat(np.array([1, -1]), len(line))
    order = np.argsort(edges, kind="stable")
    edges, depth = edges[order], np.cumsum(steps[order])
    last = np.diff(edges, append=edges[-1] + 1) > 0
    places, depth = edges[last], depth[last]
    enough = np.concatenate([[False], depth >= at_least])
    turning = np.diff(enough.astype(np.int8))
    opens, closes = places[turning == 1], places[turning == -1]
    found = opens // width

    coding_line = group * width
    from_ = np.searchsorted(closes, coding_line + start, side="right")
    to = np.searchsorted(opens, coding_line + end, side="left")
    n = np.maximum(to - from_, 0)
    member = np.repeat(np.arange(len(group)), n)
    stretch = np.repeat(from_, n) + np.arange(len(member)) - np.repeat(np.cumsum(n) - n, n)
    order = np.argsort(stretch, kind="stable")
    members = member[order]
    first = np.searchsorted(stretch[order], np.arange(len(opens) + 1))
    joint = _joint_valence(valence[members], first[:-1])
    return Stretches(found, opens - found * width, closes - found * width, joint, members, first)


def _joined(key: Ints, start: Ints, end: Ints, width: int) -> tuple[Ints, Ints, Ints]:
    """Spans of one key that overlap or touch, made one; so nobody agrees with themselves."""
    order = np.argsort(key * width + start, kind="stable")
    starts, ends = (key * width + start)[order], (key * width + end)[order]
    reach = np.maximum.accumulate(ends)
    opens = np.concatenate([[True], starts[1:] > reach[:-1]])
    closes = np.concatenate([opens[1:], [True]])
    keys = key[order][opens]
    return keys, starts[opens] - keys * width, reach[closes] - keys * width


def _joint_valence(valence: Ints, first: Ints) -> Ints:
    if not len(first):
        return np.zeros(0, dtype=np.int64)
    points = np.where(valence < MIXED, valence - 2, 0)
    rated = valence < MIXED
    low = np.minimum.reduceat(np.where(rated, points, 9), first)
    high = np.maximum.reduceat(np.where(rated, points, -9), first)
    weakest = np.minimum.reduceat(np.where(rated, np.abs(points), 9), first)
    any_mixed = np.logical_or.reduceat(valence == MIXED, first)
    one_sign = np.where(low < 0, -weakest, weakest) + 2
    joint = np.where(weakest == 9, UNRATED, one_sign)
    return np.where(any_mixed | ((low < 0) & (high > 0)), MIXED, joint).astype(np.int64)
