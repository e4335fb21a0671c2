"""Co-occurrence and the tables behind figures equal what counting by hand gives."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parihs import compare
from parihs.compare import Denominators, Filters
from parihs.compare.multiples import SPLITS
from parihs.compare.saturation import runs
from parihs.errors import ParihsError
from parihs.model import CodeDefinition
from parihs.store import Store
from parihs.store.codebooks import CodeView, definitions
from parihs.store.transcripts import transcripts
from tests.unit.compare_study import RandomStudy, make_random_study

SEEDS = range(4)
Loaded = tuple[RandomStudy, pd.DataFrame, Denominators, list[CodeView]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    from parihs.home import Home

    return Store(Home(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def loaded(store: Store) -> list[Loaded]:
    """Random studies, with everybody's codings."""
    made = [make_random_study(store, seed) for seed in SEEDS]
    with store.read() as session:
        return [
            (
                one,
                compare.load_excerpts(session, one.study_id, one.codebook_version_id, layer="all"),
                compare.load_denominators(session, one.study_id),
                definitions(session, one.codebook_version_id),
            )
            for one in made
        ]


Piece = tuple[str, int, int, int]
"""Version, turn, start and end."""


def together(one: list[Piece], other: list[Piece], by: str, distance: int) -> bool:
    """Whether any piece of one excerpt stands together with any piece of another."""
    for version, turn, start, end in one:
        for version_b, turn_b, start_b, end_b in other:
            if version != version_b:
                continue
            if by == "overlap":
                if start < end_b and start_b < end:
                    return True
            elif abs(turn - turn_b) <= (distance if by == "distance" else 0):
                return True
    return False


FILTERS = st.builds(
    Filters,
    roles=st.sampled_from([None, ("doctor", "nurse"), ("manager",)]),
    cycles=st.sampled_from([None, (1,)]),
    include_facilitators=st.booleans(),
)


@given(
    study=st.sampled_from(SEEDS),
    by=st.sampled_from(["overlap", "turn", "distance"]),
    distance=st.integers(0, 4),
    cols=st.sampled_from(["construct", 1, "code"]),
    filters=FILTERS,
)
@settings(max_examples=40, deadline=None)
def test_cooccurrence_equals_a_recount(
    loaded: list[Loaded], study: int, by: str, distance: int, cols: str | int, filters: Filters
) -> None:
    _, excerpts, denominators, codes = loaded[study]
    found = compare.cooccurrence(
        excerpts, denominators, codes, by=by, distance=distance, cols=cols, filters=filters
    )
    kept = excerpts[filters.mask(excerpts)]
    pieces: dict[str, list[Piece]] = {}
    codes_of: dict[str, str] = {}
    columns = ["excerpt_id", "code_id", "version_id", "turn", "start", "end"]
    for id_, code_id, *piece in kept[columns].itertuples(index=False, name=None):
        pieces.setdefault(id_, []).append(tuple(piece))
        codes_of[id_] = code_id
    key_of = {code.code_id: code.key for code in codes}
    code_of = {id_: key_of[code_id] for id_, code_id in codes_of.items()}
    pairs = [
        pair
        for pair in combinations(pieces, 2)
        if together(pieces[pair[0]], pieces[pair[1]], by, distance)
    ]

    def within(id_: str, column: str) -> bool:
        return code_of[id_] == column or code_of[id_].startswith(column + ".")

    names = [key_of[column.id] for column in found.codes]
    assert np.array_equal(found.counts, found.counts.T)
    for r, row in enumerate(names):
        assert found.counts[r, r] == sum(within(id_, row) for id_ in pieces)
        for c in range(r + 1, len(names)):
            column = names[c]
            expected = [
                (a, b)
                for a, b in pairs
                if (within(a, row) and within(b, column)) or (within(a, column) and within(b, row))
            ]
            assert found.counts[r, c] == len(expected)
            opened = found.excerpts(found.codes[r].id, found.codes[c].id)
            assert set(opened) == {id_ for pair in expected for id_ in pair}
            assert len(opened) == len(set(opened))


