"""The report as one HTML file that needs nothing else: every number leads to its excerpts."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from parihs.report.audit import summary
from parihs.report.contents import PARTS, FindingText, Piece, RatedPlace, Report, Table
from parihs.report.html_figures import figure, scripts
from parihs.report.html_style import CSS
from parihs.report.words import day

_TABLES = ("participation", "agreement", "matrices")


def write_html(report: Report) -> bytes:
    """The report as an HTML file; figures are in it where the report was built with them."""
    made = _Page(report)
    sections = [
        (name, title, body)
        for name, title, body in (
            ("methods", "Methods", made.methods()),
            *((part, PARTS[part], made.tables(part)) for part in _TABLES),
            ("figures", PARTS["figures"], made.figures()),
            ("grid", PARTS["grid"], made.grid()),
            ("ratings", PARTS["ratings"], made.ratings()),
            ("findings", PARTS["findings"], made.findings()),
            ("codebook", "Codebook", made.codebook()),
            ("audit", "Audit trail", made.audit()),
            ("excerpts", "Excerpts", made.excerpts()),
        )
        if body
    ]
    links = "".join(f'<a href="#{name}">{escape(title)}</a>' for name, title, _ in sections)
    bodies = "".join(
        f'<section id="{name}"><h2>{escape(title)}</h2>{body}</section>'
        for name, title, body in sections
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(report.study)}: report</title>\n<style>{CSS}</style>\n{made.script()}"
        f"</head>\n<body>\n{made.front()}<nav>{links}</nav>\n{bodies}\n</body>\n</html>\n"
    ).encode()


class _Page:
    """The page while it is being written."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def script(self) -> str:
        """What draws and opens figures, where there are any; it fetches nothing."""
        return scripts() if self.report.figures else ""

    def front(self) -> str:
        report = self.report
        fictional = " The study and everybody in it are fictional." if report.fictional else ""
        about = f"Report as of {day(report.as_of)}, from {report.seen_by}.{fictional}"
        return (
            f'<header><h1>{escape(report.study)}</h1><p class="quiet">{escape(about)}</p>'
            f"{_paragraphs(report.description)}</header>\n"
        )

    def methods(self) -> str:
        return "".join(_paragraphs(text) for text in self.report.methods)

    def tables(self, part: str) -> str:
        return "".join(self.table(table) for table in self.report.tables_of(part))

    def table(self, table: Table, *, signed: bool = False) -> str:
        key = table.key.replace(".", "-")
        signed = signed or table.key == "matrices.balance"
        heads = "".join(
            f"<th{_construct(column.colour)}>{escape(column.label)}{_small(column.note)}</th>"
            for column in table.columns
        )
        lines, behind, group = [], [], ""
        for r, (head, row) in enumerate(zip(table.rows, table.cells, strict=True)):
            if head.group != group:
                group = head.group
                lines.append(
                    f'<tr class="group"><th colspan="{len(table.columns) + 1}"'
                    f"{_construct(head.colour)}>{escape(group)}</th></tr>"
                )
            cells = []
            for c, cell in enumerate(row):
                place = f"{key}-{r + 1}-{c + 1}"
                text = escape(cell.text)
                if cell.excerpts:
                    text = f'<a href="#{place}">{text}</a>'
                    what = escape(f"{head.label} · {table.columns[c].label}")
                    behind.append(
                        f'<dt id="{place}">{what}</dt><dd>{_ids(cell.excerpts, bare=True)}</dd>'
                    )
                cells.append(f"<td{_tint(cell.tint, signed)}>{text}</td>")
            lines.append(
                f"<tr><th>{escape(head.label)}{_small(head.note)}</th>{''.join(cells)}</tr>"
            )
        listing = (
            f"<details><summary>The excerpts behind each number</summary>"
            f'<dl class="cells">{"".join(behind)}</dl></details>'
            if behind
            else ""
        )
        note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
        return (
            f'<div class="table"><table class="numbers" id="{key}"><caption><b>'
            f"{escape(table.title)}.</b> {escape(table.caption)}</caption><thead><tr>"
            f"<th>{escape(table.corner)}</th>{heads}</tr></thead><tbody>{''.join(lines)}</tbody>"
            f"</table></div>{note}{listing}"
        )

    def figures(self) -> str:
        known = {each.label: each for each in self.report.excerpts}
        drawn = (figure(n, each, known) for n, each in enumerate(self.report.figures, start=1))
        return "".join(drawn)

    def grid(self) -> str:
        shown = self.report.grid
        if shown is None:
            return ""
        parts = [_paragraphs(shown.caption)]
        for c, column in enumerate(shown.columns):
            rows = []
            for head, cells in zip(shown.rows, shown.cells, strict=True):
                cell = cells[c]
                state = " · ".join(part for part in (cell.status, cell.author) if part)
                stale = f"<br>Look again: {escape(cell.stale)}." if cell.stale else ""
                rows.append(
                    f"<tr><th>{escape(head.label)}{_small(cell.coded)}</th><td>"
                    f"{_paragraphs(cell.text or 'Nothing written yet.')}"
                    f"<small>{escape(state)} {_ids(cell.excerpts)}{stale}</small></td></tr>"
                )
            table = _prose((shown.case, "Summary"), rows, column.colour)
            parts.append(f"<h3>{escape(column.label)}</h3>{table}")
        return "".join(parts)

    def ratings(self) -> str:
        section = self.report.ratings
        if section is None or not section.places:
            return ""
        tables = [table for table in (section.table, section.distinguishing) if table is not None]
        rows = [_rated(place) for place in section.places]
        return (
            _paragraphs(section.agreement)
            + "".join(self.table(table, signed=True) for table in tables)
            + "<h3>Reasons</h3>"
            + _prose(("Site and construct", "Agreed", "Reasons"), rows)
        )

    def findings(self) -> str:
        parts = [_finding(finding) for finding in self.report.findings]
        if self.report.remarks:
            items = "".join(
                f"<li>{escape(each.sentence)} {_ids(each.excerpts)}</li>"
                for each in self.report.remarks
            )
            parts.append(f"<h3>About all findings together</h3><ul>{items}</ul>")
        return "".join(parts)

    def codebook(self) -> str:
        rows = []
        for code in self.report.codes:
            rules = "".join(
                f"<br><small><b>{label}:</b> {escape(text)}</small>"
                for label, text in (
                    ("Use it when", code.when_to_use),
                    ("Not when", code.when_not),
                    ("Example", code.example),
                )
                if text
            )
            indent = f' style="padding-left:{0.6 + 1.1 * code.depth:.1f}rem"'
            rows.append(
                f"<tr><th{indent}>{escape(code.name)}{_small(code.key)}</th>"
                f"<td>{escape(code.definition)}{rules}</td><td>{code.n_excerpts:,}</td></tr>"
            )
        about = _paragraphs(f"“{self.report.codebook}”, with the number of excerpts of each code.")
        return about + _prose(("Code", "What it means", "Excerpts"), rows) if rows else ""

    def audit(self) -> str:
        if not self.report.deeds:
            return ""
        rows = [
            f"<tr><td>{escape(deed.who)}</td><td>{escape(deed.what)}</td><td>{deed.times:,}</td></tr>"
            for deed in self.report.deeds
        ]
        steps = [
            f"<tr><td>{day(step.when)}</td><td>{escape(step.who)}</td>"
            f"<td>{escape(step.what)}</td></tr>"
            for step in self.report.decisions
        ]
        decided = f"<h3>Decisions</h3>{_prose(('When', 'Who', 'What'), steps)}" if steps else ""
        return (
            _paragraphs(summary(self.report.deeds))
            + _prose(("Who", "Did what", "Times"), rows)
            + decided
        )

    def excerpts(self) -> str:
        items = []
        for each in self.report.excerpts:
            where = " · ".join(
                part
                for part in (each.speakers, each.site, each.workshop, each.held_on, each.at)
                if part
            )
            codes = f"{'; '.join(each.codes)} ({each.valence.lower()})"
            memos = "".join(f"<br>Memo by {escape(memo)}" for memo in each.memos)
            items.append(
                f'<div class="excerpt" id="{each.label}"><b>{each.label}</b>'
                f"{_paragraphs(each.quote)}<small>{escape(where)}<br>{escape(codes)}; coded by "
                f"{escape(' and '.join(each.coders))}{memos}</small></div>"
            )
        return "".join(items)


