"""From spans to one set of codes per unit and coder, for ``mvalpha`` and set distances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from parihs.agreement.boundaries import Level
from parihs.agreement.table import Label
from parihs.agreement.units import Marks, not_read, read_spans


@dataclass(frozen=True)
class SetTable:
    """Neighbouring units that all coders coded alike, as one row with their count.

    ``mvalpha(table.units, counts=table.counts)``, and ``.interval(clusters=table.documents)``.
    """

    coders: tuple[Label, ...]
    units: list[tuple[frozenset[Label] | None, ...]]
    counts: list[int]
    documents: list[Label]


def set_table(
    spans: Any,
    level: Level,
    *,
    coders: Sequence[Label] | None = None,
    codes: Sequence[Label] | None = None,
    read: Mapping[Any, Iterable[Label]] | None = None,
) -> SetTable:
    """All codes of a unit together: input as in ``read_spans`` and ``code_table``."""
    marks = read_spans(spans, level, coders=coders, codes=codes)
    unread = not_read(marks, read)
    units: list[tuple[frozenset[Label] | None, ...]] = []
    counts: list[int] = []
    documents: list[Label] = []
    for number, document in enumerate(level.documents):
        blank = [None if absent else frozenset[Label]() for absent in unread[number]]
        for row, count in _sweep(marks, number, blank):
            units.append(row)
            counts.append(count)
            documents.append(document)
    return SetTable(marks.coders, units, counts, documents)


def _sweep(
    marks: Marks, document: int, blank: Sequence[frozenset[Label] | None]
) -> Iterable[tuple[tuple[frozenset[Label] | None, ...], int]]:
    (mine,) = np.nonzero(marks.document == document)
    at = np.concatenate([marks.first[mine], marks.last[mine]])
    order = np.argsort(at, kind="stable")
    coder = np.tile(marks.coder[mine], 2)[order].tolist()
    code = np.tile(marks.code[mine], 2)[order].tolist()
    step = np.repeat([1, -1], len(mine))[order].tolist()
    depth = [Counter[int]() for _ in marks.coders]
    current = list(blank)
    stale: set[int] = set()
    before = 0
    for position, who, what, change in zip(at[order].tolist(), coder, code, step, strict=True):
        if position > before:
            for number in stale:
                open_codes = depth[number]
                current[number] = frozenset(marks.codes[c] for c, n in open_codes.items() if n)
            stale.clear()
            yield tuple(current), position - before
            before = position
        depth[who][what] += change
        stale.add(who)
    size = int(marks.level.sizes[document])
    if size > before:
        yield tuple(blank), size - before
