"""mvalpha of a whole coding straight from spans, however many codings and characters there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from parihs.agreement.boundaries import Level
from parihs.agreement.mvalpha import set_finish
from parihs.agreement.result import Agreement
from parihs.agreement.statistic import (
    NO_CHANCE,
    NO_VARIATION,
    NOT_PAIRED,
    Source,
    Statistic,
    cluster_numbers,
)
from parihs.agreement.table import FloatArray, IntArray, Label
from parihs.agreement.units import Marks, not_read, read_spans
from parihs.errors import ParihsError


def whole_coding(
    spans: Any,
    level: Level,
    *,
    coders: Sequence[Label] | None = None,
    codes: Sequence[Label] | None = None,
    read: Mapping[Any, Iterable[Label]] | None = None,
) -> Agreement:
    """mvalpha of all codes together on one level of units: the same value as ``mvalpha`` on sets.

    Input as in ``read_spans`` and ``code_table``. For intervals, ``clusters`` names a cluster for
    each document of the level; without it, documents are drawn. Each coder's codes at a place are
    bits of a whole number, so overlaps are counted with bit operations.
    """
    marks = read_spans(spans, level, coders=coders, codes=codes)
    readers = ~not_read(marks, read)
    paired = readers.sum(axis=1) >= 2
    sums = _sums(_merged(marks), readers, paired)
    statistic = Statistic(sums, set_finish(len(marks.codes)))

    def cluster_sums(clusters: Sequence[Label]) -> FloatArray:
        if len(clusters) != len(level.documents):
            raise ParihsError(
                f"There are {len(level.documents)} documents but {len(clusters)} cluster names.",
                "Name the cluster of every document, in the order of the level's documents.",
            )
        cluster, number = cluster_numbers(clusters)
        grouped = np.zeros((number, sums.shape[1]))
        np.add.at(grouped, cluster, sums)
        return grouped

    total = sums.sum(axis=0)
    uses, sizes = total[1 : 1 + len(marks.codes)], total[1 + len(marks.codes) :]
    with np.errstate(divide="ignore", invalid="ignore"):
        observed, expected = (float(x) for x in statistic.finish(total))
    reason = _why_undefined(float(sizes.sum()), observed, expected, uses)
    return Agreement(
        name="mvalpha",
        value=None if reason else 1 - observed / expected,
        undefined=reason,
        observed=None if np.isnan(observed) else observed,
        expected=None if np.isnan(expected) else expected,
        measures="disagreement",
        n_units=float(level.sizes.sum()),
        n_coders=len(marks.coders),
        n_pairable=float(level.sizes[paired].sum()),
        n_values=float(sizes.sum()),
        prevalence=dict(zip(marks.codes, (uses / max(sizes.sum(), 1)).tolist(), strict=True)),
        _source=Source(statistic, np.ones(len(sums)), cluster_sums),
    )


def _why_undefined(
    readings: float, observed: float, expected: float, uses: FloatArray
) -> str | None:
    if not readings:
        return NOT_PAIRED
    if observed == 0 and np.isin(uses, (0, readings)).all():
        return NO_VARIATION
    return None if expected > 0 else NO_CHANCE


def _merged(marks: Marks) -> Marks:
    """One coder's overlapping spans of one code joined, so that a code is on or off at a place."""
    longest = int(marks.level.sizes.max(initial=0)) + 1
    group = (marks.document * len(marks.coders) + marks.coder) * len(marks.codes) + marks.code
    order = np.lexsort((marks.first, group))
    first, last = (group * longest + at for at in (marks.first, marks.last))
    first, reach = first[order], np.maximum.accumulate(last[order])
    begins = np.flatnonzero(first > np.concatenate([[-1], reach[:-1]]))
    ends = np.concatenate([begins[1:], [len(first)]]) - 1 if len(begins) else begins
    kept = order[begins]
    return Marks(
        marks.document[kept],
        marks.coder[kept],
        marks.code[kept],
        first[begins] % longest,
        reach[ends] % longest,
        marks.coders,
        marks.codes,
        marks.level,
    )


def _sums(
    marks: Marks, readers: npt.NDArray[np.bool_], paired: npt.NDArray[np.bool_]
) -> FloatArray:
    """Per document: weighted differences, uses of each code, and readings of each set size."""
    documents, codes = len(marks.level.documents), len(marks.codes)
    place, length, masks = _masks(marks)
    size = [np.bitwise_count(words).sum(axis=0).astype(np.int64) for words in masks]
    differing = np.zeros(len(place))
    for i in range(len(masks)):
        for j in range(i):
            both = (readers[:, i] & readers[:, j])[place]
            common = np.bitwise_count(masks[i] & masks[j]).sum(axis=0)
            total = size[i] + size[j]
            alike = np.where(total > 0, 2 * common / np.maximum(total, 1), 1)
            differing += 2 * (1 - alike) * both
    others = np.maximum(readers.sum(axis=1) - 1, 1)
    observed = np.bincount(place, differing * length / others[place], documents)
    used = np.bincount(
        marks.document * codes + marks.code, marks.last - marks.first, documents * codes
    ).reshape(documents, codes)
    largest = max((int(one.max(initial=0)) for one in size), default=0)
    sizes = np.zeros((documents, largest + 1))
    blank = marks.level.sizes - np.bincount(place, length, documents)
    for number, one in enumerate(size):
        weights = length * readers[place, number]
        cells = np.bincount(place * (largest + 1) + one, weights, documents * (largest + 1))
        sizes += cells.reshape(sizes.shape)
        sizes[:, 0] += blank * readers[:, number]
    return np.column_stack([observed, used, sizes]) * paired[:, None]


def _masks(marks: Marks) -> tuple[IntArray, FloatArray, list[npt.NDArray[np.uint64]]]:
    """Stretches between events: document, length, and each coder's codes (words, stretches)."""
    longest = int(marks.level.sizes.max(initial=0)) + 1
    place = marks.document * longest
    key = np.concatenate([place + marks.first, place + marks.last])
    order = np.argsort(key, kind="stable")
    key = key[order]
    change = np.flatnonzero(np.diff(key, append=-1))
    bit = np.left_shift(np.uint64(1), (marks.code % 64).astype(np.uint64))
    word, bit = (np.tile(column, 2)[order] for column in (marks.code // 64, bit))
    coder = np.tile(marks.coder, 2)[order]
    masks = []
    for number in range(len(marks.coders)):
        words = [
            np.bitwise_xor.accumulate(np.where((coder == number) & (word == w), bit, np.uint64(0)))
            for w in range((len(marks.codes) + 63) // 64)
        ]
        masks.append(np.array([one[change] for one in words], dtype=np.uint64))
    length = np.diff(key[change], append=key[-1:]).astype(np.float64)
    length *= np.any([(words != 0).any(axis=0) for words in masks], axis=0)
    inside = length > 0
    return key[change][inside] // longest, length[inside], [words[:, inside] for words in masks]
