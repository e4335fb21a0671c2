"""The unitizing alphas: limits, convergence, documents and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parihs.agreement import bar_u_alpha, cu_alpha, ku_alpha, lay_out, u_alpha
from parihs.errors import ParihsError

ALL = [u_alpha, bar_u_alpha, cu_alpha]
A = [(0, 7, "1"), (7, 13, "2"), (30, 32, "5"), (32, 44, "6"), (44, 60, "7")]
B = [(0, 7, "1"), (7, 13, "3"), (13, 21, "5"), (32, 44, "6")]


@st.composite
def coders(draw: Any, number: int = 3) -> list[list[tuple[int, int, str]]]:
    found = []
    for _ in range(number):
        cuts = sorted(draw(st.sets(st.integers(0, 40), max_size=10)))
        values = [draw(st.sampled_from(["a", "b", "c", None])) for _ in cuts]
        pieces = zip(cuts, cuts[1:], values, strict=False)
        found.append([(s, e, v) for s, e, v in pieces if v is not None])
    return found


def dense(segments: list[list[tuple[int, int, str]]], length: int) -> float | None:
    """u-alpha from a row per position, by the definition."""
    values = sorted({v for one in segments for *_, v in one})
    gap, m = len(values), len(segments)
    line = np.full((m, length), gap)
    squares = np.zeros(gap + 1)
    for i, one in enumerate(segments):
        for start, end, value in one:
            line[i, start:end] = values.index(value)
            squares[values.index(value)] += (end - start) ** 2
    squares[gap] = (line == gap).sum()
    matched = np.zeros((gap + 1, gap + 1))
    for i in range(m):
        for j in range(m):
            if i != j:
                np.add.at(matched, (line[i], line[j]), 1 / (m - 1))
    margin, total = matched.sum(axis=1), m * length
    expected = (np.outer(margin, margin) - np.diag(squares)) / (total - squares.sum() / total)
    off = expected.sum() - np.trace(expected)
    return None if off <= 1e-9 else 1 - (total - np.trace(matched)) / off


@given(coders())
@settings(max_examples=80, deadline=None)
def test_intervals_equal_the_position_by_position_computation(
    segments: list[list[tuple[int, int, str]]],
) -> None:
    found = u_alpha(segments, 41).value
    wanted = dense(segments, 41) if any(segments) else None
    assert found == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("coefficient", ALL)
@given(segments=coders(), data=st.data())
@settings(max_examples=40, deadline=None)
def test_order_of_coders_and_names_do_not_matter(
    coefficient: Any, segments: list[list[tuple[int, int, str]]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(segments))
    renamed = [[(s, e, {"a": "z", "b": "y", "c": "x"}[v]) for s, e, v in one] for one in order]
    first, second = coefficient(segments, 41), coefficient(renamed, 41)
    assert first.value == pytest.approx(second.value, abs=1e-9)
    assert first.undefined == second.undefined


@pytest.mark.parametrize("coefficient", ALL)
def test_identical_coders_agree_perfectly(coefficient: Any) -> None:
    assert coefficient([A, A, A], 60).value == pytest.approx(1)


@pytest.mark.parametrize("coefficient", ALL)
def test_finer_continuum_converges(coefficient: Any) -> None:
    values = []
    for factor in (1, 10, 100, 1000, 10_000):
        fine = [[(s * factor, e * factor, v) for s, e, v in one] for one in (A, B)]
        values.append(coefficient(fine, 60 * factor).value)
    steps = np.abs(np.diff(values))
    assert steps[0] < 0.02
    assert (steps[1:] <= steps[:-1] / 5 + 1e-12).all()


def test_two_values_and_coverage() -> None:
    found = ku_alpha([A, B], 60)
    assert found["1"].value == pytest.approx(1)
    assert found["1"].coverage == 1
    assert found["7"].value is None
    assert found["7"].coverage == 0
    assert "marked the same stretch" in found["7"].undefined
    assert cu_alpha([A, B], 60).coverage == pytest.approx(50 / 120)


@pytest.mark.parametrize(
    ("coefficient", "segments", "reason"),
    [
        (u_alpha, [[], []], "any segment"),
        (bar_u_alpha, [[(0, 60, "a")], [(0, 60, "b")]], "whole continuum"),
        (cu_alpha, [[(0, 5, "a")], [(5, 9, "b")]], "same stretch"),
        (cu_alpha, [[(0, 5, "a")], [(3, 9, "a")]], "one value"),
    ],
)
def test_undefined_says_why(coefficient: Any, segments: Any, reason: str) -> None:
    result = coefficient(segments, 60)
    assert result.value is None
    assert reason in result.undefined


def test_overlaps_of_one_value_are_joined_and_of_two_refused() -> None:
    joined = bar_u_alpha([[(0, 5, "a"), (3, 9, "a")], [(0, 9, "a")]], 60)
    assert joined.value == pytest.approx(1)
    with pytest.raises(ParihsError, match="3 to 5"):
        u_alpha([[(0, 5, "a"), (3, 9, "b")], []], 60)
    with pytest.raises(ParihsError, match="continuum of 60"):
        u_alpha([[(0, 61, "a")], []], 60)
    with pytest.raises(ParihsError, match="two coders"):
        u_alpha([A], 60)


def test_touching_segments_stay_apart() -> None:
    whole, halves = [(10, 30, "a")], [(10, 20, "a"), (20, 30, "a")]
    assert u_alpha([whole, whole], 60).expected != u_alpha([halves, halves], 60).expected


def test_documents_are_drawn_again() -> None:
    result = u_alpha([A, B], 60)
    interval = result.interval(clusters=[13, 32, 60], b=200, seed=2)
    assert interval.n_clusters == 3
    assert interval.low <= interval.high
    assert "Only 3 clusters" in interval.warning
    with pytest.raises(ParihsError, match="crosses a document end"):
        result.interval(clusters=[5, 60])
    with pytest.raises(ParihsError, match="document ends"):
        result.interval(clusters=[13, 32])
    with pytest.raises(ParihsError, match="no parts"):
        result.interval()
    one = result.interval(clusters=[60], b=5)
    assert (one.low, one.high) == pytest.approx((result.value, result.value))


def test_documents_laid_end_to_end() -> None:
    lengths = {"one": 20, "two": 30, "three": 10}
    read = {"one": ["a", "b"], "two": ["a"], "three": ["a", "b"]}
    spans = [
        ("one", "a", "x", 0, 8),
        ("one", "b", "x", 2, 8),
        ("two", "a", "x", 0, 30),
        ("three", "a", "x", 4, 6),
        ("three", "a", "y", 5, 9),
    ]
    laid = lay_out(spans, lengths, coders=["a", "b"], codes=["x"], read=read)
    assert laid.coders == {"a": [(0, 8, "x"), (24, 26, "x")], "b": [(2, 8, "x")]}
    assert (laid.length, laid.ends) == (30, [20, 30])
    assert (laid.documents, laid.left_out) == (("one", "three"), ("two",))
    result = bar_u_alpha(laid.coders, laid.length)
    assert 0 < result.value < 1
    assert result.interval(clusters=laid.ends, b=20).n_clusters == 2
    both = lay_out(spans, lengths, coders=["a", "b"], read=read)
    with pytest.raises(ParihsError, match="one value at a place"):
        u_alpha(both.coders, both.length)
