"""What must hold for any readings, whoever the coders are and whatever the labels are called."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from parihs import agreement
from parihs.agreement import Agreement
from parihs.errors import ParihsError

MANY = [
    agreement.percent_agreement,
    agreement.brennan_prediger,
    agreement.conger_kappa,
    agreement.fleiss_kappa,
    agreement.gwet_ac1,
    agreement.krippendorff_alpha,
    agreement.randolph_kappa,
]
TWO = [agreement.bennett_s, agreement.cohen_kappa, agreement.scott_pi]
CHANCE = [f for f in MANY + TWO if f is not agreement.percent_agreement]


@st.composite
def readings(draw: Any, coders: int | None = None, missing: bool = True) -> list[list[Any]]:
    width = draw(st.integers(2, 5)) if coders is None else coders
    cell = st.sampled_from(["a", "b", "c"])
    if missing:
        cell = st.one_of(st.none(), cell, cell, cell)
    return draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=15))


@st.composite
def set_readings(draw: Any) -> list[list[Any]]:
    width = draw(st.integers(2, 4))
    cell = st.one_of(st.none(), st.frozensets(st.sampled_from("abcde"), max_size=4))
    return draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=10))


def same(first: Agreement, second: Agreement) -> None:
    assert first.undefined == second.undefined
    assert first.value == pytest.approx(second.value, abs=1e-9)


@pytest.mark.parametrize("coefficient", MANY)
@given(units=readings(), data=st.data())
@settings(max_examples=40, deadline=None)
def test_order_of_coders_and_units_and_names_of_labels_do_not_matter(
    coefficient: Callable[..., Agreement], units: list[list[Any]], data: st.DataObject
) -> None:
    before = coefficient(units)
    coders = data.draw(st.permutations(range(len(units[0]))))
    order = data.draw(st.permutations(range(len(units))))
    names = {"a": "zebra", "b": "ape", "c": "cat", None: None}
    same(before, coefficient([[units[u][c] for c in coders] for u in order]))
    same(before, coefficient([[names[cell] for cell in row] for row in units]))


@pytest.mark.parametrize("coefficient", TWO)
@given(units=readings(coders=2))
@settings(max_examples=40, deadline=None)
def test_two_coders_may_change_places(
    coefficient: Callable[..., Agreement], units: list[list[Any]]
) -> None:
    same(coefficient(units), coefficient([row[::-1] for row in units]))


@given(units=set_readings(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_mvalpha_does_not_depend_on_order_or_names(
    units: list[list[Any]], data: st.DataObject
) -> None:
    coders = data.draw(st.permutations(range(len(units[0]))))
    names = dict(zip("abcde", "vwxyz", strict=True))
    renamed = [
        [None if c is None else frozenset(names[x] for x in c) for c in row] for row in units
    ]
    same(agreement.mvalpha(units), agreement.mvalpha(renamed[::-1]))
    same(agreement.mvalpha(units), agreement.mvalpha([[r[c] for c in coders] for r in units]))


@pytest.mark.parametrize("coefficient", CHANCE)
@given(labels=st.lists(st.sampled_from("abc"), min_size=2, max_size=20))
@settings(max_examples=30, deadline=None)
def test_perfect_agreement_is_one_when_labels_vary_and_undefined_when_not(
    coefficient: Callable[..., Agreement], labels: list[str]
) -> None:
    result = coefficient([[label, label] for label in labels])
    if len(set(labels)) > 1:
        assert result.value == 1
    else:
        assert result.value is None
        assert "no variation" in result.undefined or "same label" in result.undefined


@given(labels=st.lists(st.frozensets(st.sampled_from("abcd")), min_size=2, max_size=12))
@settings(max_examples=60, deadline=None)
def test_perfect_agreement_on_sets(labels: list[frozenset[str]]) -> None:
    for result in (
        agreement.mvalpha([[s, s, s] for s in labels]),
        agreement.krippendorff_alpha([[s, s, s] for s in labels], distance=agreement.masi_distance),
    ):
        assert result.value == (1 if len(set(labels)) > 1 else None)


@given(units=readings())
@settings(max_examples=80, deadline=None)
def test_mvalpha_of_single_labels_is_nominal_alpha(units: list[list[Any]]) -> None:
    single = [[None if c is None else frozenset({c}) for c in row] for row in units]
    same(agreement.mvalpha(single), agreement.krippendorff_alpha(units))


@pytest.mark.parametrize("coefficient", [*MANY, agreement.mvalpha])
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_counts_stand_for_repeated_units(
    coefficient: Callable[..., Agreement], data: st.DataObject
) -> None:
    units = data.draw(set_readings() if coefficient is agreement.mvalpha else readings())
    counts = data.draw(st.lists(st.integers(0, 4), min_size=len(units), max_size=len(units)))
    repeated = [row for row, n in zip(units, counts, strict=True) for _ in range(n)]
    assume(repeated)
    labels = sorted({c for row in units for c in row if c is not None and isinstance(c, str)})
    fixed = {} if coefficient is agreement.mvalpha else {"categories": labels}
    counted = coefficient(units, counts=counts, **fixed)
    same(counted, coefficient(repeated, **fixed))
    assert counted.n_units == len(repeated)


@pytest.mark.parametrize("coefficient", MANY)
@given(units=readings())
@settings(max_examples=30, deadline=None)
def test_sum_of_parts(coefficient: Callable[..., Agreement], units: list[list[Any]]) -> None:
    result = coefficient(units)
    assert result.n_pairable == sum(sum(c is not None for c in row) > 1 for row in units)
    if result.value is not None and result.expected is not None:
        observed, expected = result.observed, result.expected
        if result.measures == "agreement":
            observed, expected = 1 - observed, 1 - expected
        assert result.value == pytest.approx(1 - observed / expected)
        assert sum(result.prevalence.values()) == pytest.approx(1)


def test_number_arrays_and_lists_say_the_same() -> None:
    rng = np.random.default_rng(3)
    table = rng.integers(1, 4, (30, 4)).astype(float)
    table[rng.random(table.shape) < 0.2] = np.nan
    rows = [[None if np.isnan(x) else int(x) for x in row] for row in table]
    for coefficient in MANY:
        same(coefficient(table), coefficient(rows))


def test_declared_categories_change_only_what_depends_on_their_number() -> None:
    units = [["a", "a"], ["b", "a"], ["b", "b"]]
    wider = ["a", "b", "c"]
    assert agreement.brennan_prediger(units, categories=wider).value == pytest.approx(0.5)
    assert agreement.brennan_prediger(units).value == pytest.approx(1 / 3)
    same(agreement.fleiss_kappa(units, categories=wider), agreement.fleiss_kappa(units))
    with pytest.raises(ParihsError, match="not among the categories"):
        agreement.fleiss_kappa(units, categories=["a"])


@pytest.mark.parametrize("coefficient", CHANCE)
@pytest.mark.parametrize(
    ("units", "reason"),
    [
        ([], "read by two"),
        ([["a", None], [None, "b"]], "read by two"),
        ([["a", "a"], ["a", "a"]], "same label"),
        ([["a", "a"], ["b", None]], "same label"),
    ],
)
def test_undefined_says_why(
    coefficient: Callable[..., Agreement], units: list[list[Any]], reason: str
) -> None:
    result = coefficient(units)
    assert result.value is None
    assert reason in result.undefined
    interval = result.interval(b=10)
    assert interval.low is None
    assert interval.undefined == result.undefined


def test_percent_agreement_needs_no_variation() -> None:
    assert agreement.percent_agreement([["a", "a"]]).value == 1
    assert agreement.percent_agreement([["a", None]]).value is None


def test_always_differing_labels_is_no_agreement_but_defined() -> None:
    assert agreement.cohen_kappa([["a", "b"]] * 5).value == 0


@pytest.mark.parametrize("coefficient", TWO)
def test_two_coder_coefficients_refuse_three(coefficient: Callable[..., Agreement]) -> None:
    with pytest.raises(ParihsError, match="compares two coders"):
        coefficient([["a", "b", "a"]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: agreement.fleiss_kappa([["a", "b"], ["a"]]), "has 1 readings"),
        (lambda: agreement.fleiss_kappa([["a", "b"]], counts=[1, 2]), "counts"),
        (lambda: agreement.krippendorff_alpha([["a", "b"]], "interval"), "needs numbers"),
        (lambda: agreement.krippendorff_alpha([["a", "b"]], "ordinal"), "order"),
        (lambda: agreement.krippendorff_alpha([[1, 2]], "polar"), "no level"),
        (lambda: agreement.krippendorff_alpha([[-1, 2]], "ratio"), "negative"),
        (lambda: agreement.cohen_kappa([[1, 2]], "cubic"), "weights"),
        (lambda: agreement.mvalpha([["a", "b"]]), "single label"),
        (
            lambda: agreement.krippendorff_alpha([[1, 2]], distance=lambda a, b: -1.0),
            "negative or infinite",
        ),
    ],
)
def test_input_that_cannot_be_right_is_refused(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ParihsError, match=message):
        call()


def test_ordinal_words_follow_the_given_order() -> None:
    words = ["low", "middle", "high"]
    units = [["low", "middle"], ["high", "high"], ["middle", "middle"], ["low", "high"]]
    numbers = [[words.index(c) for c in row] for row in units]
    same(
        agreement.krippendorff_alpha(units, "ordinal", categories=words),
        agreement.krippendorff_alpha(numbers, "ordinal"),
    )


@given(units=readings())
@settings(max_examples=40, deadline=None)
def test_a_distance_of_one_between_labels_is_the_nominal_level(units: list[list[Any]]) -> None:
    same(
        agreement.krippendorff_alpha(units, distance=lambda a, b: float(a != b)),
        agreement.krippendorff_alpha(units),
    )


@given(st.frozensets(st.sampled_from("abcd")), st.frozensets(st.sampled_from("abcd")))
def test_set_distances(first: frozenset[str], second: frozenset[str]) -> None:
    for distance in (agreement.masi_distance, agreement.jaccard_distance):
        found = distance(first, second)
        assert found == distance(second, first)
        assert 0 <= found <= 1
        assert (found == 0) == (first == second)
        assert (found == 1) == (first != second and not first & second)
        wrapped = agreement.krippendorff_alpha(
            [[first, second], [frozenset("z"), first]], distance=lambda a, b, d=distance: d(a, b)
        )
        direct = agreement.krippendorff_alpha(
            [[first, second], [frozenset("z"), first]], distance=distance
        )
        assert direct.value == pytest.approx(wrapped.value)


def test_what_data_frames_put_where_nothing_was_given_is_not_read() -> None:
    frame = pd.DataFrame({"ann": ["a", "b", pd.NA, "b"], "bea": ["a", None, "a", "a"]})
    wanted = agreement.cohen_kappa([["a", "a"], ["b", None], [None, "a"], ["b", "a"]])
    same(agreement.cohen_kappa(frame), wanted)
    assert wanted.n_pairable == 2


def test_the_room_needs_numpy_and_nothing_else() -> None:
    heavy = "{'pandas', 'scipy', 'streamlit', 'sqlalchemy', 'plotly', 'torch', 'sklearn'}"
    code = f"import sys, parihs.agreement; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
