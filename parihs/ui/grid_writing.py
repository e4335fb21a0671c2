"""What the framework grid page shows and saves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parihs.compare.axes import Row
from parihs.compare.excerpts import CONSENSUS
from parihs.inquiry import STATUSES, Saved, cell_history, grid, restore_cell, save_cell
from parihs.inquiry.grid import Cell, Grid
from parihs.report import build, render
from parihs.ui import comparison
from parihs.ui.drafts import Draft, owner
from parihs.ui.state import Current
from parihs.ui.widgets.matrix_table import CellView, ColumnHead, RowHead

CASES = {
    "site": "Sites",
    "workshop": "Workshops",
    "role": "Roles",
    "participant": "Participants",
    "cycle": "PAR cycles",
}
AGREED_TONE, DRAFTED_TONE, STALE_TONE = "#2A7F8E", "#6B7683", "#C1543C"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a summary stands, and what its page must know to save it."""

    case_type: str
    seen_rev: int
    cell: Cell

    def draft(self, now: Current) -> Draft:
        """What is saved here, and what a person has changed since."""
        cell = self.cell
        name = f"grid:{now.study.id}:{self.case_type}:{cell.row.id}:{cell.column.id}"
        return Draft(
            owner(now),
            name,
            cell.rev,
            summary=cell.summary,
            status=cell.status if cell.summary else "drafted",
            excerpts=list(cell.excerpt_ids),
        )


def read_grid(now: Current, case_type: str, columns: str) -> Grid:
    """The grid as the viewer may see it; ``columns`` as in the comparison of sites."""
    assert now.codebook is not None
    material = comparison.material(now, CONSENSUS)
    below = columns.removeprefix("below:") if columns.startswith("below:") else None
    with now.app.store.read() as session:
        return grid(
            session,
            now.study.id,
            now.codebook.id,
            rows=case_type,
            cols="code" if below else columns,
            below=below,
            viewer_id=now.viewer_id,
            excerpts=material.excerpts,
            denominators=material.denominators,
        )


def overview(
    shown: Grid, rows_shown: Sequence[Row]
) -> tuple[list[RowHead], list[ColumnHead], list[list[CellView]]]:
    """Rows of the grid as a table of buttons: what stands in each cell, in a word."""
    rows = [RowHead(row.id, row.label, f"{row.words:,} words", row.group) for row in rows_shown]
    columns = [ColumnHead(c.id, c.label, c.colour) for c in shown.columns]
    cells = [
        [_view(shown.cell(row.id, column.id)) for column in shown.columns] for row in rows_shown
    ]
    return rows, columns, cells


def as_file(now: Current, shown: Grid, kind: str) -> bytes:
    """The grid as it is shown, with the excerpts that it rests on and their ids."""
    assert now.codebook is not None
    with now.app.store.read() as session:
        report = build(
            session,
            now.study.id,
            codebook_version_id=now.codebook.id,
            viewer_id=now.viewer_id,
            parts=("grid",),
            chosen_grid=shown,
        )
    return render(report, kind)


def save(now: Current, place: Place, rev: int, summary: str, status: str, ids: list[str]) -> None:
    """Save one summary over the revision the writer has seen."""
    with now.app.store.write(now.viewer_id or "lead") as tx:
        save_cell(
            tx,
            now.study.id,
            place.case_type,
            place.cell.row.id,
            place.cell.column.id,
            summary=summary,
            status=status,
            base_rev=rev,
            excerpt_ids=ids,
            seen_rev=place.seen_rev,
        )


def earlier(now: Current, cell_id: str) -> list[Saved]:
    """Every text the cell has had, newest first."""
    with now.app.store.read() as session:
        return cell_history(session, cell_id)


def restore(now: Current, cell: Cell, seq: int) -> None:
    """Put an earlier text back."""
    assert cell.id is not None
    with now.app.store.write(now.viewer_id or "lead") as tx:
        restore_cell(tx, cell.id, seq, base_rev=cell.rev)


def counted(cell: Cell) -> str:
    """What is coded in a cell: ``24 excerpts, 7 voices``."""
    empty = {
        "not asked": "nobody spoke here",
        "not coded": "not coded yet",
        "nothing said": "coded, nothing with this code",
    }
    if cell.state in empty:
        return empty[cell.state]
    return f"{_many(cell.n_excerpts, 'excerpt')}, {_many(cell.n_speakers, 'voice')}"


def changed(cell: Cell) -> str:
    """Why a summary should be looked at again; empty where it need not."""
    parts = []
    if cell.stale:
        parts.append(f"{_many(cell.n_changed, 'coding')} changed here since this was written")
    if cell.lost:
        parts.append(f"{_many(len(cell.lost), 'excerpt')} of it no longer coded")
    return "; ".join(parts)


def _view(cell: Cell) -> CellView:
    note = counted(cell)
    if changed(cell):
        return CellView("Look again", f"{changed(cell)}; {note}", STALE_TONE, 0.5, True)
    if cell.summary:
        tone = AGREED_TONE if cell.status == "agreed" else DRAFTED_TONE
        tint = 0.6 if cell.status == "agreed" else 0.25
        return CellView(STATUSES[cell.status], f"{cell.summary[:160]} ({note})", tone, tint, True)
    return CellView(str(cell.n_excerpts or "·"), f"nothing written; {note}", opens=True)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
