"""A computed matrix as the table component shows it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from parihs.compare.axes import Row
from parihs.compare.cells import MIXED, NOT_ASKED, NOT_CODED, NOTHING_SAID, UNRATED
from parihs.compare.matrix import VALUES, Matrix
from parihs.ui.widgets.matrix_table import CellView, ColumnHead, RowHead

ENABLING = "#2A7F8E"
CONSTRAINING = "#C1543C"
SIGNS = {NOT_ASKED: "–", NOT_CODED: "○", NOTHING_SAID: "·", MIXED: "±", UNRATED: "?"}
MEANINGS = {
    NOT_ASKED: "nobody spoke here under these filters",
    NOT_CODED: "spoken, but not coded yet",
    NOTHING_SAID: "coded, and nothing with this code",
    MIXED: "enabling and constraining cancel out",
    UNRATED: "coded, but no valence given",
}


def matrix_views(
    result: Matrix, shown: Sequence[Row] | None = None
) -> tuple[list[RowHead], list[ColumnHead], list[list[CellView]]]:
    """Heads and cells of the rows ``shown`` (all where not given).

    Tints run to the largest value of the whole matrix, so that columns can be compared.
    """
    places = {row.id: place for place, row in enumerate(result.rows)}
    kept = result.rows if shown is None else shown
    rows = [RowHead(row.id, row.label, f"{row.words:,} words", row.group) for row in kept]
    columns = [
        ColumnHead(c.id, c.label, c.colour, f"{c.construct}: {c.label}") for c in result.columns
    ]
    sizes = np.abs(result.values[np.isfinite(result.values)])
    largest = float(sizes.max()) if sizes.size else 0.0
    cells = [
        [_cell(result, places[row.id], c, largest) for c in range(len(columns))] for row in kept
    ]
    return rows, columns, cells


def _cell(result: Matrix, r: int, c: int, largest: float) -> CellView:
    row, column = result.rows[r], result.columns[c]
    state, value = str(result.states[r, c]), float(result.values[r, c])
    n = len(result.excerpts(row.id, column.id))
    if state in SIGNS:
        return CellView(SIGNS[state], MEANINGS[state], opens=n > 0)
    tone = column.colour
    if result.value == "balance":
        tone = ENABLING if value > 0 else CONSTRAINING
    tint = abs(value) / largest if largest and math.isfinite(value) else 0.0
    shown = shown_value(result, value)
    title = f"{VALUES[result.value]}: {shown}, from {n} excerpt{'s' if n != 1 else ''}"
    return CellView(shown, title, tone, tint, opens=n > 0)


def shown_value(result: Matrix, value: float) -> str:
    """A number as the cell shows it."""
    if result.value == "share":
        return f"{value:.0%}" if value >= 0.1 else f"{value:.1%}"
    if result.value == "present":
        return "●" if value else "·"
    if result.value == "balance":
        return f"{value:+.1f}" if result.per != "none" else f"{value:+.0f}"
    return f"{value:.1f}" if result.per != "none" else f"{value:,.0f}"
