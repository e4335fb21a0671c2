"""The report as a Word document: headings, captioned tables, quotes with their ids, appendices."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from docx.shared import Cm

from parihs.report.audit import summary
from parihs.report.contents import PARTS, Evidence, FindingText, Given, Piece, Report, Summary
from parihs.report.docx_marks import bookmark, clean, field, link, styled
from parihs.report.docx_styles import WIDTH_CM, new_document
from parihs.report.docx_tables import Captions, Write, written
from parihs.report.words import day
from parihs.report.zips import repacked

_SHOWN = ("participation", "agreement", "matrices")


def write_docx(report: Report) -> bytes:
    """The report as DOCX; the same report gives the same bytes."""
    paper = _Paper(report)
    paper.front()
    paper.tables()
    paper.figures()
    paper.grid()
    paper.ratings()
    paper.findings()
    paper.codebook()
    paper.audit()
    paper.excerpts()
    target = io.BytesIO()
    paper.document.save(target)
    return repacked(target.getvalue(), report.as_of)


class _Paper:
    """The document while it is being written."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.document = new_document(report)
        self.captions = Captions(self.document)
        self.n_bookmarks = 0
        self.n_headings = 0
        self.in_appendix = report.cited

    def front(self) -> None:
        report = self.report
        self.document.add_paragraph(clean(report.study), style="Title")
        fictional = " The study and everybody in it are fictional." if report.fictional else ""
        self.document.add_paragraph(
            clean(f"Report as of {day(report.as_of)}, from {report.seen_by}.{fictional}"),
            style="Subtitle",
        )
        if report.description:
            self.document.add_paragraph(clean(report.description.strip()))
        self.heading("Methods")
        for paragraph in report.methods:
            self.document.add_paragraph(clean(paragraph))

    def tables(self) -> None:
        for part in _SHOWN:
            found = self.report.tables_of(part)
            if found:
                self.heading(PARTS[part])
            for table in found:
                signed = table.key == "matrices.balance"
                self.captions.numbers(table, signed=signed)

    def figures(self) -> None:
        drawn = [figure for figure in self.report.figures if figure.png is not None]
        if drawn:
            self.heading(PARTS["figures"])
        for number, figure in enumerate(drawn, start=1):
            picture = self.document.add_paragraph()
            picture.paragraph_format.keep_with_next = True
            # At most the width of the page, and never larger than it was drawn.
            width = min(Cm(WIDTH_CM), Cm(figure.width / 96 * 2.54))
            picture.add_run().add_picture(io.BytesIO(figure.png or b""), width=width)
            line = self.document.add_paragraph(style="Caption")
            line.add_run("Figure ").bold = True
            field(line, "SEQ Figure \\* ARABIC", str(number))
            line.add_run(clean(f". {figure.title}. ")).bold = True
            line.add_run(clean(figure.caption))

    def grid(self) -> None:
        shown = self.report.grid
        if shown is None:
            return
        self.heading(PARTS["grid"])
        self.document.add_paragraph(clean(shown.caption))
        for c, column in enumerate(shown.columns):
            self.heading(column.label, 2)
            rows = [
                (written(head.label, bold=True, note=cells[c].coded), self._summary(cells[c]))
                for head, cells in zip(shown.rows, shown.cells, strict=True)
            ]
            self.captions.texts((shown.case, "Summary"), (4.0, 13.0), rows)

    def ratings(self) -> None:
        section = self.report.ratings
        if section is None or not section.places:
            return
        self.heading(PARTS["ratings"])
        if section.agreement:
            self.document.add_paragraph(clean(section.agreement))
        for table in (section.table, section.distinguishing):
            if table is not None:
                self.captions.numbers(table, signed=True)
        self.heading("Reasons", 2)
        rows = [
            (
                written(place.site, bold=True, note=place.construct.label),
                written("" if place.agreed is None else place.agreed.value),
                self._reasons(place.agreed, place.ratings),
            )
            for place in section.places
        ]
        self.captions.texts(("Site and construct", "Agreed", "Reasons"), (4.2, 2.8, 10.0), rows)

    def findings(self) -> None:
        if not self.report.findings:
            return
        self.heading(PARTS["findings"])
        for finding in self.report.findings:
            self._finding(finding)
        if self.report.remarks:
            self.heading("About all findings together", 2)
            for remark in self.report.remarks:
                line = self.document.add_paragraph(clean(remark.sentence), style="List Bullet")
                self._ids(line, remark.excerpts, before=" ")

    def codebook(self) -> None:
        if not self.report.codes:
            return
        self.heading("Appendix: codebook")
        self.document.add_paragraph(
            clean(f"“{self.report.codebook}” as used in this study, with the number of excerpts.")
        )
        rows: list[tuple[Write, ...]] = []
        for code in self.report.codes:
            rules = [
                ("", code.definition),
                ("Use it when: ", code.when_to_use),
                ("Not when: ", code.when_not),
                ("Example: ", code.example),
            ]
            indent = "\u2003" * code.depth
            rows.append(
                (
                    written(f"{indent}{code.name}", bold=code.depth == 0, note=indent + code.key),
                    _labelled([(label, text) for label, text in rules if text]),
                    written(f"{code.n_excerpts:,}"),
                )
            )
        self.captions.texts(("Code", "What it means", "n"), (5.0, 10.8, 1.2), rows)

    def audit(self) -> None:
        if not self.report.deeds:
            return
        self.heading("Appendix: audit trail")
        self.document.add_paragraph(clean(summary(self.report.deeds)))
        rows = [
            (written(deed.who), written(deed.what), written(f"{deed.times:,}"))
            for deed in self.report.deeds
        ]
        self.captions.texts(("Who", "Did what", "Times"), (4.5, 10.5, 2.0), rows)
        if self.report.decisions:
            self.heading("Decisions", 2)
            steps = [
                (written(day(step.when)), written(step.who), written(step.what))
                for step in self.report.decisions
            ]
            self.captions.texts(("When", "Who", "What"), (3.2, 3.3, 10.5), steps)

    def excerpts(self) -> None:
        shown = [e for e in self.report.excerpts if e.label in self.in_appendix]
        if not shown:
            return
        self.heading("Appendix: excerpts")
        self.document.add_paragraph(
            f"The {len(shown):,} excerpts that summaries, ratings and findings rest on, in the "
            f"order of the study. All {len(self.report.excerpts):,} are in the workbook and in the "
            "tables."
        )
        for excerpt in shown:
            line = self.document.add_paragraph(style="Quote")
            line.add_run(f"{excerpt.label}  ").bold = True
            line.add_run(clean(excerpt.quote.replace("\n", " / ")))
            self.n_bookmarks += 1
            bookmark(line, excerpt.label, self.n_bookmarks)
            where = " · ".join(
                part
                for part in (excerpt.speakers, excerpt.workshop, excerpt.held_on, excerpt.at)
                if part
            )
            codes = f"{'; '.join(excerpt.codes)} ({excerpt.valence.lower()})"
            self.document.add_paragraph(clean(f"{where} · {codes}"), style="Quote source")

    def heading(self, text: str, level: int = 1) -> None:
        """A heading in a real heading style, so that it shows in the navigation."""
        self.document.add_heading(clean(text), level)

    def _summary(self, summary: Summary) -> Write:
        def write(cell: Any) -> None:
            line = styled(cell.paragraphs[0], "Table text")
            line.add_run(clean(summary.text or "Nothing written yet."))
            note = styled(cell.add_paragraph(), "Table note")
            note.add_run(
                clean(" · ".join(part for part in (summary.status, summary.author) if part))
            )
            self._ids(note, summary.excerpts, before=" · ")
            if summary.stale:
                styled(cell.add_paragraph(clean(f"Look again: {summary.stale}.")), "Table note")

        return write

    def _reasons(self, agreed: Given | None, ratings: Iterable[Given]) -> Write:
        def write(cell: Any) -> None:
            given = [*([agreed] if agreed else []), *ratings]
            for number, each in enumerate(given):
                line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                styled(line, "Table text" if each is agreed else "Table note")
                if each is not agreed:
                    line.add_run(clean(f"{each.by}, {each.value}: "))
                line.add_run(clean(each.rationale))
                self._ids(line, each.excerpts, before=" ")

        return write

    def _finding(self, finding: FindingText) -> None:
        self.heading(f"{finding.number}. {finding.title}", 2)
        self.document.add_paragraph(finding.status, style="Note")
        for piece in finding.pieces:
            self._piece(piece)
        if finding.evidence:
            self.heading("What bears on it", 3)
            rows = [(written(each.stance), self._evidence(each)) for each in finding.evidence]
            self.captions.texts(("Stance", "Excerpt"), (2.6, 14.4), rows)
        if finding.remarks:
            self.heading("To look at", 3)
            for remark in finding.remarks:
                line = self.document.add_paragraph(clean(remark.sentence), style="List Bullet")
                self._ids(line, remark.excerpts, before=" ")

    def _piece(self, piece: Piece) -> None:
        if piece.kind == "text":
            for paragraph in piece.text.split("\n"):
                if paragraph.strip():
                    self.document.add_paragraph(clean(paragraph.strip()))
            return
        if piece.kind == "lost":
            self.document.add_paragraph(clean(f"[{piece.text}]"), style="Note")
            return
        self.document.add_paragraph(
            clean("“" + piece.text.replace("\n", "” / “") + "”"), style="Quote"
        )
        source = self.document.add_paragraph(style="Quote source")
        source.add_run(clean(f"{piece.attribution} "))
        self._ids(source, [piece.label])

    def _evidence(self, each: Evidence) -> Write:
        def write(cell: Any) -> None:
            line = styled(cell.paragraphs[0], "Table text")
            line.add_run(clean(each.quote.replace("\n", " / ")))
            note = styled(cell.add_paragraph(), "Table note")
            note.add_run(clean(each.attribution))
            self._ids(note, [each.label] if each.label else [], before=" ")
            if each.note:
                styled(cell.add_paragraph(clean(f"Note: {each.note}")), "Table note")

        return write

    def _ids(self, line: Any, labels: Iterable[str], before: str = "") -> None:
        """Excerpt ids in square brackets, each leading to its words in the appendix."""
        found = list(labels)
        if not found:
            return
        line.add_run(f"{before}[")
        for number, label in enumerate(found):
            if number:
                line.add_run(", ")
            if label in self.in_appendix:
                link(line, label, label, style="Excerpt id")
            else:
                line.add_run(label)
        line.add_run("]")


def _labelled(parts: list[tuple[str, str]]) -> Write:
    def write(cell: Any) -> None:
        for number, (label, text) in enumerate(parts):
            line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            styled(line, "Table text" if number == 0 else "Table note")
            line.add_run(clean(label)).bold = True
            line.add_run(clean(text))

    return write
