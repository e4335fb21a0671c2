"""A matrix whose every cell opens the excerpts behind it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class RowHead:
    """Name of a row, with its denominator as a note; a new ``group`` is named above its rows."""

    id: str
    label: str
    note: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """Name of a column in its construct's colour."""

    id: str
    label: str
    colour: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class CellView:
    """What a cell shows: ``tint`` is 0–1 of the colour ``tone``; ``title`` says it in words."""

    text: str
    title: str
    tone: str = "#777777"
    tint: float = 0.0
    opens: bool = False


def matrix_table(
    rows: list[RowHead],
    columns: list[ColumnHead],
    cells: list[list[CellView]],
    *,
    corner: str,
    key: str,
    selected: tuple[str, str] | None = None,
) -> tuple[str, str] | None:
    """Show the matrix and return the ids (row, column) of the cell that was opened last."""
    mount = st.components.v2.component(
        "parihs.matrix_table", js="matrix_table.js", css="matrix_table.css", isolate_styles=False
    )
    data = {
        "corner": corner,
        "rows": [asdict(row) for row in rows],
        "cols": [asdict(column) for column in columns],
        "cells": [[asdict(cell) for cell in row] for row in cells],
        "selected": {"row": selected[0], "col": selected[1]} if selected else None,
    }
    result = mount(data=data, key=key, on_cell_change=lambda: None)
    cell = result.cell
    return (cell["row"], cell["col"]) if cell else None
