"""Case × code matrices in which every number has its unit, its denominator and its excerpts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from parihs.compare.axes import Column, Row
from parihs.compare.basis import Basis, basis_of
from parihs.compare.cells import (
    MIXED,
    NOT_ASKED,
    NOT_CODED,
    UNRATED,
    VALUE,
    Cells,
    States,
    cell_states,
    sort_into_cells,
)
from parihs.compare.denominators import Denominators
from parihs.compare.filters import Filters
from parihs.errors import ParihsError
from parihs.store.codebooks import CodeView

Floats = NDArray[np.float64]

VALUES: Final = {
    "count": "Codings",
    "present": "Present (1) or absent (0)",
    "excerpts": "Coded excerpts",
    "words": "Words in coded excerpts",
    "share": "Share of the spoken words that are coded",
    "speakers": "Different speakers",
    "balance": "Enabling minus constraining codings",
}
"""What a cell can hold, as captions say it."""

EXPLAINED: Final = {
    "count": "Each coding counts once in a cell, however many turns it spans. A stretch that has"
    " two codes of one construct counts twice for the construct.",
    "present": "1 where at least one excerpt is coded.",
    "excerpts": "Different stretches of text. A stretch that has two codes of one construct, or the"
    " same code from two coders, counts once.",
    "words": "Words that excerpts touch; where excerpts overlap, their words count once.",
    "share": "Words that excerpts touch, each once, out of all words spoken in the row under the"
    " same filters.",
    "speakers": "Participants heard in the excerpts; a voice nobody has linked to a participant"
    " counts once per transcript; turns without a speaker count for nobody.",
    "balance": "Codings rated enabling minus codings rated constraining. ± marks cells where they"
    " cancel out, or where all is mixed.",
}
"""How each value is counted, for help beside the choice and for the methods paragraph."""

RATES: Final = {"none": 1, "1000 words": 1000}
RATED: Final = ("count", "excerpts", "words", "balance")
"""Values that may be given per 1,000 words."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Cases in rows, codes in columns. Build it with :func:`matrix`."""

    rows: tuple[Row, ...]
    """Each with its denominator: words, workshops, transcripts."""
    columns: tuple[Column, ...]
    values: Floats
    """NaN where the state says that there is no number."""
    states: States
    """``not asked``: nobody spoke in the row. ``not coded``: spoken, but no transcript of the row
    holds any coding yet. ``nothing said``: coded, and none of it with this code. ``mixed``
    and ``unrated``: a balance that has no sign. ``value``: all others."""
    excerpt_ids: Mapping[tuple[str, str], tuple[str, ...]]
    """Excerpts by (row id, column id); cells without any are not in it."""
    value: str
    per: str
    basis: Basis

    def excerpts(self, row_id: str, column_id: str) -> tuple[str, ...]:
        """The excerpts under one cell, in order of the study."""
        return self.excerpt_ids.get((row_id, column_id), ())

    def caption(self) -> str:
        """What was counted, in which unit, out of how much, in plain words."""
        return self.basis.caption(_measured(self.value, self.per))


def matrix(
    excerpts: pd.DataFrame,
    denominators: Denominators,
    codes: Sequence[CodeView],
    *,
    rows: str = "site",
    cols: str | int = "construct",
    value: str = "count",
    per: str = "none",
    below: str | None = None,
    filters: Filters | None = None,
) -> Matrix:
    """Compare cases on codes.

    ``rows``: ``site``, ``workshop``, ``role``, ``participant`` or ``cycle``. ``cols``:
    ``construct``, a level of the code tree, or ``code`` (all of them, parents with their
    descendants in them); ``below`` keeps the codes under one code id. ``value``: a key of
    ``VALUES``, counted as ``EXPLAINED`` says. ``per``: ``none`` or ``1000 words`` (spoken in the
    row under the same filters). A row's role or speaker belongs to the piece of an excerpt that
    they spoke: an excerpt in which two roles speak counts once in the row of each.

    Raises ParihsError for a kind of row, column, value or rate that does not exist.
    """
    _check(value, per)
    filters = filters or Filters()
    cells = sort_into_cells(excerpts, denominators, codes, rows, cols, below, filters)
    values = _values(cells, value)
    states = cell_states(cells)
    if value == "balance":
        states = _balance_states(cells, states, values)
        values = np.where(np.isin(states, [VALUE, MIXED]), values, np.nan)
    words = np.array([row.words for row in cells.rows], dtype=float).reshape(-1, 1)
    if value == "share" or per != "none":
        values = values / np.where(words > 0, words, np.nan) * RATES[per]
    values = np.where(np.isin(states, [NOT_ASKED, NOT_CODED]), np.nan, values)
    return Matrix(
        rows=tuple(cells.rows),
        columns=tuple(cells.columns),
        values=values,
        states=states,
        excerpt_ids=cells.excerpt_ids(),
        value=value,
        per=per,
        basis=basis_of(excerpts, denominators, filters, cells.left_out),
    )


