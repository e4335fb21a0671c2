"""Units from spans: intervals against a row per character, and the ladder of units."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parihs import agreement
from parihs.agreement import Level, code_table, per_code, set_table, whole_coding
from parihs.errors import ParihsError

LENGTHS = {"one": 60, "two": 35, "three": 1}
CODERS, CODES = ["ann", "bea", "cyd"], ["x", "y", "z"]
READ = {"one": CODERS, "two": ["ann", "cyd"], "three": ["bea"]}
TURNS = {"one": [(0, 20), (21, 40), (41, 60)], "two": [(0, 10), (11, 35)], "three": [(0, 1)]}


@st.composite
def spans(draw: Any, read: dict[str, list[str]] | None = None) -> list[tuple[Any, ...]]:
    rows = []
    for _ in range(draw(st.integers(0, 25))):
        document = draw(st.sampled_from(list(LENGTHS)))
        coder = draw(st.sampled_from(read[document] if read else CODERS))
        start = draw(st.integers(0, LENGTHS[document] - 1))
        end = draw(st.integers(start + 1, LENGTHS[document]))
        rows.append((document, coder, draw(st.sampled_from(CODES)), start, end))
    return rows


def dense(rows: list[tuple[Any, ...]], level: Level, read: dict[str, list[str]]) -> Any:
    """A row per unit: for every code the coders' presence, and the coders' sets of codes."""
    presence: dict[str, list[list[bool | None]]] = {code: [] for code in CODES}
    sets, documents = [], []
    for number, document in enumerate(level.documents):
        for unit in range(int(level.sizes[number])):
            low, high = unit, unit + 1
            if level.starts is not None and level.ends is not None:
                low, high = level.starts[number][unit], level.ends[number][unit]
            given = [
                frozenset(
                    k
                    for d, c, k, s, e in rows
                    if (d, c) == (document, coder) and s < high and e > low
                )
                if coder in read[document]
                else None
                for coder in CODERS
            ]
            sets.append(given)
            documents.append(document)
            for code in CODES:
                presence[code].append([None if one is None else code in one for one in given])
    return presence, sets, documents


@pytest.mark.parametrize("level", [Level.characters(LENGTHS), Level.of("turn", TURNS)])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_intervals_equal_a_row_per_unit_exactly(level: Level, data: st.DataObject) -> None:
    rows = data.draw(spans(READ))
    presence, sets, _ = dense(rows, level, READ)
    table = code_table(rows, level, coders=CODERS, codes=CODES, read=READ)
    for code in CODES:
        units, counts, _ = table.units(code)
        for coefficient in (
            agreement.percent_agreement,
            agreement.fleiss_kappa,
            agreement.gwet_ac1,
            agreement.krippendorff_alpha,
        ):
            wanted = coefficient(presence[code], categories=[False, True])
            found = coefficient(units, counts=counts, categories=[False, True])
            assert found.value == wanted.value
            assert found.n_units == wanted.n_units
    whole = whole_coding(rows, level, coders=CODERS, codes=CODES, read=READ)
    merged = set_table(rows, level, coders=CODERS, codes=CODES, read=READ)
    wanted = agreement.mvalpha(sets)
    for found in (whole, agreement.mvalpha(merged.units, counts=merged.counts)):
        assert found.value == pytest.approx(wanted.value, abs=1e-9)
        assert found.undefined == wanted.undefined
        assert (found.n_units, found.n_pairable) == (wanted.n_units, wanted.n_pairable)
    assert sum(merged.counts) == len(sets)


@given(rows=spans(READ))
@settings(max_examples=60, deadline=None)
def test_the_table_per_code_says_what_each_coefficient_says(rows: list[tuple[Any, ...]]) -> None:
    level = Level.of("turn", TURNS)
    presence, _, _ = dense(rows, level, READ)
    table = code_table(rows, level, coders=CODERS, codes=CODES, read=READ)
    for found in per_code(table, b=0):
        units = presence[found.code]
        for name, coefficient in (
            ("percent", agreement.percent_agreement),
            ("kappa", agreement.fleiss_kappa),
            ("ac1", agreement.gwet_ac1),
            ("alpha", agreement.krippendorff_alpha),
        ):
            wanted = coefficient(units, categories=[False, True])
            assert found.measures[name].value == pytest.approx(wanted.value, abs=1e-12)
            assert found.measures[name].undefined == wanted.undefined
        both = [
            (a, c)
            for row in units
            for i, a in enumerate(row)
            for c in row[i + 1 :]
            if None not in (a, c)
        ]
        wanted_pairs = [both.count(p) for p in ((1, 1), (1, 0), (0, 1), (0, 0))]
        assert list(found.pairs) == wanted_pairs


def test_two_coders_get_cohen_and_the_2x2() -> None:
    level = Level.characters({"d": 100})
    rows = [("d", "a", "x", 0, 40), ("d", "b", "x", 10, 50)]
    (found,) = per_code(code_table(rows, level), b=20)
    assert found.pairs == (30, 10, 10, 50)
    positive, negative = found.measures["positive"], found.measures["negative"]
    assert positive.value == pytest.approx(2 * 30 / (2 * 30 + 20))
    assert negative.value == pytest.approx(2 * 50 / (2 * 50 + 20))
    units = [[1, 1]] * 30 + [[1, 0]] * 10 + [[0, 1]] * 10 + [[0, 0]] * 50
    assert found.measures["kappa"].value == agreement.cohen_kappa(units).value
    assert found.prevalence == 0.4


def test_the_same_coding_gives_other_numbers_on_other_units() -> None:
    # One coder marks whole turns, the other one sentence in the same turns.
    turns = {"d": [(i * 100, i * 100 + 100) for i in range(10)]}
    rows = [("d", "a", "x", i * 100, i * 100 + 100) for i in range(4)]
    rows += [("d", "b", "x", i * 100, i * 100 + 30) for i in range(4)]
    (turn,) = per_code(code_table(rows, Level.of("turn", turns)), b=0)
    (character,) = per_code(code_table(rows, Level.characters({"d": 1000})), b=0)
    assert turn.measures["kappa"].value == 1
    assert character.measures["kappa"].value < 0.5
    assert character.measures["percent"].value == pytest.approx(0.72)


def test_nothing_coded_and_always_coded_are_undefined_with_reasons() -> None:
    level = Level.characters({"d": 10})
    rows = [("d", "a", "always", 0, 10), ("d", "b", "always", 0, 10)]
    table = code_table(rows, level, coders=["a", "b"], codes=["always", "never"])
    always, never = per_code(table, b=10)
    for found in (always, never):
        assert found.measures["kappa"].value is None
        assert "same label" in found.measures["kappa"].undefined
        assert found.measures["kappa"].interval is None
        assert found.measures["percent"].value == 1
    assert "gave this code" in never.measures["positive"].undefined
    assert "everywhere" in always.measures["negative"].undefined


def test_intervals_of_all_codes_equal_those_of_each() -> None:
    rng = np.random.default_rng(8)
    documents = [f"d{i}" for i in range(8)]
    rows = [
        (str(rng.choice(documents)), str(rng.choice(["a", "b", "c"])), "x", int(s), int(s) + 40)
        for s in rng.integers(0, 900, 150)
    ]
    level = Level.of("turn", {d: [(i * 20, i * 20 + 20) for i in range(50)] for d in documents})
    table = code_table(rows, level)
    (found,) = per_code(table, b=300, seed=4)
    units, counts, clusters = table.units("x")
    one = agreement.fleiss_kappa(units, counts=counts).interval(clusters=clusters, b=300, seed=4)
    interval = found.measures["kappa"].interval
    assert (interval.low, interval.high) == pytest.approx((one.low, one.high))
    assert (interval.n_clusters, interval.b, interval.seed) == (8, 300, 4)
    (by_unit,) = per_code(table, b=300, seed=4, resample="unit")
    narrow = by_unit.measures["kappa"].interval
    assert narrow.n_clusters == 400
    assert "too narrow" in narrow.warning


def test_few_documents_are_not_drawn_whole_unless_asked() -> None:
    level = Level.of("turn", {"d": [(i, i + 1) for i in range(30)]})
    rows = [("d", "a", "x", 0, 12), ("d", "b", "x", 5, 15)]
    table = code_table(rows, level)
    assert per_code(table, b=50)[0].measures["alpha"].interval.n_clusters == 30
    asked = per_code(table, b=50, resample="document")[0].measures["alpha"].interval
    assert asked.n_clusters == 1
    assert "Only 1 clusters" in asked.warning


def test_a_span_in_the_gap_between_units_covers_none() -> None:
    level = Level.of("token", {"d": [(0, 3), (4, 7)]})
    rows = [("d", "a", "x", 3, 4), ("d", "b", "x", 2, 5)]
    (found,) = per_code(code_table(rows, level), b=0)
    assert found.pairs == (0, 0, 2, 0)


def test_columns_and_rows_are_the_same_input() -> None:
    rows = [("one", "ann", "x", 0, 5), ("two", "bea", "y", 3, 9)]
    names = ("document", "coder", "code", "start", "end")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    level = Level.characters(LENGTHS)
    first, second = code_table(rows, level), code_table(columns, level)
    assert (first.counts == second.counts).all()
    assert first.codes == second.codes == ("x", "y")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("lost", "ann", "x", 0, 5)], "lost"),
        ([("one", "ann", "x", 5, 5)], "from 5 to 5"),
        ([("two", "bea", "x", 0, 5)], "reader"),
    ],
)
def test_impossible_spans_are_refused(rows: list[tuple[Any, ...]], message: str) -> None:
    with pytest.raises(ParihsError, match=message):
        code_table(rows, Level.characters(LENGTHS), coders=CODERS, read=READ)


def test_one_coder_is_not_agreement() -> None:
    with pytest.raises(ParihsError, match="two coders"):
        code_table([("one", "ann", "x", 0, 5)], Level.characters(LENGTHS))
    with pytest.raises(ParihsError, match="out of order"):
        Level.of("turn", {"d": [(0, 10), (5, 20)]})


def test_token_and_sentence_boundaries() -> None:
    text = "We didn't know. Who’d ask?\nSo… we “stopped.” Then: well-being 😀!"
    tokens = [text[s:e] for s, e in agreement.token_boundaries(text)]
    assert tokens[:5] == ["We", "didn't", "know", ".", "Who’d"]
    assert "well-being" in tokens
    assert "😀" in tokens
    sentences = [text[s:e] for s, e in agreement.sentence_boundaries(text)]
    assert sentences == [
        "We didn't know.",
        "Who’d ask?",
        "So…",
        "we “stopped.”",
        "Then: well-being 😀!",
    ]
    turns = [(0, 15), (16, 26)]
    assert agreement.sentence_boundaries(text, turns) == [(0, 15), (16, 26)]


@given(st.text(alphabet="ab .?!\n’'-😀", max_size=60))
def test_boundaries_are_ordered_and_lose_only_white_space(text: str) -> None:
    for ranges in (agreement.token_boundaries(text), agreement.sentence_boundaries(text)):
        Level.of("unit", {"d": ranges})
        inside = {i for s, e in ranges for i in range(s, e)}
        assert all(text[i].isspace() for i in range(len(text)) if i not in inside)


def test_a_codebook_of_more_codes_than_a_machine_word_has_bits() -> None:
    rng = np.random.default_rng(6)
    lengths = {f"d{i}": 300 for i in range(7)}
    rows = [
        (f"d{rng.integers(7)}", "abc"[rng.integers(3)], int(rng.integers(70)), int(s), int(s) + 30)
        for s in rng.integers(0, 270, 600)
    ]
    names = {"coders": ["a", "b", "c"], "codes": list(range(70))}
    level = Level.characters(lengths)
    whole = whole_coding(rows, level, **names)
    merged = set_table(rows, level, **names)
    wanted = agreement.mvalpha(merged.units, counts=merged.counts)
    assert whole.value == pytest.approx(wanted.value, abs=1e-12)
    assert {k: v for k, v in whole.prevalence.items() if v} == pytest.approx(wanted.prevalence)
    by_document = whole.interval(clusters=list(lengths), b=100, seed=3)
    other = wanted.interval(clusters=merged.documents, b=100, seed=3)
    assert (by_document.low, by_document.high) == pytest.approx((other.low, other.high))
    assert whole.interval(b=100, seed=3) == by_document
    with pytest.raises(ParihsError, match="7 documents"):
        whole.interval(clusters=["one"])
