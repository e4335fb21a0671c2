"""The report's tables as CSV files in one zip, once for spreadsheets and once as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from parihs.report.contents import Report
from parihs.report.sheets import Sheet, Value, long_table, sheets, wide_table
from parihs.report.zips import packed

_COMMANDS = ("=", "+", "-", "@", "\t", "\r")

ABOUT = """Tables of the report on: {study}

raw/               every text exactly as it is in the study; for statistics programs
for-spreadsheets/  the same, with an apostrophe before texts that begin with = + - @, since a
                   spreadsheet would take them for formulas

excerpts.csv   one row per excerpt; id (E1, E2 ...) is how all other tables name it
matrices.*     one row per cell: value is the number, shown is what the report prints
presence.*     cases in rows, codes in columns: 1 present, 0 absent, empty where it is not known
codings.csv    one row per coding, as its coder made it; positions count Unicode code points
All files are UTF-8.
"""


def write_zip(report: Report) -> bytes:
    """Tidy CSV files and the 0/1 matrix, zipped; the same report gives the same bytes."""
    tables = list(_all(report))
    files = [("README.txt", ABOUT.format(study=report.study).encode())]
    files += [(f"raw/{sheet.name}.csv", to_csv(sheet)) for sheet in tables]
    files += [(f"for-spreadsheets/{sheet.name}.csv", to_csv(sheet, safe=True)) for sheet in tables]
    return packed(files, report.as_of)


def to_csv(sheet: Sheet, *, safe: bool = False) -> bytes:
    """A table as CSV in UTF-8; ``safe`` puts an apostrophe before what looks like a formula.

    The safe one begins with a byte order mark, without which Excel misreads accents.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(sheet.columns)
    for row in sheet.rows:
        writer.writerow([_plain(value) if safe else value for value in row])
    return target.getvalue().encode("utf-8-sig" if safe else "utf-8", "replace")


def _all(report: Report) -> Iterator[Sheet]:
    for table in report.tables:
        yield wide_table(table) if table.key.startswith("presence") else long_table(table)
    yield from sheets(report)


def _plain(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(_COMMANDS) else value