def test_cooccurrence_refuses_what_has_no_meaning(loaded: list[Loaded]) -> None:
    _, excerpts, denominators, codes = loaded[0]
    for question in ({"by": "mood"}, {"by": "distance", "distance": -1}, {"cols": "colour"}):
        with pytest.raises(ParihsError) as refused:
            compare.cooccurrence(excerpts, denominators, codes, **question)
        assert refused.value.hint


@pytest.mark.parametrize("by", list(SPLITS))
def test_side_by_side_is_the_matrix_under_each_filter(loaded: list[Loaded], by: str) -> None:
    for _, excerpts, denominators, codes in loaded:
        parts = compare.multiples(excerpts, denominators, codes, by=by, value="words")
        column = {"role": "role", "cycle": "cycle", "kind": "kind"}[by]
        known = set(denominators.talk[column].dropna()) - {""}
        assert len(parts) == len(known)
        whole = compare.matrix(excerpts, denominators, codes, value="words")
        if by == "kind":
            added = np.nansum([part.values for _, part in parts], axis=0)
            assert np.array_equal(added, np.nan_to_num(whole.values))
        shown = compare.split(excerpts, denominators, codes, by=by, value="words")
        for number, (label, part) in enumerate(parts):
            rows = shown.frame[shown.frame["part_id"] == str(number)]
            assert set(rows["part"]) == {label}
            for cell in rows.to_dict("records"):
                opened = shown.excerpts(str(number), cell["row_id"], cell["column_id"])
                assert opened == part.excerpts(cell["row_id"], cell["column_id"])
                assert len(opened) == cell["n_excerpts"]


def test_coverage_counts_the_codes_of_the_framework_that_are_used(loaded: list[Loaded]) -> None:
    for _, excerpts, denominators, codes in loaded:
        found = compare.coverage(excerpts, denominators, codes)
        key_of = {code.code_id: code.key for code in codes}
        for cell in found.frame.to_dict("records"):
            construct = key_of[cell["column_id"]]
            members = [c for c in codes if c.key.startswith(construct + ".")]
            members = members or [c for c in codes if c.key == construct]
            here = excerpts[excerpts["site_id"] == cell["row_id"]]
            given = {key_of[code_id] for code_id in here["code_id"]}
            used = [
                c for c in members if any(k == c.key or k.startswith(c.key + ".") for k in given)
            ]
            assert (cell["n_used"], cell["n_codes"]) == (len(used), len(members))
            unused = {c.name for c in members} - {c.name for c in used}
            assert set(filter(None, cell["unused"].split("; "))) == unused


def test_talk_is_counted_once_and_adds_up(loaded: list[Loaded]) -> None:
    for _, excerpts, denominators, _ in loaded:
        spoken = int(denominators.talk["n_words"].sum())
        for by in ("role", "speaker", "site"):
            found = compare.participation(denominators, excerpts, by=by)
            assert found.frame["n_words"].sum() == spoken
            shares = found.frame.groupby("row_id")["share"].sum()
            assert shares.to_numpy() == pytest.approx(1)
            marks = found.frame[["row_id", "column_id"]].itertuples(index=False, name=None)
            opened = {id_ for mark in marks for id_ in found.excerpts(*mark)}
            assert opened == set(excerpts["excerpt_id"])


def test_a_parent_holds_what_is_coded_below_it(loaded: list[Loaded]) -> None:
    for _, excerpts, denominators, codes in loaded:
        frame = compare.code_tree(excerpts, denominators, codes).frame
        own = Counter(excerpts.drop_duplicates("excerpt_id")["code_id"])
        assert dict(zip(frame["row_id"], frame["own"], strict=True)) == {
            code.code_id: own[code.code_id] for code in codes
        }
        for row in frame.to_dict("records"):
            children = frame.loc[frame["parent_id"] == row["row_id"], "total"].sum()
            assert row["total"] == row["own"] + children


