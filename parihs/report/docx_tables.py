"""Tables of the Word report: ruled, with header rows that repeat and captions that count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm

from parihs.report.contents import Head, Table
from parihs.report.docx_marks import (
    clean,
    field,
    heading_row,
    ruled,
    shade,
    styled,
    together,
    unbroken,
    underline,
)
from parihs.report.docx_styles import WIDTH_CM
from parihs.report.tints import ground

Write = Callable[[Any], None]
"""Writes into an empty table cell."""

_WHOLE: Final = 9
"""Tables of up to so many rows stay on one page."""


class Captions:
    """Numbers the tables of a document."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.n = 0

    def caption(self, title: str, text: str) -> None:
        """``Table 3. Title. What was counted.`` above the next table."""
        self.n += 1
        line = self.document.add_paragraph(style="Caption")
        line.add_run("Table ").bold = True
        field(line, "SEQ Table \\* ARABIC", str(self.n))
        line.add_run(clean(f". {title}. ")).bold = True
        line.add_run(clean(text))

    def numbers(self, table: Table, *, signed: bool = False) -> None:
        """A table of numbers with its caption and its note."""
        self.caption(table.title, table.caption)
        n = max(1, len(table.columns))
        rest = min(2.4, (WIDTH_CM - 3.4) / n)
        widths = [WIDTH_CM - rest * n] + [rest] * n
        made = self.ruled([table.corner, *(c.label for c in table.columns)], widths)
        for cell, column in zip(made.rows[0].cells[1:], table.columns, strict=True):
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            if column.note:
                note = styled(cell.add_paragraph(clean(column.note)), "Table note")
                note.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if column.colour:
                underline(cell, column.colour)
        group = ""
        for head, row in zip(table.rows, table.cells, strict=True):
            if head.group != group:
                group = head.group
                _group(made, head)
            cells = _added(made, widths)
            written(head.label, bold=not group, note=head.note)(cells[0])
            for cell, value in zip(cells[1:], row, strict=True):
                line = styled(cell.paragraphs[0], "Table text")
                line.alignment = WD_ALIGN_PARAGRAPH.CENTER
                # An interval stands below its number.
                line.add_run(clean(value.text.replace(" [", "\n[")))
                if value.tint:
                    shade(cell, ground(value.tint, signed=signed))
        _finish(made)
        if table.note:
            self.document.add_paragraph(clean(table.note), style="Note")

    def texts(
        self, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[Write]]
    ) -> None:
        """A table of prose; each cell is written by a function of its own."""
        made = self.ruled(heads, widths)
        for row in rows:
            for cell, write in zip(_added(made, widths), row, strict=True):
                write(cell)
        _finish(made)
        self.document.add_paragraph(style="Note")

    def ruled(self, heads: Sequence[str], widths: Sequence[float]) -> Any:
        """An empty table with its header row; widths in centimetres."""
        made = self.document.add_table(rows=1, cols=len(heads))
        made.alignment = WD_TABLE_ALIGNMENT.LEFT
        made.autofit = False
        ruled(made)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Cm(width)
        for cell, head, width in zip(made.rows[0].cells, heads, widths, strict=True):
            cell.width = Cm(width)
            styled(cell.paragraphs[0], "Table head").add_run(clean(head))
        heading_row(made.rows[0])
        return made


def written(text: str, style: str = "Table text", *, note: str = "", bold: bool = False) -> Write:
    """A cell with a text, and a note below it."""

    def write(cell: Any) -> None:
        line = styled(cell.paragraphs[0], style)
        line.add_run(clean(text)).bold = bold or None
        if note:
            styled(cell.add_paragraph(clean(note)), "Table note")

    return write


def _group(made: Any, head: Head) -> None:
    cells = made.add_row().cells
    whole = cells[0].merge(cells[-1])
    written(head.group, bold=True)(whole)
    if head.colour:
        underline(whole, head.colour, 12)
    together(made.rows[-1])


def _added(made: Any, widths: Sequence[float]) -> Sequence[Any]:
    """The cells of a new row, each with its width, since Word looks there and nowhere else."""
    cells: Sequence[Any] = made.add_row().cells
    for cell, width in zip(cells, widths, strict=True):
        cell.width = Cm(width)
    return cells


def _finish(made: Any) -> None:
    """No row is torn apart; a short table stays in one piece, below its caption."""
    rows = list(made.rows)
    for row in rows:
        unbroken(row)
    short = len(rows) <= _WHOLE
    for row in rows[:-1] if short else rows[:1]:
        together(row)
