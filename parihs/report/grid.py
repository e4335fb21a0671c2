"""The framework grid, written out."""

from __future__ import annotations

from typing import Final

from parihs.inquiry import STATUSES
from parihs.inquiry.grid import Cell
from parihs.report.contents import GridTable, Head, Summary
from parihs.report.source import Source
from parihs.report.words import count

CASE_NAMES: Final = {
    "site": "Site",
    "workshop": "Workshop",
    "role": "Role",
    "participant": "Participant",
    "cycle": "PAR cycle",
}


def grid_table(source: Source) -> GridTable:
    """A summary per case and code, empty ones included; columns nobody wrote in are left
    out once there are others."""
    shown = source.grid
    written = [
        column
        for column in shown.columns
        if any(shown.cell(row.id, column.id).summary for row in shown.rows)
    ]
    columns = written or list(shown.columns)
    n_cells = len(shown.rows) * len(columns)
    agreed, drafted = shown.n("agreed"), shown.n("drafted")
    return GridTable(
        caption=f"{count(agreed, 'summary', 'summaries')} agreed and {drafted:,} drafted, of "
        f"{count(n_cells, 'cell')}. Each rests on the excerpts named below it. {shown.caption}",
        rows=tuple(Head(row.label, count(row.words, "word")) for row in shown.rows),
        columns=tuple(Head(column.label, colour=column.colour) for column in columns),
        cells=tuple(
            tuple(_summary(source, shown.cell(row.id, column.id)) for column in columns)
            for row in shown.rows
        ),
        case=CASE_NAMES[shown.case_type],
    )


def _summary(source: Source, cell: Cell) -> Summary:
    stale = ""
    if cell.stale:
        stale = f"{count(cell.n_changed, 'coding')} changed here since it was written"
    if cell.lost:
        lost = f"{count(len(cell.lost), 'excerpt')} of it no longer coded"
        stale = f"{stale}; {lost}" if stale else lost
    coded = {
        "not asked": "nobody spoke here",
        "not coded": "not coded yet",
        "nothing said": "asked, nothing said",
    }.get(cell.state) or (f"{count(cell.n_excerpts, 'excerpt')}, {count(cell.n_speakers, 'voice')}")
    return Summary(
        text=cell.summary,
        status=STATUSES[cell.status],
        author=cell.author,
        stale=stale,
        excerpts=source.register.labels(cell.excerpt_ids),
        coded=coded,
    )
