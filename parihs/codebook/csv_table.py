"""Codebooks as tables: what a team keeps in a spreadsheet, in and out."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from parihs.codebook.book import CodebookFile, CodeEntry
from parihs.codebook.checks import Problem, faults, refuse
from parihs.errors import ParihsError

COLUMNS: Final = tuple(item.name for item in fields(CodeEntry))

HEADINGS: Final = {
    "name": ("code", "label", "tag", "title", "code name"),
    "id": ("key", "code id"),
    "parent": ("parent code", "parent id", "category", "under"),
    "definition": ("description", "meaning", "memo"),
    "when_to_use": ("when to use", "inclusion", "inclusion criteria", "include"),
    "when_not": ("when not", "when not to use", "exclusion", "exclusion criteria", "exclude"),
    "example": ("examples", "quote"),
    "source": ("sources", "reference"),
    "colour": ("color",),
}
"""Other headings that people use for a column, in the order in which they are preferred."""

DEEPEST: Final = 50
"""Levels that a made id spells out; nobody codes that deep, and a broken table must not hurt."""

_LISTS = ("enabling", "constraining", "source")
_TRUE = {"", "true", "yes", "y", "1"}
_FALSE = {"false", "no", "n", "0"}
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_CONTROL = {code: " " for code in (*range(32), 127) if chr(code) not in "\t\n"}


def write_csv(book: CodebookFile) -> str:
    """The codes as CSV, one row each; lists are lines within a cell.

    Save it as ``utf-8-sig`` so that spreadsheets read the accents. A cell that a spreadsheet would
    take for a formula gets an apostrophe, which :func:`read_csv` takes off again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in book.codes:
        writer.writerow([_cell(getattr(entry, column)) for column in COLUMNS])
    return out.getvalue()


def read_csv(path: Path | str, *, id: str = "", name: str = "") -> CodebookFile:
    """Read a codebook from a table with any order of columns and at least ``name`` (or ``code``).

    Parents may be given by id or by name; missing ids are made from names. ``id`` and ``name`` of
    the codebook come from the file's name unless given. Source keys become the list of sources.

    Raises ParihsError listing every problem as ``FILE:ROW: code 'id': …``; row 1 is the headings.
    """
    path = Path(path)
    file = str(path)
    rows = _rows(path)
    columns = _columns(rows[0] if rows else [])
    if "name" not in columns and "id" not in columns:
        raise ParihsError(
            f"{file}:1: there is no column of code names, so nothing was loaded.",
            "Give the column the heading 'name' or 'code'; 'parent' and 'definition' are welcome.",
        )
    problems: list[Problem] = []
    numbered = [
        (number, _values(columns, row)) for number, row in enumerate(rows[1:], start=2) if any(row)
    ]
    entries = _entries(file, numbered, problems)
    row_of = [number for number, _ in numbered]
    for fault in faults(entries, None, lambda index: f"row {row_of[index]}"):
        code = entries[fault.index].id
        problems.append(Problem(file, row_of[fault.index], code, fault.message))
    if not entries:
        problems.append(Problem(file, 1, None, "there is no code below the headings"))
    if problems:
        raise refuse(file, sorted(problems, key=lambda problem: problem.line))
    return CodebookFile(
        id=id or slug(path.stem) or "codebook",
        name=name or path.stem,
        codes=tuple(entries),
        sources={key: key for entry in entries for key in entry.source},
    )


def slug(text: str) -> str:
    """Lower-case words joined by ``_``, fit for an id; accents are dropped."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def _entries(
    file: str, numbered: Sequence[tuple[int, dict[str, str]]], problems: list[Problem]
) -> list[CodeEntry]:
    ids = _ids([values for _, values in numbered])
    known = set(ids)
    by_name: dict[str, list[str]] = {}
    for key, (_, values) in zip(ids, numbered, strict=True):
        by_name.setdefault(values.get("name", "").casefold(), []).append(key)
    entries: list[CodeEntry] = []
    for key, (row, values) in zip(ids, numbered, strict=True):
        parent = values.get("parent", "")
        named = by_name.get(parent.casefold(), []) if parent not in known else []
        if not key:
            problems.append(Problem(file, row, None, "this row has neither a name nor an id"))
        if parent and len(named) > 1:
            message = f"the parent '{parent}' names {len(named)} codes; give its id instead"
            problems.append(Problem(file, row, key, message))
        rated = values.get("rate_valence", "").lower()
        if rated not in _TRUE | _FALSE:
            message = f"'rate_valence' must be true or false, not '{rated}'"
            problems.append(Problem(file, row, key, message))
        lists = {
            column: tuple(" ".join(line.split()) for line in values[column].split("\n") if line)
            for column in _LISTS
            if column in values
        }
        entries.append(
            CodeEntry(
                id=key,
                name=" ".join(values.get("name", "").split()) or key,
                parent=(named[0] if named else parent) or None,
                origin=values.get("origin") or "framework",
                definition=values.get("definition", ""),
                when_to_use=values.get("when_to_use", ""),
                when_not=values.get("when_not", ""),
                example=values.get("example", ""),
                rate_valence=rated not in _FALSE,
                checked=values.get("checked", ""),
                colour=values.get("colour") or None,
                **lists,
            )
        )
    return entries


def _ids(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The ids as given, or made from parent and name where a row has none."""
    given = [values.get("id", "") for values in rows]
    first: dict[str, int] = {}
    for index, values in enumerate(rows):
        first.setdefault(values.get("name", "").casefold(), index)
    made = list(given)
    known = set(given)

    def make(index: int, above: frozenset[int]) -> str:
        if made[index]:
            return made[index]
        values = rows[index]
        parent = values.get("parent", "")
        stem = slug(values.get("name", ""))
        if not parent or not stem:
            return stem
        up = first.get(parent.casefold())
        if parent in known or up is None or up in above or len(above) > DEEPEST:
            return f"{parent}.{stem}" if parent in known else stem
        return f"{make(up, above | {index})}.{stem}"

    for index in range(len(rows)):
        made[index] = make(index, frozenset({index}))
    return made


def _rows(path: Path) -> list[list[str]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise ParihsError(f"{path} cannot be read ({reason}).", "Choose another file.") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(data).best()
        text = str(best) if best is not None else data.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ParihsError(f"{path} is not a table of codes: {error}.", "Save it as CSV.") from error
    return [[_bare(cell) for cell in row] for row in rows]


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """Column number by field; the field's own name wins over other headings for it."""
    written = {
        heading.casefold().strip(): at for at, heading in reversed(list(enumerate(headings)))
    }
    found: dict[str, int] = {}
    for column in COLUMNS:
        for heading in (column, column.replace("_", " "), *HEADINGS.get(column, ())):
            if heading in written:
                found[column] = written[heading]
                break
    return found


def _values(columns: Mapping[str, int], row: Sequence[str]) -> dict[str, str]:
    return {column: row[at] for column, at in columns.items() if at < len(row)}


def _cell(value: str | tuple[str, ...] | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "\n".join(value) if isinstance(value, tuple) else value or ""
    return f"'{text}" if _FORMULA.match(text) else text


def _bare(cell: str) -> str:
    text = cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
    return text.replace("\r\n", "\n").translate(_CONTROL).strip()
