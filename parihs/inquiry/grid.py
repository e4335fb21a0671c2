"""The framework grid: cases in rows, codes in columns, and in each cell what a person makes of it.

A cell keeps its text with the excerpts it rests on. Nobody writes over a text they have not seen,
every text that was ever saved can be read and restored, and a summary says when the codings under
it have changed since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.compare.axes import Column, Row
from parihs.compare.codings import CONSENSUS
from parihs.compare.denominators import Denominators, load_denominators
from parihs.compare.excerpts import load_excerpts
from parihs.compare.filters import Filters
from parihs.compare.matrix import Matrix, headings, matrix
from parihs.inquiry.bearing import standing
from parihs.inquiry.staleness import changed_since
from parihs.inquiry.summaries import EMPTY
from parihs.inquiry.texts import current_rev, who
from parihs.model import GridCell
from parihs.store.codebooks import definitions


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it stands: the summary, if there is one, and what is coded under it."""

    row: Row
    column: Column
    id: str | None
    """None while nothing was ever written here."""
    summary: str
    status: str
    author: str
    """Name of whoever wrote the present text."""
    updated_at: datetime | None
    excerpt_ids: tuple[str, ...]
    """The excerpts that the summary rests on."""
    lost: tuple[str, ...]
    """Those of them that were taken back since."""
    rev: int
    """What to give as ``base_rev`` when saving; 0 where nothing was written."""
    seen_rev: int
    n_changed: int
    """Codings under it that changed since its author looked."""
    state: str
    """As in a matrix: ``not asked``, ``not coded``, ``nothing said`` or ``value``."""
    under: tuple[str, ...]
    """The excerpts coded here, in order of the study."""
    n_excerpts: int
    """Different stretches of text among them."""
    n_speakers: int

    @property
    def stale(self) -> bool:
        """Whether the summary was written before the codings under it changed."""
        return self.status != EMPTY and self.n_changed > 0


@dataclass(frozen=True, slots=True)
class Grid:
    """Cases × codes with a cell for each pair, written or not."""

    case_type: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    cells: Mapping[tuple[str, str], Cell]
    """By (row id, column id)."""
    rev: int
    """What to give as ``seen_rev`` when saving a summary written from this grid."""
    caption: str
    """What the counts are, out of how much."""

    def cell(self, row_id: str, column_id: str) -> Cell:
        """The cell of a case and a code."""
        return self.cells[row_id, column_id]

    def n(self, status: str) -> int:
        """How many cells have a status."""
        return sum(cell.status == status for cell in self.cells.values())

    @property
    def stale(self) -> tuple[Cell, ...]:
        """Cells to be looked at again, row by row."""
        return tuple(cell for cell in self.cells.values() if cell.stale)


def grid(
    session: Session,
    study_id: str,
    codebook_version_id: str,
    *,
    rows: str = "site",
    cols: str | int = "construct",
    below: str | None = None,
    layer: str = CONSENSUS,
    filters: Filters | None = None,
    viewer_id: str | None = None,
    excerpts: pd.DataFrame | None = None,
    denominators: Denominators | None = None,
) -> Grid:
    """The whole grid, empty cells included.

    ``rows, cols, below, filters`` as in ``parihs.compare.matrix``; ``excerpts`` (of ``layer``) and
    ``denominators`` where they are loaded already. Filters narrow what is counted; a summary stands
    for all of its case, and is stale by all of it.
    """
    # Read first: what is coded while the rest is read makes a summary stale, never the reverse.
    rev = current_rev(session)
    if excerpts is None:
        excerpts = load_excerpts(
            session, study_id, codebook_version_id, viewer_id=viewer_id, layer=layer
        )
    denominators = denominators or load_denominators(session, study_id)
    codes = definitions(session, codebook_version_id)
    counted, voices = (
        matrix(
            excerpts,
            denominators,
            codes,
            rows=rows,
            cols=cols,
            value=value,
            below=below,
            filters=filters,
        )
        for value in ("excerpts", "speakers")
    )
    query = select(GridCell).filter_by(study_id=study_id, case_type=rows)
    kept = {(cell.case_id, cell.code_id): cell for cell in session.scalars(query)}
    changed = changed_since(session, study_id, codebook_version_id, rows, viewer_id=viewer_id)
    stand = standing(session, (key for cell in kept.values() for key in cell.excerpt_ids), study_id)
    cells = {
        (row.id, column.id): _cell(
            session, counted, voices, (r, c), kept.get((row.id, column.id)), changed, stand
        )
        for r, row in enumerate(counted.rows)
        for c, column in enumerate(counted.columns)
    }
    return Grid(rows, counted.rows, counted.columns, cells, rev, counted.caption())


def to_frame(shown: Grid) -> pd.DataFrame:
    """One row per cell, for exports.

    Columns: the headings of a comparison's table, then ``summary, status, stale, author,
    updated_at, n_excerpts, n_speakers, state, excerpt_ids`` (linked) and ``coded_excerpt_ids``,
    ids joined by spaces.
    """
    return pd.DataFrame.from_records(
        [
            {
                **headings(cell.row, cell.column),
                "summary": cell.summary,
                "status": cell.status,
                "stale": cell.stale,
                "author": cell.author,
                "updated_at": cell.updated_at.isoformat() if cell.updated_at else "",
                "n_excerpts": cell.n_excerpts,
                "n_speakers": cell.n_speakers,
                "state": cell.state,
                "excerpt_ids": " ".join(cell.excerpt_ids),
                "coded_excerpt_ids": " ".join(cell.under),
            }
            for cell in shown.cells.values()
        ]
    )


def _cell(
    session: Session,
    counted: Matrix,
    voices: Matrix,
    place: tuple[int, int],
    kept: GridCell | None,
    changed: Mapping[str, int],
    stand: set[str],
) -> Cell:
    row, column = counted.rows[place[0]], counted.columns[place[1]]
    linked = tuple(kept.excerpt_ids) if kept else ()
    n, n_speakers = counted.values[place], voices.values[place]
    return Cell(
        row=row,
        column=column,
        id=kept.id if kept else None,
        summary=kept.summary if kept else "",
        status=kept.status if kept else EMPTY,
        author=who(session, kept.author) if kept else "",
        updated_at=kept.updated_at if kept else None,
        excerpt_ids=linked,
        lost=tuple(key for key in linked if key not in stand),
        rev=kept.rev if kept else 0,
        seen_rev=kept.seen_rev if kept else 0,
        n_changed=changed.get(kept.id, 0) if kept else 0,
        state=str(counted.states[place]),
        under=counted.excerpts(row.id, column.id),
        n_excerpts=0 if n != n else int(n),
        n_speakers=0 if n_speakers != n_speakers else int(n_speakers),
    )