def test_saturation_follows_the_workshops_in_order(loaded: list[Loaded]) -> None:
    for _, excerpts, denominators, codes in loaded:
        found = compare.saturation(excerpts, denominators, codes)
        frame = found.frame
        assert not frame.attrs["inductive"]
        assert "deductive" in found.caption
        met: set[str] = set()
        parents = {c.key: c.parent_key for c in codes}
        key_of = {code.code_id: code.key for code in codes}
        top = {c.key for c in codes if c.depth == 0 and c.key != "outcome"}
        for row in frame.to_dict("records"):
            here = excerpts[excerpts["workshop_id"] == row["row_id"]]
            before = len(met)
            for code_id in here["code_id"].unique():
                key: str | None = key_of[code_id]
                while key is not None:
                    met |= {key} - top
                    key = parents[key]
            assert (row["total"], row["new"]) == (len(met), len(met) - before)
            assert bool(found.excerpts(row["row_id"], "framework")) == bool(row["new"])
            assert 0 <= row["low"] <= row["high"] <= row["n_codes"]
        last = frame.iloc[-1]
        assert last["low"] == last["high"] == last["total"]


def test_inductive_codes_are_judged_by_base_run_and_threshold(loaded: list[Loaded]) -> None:
    _, excerpts, denominators, codes = loaded[1]
    from dataclasses import replace

    def marked(code: CodeView) -> CodeView:
        values = {
            column.name: getattr(code.definition, column.name)
            for column in CodeDefinition.__table__.columns
        }
        return replace(code, definition=CodeDefinition(**{**values, "origin": "inductive"}))

    mixed = [marked(c) if c.key.startswith("innovation.fit") else c for c in codes]
    found = compare.saturation(excerpts, denominators, mixed, base=2, run=1, threshold=1.0)
    assert set(found.frame["column_id"]) == {"framework", "inductive"}
    assert found.frame.attrs["inductive"]
    assert "aturation" in found.frame.attrs["verdict"]
    assert found.frame.attrs["verdict"] in found.caption
    with pytest.raises(ParihsError):
        compare.saturation(excerpts, denominators, codes, base=0)


def test_runs_slide_over_the_workshops_after_the_base() -> None:
    new = np.zeros((7, 20), dtype=bool)
    for workshop, count in enumerate([6, 3, 1, 0, 2, 0, 0]):
        new[workshop, :count] = True
    found = runs(new, base=4, run=2)
    assert [(r.first, r.last, r.new) for r in found] == [(5, 6, 2), (6, 7, 0)]
    assert found[0].share == pytest.approx(0.2)
    assert runs(new[:5], base=4, run=2) == []
    assert runs(np.zeros((7, 3), dtype=bool), base=4, run=2) == []


def test_a_timeline_holds_every_turn_and_excerpt_at_its_time(
    store: Store, loaded: list[Loaded]
) -> None:
    for made, excerpts, denominators, codes in loaded:
        with store.read() as session:
            for transcript in transcripts(session, made.study_id):
                talk = denominators.talk
                theirs = talk[talk["transcript_id"] == transcript.id]
                if theirs.empty:
                    continue
                found = compare.timeline(session, excerpts, denominators, codes, transcript.id)
                frame = found.frame
                said = frame[frame["lane"] == "speaker"]
                assert said["n_words"].sum() == theirs["n_words"].sum()
                assert (frame["end"] >= frame["start"]).all()
                here = excerpts[excerpts["transcript_id"] == transcript.id]
                drawn = frame[frame["lane"] == "code"]
                assert set(drawn["column_id"]) == set(here["excerpt_id"])
                assert frame.attrs["unit"] == "words"  # turns of these studies have no end times
                assert drawn["n_words"].sum() == here["n_words"].sum()
                opened = {
                    id_
                    for mark in said[["row_id", "column_id"]].itertuples(index=False)
                    for id_ in found.excerpts(*mark)
                }
                assert opened == set(here["excerpt_id"])
