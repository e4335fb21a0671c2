"""How good suggestions are, per code, before any is shown; pure functions on arrays.

Every sentence is scored by a model that never saw its workshop. The threshold for one workshop's
fold is chosen on the other folds only, so the precision reported is what a new workshop may expect,
and not what the threshold was tuned to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

FOLDS: Final = 5
FEWEST_EXAMPLES: Final = 20
FEWEST_WORKSHOPS: Final = 3
WANTED: Final = 0.5
"""A threshold is chosen so that at least this share of what it suggests was coded so."""
FEWEST_SUGGESTED: Final = 10
LEAST_SURE: Final = 1 / 3
"""Offered where one suggestion in three is right even at the low end of what chance allows."""
BEYOND: Final = 1.25
"""… and where that is this many times what picking sentences at random would give."""
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured for one code; counts are sentences."""

    n_examples: int
    n_workshops: int
    """Workshops in which it was given."""
    n_units: int
    threshold: float | None
    """What to show from; None where nothing reaches the precision wanted."""
    suggested: int
    right: int
    average_precision: float | None
    refused: str
    """Why it is not offered, in plain words; empty where it is."""

    @property
    def precision(self) -> float | None:
        """Share of the suggestions that the team had coded so."""
        return self.right / self.suggested if self.suggested else None

    @property
    def recall(self) -> float | None:
        """Share of what the team coded so that was suggested."""
        return self.right / self.n_examples if self.n_examples else None

    @property
    def base_rate(self) -> float:
        """Share of all sentences with the code: what random picking would get right."""
        return self.n_examples / self.n_units if self.n_units else 0.0


def folds(workshops: Sequence[str], sizes: Sequence[int], number: int = FOLDS) -> dict[str, int]:
    """Workshop → fold, so that folds are about equally long; no workshop is in two."""
    number = min(number, len(workshops))
    load = [0] * number
    found = {}
    for workshop, size in sorted(zip(workshops, sizes, strict=True), key=lambda w: (-w[1], w[0])):
        least = load.index(min(load))
        found[workshop] = least
        load[least] += size
    return found


def too_few(given: BoolArray, workshop: Sequence[str]) -> str:
    """Why there are too few examples of a code to learn from; empty where there are enough."""
    n = int(given.sum())
    held = len({name for name, yes in zip(workshop, given, strict=True) if yes})
    if n < FEWEST_EXAMPLES:
        there = f"{n} coded sentence{'' if n == 1 else 's'}"
        return f"Too few examples: {there}, {FEWEST_EXAMPLES} needed."
    if held < FEWEST_WORKSHOPS:
        where = "one workshop" if held == 1 else f"{held} workshops"
        return f"All examples come from {where}; {FEWEST_WORKSHOPS} are needed."
    return ""


def measure(
    given: BoolArray, scores: FloatArray, fold: IntArray, workshop: Sequence[str]
) -> Measured:
    """Measure one code from scores that were made without seeing the workshop scored.

    ``given``, ``scores``, ``fold``: ``(units,)``.
    """
    chosen = np.zeros(len(given), dtype=bool)
    for number in np.unique(fold):
        here = fold == number
        at = threshold(given[~here], scores[~here])
        if at is not None:
            chosen[here] = scores[here] >= at
    suggested, right = int(chosen.sum()), int((given & chosen).sum())
    n, total = int(given.sum()), len(given)
    at = threshold(given, scores)
    held = len({name for name, yes in zip(workshop, given, strict=True) if yes})
    return Measured(
        n,
        held,
        total,
        at,
        suggested,
        right,
        average_precision(given, scores),
        _why_refused(n, total, suggested, right, at),
    )


def threshold(given: BoolArray, scores: FloatArray, wanted: float = WANTED) -> float | None:
    """The score to suggest from: at least the wanted share is right down to it, or None.

    Among those scores the one with the best F0.5, in which precision counts more than recall.
    """
    if not given.any():
        return None
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(given[order])
    taken = np.arange(1, len(order) + 1)
    precision, recall = right / taken, right / right[-1]
    fine = (precision >= wanted) & (taken >= FEWEST_SUGGESTED)
    if not fine.any():
        return None
    balance = 1.25 * precision * recall / (0.25 * precision + recall + 1e-12)
    return float(scores[order[int(np.argmax(np.where(fine, balance, -1.0)))]])


def average_precision(given: BoolArray, scores: FloatArray) -> float | None:
    """Mean, over what was coded so, of the precision down to there; None without examples."""
    if not given.any():
        return None
    hit = given[np.argsort(-scores, kind="stable")]
    return float((np.cumsum(hit) / np.arange(1, len(hit) + 1))[hit].mean())


def low_end(right: int, of: int) -> float:
    """Low end of the 95 % interval of a share (Wilson 1927, J Am Stat Assoc 22:209-212)."""
    if not of:
        return 0.0
    p, z2 = right / of, _Z * _Z
    middle = p + z2 / (2 * of)
    return (middle - _Z * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of))) / (1 + z2 / of)


def _why_refused(n: int, total: int, suggested: int, right: int, at: float | None) -> str:
    if at is None or suggested < FEWEST_SUGGESTED:
        return (
            "It cannot be told from the words yet: nothing it would suggest in a workshop it has "
            "not seen is right often enough."
        )
    low = low_end(right, suggested)
    share = f"{right} of {suggested} suggestions were right"
    if low <= BEYOND * n / total:
        return f"{share}, hardly more than by picking sentences at random ({n / total:.0%})."
    if low < LEAST_SURE:
        return f"{share}: too few to be worth reading."
    return ""
