"""Readings as whole numbers: every distinct row of a units × coders table once, with its count.

A coefficient only needs to know how often each pattern of readings occurs. Keeping patterns and
counts, instead of units, is what lets a million characters cost no more than a few hundred rows.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from parihs.errors import ParihsError

Label: TypeAlias = Hashable
Units: TypeAlias = Sequence[Sequence[Any]] | npt.NDArray[Any]
FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]

NOT_READ = -1
# What data frames put where nothing was given; named, so that pandas need not be imported.
_NOT_GIVEN = ("NAType", "NaTType")


@dataclass(frozen=True)
class Table:
    """Patterns of readings, their counts, and the way back to the units.

    ``rows``: (patterns, coders), index into ``categories`` or ``NOT_READ``.
    ``pattern_of``: (units,), the pattern of each unit as given.
    ``unit_counts``: (units,), how many identical units each one stands for.
    """

    rows: IntArray
    pattern_of: IntArray
    unit_counts: FloatArray
    categories: tuple[Label, ...]

    @cached_property
    def counts(self) -> FloatArray:
        """How many units show each pattern: (patterns,)."""
        size = len(self.rows)
        return np.bincount(self.pattern_of, self.unit_counts, size).astype(np.float64)

    @cached_property
    def tallies(self) -> FloatArray:
        """How many coders gave each category in each pattern: (patterns, categories)."""
        width = len(self.categories)
        pattern, coder = np.nonzero(self.rows >= 0)
        cells = pattern * width + self.rows[pattern, coder]
        flat = np.bincount(cells, minlength=len(self.rows) * width)
        return flat.reshape(len(self.rows), width).astype(np.float64)

    @cached_property
    def readings(self) -> FloatArray:
        """How many coders read each pattern: (patterns,)."""
        return np.asarray((self.rows >= 0).sum(axis=1), dtype=np.float64)

    @cached_property
    def pairable(self) -> npt.NDArray[np.bool_]:
        """Which patterns were read by two coders or more."""
        return self.readings >= 2

    @cached_property
    def whole(self) -> npt.NDArray[np.bool_]:
        """Which patterns every coder read."""
        return np.asarray((self.rows >= 0).all(axis=1))

    @property
    def n_coders(self) -> int:
        return int(self.rows.shape[1])

    def complete(self) -> Table:
        """Only the units that every coder read, as two-coder coefficients need them."""
        whole = self.whole
        keep = whole[self.pattern_of]
        renumber = np.cumsum(whole) - 1
        return Table(
            self.rows[whole],
            renumber[self.pattern_of[keep]],
            self.unit_counts[keep],
            self.categories,
        )

    @cached_property
    def paired_totals(self) -> FloatArray:
        """How often each category was given in units that two coders or more read."""
        pattern, coder = np.nonzero((self.rows >= 0) & self.pairable[:, None])
        given, size = self.rows[pattern, coder], len(self.categories)
        return np.bincount(given, self.counts[pattern], size).astype(np.float64)

    def prevalence(self) -> dict[Label, float]:
        """Share of each category among the readings of pairable units."""
        shares = self.paired_totals / max(self.paired_totals.sum(), 1)
        return dict(zip(self.categories, shares.tolist(), strict=True))


def read_table(
    units: Units, *, categories: Iterable[Label] | None = None, counts: Any = None
) -> Table:
    """Turn a units × coders sequence into a ``Table``.

    ``units``: one row per unit, one reading per coder: a label, a set of labels, or ``None`` (or a
    not-a-number) where the coder did not read the unit. ``categories``: all labels in order, where
    some were never used or the order matters. ``counts``: how many identical units each row stands
    for. Raises ``ParihsError`` for ragged rows and for labels outside ``categories``.
    """
    if hasattr(units, "to_numpy"):
        units = units.to_numpy()
    if isinstance(units, np.ndarray) and units.ndim == 2 and units.dtype.kind in "iufb":
        codes, labels = _from_numbers(units)
    else:
        codes, labels = _from_labels(units)
    codes, known = _in_order(codes, labels, categories)
    weights = np.ones(len(codes)) if counts is None else np.asarray(counts, dtype=np.float64)
    if weights.shape != (len(codes),) or (weights < 0).any():
        raise ParihsError(
            f"There are {len(codes)} units but the counts do not fit them.",
            "Give one count, zero or more, for each unit.",
        )
    first, pattern_of = _distinct_rows(codes, len(known))
    return Table(codes[first], pattern_of, weights, known)


def _from_numbers(units: npt.NDArray[Any]) -> tuple[IntArray, list[Label]]:
    read = ~np.isnan(units) if units.dtype.kind == "f" else np.ones(units.shape, dtype=bool)
    values, inverse = np.unique(units[read], return_inverse=True)
    codes = np.full(units.shape, NOT_READ, dtype=np.int64)
    codes[read] = inverse
    return codes, values.tolist()


def _from_labels(units: Units) -> tuple[IntArray, list[Label]]:
    rows = [tuple(row) for row in units]
    width = len(rows[0]) if rows else 0
    for number, row in enumerate(rows):
        if len(row) != width:
            raise ParihsError(
                f"Unit {number + 1} has {len(row)} readings where the first has {width}.",
                "Give every unit one reading per coder, and None where a coder did not read it.",
            )
    numbers: dict[Label, int] = {}
    flat = [_number(value, numbers) for value in chain.from_iterable(rows)]
    codes = np.array(flat, dtype=np.int64).reshape(len(rows), width)
    return codes, list(numbers)


def _number(value: Any, numbers: dict[Label, int]) -> int:
    if value is None:
        return NOT_READ
    if isinstance(value, set | list):
        value = frozenset(value)
    elif (isinstance(value, float) and value != value) or type(value).__name__ in _NOT_GIVEN:
        return NOT_READ
    return numbers.setdefault(value, len(numbers))


def _in_order(
    codes: IntArray, labels: list[Label], categories: Iterable[Label] | None
) -> tuple[IntArray, tuple[Label, ...]]:
    if categories is None:
        ordered = sorted_labels(labels)
    else:
        ordered = [frozenset(c) if isinstance(c, set | list) else c for c in categories]
        unknown = [label for label in labels if label not in set(ordered)]
        if unknown:
            raise ParihsError(
                f"The label {unknown[0]!r} is used but is not among the categories.",
                "Add it to the categories, or correct the readings that use it.",
            )
    position = {label: i for i, label in enumerate(ordered)}
    renumber = np.array([position[label] for label in labels] + [NOT_READ], dtype=np.int64)
    return renumber[codes], tuple(ordered)


def sorted_labels(labels: Iterable[Label]) -> list[Label]:
    """Labels in a stable order: by value where they compare, by type and text where not."""
    found = list(labels)
    if any(isinstance(label, frozenset) for label in found):
        return sorted(found, key=lambda s: sorted(map(str, s)) if isinstance(s, frozenset) else [])
    try:
        return sorted(found)  # type: ignore[type-var]
    except TypeError:
        return sorted(found, key=lambda label: (type(label).__name__, str(label)))


def _distinct_rows(codes: IntArray, width: int) -> tuple[IntArray, IntArray]:
    """First occurrence of each distinct row, and the distinct row of each row."""
    if codes.size == 0:
        rows = min(len(codes), 1)
        return np.arange(rows, dtype=np.int64), np.zeros(len(codes), dtype=np.int64)
    if (width + 1) ** codes.shape[1] < 2**62:
        key = np.zeros(len(codes), dtype=np.int64)
        for column in codes.T:
            key = key * (width + 1) + column + 1
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    else:
        _, first, inverse = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    return first.astype(np.int64), inverse.reshape(-1).astype(np.int64)
