"""Excerpts: the shared rule of consensus, cutting at turns, blinding, and opening them again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parihs.coding.consensus import Span, shared_spans
from parihs.compare import (
    Matrix,
    load_denominators,
    load_excerpts,
    matrix,
    passages,
    to_csv,
    to_frame,
)
from parihs.compare.shared import VALENCE_NAMES, shared_stretches
from parihs.compare.texts import word_places
from parihs.errors import ParihsError
from parihs.model import (
    Coding,
    ParsedTranscript,
    ParsedTurn,
    ParsedWord,
    Transcript,
    TranscriptVersion,
)
from parihs.store import Store
from parihs.store.codebooks import definitions
from parihs.store.studies import add_site, add_workshop
from parihs.store.transcripts import save_transcript
from tests.unit.compare_study import RandomStudy, make_random_study

spans = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 2),
        st.integers(0, 30),
        st.integers(1, 12),
        st.sampled_from(VALENCE_NAMES),
    ),
    max_size=14,
)


@given(drawn=spans, at_least=st.integers(1, 3))
def test_consensus_on_arrays_is_the_shared_rule(
    drawn: list[tuple[int, int, int, int, str]], at_least: int
) -> None:
    expected = shared_spans(
        [
            Span(str(n), "v", str(group), str(coder), start, start + length, valence)
            for n, (group, coder, start, length, valence) in enumerate(drawn)
        ],
        at_least=at_least,
    )
    columns = [np.array(column) for column in zip(*drawn, strict=True)] or [np.zeros(0)] * 5
    group, coder, start, length = (column.astype(np.int64) for column in columns[:4])
    valence = np.array([VALENCE_NAMES.index(row[4]) for row in drawn], dtype=np.int64)
    found = shared_stretches(group, coder, start, start + length, valence, at_least=at_least)
    rows = [
        (
            str(found.group[n]),
            int(found.start[n]),
            int(found.end[n]),
            VALENCE_NAMES[found.valence[n]],
            tuple(str(m) for m in found.members[found.first[n] : found.first[n + 1]]),
        )
        for n in range(len(found.group))
    ]
    assert sorted(rows) == sorted(
        (s.code_id, s.start, s.end, s.valence, s.coding_ids) for s in expected
    )


@given(st.text(st.characters() | st.sampled_from(" \t\u00a0\u2003\x1c\x85")))
def test_words_are_those_of_str_split(text: str) -> None:
    starts, ends = word_places(text)
    assert [text[a:b] for a, b in zip(starts, ends, strict=True)] == text.split()


def _talk(store: Store) -> tuple[RandomStudy, str, str]:
    """A study plus one timed conversation at a new site: ``(study, workshop, version)``."""
    made = make_random_study(store, 3)
    with store.write("test") as tx:
        site = add_site(tx, made.study_id, key="here", name="=Here")
        workshop = add_workshop(tx, made.study_id, site_id=site.id, key="now", title="Now")
        turns = [
            ParsedTurn(
                "P00",
                "I asked twice.",
                start_ms=1000,
                end_ms=3000,
                words=(
                    ParsedWord(0, 1, 1000, 1100),
                    ParsedWord(2, 7, 1200, 1700),
                    ParsedWord(8, 14, 1900, 2600),
                ),
            ),
            ParsedTurn("P11", "Nobody answered.", start_ms=3000, end_ms=5000),
        ]
        parsed = ParsedTranscript(turns, "text")
        version = save_transcript(
            tx, workshop_id=workshop.id, title="Now", parsed=parsed, reason="import"
        )
    return made, site.id, version.id


def _code(
    store: Store, made: RandomStudy, version_id: str, coder: int, key: str, start: int, end: int
) -> str:
    with store.write("test") as tx:
        version = tx.session.get_one(TranscriptVersion, version_id)
        coding = Coding(
            study_id=made.study_id,
            transcript_id=version.transcript_id,
            version_id=version_id,
            start=start,
            end=end,
            code_id=made.code_ids[key],
            codebook_version_id=made.codebook_version_id,
            coder_id=made.coder_ids[coder],
            quote="…",
            valence="1" if coder else "2",
            memo="" if coder else "check",
        )
        tx.session.add(coding)
        return coding.id


def _matrix(store: Store, made: RandomStudy, **kwargs: Any) -> Matrix:
    layer = kwargs.pop("layer", "consensus")
    viewer_id = kwargs.pop("viewer_id", None)
    with store.read() as session:
        excerpts = load_excerpts(
            session, made.study_id, made.codebook_version_id, viewer_id=viewer_id, layer=layer
        )
        talk = load_denominators(session, made.study_id)
        codes = definitions(session, made.codebook_version_id)
        return matrix(excerpts, talk, codes, **kwargs)


def test_a_cell_opens_to_the_words_and_their_time(store: Store) -> None:
    made, site_id, version_id = _talk(store)
    first = _code(store, made, version_id, 0, "innovation.fit", 2, 21)
    second = _code(store, made, version_id, 1, "innovation.fit", 8, 30)
    found = _matrix(store, made)
    column = found.columns[0].id
    with store.read() as session:
        opened = passages(session, found.excerpts(site_id, column))
    assert len(opened) == 1
    passage = opened[0]
    assert passage.quote == "twice.\nNobody"
    assert [line.speaker for line in passage.lines] == ["P00", "P11"]
    assert (passage.start_ms, passage.end_ms) == (1900, 5000)
    assert (passage.site, passage.workshop, passage.version_id) == ("=Here", "Now", version_id)
    assert passage.codes == ("Fit",)
    assert passage.coders == ("Coder 0", "Coder 1")
    assert passage.valence == "1"
    assert passage.memos == (("Coder 0", "check"),)
    assert {coding.coding_id for coding in passage.codings} == {first, second}


def test_every_excerpt_of_every_cell_opens_to_its_quote(any_store: Store) -> None:
    made = make_random_study(any_store, 1)
    found = _matrix(any_store, made, layer="all", rows="workshop", cols="code")
    ids = {one for cell in found.excerpt_ids.values() for one in cell}
    assert len(ids) > 50
    with any_store.read() as session:
        opened = passages(session, ids)
        quotes = {one: session.get_one(Coding, one).quote for one in ids}
    assert sorted(one for passage in opened for one in passage.excerpt_ids) == sorted(ids)
    for passage in opened:
        for one in passage.excerpt_ids:
            assert passage.quote.split() == quotes[one].split()
    places = [(passage.version_id, passage.start, passage.end) for passage in opened]
    assert len(places) == len(set(places))


def test_a_consensus_excerpt_keeps_its_id_and_goes_when_one_coder_takes_it_back(
    store: Store,
) -> None:
    made, site_id, version_id = _talk(store)
    _code(store, made, version_id, 0, "outcome", 0, 14)
    mine = _code(store, made, version_id, 1, "outcome", 0, 14)
    column = made.code_ids["outcome"]
    before = _matrix(store, made).excerpts(site_id, column)
    assert before == _matrix(store, made).excerpts(site_id, column)
    assert len(before) == 1
    with store.write("test") as tx:
        tx.session.get_one(Coding, mine).uncoded = True
    after = _matrix(store, made)
    assert after.excerpts(site_id, column) == ()
    row = [row.id for row in after.rows].index(site_id)
    assert set(after.states[row]) == {"not coded"}


def test_a_coder_counts_and_opens_only_what_the_blinding_rule_shows(store: Store) -> None:
    made, site_id, version_id = _talk(store)
    _code(store, made, version_id, 0, "context", 0, 14)
    theirs = _code(store, made, version_id, 1, "context", 0, 14)
    viewer, column = made.coder_ids[0], made.code_ids["context"]
    blind = _matrix(store, made, layer="all", viewer_id=viewer)
    assert len(blind.excerpts(site_id, column)) == 1
    everything = _matrix(store, made, layer="all")
    assert len(everything.excerpts(site_id, column)) == 2
    with store.read() as session:
        assert passages(session, [theirs], viewer_id=viewer) == []
        assert len(passages(session, [theirs])) == 1
    with store.write("test") as tx:
        for transcript in tx.session.query(Transcript):
            transcript.released = True
    assert len(_matrix(store, made, layer="all", viewer_id=viewer).excerpts(site_id, column)) == 2


def test_two_codes_of_one_construct_are_two_codings_and_one_excerpt(store: Store) -> None:
    made, site_id, version_id = _talk(store)
    _code(store, made, version_id, 0, "innovation.fit", 0, 14)
    _code(store, made, version_id, 0, "innovation.evidence", 0, 14)
    coder = made.coder_ids[0]
    for value, expected in (("count", 2), ("excerpts", 1), ("words", 3), ("share", 3 / 5)):
        found = _matrix(store, made, layer=coder, value=value)
        row = [row.id for row in found.rows].index(site_id)
        assert found.values[row, 0] == pytest.approx(expected)


def test_the_caption_says_what_was_counted_in_which_unit_out_of_how_much(store: Store) -> None:
    made, _, _ = _talk(store)
    found = _matrix(store, made, value="excerpts", per="1000 words")
    said = found.caption()
    assert said.startswith("Coded excerpts per 1,000 words, consensus of")
    assert f"{found.basis.words:,} words" in said
    assert "interview" in said


def test_an_unknown_coder_or_codebook_is_refused(store: Store) -> None:
    made = make_random_study(store, 1)
    with store.read() as session:
        with pytest.raises(ParihsError, match="coder"):
            load_excerpts(session, made.study_id, made.codebook_version_id, layer="somebody")
        with pytest.raises(ParihsError, match="codebook"):
            load_excerpts(session, made.study_id, "nothing")


def test_an_empty_study_compares_to_not_asked(store: Store) -> None:
    made = make_random_study(store, 1)
    with store.write("test") as tx:
        for coding in tx.session.query(Coding):
            coding.uncoded = True
    found = _matrix(store, made)
    assert set(found.states.ravel()) == {"not asked", "not coded"}
    assert np.isnan(found.values).all()


def test_spreadsheets_see_text_and_not_formulas(store: Store) -> None:
    made, _, _ = _talk(store)
    frame = to_frame(_matrix(store, made))
    assert "=Here" in set(frame["row"])
    lines = to_csv(frame).splitlines()
    assert any("'=Here" in line for line in lines)
    assert not any(cell.startswith("=") for line in lines for cell in line.split(","))
    assert len(lines) == len(frame) + 1


def test_every_layer_has_the_same_columns_even_when_empty(store: Store) -> None:
    made = make_random_study(store, 2)
    with store.read() as session:
        layers = ["consensus", "all", made.coder_ids[0]]
        frames = [
            load_excerpts(session, made.study_id, made.codebook_version_id, layer=layer)
            for layer in layers
        ]
        empty = load_excerpts(
            session, made.study_id, made.codebook_version_id, viewer_id="nobody", layer="all"
        )
    for frame in (*frames, empty):
        assert list(frame.columns) == list(frames[0].columns)
    assert empty.empty
