"""Reports as files: they open, say the right numbers, keep texts, and are the same every time."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from docx import Document

from parihs.errors import ParihsError
from parihs.report import FORMATS, Report, render
from parihs.report.contents import CodingRow, Excerpt
from parihs.report.xlsx import LONGEST
from parihs.store import Store
from tests.conftest import need
from tests.unit.report_study import built, demo_report, demo_store, workbook, written

__all__ = ["demo_report", "demo_store"]

DANGEROUS = [
    '=HYPERLINK("http://evil","x")',
    "+1+1",
    "-um so",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "https://example.org",
    "007",
    "1e5",
    "\t=1+1",
    " leading and trailing ",
    "two\nlines",
    "bell \x07 and naïve 🙂 𝒳",
]


@pytest.fixture(scope="module")
def odd(demo_report: Report) -> Report:
    """A report in which people say things that a spreadsheet would run."""
    excerpts = tuple(
        Excerpt(
            label=f"E{n}",
            ids=(f"id{n}",),
            quote=quote,
            speakers=quote,
            site="North",
            workshop="North 1",
            held_on="",
            at="",
            codes=("Fit",),
            valence="Neutral",
            coders=("Ada",),
            memos=(quote,),
        )
        for n, quote in enumerate(DANGEROUS, start=1)
    )
    codings = tuple(
        CodingRow("North 1", 1, 0, 5, q, "Fit", "fit", "Fit", "Ada", "Neutral", q, f"c{n}")
        for n, q in enumerate(DANGEROUS)
    )
    return replace(
        demo_report,
        study="=1+1 Study & <script>alert(1)</script>",
        excerpts=excerpts,
        codings=codings,
        cited=frozenset(),
        findings=(),
        tables=(),
        grid=None,
        ratings=None,
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_study_gives_the_same_bytes(
    demo_store: Store, demo_report: Report, kind: str
) -> None:
    again = built(demo_store)
    assert again == demo_report
    assert render(again, kind) == render(demo_report, kind)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv"])
def test_files_are_dated_by_the_study_and_not_by_the_clock(demo_report: Report, kind: str) -> None:
    moment = demo_report.as_of
    stamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute)
    with zipfile.ZipFile(io.BytesIO(render(demo_report, kind))) as archive:
        assert {info.date_time[:5] for info in archive.infolist()} == {stamp}


def test_an_unknown_kind_is_refused(demo_report: Report) -> None:
    with pytest.raises(ParihsError, match="cannot be “pdf”"):
        render(demo_report, "pdf")


def test_the_word_document_says_the_numbers(demo_report: Report) -> None:
    document = Document(io.BytesIO(render(demo_report, "docx")))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [
        "Methods",
        "Sites and participation",
        "Agreement between coders",
        "Comparison of sites",
        "Framework grid",
        "Ratings",
        "Findings",
        "Appendix: codebook",
        "Appendix: audit trail",
        "Appendix: excerpts",
    ]
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert captions[3].startswith("Table 4. Codings by site and construct. ")
    counts = next(t for t in demo_report.tables if t.key == "matrices.count")
    assert counts.caption in captions[3]
    table = document.tables[3]
    shown = [[cell.text for cell in row.cells[1:]] for row in table.rows[1:]]
    assert shown == [[cell.text for cell in row] for row in counts.cells]
    assert [cell.text for cell in table.rows[0].cells][1:5] == [
        "Innovation",
        "Recipients",
        "Context",
        "Facilitation",
    ]
    quotes = [p.text for p in document.paragraphs if p.style.name == "Quote"]
    assert "“If she'd been my supervisor I'd have said I was fine.”" in quotes
    about = document.core_properties
    assert about.title == "The Lantern Study (fictional): report"
    assert about.created == about.modified == demo_report.as_of.replace(microsecond=0)


def test_every_link_in_the_word_document_leads_somewhere(demo_report: Report) -> None:
    archive = zipfile.ZipFile(io.BytesIO(render(demo_report, "docx")))
    xml = archive.read("word/document.xml").decode()
    anchors = set(re.findall(r'w:anchor="([^"]+)"', xml))
    bookmarks = re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', xml)
    assert anchors
    assert anchors <= set(bookmarks)
    assert len(bookmarks) == len(set(bookmarks)) == len(demo_report.cited)
    assert xml.count("w:tblHeader") == len(Document(io.BytesIO(render(demo_report, "docx"))).tables)
    assert "PAGE" in archive.read("word/footer1.xml").decode()


class Links(HTMLParser):
    """Ids and inner links of a page, and what it fetches."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        target = given.get("href") or given.get("src") or ""
        if target.startswith("#"):
            self.links.add(target[1:])
        elif target and not target.startswith("data:"):
            self.fetched.append(target)


def test_every_number_of_the_web_page_leads_to_its_excerpts(demo_report: Report) -> None:
    page = render(demo_report, "html").decode()
    found = Links()
    found.feed(page)
    assert found.fetched == []
    assert len(found.ids) == len(set(found.ids))
    assert found.links <= set(found.ids)
    counts = next(t for t in demo_report.tables if t.key == "matrices.count")
    for r in range(len(counts.rows)):
        for c in range(len(counts.columns)):
            assert f"matrices-count-{r + 1}-{c + 1}" in found.links
    assert {e.label for e in demo_report.excerpts} <= found.links
    assert "@media print" in page


