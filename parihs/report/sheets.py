"""The report as flat tables: one row per thing, the same in the workbook and in the CSV files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parihs.report.contents import Report, Table

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named table; every row has a value for every column."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    about: str = ""


def sheets(report: Report) -> tuple[Sheet, ...]:
    """All tables of a report that are not empty, in the order of the workbook."""
    made = (
        _excerpts(report),
        _grid(report),
        _ratings(report),
        _findings(report),
        _codebook(report),
        _codings(report),
        _audit(report),
    )
    return tuple(sheet for sheet in made if sheet.rows)


def long_table(table: Table) -> Sheet:
    """A comparison as one row per cell: its number, what it shows, and its excerpts."""
    rows = [
        (
            head.group or "",
            head.label,
            head.note,
            column.label,
            column.note,
            cell.value,
            cell.text,
            _ids(cell.excerpts),
        )
        for head, line in zip(table.rows, table.cells, strict=True)
        for column, cell in zip(table.columns, line, strict=True)
    ]
    columns = ("group", "row", "row_note", "column", "column_note", "value", "shown", "excerpts")
    return Sheet(table.key, table.title, columns, tuple(rows), table.caption)


def wide_table(table: Table) -> Sheet:
    """A comparison as people read it: a row per case, a column per code, numbers where there are
    numbers."""
    columns = (table.corner, *(column.label for column in table.columns))
    rows = tuple(
        (head.label, *(cell.text if cell.value is None else cell.value for cell in line))
        for head, line in zip(table.rows, table.cells, strict=True)
    )
    return Sheet(table.key, table.title, columns, rows, table.caption)


def _excerpts(report: Report) -> Sheet:
    columns = (
        *("id", "quote", "speakers", "site", "workshop", "date", "time", "codes", "valence"),
        *("coders", "memos", "cited", "database_ids"),
    )
    rows = tuple(
        (
            each.label,
            each.quote,
            each.speakers,
            each.site,
            each.workshop,
            each.held_on,
            each.at,
            "; ".join(each.codes),
            each.valence,
            "; ".join(each.coders),
            "\n".join(each.memos),
            "yes" if each.label in report.cited else "",
            " ".join(each.ids),
        )
        for each in report.excerpts
    )
    return Sheet("excerpts", "Excerpts", columns, rows)


def _grid(report: Report) -> Sheet:
    case = "site" if report.grid is None else report.grid.case.lower()
    columns = (
        case,
        "construct" if case == "site" else "code",
        "summary",
        "status",
        "author",
        "coded",
        "look again",
        "excerpts",
    )
    return Sheet("grid", "Framework grid", columns, tuple(_cells(report)))


def _cells(report: Report) -> Iterator[tuple[Value, ...]]:
    shown = report.grid
    if shown is None:
        return
    for head, line in zip(shown.rows, shown.cells, strict=True):
        for column, cell in zip(shown.columns, line, strict=True):
            yield (
                head.label,
                column.label,
                cell.text,
                cell.status,
                cell.author,
                cell.coded,
                cell.stale,
                _ids(cell.excerpts),
            )


def _ratings(report: Report) -> Sheet:
    columns = ("site", "construct", "by", "rating", "rationale", "excerpts")
    rows = []
    for place in report.ratings.places if report.ratings else ():
        agreed = place.agreed
        given = [*([("agreed", agreed)] if agreed else []), *((g.by, g) for g in place.ratings)]
        rows += [
            (place.site, place.construct.label, by, g.value, g.rationale, _ids(g.excerpts))
            for by, g in given
        ]
    return Sheet("ratings", "Ratings", columns, tuple(rows))


def _findings(report: Report) -> Sheet:
    columns = (
        "finding",
        "title",
        "status",
        "claim",
        "stance",
        "excerpt",
        "quote",
        "said by",
        "note",
    )
    rows: list[tuple[Value, ...]] = []
    for finding in report.findings:
        claim = "".join(
            piece.text if piece.kind == "text" else f"[{piece.label or 'excerpt gone'}]"
            for piece in finding.pieces
        )
        about = (finding.number, finding.title, finding.status, claim)
        rows += [
            (*about, each.stance, each.label, each.quote, each.attribution, each.note)
            for each in finding.evidence
        ] or [(*about, "", "", "", "", "")]
        rows += [
            (*about, f"to look at ({each.severity})", _ids(each.excerpts), each.sentence, "", "")
            for each in finding.remarks
        ]
    return Sheet("findings", "Findings", columns, tuple(rows))


def _codebook(report: Report) -> Sheet:
    columns = (
        *("key", "name", "level", "definition", "when_to_use", "when_not", "example", "origin"),
        "excerpts",
    )
    rows = tuple(
        (
            code.key,
            code.name,
            code.depth,
            code.definition,
            code.when_to_use,
            code.when_not,
            code.example,
            code.origin,
            code.n_excerpts,
        )
        for code in report.codes
    )
    return Sheet("codebook", "Codebook", columns, rows)


def _codings(report: Report) -> Sheet:
    columns = (
        *("workshop", "turn", "start", "end", "quote", "construct", "code", "code_key", "coder"),
        *("valence", "memo", "id"),
    )
    rows = tuple(
        (
            each.workshop,
            each.turn,
            each.start,
            each.end,
            each.quote,
            each.construct,
            each.code,
            each.code_key,
            each.coder,
            each.valence,
            each.memo,
            each.id,
        )
        for each in report.codings
    )
    return Sheet("codings", "Codings", columns, rows)


def _audit(report: Report) -> Sheet:
    rows = tuple((deed.who, deed.what, deed.times) for deed in report.deeds)
    return Sheet("audit", "Audit trail", ("who", "did_what", "times"), rows)


def _ids(labels: Iterable[str]) -> str:
    return " ".join(labels)