def caption_of(
    excerpts: pd.DataFrame,
    denominators: Denominators,
    codes: Sequence[CodeView],
    *,
    rows: str = "site",
    cols: str | int = "construct",
    value: str = "count",
    per: str = "none",
    below: str | None = None,
    filters: Filters | None = None,
) -> str:
    """What the caption of such a matrix says, without counting its cells."""
    _check(value, per)
    filters = filters or Filters()
    cells = sort_into_cells(excerpts, denominators, codes, rows, cols, below, filters)
    return basis_of(excerpts, denominators, filters, cells.left_out).caption(_measured(value, per))


def to_frame(matrix: Matrix, *, with_ids: bool = True) -> pd.DataFrame:
    """One row per cell, with its denominator and its excerpts: the table behind every figure.

    Columns: ``row_id, row, column_id, column, construct_id, construct, colour,
    construct_colour, value, state, measure, per, n_excerpts, excerpt_ids`` (joined by spaces),
    ``row_words, row_workshops, row_transcripts``. Of a large study the ids are many megabytes, so
    they can be left out.
    """
    shown = [
        (row, column, row_number, column_number)
        for row_number, row in enumerate(matrix.rows)
        for column_number, column in enumerate(matrix.columns)
    ]
    records = []
    for row, column, r, c in shown:
        ids = matrix.excerpts(row.id, column.id)
        records.append(
            {
                **headings(row, column),
                "value": float(matrix.values[r, c]),
                "state": str(matrix.states[r, c]),
                "measure": matrix.value,
                "per": matrix.per,
                "n_excerpts": len(ids),
                **({"excerpt_ids": " ".join(ids)} if with_ids else {}),
            }
        )
    return pd.DataFrame.from_records(records)


def headings(row: Row, column: Column) -> dict[str, str | int]:
    """What every table of a comparison says about the cell in this row and column."""
    return {
        "row_id": row.id,
        "row": row.label,
        "row_words": row.words,
        "row_workshops": row.workshops,
        "row_transcripts": row.transcripts,
        "column_id": column.id,
        "column": column.label,
        "construct_id": column.construct_id,
        "construct": column.construct,
        "colour": column.colour,
        "construct_colour": column.construct_colour,
    }


def _values(cells: Cells, value: str) -> Floats:
    if value == "count":
        return cells.excerpts
    if value == "present":
        return (cells.excerpts > 0).astype(float)
    if value == "excerpts":
        return cells.distinct(cells.pieces["place"].to_numpy())
    if value in ("words", "share"):
        return cells.words()
    if value == "speakers":
        return cells.distinct(cells.voice)
    return cells.rated("enabling") - cells.rated("constraining")


def _balance_states(cells: Cells, states: States, balance: Floats) -> States:
    said = states == VALUE
    unrated = cells.rated("unrated") == cells.excerpts
    pulled = (cells.rated("enabling") > 0) | (cells.rated("mixed") > 0)
    states = np.where(said & (balance == 0) & pulled, MIXED, states)
    return np.where(said & unrated, UNRATED, states)


def _measured(value: str, per: str) -> str:
    return VALUES[value] + (" per 1,000 words" if per != "none" else "")


def _check(value: str, per: str) -> None:
    if value not in VALUES:
        raise ParihsError(f"Cells cannot show “{value}”.", f"Use one of: {', '.join(VALUES)}.")
    if per not in RATES:
        raise ParihsError(f"Nothing is counted per “{per}”.", f"Use one of: {', '.join(RATES)}.")
    if per != "none" and value not in RATED:
        raise ParihsError(
            f"“{value}” per {per} has no meaning, so it was not computed.",
            f"Only these can be given per {per}: {', '.join(RATED)}.",
        )