def test_what_people_said_is_text_in_the_web_page(odd: Report) -> None:
    page = render(odd, "html").decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "=HYPERLINK(&quot;http://evil&quot;" in page


def test_what_looks_like_a_formula_stays_text_and_unchanged(odd: Report) -> None:
    sheets = workbook(render(odd, "xlsx"))
    for name, column in (("Excerpts", "B"), ("Codings", "E")):
        cells = sheets[name]
        assert [cells[f"{column}{n}"] for n in range(2, len(DANGEROUS) + 2)] == [
            ("text", quote) for quote in DANGEROUS
        ]
    assert sheets["About"]["A1"] == ("text", odd.study)
    kinds = {kind for cells in sheets.values() for kind, _ in cells.values()}
    assert kinds == {"text", "number"}
    xml = zipfile.ZipFile(io.BytesIO(render(odd, "xlsx")))
    assert not [
        name for name in xml.namelist() if "rels" in name and b"http://evil" in xml.read(name)
    ]


def test_a_text_too_long_for_a_cell_says_that_it_was_cut(odd: Report) -> None:
    long = replace(odd.excerpts[0], quote="a" * (LONGEST + 1))
    kind, text = workbook(render(replace(odd, excerpts=(long,)), "xlsx"))["Excerpts"]["B2"]
    assert (kind, len(text)) == ("text", LONGEST)
    assert text.endswith("(cut: the CSV tables have the whole text)")


def test_the_workbook_has_its_sheets_and_numbers(demo_report: Report) -> None:
    data = render(demo_report, "xlsx")
    sheets = workbook(data)
    assert list(sheets) == [
        "About",
        "Excerpts",
        "Matrices",
        "Present 0-1",
        "Framework grid",
        "Ratings",
        "Agreed ratings",
        "Findings",
        "Codebook",
        "Codings",
        "Audit trail",
    ]
    assert sum(cell.startswith("A") for cell in sheets["Codings"]) == len(demo_report.codings) + 1
    matrices = sheets["Matrices"]
    title = next(c for c, v in matrices.items() if v[1] == "Codings by site and construct")
    first = int(title[1:]) + 3
    counts = next(t for t in demo_report.tables if t.key == "matrices.count")
    assert [float(matrices[f"{c}{first}"][1]) for c in "BCDEF"] == [
        cell.value for cell in counts.cells[0]
    ]
    archive = zipfile.ZipFile(io.BytesIO(data))
    for number in (2, 5, 10):
        sheet = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
        assert 'state="frozen"' in sheet
        assert "<autoFilter" in sheet


def rows_of(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """A CSV table of the archive."""
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_tables_come_as_they_are_and_safe_for_spreadsheets(odd: Report) -> None:
    archive = zipfile.ZipFile(io.BytesIO(render(odd, "csv")))
    raw = [row["quote"] for row in rows_of(archive, "raw/excerpts.csv")]
    safe = [row["quote"] for row in rows_of(archive, "for-spreadsheets/excerpts.csv")]
    assert raw == DANGEROUS
    assert not [text for text in safe if text.startswith(("=", "+", "-", "@", "\t"))]
    assert [text.removeprefix("'") for text in safe] == DANGEROUS


def test_the_presence_table_is_made_of_ones_and_noughts(demo_report: Report) -> None:
    archive = zipfile.ZipFile(io.BytesIO(render(demo_report, "csv")))
    rows = rows_of(archive, "raw/presence.workshops.csv")
    assert len(rows) == 12
    values = {value for row in rows for key, value in row.items() if key != "workshop"}
    assert values == {"0.0", "1.0"} or values == {"0", "1"}
    counts = rows_of(archive, "raw/matrices.count.csv")
    there = {(row["row"], row["column"]): float(row["value"]) for row in counts}
    assert there["Harrowdale General Hospital", "Innovation"] == 24
    known = {row["id"] for row in rows_of(archive, "raw/excerpts.csv")}
    assert {label for row in counts for label in row["excerpts"].split()} <= known


def test_control_characters_do_not_break_the_word_document(odd: Report) -> None:
    shown = replace(odd, cited=frozenset(e.label for e in odd.excerpts))
    document = Document(io.BytesIO(render(shown, "docx")))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "bell \ufffd and naïve 🙂 𝒳" in text
    assert '=HYPERLINK("http://evil","x")' in text


def test_figures_come_with_the_web_page_when_asked(demo_store: Store) -> None:
    report = built(demo_store, parts=["figures"])
    assert len(report.figures) >= 2
    page = render(report, "html").decode()
    found = Links()
    found.feed(page)
    assert found.fetched == []
    shown = {excerpt.label: excerpt for excerpt in report.excerpts}
    for figure in report.figures:
        assert figure.marks, f"{figure.title} opens nothing"
        for mark in figure.marks:
            assert mark.title
            for label in mark.excerpts:
                assert f'<a href="#{label}">' in page
                assert shown[label].site in page
    without = replace(report, figures=tuple(replace(f, png=None) for f in report.figures))
    assert "Figure 1" not in "".join(
        p.text for p in Document(io.BytesIO(render(without, "docx"))).paragraphs
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_libreoffice_opens_it(demo_report: Report, tmp_path: Path, kind: str) -> None:
    need(shutil.which("soffice") is not None, "LibreOffice")
    file = written(tmp_path / f"report.{kind}", render(demo_report, kind))
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"),
            *("--outdir", str(tmp_path), str(file)),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    assert (tmp_path / "report.pdf").stat().st_size > 20_000
