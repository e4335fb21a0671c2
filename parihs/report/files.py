"""A report as files: which kinds there are, and writing one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from parihs.errors import ParihsError
from parihs.report.contents import Report


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file that a report can be."""

    name: str
    """As people call it."""
    filename: str
    mime: str
    write: Callable[[Report], bytes]


# A renderer is loaded when it is used: the libraries behind them are large.
def _docx(report: Report) -> bytes:
    from parihs.report.docx import write_docx

    return write_docx(report)


def _html(report: Report) -> bytes:
    from parihs.report.html import write_html

    return write_html(report)


def _xlsx(report: Report) -> bytes:
    from parihs.report.xlsx import write_xlsx

    return write_xlsx(report)


def _csv(report: Report) -> bytes:
    from parihs.report.tables import write_zip

    return write_zip(report)


FORMATS: Final = {
    "docx": Format(
        "Word document",
        "report.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _docx,
    ),
    "html": Format("Web page, one file", "report.html", "text/html", _html),
    "xlsx": Format(
        "Excel workbook",
        "report.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _xlsx,
    ),
    "csv": Format("Tables as CSV, zipped", "report-tables.zip", "application/zip", _csv),
}


def render(report: Report, kind: str) -> bytes:
    """The report as a file of one kind (a key of ``FORMATS``); the same report, the same bytes.

    Raises ParihsError for an unknown kind.
    """
    if kind not in FORMATS:
        raise ParihsError(f"A report cannot be “{kind}”.", f"Use one of: {', '.join(FORMATS)}.")
    return FORMATS[kind].write(report)
