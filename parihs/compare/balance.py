"""What helps and what hinders: enabling against constraining codings, and how many say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from parihs.compare.basis import Basis, basis_of
from parihs.compare.cells import DIRECTIONS, cell_states, sort_into_cells
from parihs.compare.denominators import Denominators
from parihs.compare.filters import Filters
from parihs.compare.matrix import headings
from parihs.store.codebooks import CodeView


@dataclass(frozen=True, slots=True)
class Balance:
    """Codings by direction in each cell. Build it with :func:`balance`."""

    frame: pd.DataFrame
    """One row per cell: its headings and denominator as in ``to_frame``, ``state``, codings by
    direction (``enabling, constraining, mixed, neutral, unrated``), and different ``speakers``, of
    whom ``speakers_enabling`` and ``speakers_constraining`` (one person may be in both)."""
    excerpt_ids: Mapping[str, Mapping[tuple[str, str], tuple[str, ...]]]
    """Excerpts by direction, and there by (row id, column id)."""
    basis: Basis

    def excerpts(self, row_id: str, column_id: str, direction: str | None = None) -> list[str]:
        """The excerpts under one bar, or under all bars of one cell."""
        wanted = DIRECTIONS if direction is None else (direction,)
        cells = [
            self.excerpt_ids[name].get((row_id, column_id), ())
            for name in wanted
            if name in self.excerpt_ids
        ]
        return [excerpt_id for ids in cells for excerpt_id in ids]

    def caption(self) -> str:
        """What was counted, in which unit, out of how much, in plain words."""
        return self.basis.caption("Enabling and constraining codings, with the number of speakers")


def balance(
    excerpts: pd.DataFrame,
    denominators: Denominators,
    codes: Sequence[CodeView],
    *,
    rows: str = "site",
    cols: str | int = "construct",
    below: str | None = None,
    filters: Filters | None = None,
) -> Balance:
    """Codings by direction and their speakers, for the rows and columns of :func:`matrix`."""
    filters = filters or Filters()
    cells = sort_into_cells(excerpts, denominators, codes, rows, cols, below, filters)
    numbers = {name: cells.rated(name) for name in DIRECTIONS}
    numbers["speakers"] = cells.distinct(cells.voice)
    for name in ("enabling", "constraining"):
        theirs = cells.direction == DIRECTIONS.index(name)
        numbers[f"speakers_{name}"] = cells.distinct(cells.voice, theirs)
    states = cell_states(cells)
    records = [
        {
            **headings(row, column),
            "state": str(states[r, c]),
            **{name: int(counted[r, c]) for name, counted in numbers.items()},
        }
        for r, row in enumerate(cells.rows)
        for c, column in enumerate(cells.columns)
    ]
    ids = {
        name: cells.excerpt_ids(cells.direction == number) for number, name in enumerate(DIRECTIONS)
    }
    basis = basis_of(excerpts, denominators, filters, cells.left_out)
    return Balance(pd.DataFrame.from_records(records), ids, basis)
