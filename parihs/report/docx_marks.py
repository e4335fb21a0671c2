"""The few things of a Word document that python-docx has no words for: fields, links, borders."""

from __future__ import annotations

import re
from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_REFUSED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML has no way to hold."""


def clean(text: str) -> str:
    """Text that a document can hold; characters that XML refuses become a replacement mark."""
    return _REFUSED.sub("\ufffd", text)


def element(name: str, /, **attributes: str) -> Any:
    """An element ``w:name`` with ``w:`` attributes."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def styled(paragraph: Any, style: str) -> Any:
    """Give a paragraph one of the document's styles.

    Directly, since looking a style up by name takes most of the time of a long table.
    """
    paragraph._p.style = style.replace(" ", "")
    return paragraph


def together(row: Any) -> None:
    """Keep a row on the page of the one below it."""
    for paragraph in row._tr.iter(qn("w:p")):
        paragraph.get_or_add_pPr().get_or_add_keepNext().set(qn("w:val"), "1")


def field(paragraph: Any, code: str, shown: str) -> None:
    """A field that Word can recompute, such as a page number, showing ``shown`` until then."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run()
        if kind in ("begin", "separate", "end"):
            run._r.append(element("fldChar", fldCharType=kind))
        elif kind == "shown":
            run.text = text
        else:
            instruction = element("instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {text} "
            run._r.append(instruction)


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Make the paragraph a place that links lead to; ``number`` is its own in the document."""
    start = element("bookmarkStart", id=str(number), name=name)
    place = 1 if paragraph._p.pPr is not None else 0
    paragraph._p.insert(place, start)
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def link(paragraph: Any, text: str, to: str, style: str | None = None) -> None:
    """Words that lead to a bookmark of the same document."""
    around = element("hyperlink", anchor=to, history="1")
    run = paragraph.add_run(text, style=style)
    around.append(run._r)
    paragraph._p.append(around)


def shade(cell: Any, colour: str) -> None:
    """Give a table cell a ground (``#RRGGBB``)."""
    properties = cell._tc.get_or_add_tcPr()
    properties.append(element("shd", val="clear", color="auto", fill=colour.lstrip("#")))


def underline(cell: Any, colour: str, eighths: int = 18) -> None:
    """Draw a line under a table cell, in eighths of a point."""
    properties = cell._tc.get_or_add_tcPr()
    borders = element("tcBorders")
    borders.append(
        element("bottom", val="single", sz=str(eighths), space="0", color=colour.lstrip("#"))
    )
    properties.append(borders)


def ruled(table: Any) -> None:
    """Thin lines between the rows of a table and around it above and below, none upright."""
    borders = element("tblBorders")
    for side, size, colour in (
        ("top", "8", "5B6570"),
        ("bottom", "8", "5B6570"),
        ("insideH", "4", "D5DAE0"),
    ):
        borders.append(element(side, val="single", sz=size, space="0", color=colour))
    table._tbl.tblPr.append(borders)
    margins = element("tblCellMar")
    for side, width in (("top", "45"), ("left", "70"), ("bottom", "45"), ("right", "70")):
        margins.append(element(side, w=width, type="dxa"))
    table._tbl.tblPr.append(margins)


def heading_row(row: Any) -> None:
    """Repeat a row on every page that its table reaches."""
    row._tr.get_or_add_trPr().append(element("tblHeader", val="true"))


def unbroken(row: Any) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(element("cantSplit", val="true"))
