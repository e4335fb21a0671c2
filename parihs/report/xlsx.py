"""The report as an Excel workbook: what people said stays text, whatever it begins with."""

from __future__ import annotations

import io
from datetime import UTC
from typing import Any, Final

from xlsxwriter import Workbook

from parihs.report.contents import Report
from parihs.report.sheets import Sheet, Value, sheets, wide_table
from parihs.report.words import day
from parihs.report.zips import repacked

LONGEST: Final = 32_767
"""Characters that a cell of a workbook can hold."""
_CUT: Final = " … (cut: the CSV tables have the whole text)"

_WIDTHS: Final = {
    "quote": 70,
    "summary": 80,
    "claim": 60,
    "rationale": 70,
    "definition": 60,
    "when_to_use": 45,
    "when_not": 45,
    "example": 45,
    "title": 40,
    "memo": 40,
    "memos": 40,
    "speakers": 26,
    "said by": 34,
    "note": 40,
    "site": 30,
    "workshop": 24,
    "construct": 18,
    "codes": 34,
    "code": 30,
    "name": 30,
    "did_what": 44,
    "excerpts": 22,
    "database_ids": 30,
}


def write_xlsx(report: Report) -> bytes:
    """The report as XLSX; the same report gives the same bytes."""
    target = io.BytesIO()
    book = Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    moment = report.as_of.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": report.study, "author": "parihs", "created": moment})
    formats = _Formats(book)
    flat = {sheet.name: sheet for sheet in sheets(report)}
    _about(book, formats, report)
    if "excerpts" in flat:
        _flat(book, formats, flat.pop("excerpts"))
    _tables(book, formats, report, "Matrices", ("participation", "agreement", "matrices"))
    _tables(book, formats, report, "Present 0-1", ("presence",))
    for sheet in flat.values():
        _flat(book, formats, sheet)
        if sheet.name == "ratings":
            _rating_tables(book, formats, report)
    book.close()
    return repacked(target.getvalue(), report.as_of)


class _Formats:
    """The few looks of a cell."""

    def __init__(self, book: Any) -> None:
        top = {"valign": "top"}
        self.text = book.add_format({**top, "text_wrap": True})
        self.number = book.add_format({**top, "num_format": "General"})
        self.share = book.add_format({**top, "num_format": "0.0%"})
        self.head = book.add_format({**top, "bold": True, "bottom": 2, "text_wrap": True})
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.group = book.add_format({**top, "bold": True, "top": 1})
        self.quiet = book.add_format({"font_color": "#5B6570", "text_wrap": True, "valign": "top"})


def _about(book: Any, formats: _Formats, report: Report) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 110)
    sheet.hide_gridlines(2)
    fictional = " The study and everybody in it are fictional." if report.fictional else ""
    sheet.write_string(0, 0, report.study, formats.title)
    sheet.write_string(
        1, 0, f"As of {day(report.as_of)}, from {report.seen_by}.{fictional}", formats.quiet
    )
    lines = [part for part in (report.description.strip(), *report.methods) if part]
    for number, text in enumerate(lines, start=3):
        _write(sheet, number, 0, text, formats)


def _flat(book: Any, formats: _Formats, table: Sheet) -> None:
    """One row per thing below a header row that stays in sight and can be filtered."""
    sheet = book.add_worksheet(table.title)
    for column, name in enumerate(table.columns):
        sheet.set_column(column, column, _WIDTHS.get(name, 14))
        sheet.write_string(0, column, name, formats.head)
    for number, row in enumerate(table.rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _tables(
    book: Any, formats: _Formats, report: Report, title: str, parts: tuple[str, ...]
) -> None:
    found = [table for part in parts for table in report.tables_of(part)]
    if found:
        _blocks(book.add_worksheet(title), formats, found)


def _rating_tables(book: Any, formats: _Formats, report: Report) -> None:
    section = report.ratings
    found = [t for t in (section.table, section.distinguishing) if t] if section else []
    if found:
        _blocks(book.add_worksheet("Agreed ratings"), formats, found)


def _blocks(sheet: Any, formats: _Formats, tables: list[Any]) -> None:
    """Tables one below the other, each with its title, its caption and how it was counted."""
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 80, 14)
    row = 0
    for table in tables:
        flat = wide_table(table)
        sheet.write_string(row, 0, flat.title, formats.title)
        sheet.write_string(row + 1, 0, f"{flat.about} {table.note}".strip())
        row += 2
        for column, name in enumerate(flat.columns):
            sheet.write_string(row, column, name, formats.head)
        if len(tables) == 1:
            sheet.freeze_panes(row + 1, 1)
        group = ""
        share = table.key in ("matrices.share",)
        for head, line in zip(table.rows, flat.rows, strict=True):
            if head.group != group:
                group = head.group
                row += 1
                sheet.write_string(row, 0, group, formats.group)
            row += 1
            for column, value in enumerate(line):
                _write(sheet, row, column, value, formats, share=share)
        row += 3
    if len(tables) > 1:
        sheet.freeze_panes(0, 1)


def _write(
    sheet: Any, row: int, column: int, value: Value, formats: _Formats, *, share: bool = False
) -> None:
    """A number as a number and a text as a text, never as a formula or a link."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        text = value if len(value) <= LONGEST else value[: LONGEST - len(_CUT)] + _CUT
        sheet.write_string(row, column, text, formats.text)
    else:
        sheet.write_number(row, column, value, formats.share if share else formats.number)
