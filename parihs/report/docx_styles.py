"""How the Word report looks: page, type, headings, quotes, captions, page numbers."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from parihs.report.contents import Report
from parihs.report.docx_marks import clean, field
from parihs.report.words import day

INK: Final = RGBColor(0x1F, 0x29, 0x33)
QUIET: Final = RGBColor(0x5B, 0x65, 0x70)
ACCENT: Final = RGBColor(0x00, 0x5A, 0x8C)
BODY: Final = "Calibri"
WIDTH_CM: Final = 17.0
"""Room for text and tables between the margins of an A4 page."""


def new_document(report: Report) -> Any:
    """An empty document with its styles, footer and properties."""
    document = Document()
    _page(document, report)
    _styles(document.styles)
    about = document.core_properties
    about.title = clean(f"{report.study}: report")
    about.author = about.last_modified_by = "parihs"
    about.comments = ""
    about.created = about.modified = about.last_printed = report.as_of.astimezone(UTC)
    about.revision = 1
    return document


def _page(document: Any, report: Report) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    line = section.footer.paragraphs[0]
    line.style = document.styles["Footer"]
    line.paragraph_format.tab_stops.clear_all()
    line.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH_CM), alignment=2)
    note = " · fictional data" if report.fictional else ""
    line.add_run(clean(f"{report.study}{note} · as of {day(report.as_of)}\t"))
    field(line, "PAGE", "1")
    line.add_run(" / ")
    field(line, "NUMPAGES", "1")


def _styles(styles: Any) -> None:
    body = styles["Normal"]
    _typed(body, 10.5, INK)
    body.paragraph_format.space_after = Pt(6)
    body.paragraph_format.line_spacing = 1.15
    for name, size, before, after in (
        ("Title", 24, 0, 4),
        ("Heading 1", 17, 22, 6),
        ("Heading 2", 13, 14, 4),
        ("Heading 3", 11, 10, 2),
    ):
        style = styles[name]
        _typed(style, size, INK, bold=True)
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(before),
            Pt(after),
        )
        style.paragraph_format.keep_with_next = True
        _without_line(style)
    _typed(styles["Subtitle"], 11.5, QUIET, italic=False)
    _typed(styles["Caption"], 9.5, INK, bold=False)
    styles["Caption"].paragraph_format.keep_with_next = True
    styles["Caption"].paragraph_format.space_before = Pt(10)
    styles["Caption"].paragraph_format.space_after = Pt(3)
    _typed(styles["Footer"], 8.5, QUIET)
    quote = styles["Quote"]
    _typed(quote, 10.5, INK, italic=True)
    quote.paragraph_format.left_indent, quote.paragraph_format.right_indent = Cm(0.9), Cm(0.9)
    quote.paragraph_format.space_before, quote.paragraph_format.space_after = Pt(4), Pt(0)
    quote.paragraph_format.keep_with_next = True
    said = _added(styles, "Quote source", WD_STYLE_TYPE.PARAGRAPH, 9.5, QUIET)
    said.paragraph_format.left_indent = Cm(0.9)
    said.paragraph_format.space_after = Pt(8)
    for name, size, colour in (
        ("Note", 9, QUIET),
        ("Table text", 9, INK),
        ("Table head", 9, INK),
        ("Table note", 8, QUIET),
    ):
        style = _added(styles, name, WD_STYLE_TYPE.PARAGRAPH, size, colour)
        style.font.bold = name == "Table head"
        style.paragraph_format.space_after = Pt(8 if name == "Note" else 0)
        style.paragraph_format.line_spacing = 1.05
    styles["Table head"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    excerpt = _added(styles, "Excerpt id", WD_STYLE_TYPE.CHARACTER, None, ACCENT)
    excerpt.font.bold = False


def _added(styles: Any, name: str, kind: Any, size: float | None, colour: RGBColor) -> Any:
    style = styles.add_style(name, kind)
    if kind == WD_STYLE_TYPE.PARAGRAPH:
        style.base_style = styles["Normal"]
        _typed(style, size or 10, colour)
    else:
        style.font.color.rgb = colour
    return style


def _typed(
    style: Any, size: float, colour: RGBColor, *, bold: bool | None = None, italic: bool = False
) -> None:
    style.font.name, style.font.size, style.font.color.rgb = BODY, Pt(size), colour
    style.font.italic = italic
    if bold is not None:
        style.font.bold = bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for side in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{side}"), BODY)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    spacing = style.element.rPr.find(qn("w:spacing"))
    if spacing is not None:
        style.element.rPr.remove(spacing)


def _without_line(style: Any) -> None:
    """The template underlines its title; ours stands by its size."""
    properties = style.element.get_or_add_pPr()
    for borders in properties.findall(qn("w:pBdr")):
        properties.remove(borders)