def _finding(finding: FindingText) -> str:
    evidence = [
        f"<tr><td>{escape(each.stance)}</td><td>{_paragraphs(each.quote)}<small>"
        f"{escape(each.attribution)} {_ids([each.label] if each.label else [])}"
        f"{'<br>Note: ' + escape(each.note) if each.note else ''}</small></td></tr>"
        for each in finding.evidence
    ]
    bearing = f"<h4>What bears on it</h4>{_prose(('Stance', 'Excerpt'), evidence)}"
    remarks = "".join(
        f"<li>{escape(each.sentence)} {_ids(each.excerpts)}</li>" for each in finding.remarks
    )
    look = f"<h4>To look at</h4><ul>{remarks}</ul>" if remarks else ""
    claim = "".join(_piece(piece) for piece in finding.pieces)
    return (
        f'<article id="finding-{finding.number}"><h3>{finding.number}. {escape(finding.title)}</h3>'
        f'<p class="quiet">{escape(finding.status)}</p>{claim}{bearing if evidence else ""}{look}'
        "</article>"
    )


def _piece(piece: Piece) -> str:
    if piece.kind == "text":
        return _paragraphs(piece.text)
    if piece.kind == "lost":
        return f'<p class="quiet">[{escape(piece.text)}]</p>'
    return (
        f"<blockquote>{_paragraphs(piece.text)}<footer>{escape(piece.attribution)} "
        f"{_ids([piece.label])}</footer></blockquote>"
    )


