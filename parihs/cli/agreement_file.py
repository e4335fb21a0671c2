"""Anybody's codings from a table: units × coders, one reading per line, or spans; recognised."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from parihs.errors import ParihsError
from parihs.formats.decoding import decode

UNIT_NAMES: Final = {"", "#", "unit", "units", "id", "item", "case", "segment", "subject", "no"}
GROUP_NAMES: Final = {"document", "workshop", "transcript", "cluster", "file", "source"}
NAMES: Final = {
    "coder": {"coder", "rater", "annotator", "user", "observer", "judge"},
    "document": GROUP_NAMES | {"doc", "text"},
    "start": {"start", "begin", "from", "start_offset"},
    "end": {"end", "stop", "to", "end_offset"},
    "code": {"code", "label", "tag", "category", "value", "reading", "rating"},
    "unit": UNIT_NAMES - {""} | {"turn", "sentence", "line"},
}
NOT_READ: Final = {"", "na", "n/a", "nan", "null", ".", "*"}
NOTHING: Final = {"[]", "{}", "∅"}
BETWEEN_LABELS: Final = "|"
Line = tuple[int, list[str]]


@dataclass(frozen=True)
class UnitsFile:
    """Readings per unit and coder: labels, numbers, sets of labels, None where not read."""

    units: list[tuple[Any, ...]]
    coders: tuple[str, ...]
    clusters: list[str] | None
    sets: bool
    lines: list[int]
    """Where each unit stands in the file, for messages."""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SpansFile:
    """Stretches that coders marked: ``(document, coder, code, start, end)``."""

    spans: list[tuple[str, str, str, int, int]]
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    lengths: dict[str, int]
    """The last end marked in each document."""
    read: dict[str, set[str]]
    notes: list[str] = field(default_factory=list)


def read_file(path: Path) -> UnitsFile | SpansFile:
    """Read a table and say which of the three layouts it has.

    A header with coder, start, end and code is a table of spans (document if there are several);
    with coder, unit and code it holds one reading per line; anything else is one line per unit and
    one column per coder. Raises ParihsError with the line where something cannot be read.
    """
    try:
        text, _ = decode(path.read_bytes())
    except ParihsError as error:
        raise ParihsError(f"{path.name} was not read: {error.message}", error.hint) from error
    lines = _lines(text)
    if len(lines) < 2:
        raise ParihsError(
            f"{path.name} has no table in it: there is only one line.",
            "Give a header, then one line per unit, reading or span.",
        )
    header = [name.strip() for name in lines[0][1]]
    columns = {role: _find(header, names) for role, names in NAMES.items()}
    if None not in (columns["coder"], columns["start"], columns["end"], columns["code"]):
        return _spans(lines[1:], columns)
    if None not in (columns["coder"], columns["unit"], columns["code"]):
        return _readings(lines[1:], columns)
    return _units(header, lines, path.name)


def _lines(text: str) -> list[Line]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]


def _find(header: Sequence[str], names: set[str]) -> int | None:
    low = [name.casefold() for name in header]
    return next((number for number, name in enumerate(low) if name in names), None)


def _units(header: list[str], lines: list[Line], name: str) -> UnitsFile:
    notes = []
    rows = lines[1:]
    if all(_number(cell) is not None for cell in header if cell) and any(header):
        rows, header = lines, [f"coder {number + 1}" for number in range(len(header))]
        notes.append("The first line holds numbers, so there is no header; coders are numbered.")
    low = [column.casefold() for column in header]
    group = next((n for n, column in enumerate(low) if column in GROUP_NAMES), None)
    named = {n for n, column in enumerate(low) if column in UNIT_NAMES | {"turn", "sentence"}}
    if not named and group != 0 and _names_units([row for _, row in rows]):
        named = {0}
        notes.append(f"The first column, {header[0]}, is taken to name the units.")
    coders = [n for n in range(len(header)) if n not in named and n != group]
    if len(coders) < 2:
        raise ParihsError(
            f"{name} has {len(coders)} column of readings; agreement needs two coders.",
            "Give one column per coder, or columns coder, start, end, code for spans.",
        )
    for line, row in rows:
        if len(row) != len(header):
            raise ParihsError(
                f"Line {line} has {len(row)} cells where the header has {len(header)}.",
                "Give every unit one cell per coder; leave it empty where a coder did not read.",
            )
    cells = [[row[n].strip() for n in coders] for _, row in rows]
    flat = [cell for row in cells for cell in row]
    sets = any(cell in NOTHING or BETWEEN_LABELS in cell for cell in flat)
    units = [tuple(_reading(cell, sets) for cell in row) for row in cells]
    unread = sum(value is None for unit in units for value in unit)
    if unread:
        notes.append(f"{unread} empty cells (or NA) count as not read.")
    clusters = None if group is None else [row[group].strip() for _, row in rows]
    names = tuple(header[n] for n in coders)
    return UnitsFile(units, names, clusters, sets, [line for line, _ in rows], notes)


def _names_units(rows: list[list[str]]) -> bool:
    """Whether the first column counts up, or holds a name of its own for every line."""
    first = [row[0].strip() for row in rows]
    if any(not cell for cell in first) or len(set(first)) < len(first) or len(first) < 2:
        return False
    numbers = [_number(cell) for cell in first]
    if None not in numbers:
        return [n for n in numbers if n is not None] in (
            list(range(len(first))),
            list(range(1, len(first) + 1)),
        )
    return not set(first) & {cell.strip() for row in rows for cell in row[1:]}


def _readings(lines: list[Line], columns: dict[str, int | None]) -> UnitsFile:
    """One reading per line; several lines of a coder on a unit make a set."""
    given: dict[tuple[str, str], dict[str, list[str]]] = {}
    where: dict[tuple[str, str], int] = {}
    coders: dict[str, None] = {}
    for line, row in lines:
        coder, unit = _cell(row, columns["coder"], line), _cell(row, columns["unit"], line)
        document = _cell(row, columns["document"], line) if columns["document"] is not None else ""
        coders.setdefault(coder)
        where.setdefault((document, unit), line)
        readings = given.setdefault((document, unit), {}).setdefault(coder, [])
        readings.append(_cell(row, columns["code"], line))
    values = [cells for by_coder in given.values() for cells in by_coder.values()]
    sets = any(len(cells) > 1 or cells[0] in NOTHING or "|" in cells[0] for cells in values)
    units = [
        tuple(
            _reading(BETWEEN_LABELS.join(by_coder[c]), sets) if c in by_coder else None
            for c in coders
        )
        for by_coder in given.values()
    ]
    clusters = None if columns["document"] is None else [document for document, _ in given]
    return UnitsFile(units, tuple(coders), clusters, sets, list(where.values()))


def _reading(cell: str, sets: bool) -> Any:
    if cell.casefold() in NOT_READ:
        return None
    if sets:
        labels = (label.strip() for label in cell.split(BETWEEN_LABELS))
        return frozenset(label for label in labels if label and label not in NOTHING)
    return cell


def with_numbers(found: UnitsFile, level: str) -> UnitsFile:
    """The same readings as numbers. Raises ParihsError, naming the cell, for anything else."""
    units = []
    for line, unit in zip(found.lines, found.units, strict=True):
        values = []
        for coder, value in zip(found.coders, unit, strict=True):
            as_number = None if value is None else _number(str(value))
            if value is not None and as_number is None:
                raise ParihsError(
                    f"Line {line}: {coder} gave “{value}”, which is not a number.",
                    f"The {level} level needs numbers; use --level nominal, or --level ordinal "
                    "with --order.",
                )
            values.append(as_number)
        units.append(tuple(values))
    return replace(found, units=units)


def all_numbers(found: UnitsFile) -> bool:
    """Whether every reading is a number."""
    given = [value for unit in found.units for value in unit if value is not None]
    return not found.sets and all(_number(str(value)) is not None for value in given)


def _spans(lines: list[Line], columns: dict[str, int | None]) -> SpansFile:
    spans = []
    read: dict[str, set[str]] = {}
    lengths: dict[str, int] = {}
    for line, row in lines:
        coder = _cell(row, columns["coder"], line)
        document = (
            _cell(row, columns["document"], line) if columns["document"] is not None else "document"
        )
        read.setdefault(document, set()).add(coder)
        code = _cell(row, columns["code"], line, empty=True)
        places = [_cell(row, columns[name], line, empty=True) for name in ("start", "end")]
        if not code and not any(places):
            continue
        if not code:
            raise ParihsError(f"Line {line} has a stretch without a code.", "Name the code.")
        if not all(re.fullmatch(r"[0-9]+", place) for place in places):
            raise ParihsError(
                f"Line {line} runs from “{places[0]}” to “{places[1]}”.",
                "Give start and end as whole numbers, the end not included; leave start, end and "
                "code empty where a coder read a document and marked nothing.",
            )
        start, end = (int(place) for place in places)
        if start >= end:
            raise ParihsError(
                f"Line {line} runs from {start} to {end}.",
                "The end is not included and must come after the start.",
            )
        spans.append((document, coder, code, start, end))
        lengths[document] = max(end, lengths.get(document, 0))
    coders = tuple(sorted({coder for readers in read.values() for coder in readers}))
    if len(coders) < 2:
        raise ParihsError(
            f"Only {coders[0]} has spans here; agreement needs two coders.",
            "Add a line for every coder who read a document, also one who marked nothing in it.",
        )
    for document in read:
        lengths.setdefault(document, 1)
    return SpansFile(spans, coders, tuple(sorted({s[2] for s in spans})), lengths, read)


def _cell(row: Sequence[str], column: int | None, line: int, *, empty: bool = False) -> str:
    if column is None or column >= len(row):
        raise ParihsError(f"Line {line} has only {len(row)} cells.", "Fill it like the others.")
    value = row[column].strip()
    if not value and not empty:
        raise ParihsError(
            f"Line {line} has an empty cell {column + 1}.", "Every line needs its coder and place."
        )
    return value


def _number(cell: str) -> float | None:
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None
