"""How far apart two readings are, for alpha: by level of measurement or between sets of labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from parihs.agreement.table import FloatArray, Label, sorted_labels
from parihs.errors import ParihsError

Distance: TypeAlias = Callable[[Any, Any], float]


def jaccard_distance(first: frozenset[Label], second: frozenset[Label]) -> float:
    """1 - |A and B| / |A or B|: 0 for equal sets (two empty ones too), 1 for disjoint ones.

    Source: Jaccard 1912, New Phytol 11:37-50.
    """
    union = len(first | second)
    return 1 - len(first & second) / union if union else 0.0


def masi_distance(first: frozenset[Label], second: frozenset[Label]) -> float:
    """1 - J * M: Jaccard similarity J, and M = 1 equal, 2/3 subset, 1/3 overlap, 0 disjoint.

    Two empty sets are equal (0); an empty and a non-empty set share nothing (1).
    Source: Passonneau 2006, LREC, pp. 831-836.
    """
    if first == second:
        return 0.0
    common = len(first & second)
    if not common:
        return 1.0
    monotonicity = 2 / 3 if common in (len(first), len(second)) else 1 / 3
    return 1 - common / len(first | second) * monotonicity


def membership(sets: Sequence[Label]) -> tuple[FloatArray, list[Label]]:
    """Which labels each set holds, (sets, labels) of 0 and 1, and the labels in order."""
    labels = sorted_labels({label for one in sets for label in _as_set(one)})
    number = {label: i for i, label in enumerate(labels)}
    member = np.zeros((len(sets), len(labels)))
    for row, one in enumerate(sets):
        member[row, [number[label] for label in _as_set(one)]] = 1
    return member, labels


def _as_set(reading: Label) -> frozenset[Label]:
    if not isinstance(reading, frozenset):
        raise ParihsError(
            f"The reading {reading!r} is a single label where a set of labels is needed.",
            "Give each reading as a set: {'a'}, an empty set for nothing coded, None for not read.",
        )
    return reading


def distance_matrix(labels: Sequence[Label], distance: Distance) -> FloatArray:
    """All pairwise distances (n, n) between labels; ``distance`` must be symmetric."""
    if distance in (masi_distance, jaccard_distance):
        return _set_distances(membership(labels)[0], masi=distance is masi_distance)
    matrix = np.zeros((len(labels), len(labels)))
    for i, first in enumerate(labels):
        for j in range(i):
            matrix[i, j] = matrix[j, i] = distance(first, labels[j])
    if not np.isfinite(matrix).all() or (matrix < 0).any():
        raise ParihsError(
            "The distance gave a negative or infinite number for some pair of readings.",
            "Use a distance that is zero for equal readings and positive for others.",
        )
    return matrix


def _set_distances(member: FloatArray, *, masi: bool) -> FloatArray:
    sizes, common = member.sum(axis=1), member @ member.T
    union = sizes[:, None] + sizes[None, :] - common
    similarity = np.divide(common, union, out=np.ones_like(common), where=union > 0)
    if masi:
        equal = common == union
        subset = common == np.minimum(sizes[:, None], sizes[None, :])
        similarity *= np.where(equal, 1.0, np.where(subset, 2 / 3, 1 / 3))
    return np.asarray(1 - similarity)


def level_matrix(labels: Sequence[Label], level: str) -> FloatArray:
    """Squared differences (n, n) of numbers: interval (c - k)^2, ratio ((c - k) / (c + k))^2."""
    try:
        numbers = np.array([float(label) for label in labels])  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ParihsError(
            f"The {level} level needs numbers, and some readings are not numbers.",
            "Use the nominal level, or give the readings as numbers.",
        ) from None
    difference = np.subtract.outer(numbers, numbers)
    if level == "interval":
        return np.asarray(difference**2)
    if (numbers < 0).any():
        raise ParihsError(
            "The ratio level needs numbers from zero upwards, and some readings are negative.",
            "Use the interval level for numbers that can be negative.",
        )
    total = np.add.outer(numbers, numbers)
    return np.asarray(np.divide(difference, total, out=np.zeros_like(total), where=total > 0) ** 2)