def _rated(place: RatedPlace) -> str:
    given = []
    if place.agreed is not None:
        given.append(f"<p>{escape(place.agreed.rationale)} {_ids(place.agreed.excerpts)}</p>")
    given += [
        f"<p><small>{escape(each.by)}, {escape(each.value)}: {escape(each.rationale)} "
        f"{_ids(each.excerpts)}</small></p>"
        for each in place.ratings
    ]
    agreed = "" if place.agreed is None else escape(place.agreed.value)
    return (
        f"<tr><th>{escape(place.site)}{_small(place.construct.label)}</th><td>{agreed}</td>"
        f"<td>{''.join(given)}</td></tr>"
    )


def _prose(heads: Iterable[str], rows: Iterable[str], colour: str = "") -> str:
    shown = "".join(f"<th{_construct(colour)}>{escape(head)}</th>" for head in heads)
    return (
        f'<div class="table"><table><thead><tr>{shown}</tr></thead><tbody>{"".join(rows)}</tbody>'
        "</table></div>"
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n") if part.strip())


def _ids(labels: Iterable[str], *, bare: bool = False) -> str:
    links = " ".join(f'<a href="#{label}">{label}</a>' for label in labels)
    if not links:
        return ""
    return f'<span class="ids">{links if bare else f"[{links}]"}</span>'


def _small(note: str) -> str:
    return f"<small>{escape(note)}</small>" if note else ""


def _construct(colour: str) -> str:
    return f' style="--construct:{escape(colour)}"' if colour else ""


def _tint(tint: float, signed: bool) -> str:
    if not tint:
        return ""
    tone = "much" if not signed else "good" if tint > 0 else "bad"
    share = min(1.0, abs(tint)) * 0.45
    return f' class="tint" style="--tone:var(--{tone});--share:{share:.2f}"'
