"""A transcript as a Word document to hand over: title, who speaks, a row for each turn.

Times stand small at the side, the header row and the page number on every page. The reader of Word
documents takes the table back as it is.
"""

from __future__ import annotations

import io
import re
import unicodedata
from copy import deepcopy
from typing import Any, Final

from parihs.formats.clock import format_clock
from parihs.formats.lines import count, language_tag
from parihs.model import ParsedTranscript, ParsedTurn

_INK, _QUIET, _RULE = "1F2933", "5B6570", "D5DAE0"
_WIDTHS_CM: Final = (2.6, 3.6, 10.8)
_TITLES: Final = ("Time", "Speaker", "Text")
# XML has no way to write these.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def compose(parsed: ParsedTranscript, title: str = "Transcript") -> bytes:
    """Write a document that people read and `read` reads back.

    Lost: times of words, characters that no document can hold.
    """
    from docx import Document
    from docx.shared import Cm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    _styled(document.styles)
    document.core_properties.title = _clean(title)
    document.core_properties.author = "parihs"
    document.core_properties.comments = ""
    tag = language_tag(parsed.language)
    if tag:
        document.core_properties.language = tag
    document.add_paragraph(_clean(title), style="Title")
    document.add_paragraph(_clean(_about(parsed)), style="Subtitle")
    _table(document, parsed)
    _footer(section, title)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _about(parsed: ParsedTranscript) -> str:
    """Who speaks and how much, in a line."""
    names = ", ".join(parsed.speakers) or "nobody named"
    length = parsed.duration_ms
    lasting = f", {format_clock(length)[:-4]} long" if length is not None else ", not timed"
    return (
        f"Speakers: {names}. {count(len(parsed.turns), 'turn')}, {count(parsed.n_words, 'word')}"
        f"{lasting}."
    )


def _styled(styles: Any) -> None:
    from docx.shared import Pt, RGBColor

    body = styles["Normal"]
    body.font.name, body.font.size = "Calibri", Pt(10.5)
    body.font.color.rgb = RGBColor.from_string(_INK)
    body.paragraph_format.space_before = body.paragraph_format.space_after = Pt(2)
    for name, size, after in (("Title", 20, 2), ("Subtitle", 10.5, 12)):
        style = styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        style.font.italic = False
        style.font.color.rgb = RGBColor.from_string(_INK if name == "Title" else _QUIET)
        style.paragraph_format.space_after = Pt(after)
        for border in style.element.pPr.findall(_w("pBdr")):
            style.element.pPr.remove(border)
        for wide in style.element.rPr.findall(_w("spacing")):
            style.element.rPr.remove(wide)
        for fonts in style.element.rPr.findall(_w("rFonts")):
            for theme in [key for key in fonts.attrib if "Theme" in key]:
                del fonts.attrib[theme]


def _table(document: Any, parsed: ParsedTranscript) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    table = document.add_table(rows=1, cols=3)
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS_CM, strict=True):
        column.width = Cm(width)
    borders = OxmlElement("w:tblBorders")
    rule = OxmlElement("w:insideH")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _RULE)):
        rule.set(_w(name), value)
    borders.append(rule)
    table._tbl.tblPr.append(borders)
    head = table.rows[0]
    for cell, name, width in zip(head.cells, _TITLES, _WIDTHS_CM, strict=True):
        cell.width = Cm(width)
        cell.paragraphs[0].add_run(name)
    # Copied before the header is marked as one; adding rows by name takes minutes for long talk.
    pattern = deepcopy(head._tr)
    for cell in head.cells:
        _quiet(cell.paragraphs[0].runs[0], bold=True)
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    pattern.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for turn in parsed.turns:
        table._tbl.append(_row(deepcopy(pattern), turn))


def _row(row: Any, turn: ParsedTurn) -> Any:
    from docx.text.paragraph import Paragraph

    paragraphs = [Paragraph(element, None) for element in row.iter(_w("p"))]
    said = (_time(turn), _clean(turn.speaker or ""), _clean(turn.text))
    for place, (paragraph, text) in enumerate(zip(paragraphs, said, strict=True)):
        run = paragraph.runs[0]
        run.text = text
        if place == 0:
            _quiet(run)
        run.bold = True if place == 1 else None
        if _runs_leftwards(text):
            paragraph._p.get_or_add_pPr().append(_flag("bidi"))
            run._r.get_or_add_rPr().append(_flag("rtl"))
    # A long turn may break across pages; a short one stays whole.
    if len(turn.text) > 1500:
        for flag in row.trPr.findall(_w("cantSplit")):
            row.trPr.remove(flag)
    return row


def _time(turn: ParsedTurn) -> str:
    if turn.start_ms is None and turn.end_ms is None:
        return ""
    start = "?" if turn.start_ms is None else format_clock(turn.start_ms)
    return start if turn.end_ms is None else f"{start}\n– {format_clock(turn.end_ms)}"


def _quiet(run: Any, *, bold: bool = False) -> None:
    from docx.shared import Pt, RGBColor

    run.font.size = Pt(8)
    run.font.color.rgb = RGBColor.from_string(_QUIET)
    run.bold = bold or None


def _footer(section: Any, title: str) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    line = section.footer.paragraphs[0]
    line.paragraph_format.tab_stops.clear_all()
    line.paragraph_format.tab_stops.add_tab_stop(Cm(sum(_WIDTHS_CM)), alignment=2)
    line.style.paragraph_format.tab_stops.clear_all()
    _quiet(line.add_run(f"{_clean(title)}\t"))
    for code in ("PAGE", "NUMPAGES"):
        if code == "NUMPAGES":
            _quiet(line.add_run(" / "))
        field = OxmlElement("w:fldSimple")
        field.set(_w("instr"), code)
        shown = line.add_run("1")
        _quiet(shown)
        field.append(shown._r)
        line._p.append(field)


def _runs_leftwards(text: str) -> bool:
    """Whether the first letter that says so is of a script written from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def _flag(name: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(f"w:{name}")


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    qualified: str = qn(f"w:{name}")
    return qualified


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
