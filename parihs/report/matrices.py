"""Comparison tables: what ``parihs.compare`` counts, written out with its captions."""

from __future__ import annotations

import math

import numpy as np

from parihs.compare.balance import balance
from parihs.compare.cells import MIXED, NOT_ASKED, NOT_CODED, NOTHING_SAID, UNRATED
from parihs.compare.matrix import EXPLAINED, VALUES, Matrix, matrix
from parihs.report.contents import Cell, Head, Table
from parihs.report.source import Source
from parihs.report.words import count

MARKS = {NOT_ASKED: "–", NOT_CODED: "○", NOTHING_SAID: "·", MIXED: "±", UNRATED: "?"}
MEANINGS = {
    NOT_ASKED: "nobody spoke",
    NOT_CODED: "not coded yet",
    NOTHING_SAID: "coded, and nothing with this code",
    MIXED: "help and hindrance cancel out",
    UNRATED: "coded, but not rated",
}


def matrix_tables(source: Source) -> tuple[Table, ...]:
    """Sites by constructs (codings, share of talk, speakers), what helps and hinders, and sites by
    the codes below the constructs; for tables also where each code is present, as 1 and 0."""
    if source.excerpts.empty:
        return ()
    counted = [_by_construct(source, value) for value in ("count", "share", "speakers")]
    return (*counted, _balance(source), _codes(source), *_presence(source))


def value_text(result: Matrix, r: int, c: int) -> str:
    """What a cell shows: its number in the unit of the matrix, or the mark of its state."""
    state, value = str(result.states[r, c]), float(result.values[r, c])
    if result.value == "present":
        return "" if math.isnan(value) else f"{value:.0f}"
    if state in MARKS or math.isnan(value):
        return MARKS.get(state, "–")
    if result.value == "share":
        return f"{value:.0%}" if value >= 0.0995 else f"{value:.1%}"
    if result.per != "none":
        return f"{value:,.1f}"
    return f"{value:,.0f}"


def _by_construct(source: Source, value: str) -> Table:
    result = matrix(source.excerpts, source.denominators, source.codes, value=value)
    return Table(
        key=f"matrices.{value}",
        title=f"{VALUES[value]} by site and construct",
        caption=result.caption(),
        corner="Site",
        rows=tuple(Head(row.label, count(row.words, "word")) for row in result.rows),
        columns=tuple(Head(column.label, colour=column.colour) for column in result.columns),
        cells=_cells(source, result),
        note=f"{EXPLAINED[value]}{_marks(result)}",
    )


def _codes(source: Source) -> Table:
    """Codes in rows, since there are more of them than a page is wide."""
    result = matrix(source.excerpts, source.denominators, source.codes, cols=1, value="count")
    across = _cells(source, result)
    used = [c for c in range(len(result.columns)) if any(row[c].excerpts for row in across)]
    return Table(
        key="matrices.codes",
        title="Codings by code and site",
        caption=result.caption(),
        corner="Code",
        rows=tuple(
            Head(
                result.columns[c].label,
                colour=result.columns[c].colour,
                group=result.columns[c].construct,
            )
            for c in used
        ),
        columns=tuple(Head(row.label, count(row.words, "word")) for row in result.rows),
        cells=tuple(tuple(row[c] for row in across) for c in used),
        note=f"{EXPLAINED['count']} Codes that nobody was given anywhere are left out; the "
        f"codebook lists all.{_marks(result)}",
    )


def _presence(source: Source) -> list[Table]:
    found = []
    for rows, title in (("site", "site"), ("workshop", "workshop")):
        result = matrix(
            source.excerpts,
            source.denominators,
            source.codes,
            rows=rows,
            cols="code",
            value="present",
        )
        keys = {code.code_id: code.key for code in source.codes}
        found.append(
            Table(
                key=f"presence.{rows}s",
                title=f"Codes present (1) or absent (0), by {title}",
                caption=result.caption(),
                corner=title,
                rows=tuple(Head(row.label, count(row.words, "word")) for row in result.rows),
                columns=tuple(Head(keys[column.id], column.label) for column in result.columns),
                cells=_cells(source, result),
                note="A code counts where any of its own or of the codes below it is given. Empty: "
                "nobody spoke, or nothing is coded there yet.",
            )
        )
    return found


def _balance(source: Source) -> Table:
    found = balance(source.excerpts, source.denominators, source.codes)
    frame = found.frame
    rows = frame.drop_duplicates("row_id")
    columns = frame.drop_duplicates("column_id")
    by_place = {
        (cell["row_id"], cell["column_id"]): cell for cell in frame.to_dict(orient="records")
    }
    most = max(1, int((frame["enabling"] - frame["constraining"]).abs().max()))
    cells = []
    for row_id in rows["row_id"]:
        line = []
        for column_id in columns["column_id"]:
            cell = by_place[row_id, column_id]
            net = int(cell["enabling"] - cell["constraining"])
            labels = source.register.labels(found.excerpts(row_id, column_id))
            text = MARKS.get(cell["state"]) or (
                f"+{cell['enabling']} −{cell['constraining']}"
                + (f" ±{cell['mixed']}" if cell["mixed"] else "")
                + f" ({cell['speakers']})"
            )
            line.append(Cell(text, net if labels else None, labels, net / most))
        cells.append(tuple(line))
    return Table(
        key="matrices.balance",
        title="What helps and what hinders, by site and construct",
        caption=found.caption(),
        corner="Site",
        rows=tuple(
            Head(label, count(int(words), "word"))
            for label, words in zip(rows["row"], rows["row_words"], strict=True)
        ),
        columns=tuple(
            Head(label, colour=colour)
            for label, colour in zip(columns["column"], columns["colour"], strict=True)
        ),
        cells=tuple(cells),
        note="+ enabling, − constraining, ± mixed codings; in brackets how many people speak in "
        "the cell. Neutral and unrated codings are in the cell’s count and in none of these.",
    )


def _cells(source: Source, result: Matrix) -> tuple[tuple[Cell, ...], ...]:
    sizes = np.abs(result.values[np.isfinite(result.values)])
    most = float(sizes.max()) if sizes.size and sizes.max() > 0 else 1.0
    return tuple(
        tuple(
            Cell(
                value_text(result, r, c),
                None if np.isnan(result.values[r, c]) else float(result.values[r, c]),
                source.register.labels(result.excerpts(row.id, column.id)),
                0.0 if np.isnan(result.values[r, c]) else float(result.values[r, c]) / most,
            )
            for c, column in enumerate(result.columns)
        )
        for r, row in enumerate(result.rows)
    )


def _marks(result: Matrix) -> str:
    states = {str(state) for state in result.states.flat}
    found = [f"{MARKS[state]} {MEANINGS[state]}" for state in MARKS if state in states]
    return f" Marks: {'; '.join(found)}." if found else ""
