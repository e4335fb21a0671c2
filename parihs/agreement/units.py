"""From spans to units × coders tables by interval arithmetic, never a row per character.

Each span becomes two events on an axis of units (turns, tokens, characters: the arithmetic is the
same). Between two events nothing changes, so a stretch counts as many identical units as it is
long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from parihs.agreement.boundaries import Level
from parihs.agreement.table import NOT_READ, FloatArray, IntArray, Label, Table, sorted_labels
from parihs.errors import ParihsError

COLUMNS = ("document", "coder", "code", "start", "end")


@dataclass(frozen=True)
class Marks:
    """Spans as columns of whole numbers, located on a level: unit ``first`` up to ``last``."""

    document: IntArray
    coder: IntArray
    code: IntArray
    first: IntArray
    last: IntArray
    coders: tuple[Label, ...]
    codes: tuple[Label, ...]
    level: Level


@dataclass(frozen=True)
class CodeTable:
    """For every code and document, how many units show each pattern of coders.

    ``rows``: (patterns, coders) with 1 coded, 0 not coded, -1 not read.
    ``counts``: (codes, documents, patterns).
    """

    level: str
    coders: tuple[Label, ...]
    codes: tuple[Label, ...]
    documents: tuple[Label, ...]
    rows: IntArray
    counts: FloatArray

    def table(self, code: Label) -> Table:
        """The units of one code, for any coefficient that works on a ``Table``."""
        counts = self.counts[self.codes.index(code)].sum(axis=0)
        return Table(self.rows, np.arange(len(self.rows)), counts, (0, 1))

    def units(self, code: Label) -> tuple[list[list[bool | None]], list[float], list[Label]]:
        """One code's distinct rows with counts and documents: ``f(units, counts=counts)``, and
        ``.interval(clusters=documents)`` on its result."""
        counts = self.counts[self.codes.index(code)]
        document, pattern = np.nonzero(counts)
        readable = [[None if r == NOT_READ else bool(r) for r in row] for row in self.rows]
        return (
            [readable[p] for p in pattern],
            counts[document, pattern].tolist(),
            [self.documents[d] for d in document],
        )


def read_spans(
    spans: Any,
    level: Level,
    *,
    coders: Sequence[Label] | None = None,
    codes: Sequence[Label] | None = None,
) -> Marks:
    """Locate spans on a level of units.

    ``spans``: rows ``(document, coder, code, start, end)``, or columns of those names (a mapping
    or a data frame); positions in code points, end-exclusive. ``coders`` and ``codes`` name those
    who read and what they could give; without them, those that occur. Spans of other coders and
    codes are left out. Raises ``ParihsError`` for an unknown document or impossible positions.
    """
    if isinstance(spans, Mapping) or hasattr(spans, "columns"):
        columns = [list(spans[name]) for name in COLUMNS]
    else:
        columns = [list(column) for column in zip(*spans, strict=True)] or [[], [], [], [], []]
    document = _numbers(columns[0], level.documents)
    if (document < 0).any():
        missing = columns[0][int(np.argmax(document < 0))]
        raise ParihsError(
            f"A span belongs to document {missing!r}, which has no {level.name} units.",
            "Give the boundaries or the length of every document.",
        )
    who = tuple(sorted_labels(set(columns[1])) if coders is None else coders)
    what = tuple(sorted_labels(set(columns[2])) if codes is None else codes)
    if len(who) < 2:
        raise ParihsError(
            "Agreement needs two coders, and there are fewer.",
            "Name all coders who read the documents, also those who coded nothing.",
        )
    coder, code = _numbers(columns[1], who), _numbers(columns[2], what)
    start, end = (np.asarray(column, dtype=np.int64) for column in columns[3:])
    wrong = (start < 0) | (start >= end)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ParihsError(
            f"Span {row + 1} runs from {start[row]} to {end[row]}.",
            "Give start and end in code points, the end not included and after the start.",
        )
    first, last = level.locate(document, start, end)
    keep = (coder >= 0) & (code >= 0) & (first < last)
    return Marks(document[keep], coder[keep], code[keep], first[keep], last[keep], who, what, level)


def _numbers(column: Iterable[Label], known: Sequence[Label]) -> IntArray:
    position = {label: i for i, label in enumerate(known)}
    return np.array([position.get(label, -1) for label in column], dtype=np.int64)


def code_table(
    spans: Any,
    level: Level,
    *,
    coders: Sequence[Label] | None = None,
    codes: Sequence[Label] | None = None,
    read: Mapping[Any, Iterable[Label]] | None = None,
) -> CodeTable:
    """Presence of every code in every unit, for all coders: input as in ``read_spans``.

    ``read`` names, per document, the coders who read it; without it everyone read everything.
    """
    marks = read_spans(spans, level, coders=coders, codes=codes)
    who, what, documents = len(marks.coders), len(marks.codes), len(level.documents)
    unread = not_read(marks, read)
    stretch, length, present = _stretches(marks)
    patterns = np.where(unread[stretch % documents], NOT_READ, present.astype(np.int64))
    empty = np.where(unread, NOT_READ, 0)
    everything = np.concatenate([patterns, empty]).reshape(-1, who)
    rows, index = _distinct(everything)
    covered = np.bincount(
        stretch * len(rows) + index[: len(patterns)], length, what * documents * len(rows)
    )
    counts = covered.reshape(what, documents, len(rows)).astype(np.float64)
    blank = level.sizes[None, :] - counts.sum(axis=2)
    counts[:, np.arange(documents), index[len(patterns) :]] += blank
    return CodeTable(level.name, marks.coders, marks.codes, level.documents, rows, counts)


def _distinct(patterns: IntArray) -> tuple[IntArray, IntArray]:
    """Distinct rows of -1, 0 and 1, and which of them each row is."""
    if patterns.shape[1] > 39:
        rows, index = np.unique(patterns, axis=0, return_inverse=True)
        return rows, index.reshape(-1)
    key = (patterns + 1) @ (3 ** np.arange(patterns.shape[1], dtype=np.int64))
    _, first, index = np.unique(key, return_index=True, return_inverse=True)
    return patterns[first], index


def _stretches(marks: Marks) -> tuple[IntArray, FloatArray, Any]:
    """Stretches between events: code × document number, length, and who is present (n, coders)."""
    documents = len(marks.level.documents)
    longest = int(marks.level.sizes.max(initial=0)) + 1
    place = (marks.code * documents + marks.document) * longest
    key = np.concatenate([place + marks.first, place + marks.last])
    order = np.argsort(key, kind="stable")
    key = key[order]
    coder = np.concatenate([marks.coder, marks.coder])[order]
    step = np.repeat(np.array([1, -1], dtype=np.int32), len(marks.coder))[order]
    change = np.flatnonzero(np.diff(key, append=-1))
    present = np.zeros((len(change), len(marks.coders)), dtype=bool)
    for number in range(len(marks.coders)):
        depth = np.cumsum(np.where(coder == number, step, 0), dtype=np.int32)
        present[:, number] = depth[change] > 0
    # All marks of one code in one document end before the next begin: no one is present between.
    length = np.diff(key[change], append=key[-1:]).astype(np.float64)
    length[~present.any(axis=1)] = 0
    inside = length > 0
    return key[change][inside] // longest, length[inside], present[inside]


def not_read(marks: Marks, read: Mapping[Any, Iterable[Label]] | None) -> Any:
    """Which coder did not read which document: (documents, coders)."""
    unread = np.zeros((len(marks.level.documents), len(marks.coders)), dtype=bool)
    if read is None:
        return unread
    for number, document in enumerate(marks.level.documents):
        readers = set(read.get(document, ()))
        unread[number] = [coder not in readers for coder in marks.coders]
    against = unread[marks.document, marks.coder]
    if against.any():
        row = int(np.argmax(against))
        raise ParihsError(
            f"Coder {marks.coders[marks.coder[row]]!r} coded document "
            f"{marks.level.documents[marks.document[row]]!r} without being named as a reader.",
            "Add the coder to those who read the document.",
        )
    return unread
