"""The excerpts of every cell, cut out of one array when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from parihs.compare.shared import Ints


class CellIds(Mapping[tuple[str, str], tuple[str, ...]]):
    """Excerpt ids by (row id, column id); cells without any are not in it.

    A mapping of half a million ids to sixty thousand cells takes a second to write out, and people
    open one cell at a time.
    """

    def __init__(
        self,
        rows: Sequence[str],
        columns: Sequence[str],
        cell: Ints,
        excerpt: Ints,
        ids: NDArray[np.object_],
    ) -> None:
        """``cell`` and ``excerpt`` are pairs, sorted; ``ids`` is the id of each excerpt number."""
        self._rows = {row: number for number, row in enumerate(rows)}
        self._columns = {column: number for number, column in enumerate(columns)}
        self._excerpt = excerpt
        self._ids = ids
        self._edges = np.searchsorted(cell, np.arange(len(rows) * len(columns) + 1))

    def __getitem__(self, key: tuple[str, str]) -> tuple[str, ...]:
        row, column = key
        number = self._rows[row] * len(self._columns) + self._columns[column]
        start, end = self._edges[number], self._edges[number + 1]
        if start == end:
            raise KeyError(key)
        return tuple(self._ids[self._excerpt[start:end]])

    def __iter__(self) -> Iterator[tuple[str, str]]:
        filled = np.flatnonzero(np.diff(self._edges))
        rows, columns = list(self._rows), list(self._columns)
        for number in filled.tolist():
            yield rows[number // len(columns)], columns[number % len(columns)]

    def __len__(self) -> int:
        return int(np.count_nonzero(np.diff(self._edges)))
