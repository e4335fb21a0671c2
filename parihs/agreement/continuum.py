"""A continuum that several coders divided into segments, as lengths of elementary stretches."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from parihs.agreement.table import FloatArray, IntArray, Label, sorted_labels
from parihs.errors import ParihsError


@dataclass(frozen=True)
class Continuum:
    """Segments as columns, sorted by coder and start: coder, start, end, index into ``values``."""

    coder: IntArray
    start: IntArray
    end: IntArray
    value: IntArray
    values: tuple[Label, ...]
    n_coders: int
    length: int

    @property
    def n_segments(self) -> int:
        return len(self.start)

    def sums(self, ends: Sequence[int]) -> FloatArray:
        """l, q and q* of each document: (documents, width^2 + width + values), gap last.

        ``ends``: the position at which each document ends, in order, the last one the length.
        """
        documents = np.asarray(ends, dtype=np.int64)
        width, gap = len(self.values) + 1, len(self.values)
        cuts = np.unique(np.concatenate([[0], self.start, self.end, documents]))
        step = np.diff(cuts)
        document = np.searchsorted(documents, cuts[:-1], side="right")
        called, segment = self._at(cuts[:-1])
        marked = called != gap
        lengths = np.zeros((len(documents), width, width))
        for i in range(self.n_coders):
            for j in range(self.n_coders):
                if i != j:
                    np.add.at(lengths, (document, called[i], called[j]), step / (self.n_coders - 1))
        squares = np.zeros((len(documents), width))
        matched = np.zeros((len(documents), gap))
        home = np.searchsorted(documents, self.start, side="right")
        np.add.at(squares, (home, self.value), ((self.end - self.start) ** 2).astype(np.float64))
        for i in range(self.n_coders):
            np.add.at(squares[:, gap], document[~marked[i]], step[~marked[i]])
            shared = (marked.sum(axis=0) - marked[i]) / (self.n_coders - 1) * step
            own = marked[i]
            pairable = np.bincount(segment[i, own], weights=shared[own], minlength=self.n_segments)
            mine = self.coder == i
            np.add.at(matched, (home[mine], self.value[mine]), pairable[mine] ** 2)
        flat = lengths.reshape(len(documents), -1)
        return np.concatenate([flat, squares, matched], axis=1)

    def sums_between(self, ends: Sequence[Any]) -> FloatArray:
        """As ``sums``, after checking that ``ends`` divides the continuum between segments."""
        positions = [int(end) for end in ends]
        if positions[:1] == [0]:
            positions = positions[1:]
        if positions[-1:] != [self.length] or any(a >= b for a, b in pairwise(positions)):
            raise ParihsError(
                "The document ends do not lead from the start to the end of the continuum.",
                f"Give them in order, the last one {self.length}.",
            )
        documents = np.asarray(positions)
        across = np.searchsorted(documents, self.start, side="right") != np.searchsorted(
            documents, self.end, side="left"
        )
        if across.any():
            first = int(np.argmax(across))
            raise ParihsError(
                f"A segment from {self.start[first]} to {self.end[first]} crosses a document end.",
                "End segments where their document ends.",
            )
        return self.sums(positions)

    def _at(self, positions: IntArray) -> tuple[IntArray, IntArray]:
        """What each coder called each position (coders, positions), and in which segment."""
        gap = len(self.values)
        called = np.full((self.n_coders, len(positions)), gap, dtype=np.int64)
        segment = np.full((self.n_coders, len(positions)), -1, dtype=np.int64)
        for i in range(self.n_coders):
            (mine,) = np.nonzero(self.coder == i)
            if not len(mine):
                continue
            last = np.searchsorted(self.start[mine], positions, side="right") - 1
            inside = (last >= 0) & (positions < self.end[mine][np.maximum(last, 0)])
            segment[i, inside] = mine[last[inside]]
            called[i, inside] = self.value[mine[last[inside]]]
        return called, segment


def read_continuum(
    coders: Mapping[str, Sequence[tuple[int, int, Hashable]]]
    | Sequence[Sequence[tuple[int, int, Hashable]]],
    length: int,
) -> Continuum:
    """Check and order segments; see ``u_alpha`` for the input.

    Raises ``ParihsError`` for fewer than two coders, segments outside the continuum, and one
    coder's overlapping segments with different values.
    """
    named: Mapping[Any, Sequence[tuple[int, int, Hashable]]] = (
        coders if isinstance(coders, Mapping) else {i + 1: s for i, s in enumerate(coders)}
    )
    if len(named) < 2:
        raise ParihsError(
            "Agreement needs two coders, and there are fewer.",
            "Give the segments of each coder, and an empty list for one who marked nothing.",
        )
    rows: list[tuple[int, int, int, Hashable]] = []
    for number, (name, segments) in enumerate(named.items()):
        rows.extend((number, *one) for one in _joined(name, segments, length))
    values = tuple(sorted_labels({row[3] for row in rows}))
    position = {value: i for i, value in enumerate(values)}
    columns = np.array(
        [(coder, start, end, position[value]) for coder, start, end, value in rows],
        dtype=np.int64,
    ).reshape(-1, 4)
    coder, start, end, value = columns.T
    return Continuum(coder, start, end, value, values, len(named), int(length))


def _joined(
    name: Any, segments: Sequence[tuple[int, int, Hashable]], length: int
) -> list[tuple[int, int, Hashable]]:
    joined: list[tuple[int, int, Hashable]] = []
    for start, end, value in sorted(segments, key=lambda segment: (segment[0], segment[1])):
        if not 0 <= start < end <= length:
            raise ParihsError(
                f"Coder {name} has a segment from {start} to {end} on a continuum of {length}.",
                "Give start and end in order and within the continuum, the end not included.",
            )
        if joined and start < joined[-1][1]:
            before = joined[-1]
            if before[2] != value:
                raise ParihsError(
                    f"Coder {name} marked {start} to {min(end, before[1])} as {before[2]!r} and as "
                    f"{value!r}; the unitizing alphas need one value at a place.",
                    "Compute bar_u_alpha for one code at a time, or mvalpha for sets of codes.",
                )
            joined[-1] = (before[0], max(end, before[1]), value)
        else:
            joined.append((int(start), int(end), value))
    return joined
