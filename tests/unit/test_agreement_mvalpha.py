"""The expected disagreement of mvalpha against the plain enumeration of all sets."""

from __future__ import annotations

import time
from itertools import combinations
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parihs.agreement import krippendorff_alpha, mvalpha
from parihs.agreement.mvalpha import expected_difference


def enumerated(uses: list[int], a: int, b: int) -> float:
    """The published sum over every pair of label sets of sizes a and b."""
    total, weighted = 0.0, 0.0
    labels = range(len(uses))
    for first in combinations(labels, a):
        for second in combinations(labels, b):
            weight = prod(uses[c] for c in first) * prod(uses[k] - (k in first) for k in second)
            common = len(set(first) & set(second))
            weighted += weight * (1 - 2 * common / (a + b) if a + b else 0)
            total += weight
    return weighted / total if total else 0.0


@given(uses=st.lists(st.integers(0, 9), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_generating_function_equals_enumeration(uses: list[int]) -> None:
    largest = sum(n > 0 for n in uses)
    found = expected_difference(np.array(uses, dtype=float), largest)
    for a in range(largest + 1):
        for b in range(largest + 1):
            assert found[a, b] == pytest.approx(enumerated(uses, a, b), abs=1e-12)


def test_several_replicates_at_once() -> None:
    uses = np.array([[4.0, 2, 7, 1], [1, 0, 3, 3]])
    both = expected_difference(uses, 3)
    for row, one in zip(uses, both, strict=True):
        assert one == pytest.approx(expected_difference(row, 3))


def test_a_whole_codebook_with_large_sets_stays_fast_and_finite() -> None:
    rng = np.random.default_rng(5)
    units = [
        [
            frozenset(rng.choice(67, size=int(rng.integers(0, 20)), replace=False).tolist())
            for _ in range(5)
        ]
        for _ in range(400)
    ]
    started = time.perf_counter()
    result = mvalpha(units)
    assert time.perf_counter() - started < 5
    assert result.value == pytest.approx(0, abs=0.02)
    interval = result.interval(b=100)
    assert interval.n_undefined == 0
    assert interval.low < result.value < interval.high


def test_very_frequent_labels_do_not_overflow() -> None:
    uses = np.full(67, 1e7)
    found = expected_difference(uses, 30)
    assert np.isfinite(found).all()
    assert found[30, 30] == pytest.approx(1 - 30 / 67, abs=1e-3)


def test_nothing_coded_is_a_reading_and_not_read_is_none() -> None:
    units = [[frozenset("a"), frozenset("a")], [frozenset(), frozenset()]]
    assert mvalpha(units).value == 1
    assert mvalpha([*units, [frozenset("a"), None]]).value == 1
    assert mvalpha([*units, [frozenset("a"), frozenset()]]).value < 1


def test_prevalence_is_per_label() -> None:
    result = mvalpha([[frozenset("ab"), frozenset("a")], [frozenset(), frozenset("c")]])
    assert result.prevalence == {"a": 0.5, "b": 0.25, "c": 0.25}


def test_partial_overlap_counts_for_more_than_with_sets_as_labels() -> None:
    units = [
        [frozenset("ab"), frozenset("a")],
        [frozenset("c"), frozenset("cd")],
        [frozenset("b"), frozenset("b")],
    ]
    assert mvalpha(units).value > krippendorff_alpha(units).value
