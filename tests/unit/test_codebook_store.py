"""Codebooks in a study: versions, lasting codes, definitions in tree order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from parihs.codebook import CodebookFile, CodeEntry, load, shipped
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import CodebookVersion, Event
from parihs.store import Store
from parihs.store.codebooks import (
    code_ids,
    codebook_file,
    codebooks,
    definitions,
    latest_codebook_version,
    save_codebook,
)
from parihs.store.studies import add_study

BOOK = CodebookFile(
    id="small",
    name="Small",
    codes=(
        CodeEntry(id="innovation.fit", name="Fit", parent="innovation", checked="memory"),
        CodeEntry(id="innovation", name="Innovation", rate_valence=False),
    ),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(Home(tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def study_id(store: Store) -> str:
    with store.write("ada") as tx:
        return add_study(tx, key="demo", name="Demo").id


def save(store: Store, study_id: str, book: CodebookFile, note: str = "") -> CodebookVersion:
    with store.write("ada") as tx:
        return save_codebook(tx, study_id, book, note)


def events(store: Store) -> list[Event]:
    with store.read() as session:
        return list(session.scalars(select(Event).order_by(Event.seq)))


@pytest.mark.parametrize("key", list(shipped()))
def test_a_saved_codebook_comes_back_whole(store: Store, study_id: str, key: str) -> None:
    book = load(shipped()[key])
    version = save(store, study_id, book)
    with store.read() as session:
        assert codebook_file(session, version.id) == book
        assert len(definitions(session, version.id)) == len(book.codes)


def test_the_same_content_makes_no_version_and_no_event(store: Store, study_id: str) -> None:
    first = save(store, study_id, BOOK)
    before = len(events(store))
    again = save(store, study_id, replace(BOOK), note="nothing new")
    assert again.id == first.id
    assert len(events(store)) == before


def test_codes_keep_their_identity_through_versions(store: Store, study_id: str) -> None:
    first = save(store, study_id, BOOK)
    with store.read() as session:
        old_ids = code_ids(session, first.codebook_id)
    fit, innovation = BOOK.codes
    sharper = replace(fit, definition="How well it sits with the work.", checked="")
    clarity = CodeEntry(id="innovation.clarity", name="Clarity", parent="innovation")
    second = save(store, study_id, replace(BOOK, codes=(innovation, sharper, clarity)), "sharper")
    assert (second.number, second.note) == (2, "sharper")
    with store.read() as session:
        ids = code_ids(session, first.codebook_id)
        latest = latest_codebook_version(session, first.codebook_id)
        was, now = definitions(session, first.id), definitions(session, second.id)
    assert {key: ids[key] for key in old_ids} == old_ids
    assert latest is not None
    assert latest.id == second.id
    assert [view.definition.definition for view in was] == ["", ""]
    assert [view.key for view in now] == ["innovation", "innovation.fit", "innovation.clarity"]
    assert now[1].definition.definition == "How well it sits with the work."


def test_a_code_left_out_keeps_its_identity_and_its_older_definition(
    store: Store, study_id: str
) -> None:
    first = save(store, study_id, BOOK)
    second = save(store, study_id, replace(BOOK, codes=BOOK.codes[1:]))
    with store.read() as session:
        assert "innovation.fit" in code_ids(session, first.codebook_id)
        assert [view.key for view in definitions(session, second.id)] == ["innovation"]
        assert len(definitions(session, first.id)) == 2


def test_definitions_stand_in_tree_order_with_place_and_colour(store: Store, study_id: str) -> None:
    version = save(store, study_id, BOOK)
    with store.read() as session:
        top, fit = definitions(session, version.id)
        ids = code_ids(session, version.codebook_id)
    assert (top.key, top.depth, top.parent_key, top.construct_key) == (
        "innovation",
        0,
        None,
        "innovation",
    )
    assert (fit.key, fit.depth, fit.parent_key, fit.construct_key) == (
        "innovation.fit",
        1,
        "innovation",
        "innovation",
    )
    assert (top.colour, top.rate_valence, fit.rate_valence) == ("#0072B2", False, True)
    assert fit.path == ("Innovation", "Fit")
    assert fit.code_id == ids["innovation.fit"] == fit.definition.code_id


def test_the_audit_trail_says_what_changed(store: Store, study_id: str) -> None:
    save(store, study_id, BOOK)
    renamed = replace(BOOK.codes[0], name="Degree of fit")
    new = CodeEntry(id="context", name="Context")
    save(store, study_id, replace(BOOK, name="Smaller", codes=(renamed, BOOK.codes[1], new)))
    last = events(store)[-1]
    assert (last.verb, last.object_type, last.actor) == ("saved", "codebook_version", "ada")
    assert (last.data["number"], last.data["added"]) == (2, ["context"])
    assert (last.data["changed"], last.data["removed"]) == (["innovation.fit"], [])
    with store.read() as session:
        assert [book.name for book in codebooks(session, study_id)] == ["Smaller"]


def test_two_studies_and_two_frameworks_keep_apart(store: Store, study_id: str) -> None:
    with store.write("ada") as tx:
        other = add_study(tx, key="other", name="Other").id
    mine = save(store, study_id, BOOK)
    theirs = save(store, other, BOOK)
    save(store, study_id, replace(BOOK, id="second", name="Another"))
    assert mine.codebook_id != theirs.codebook_id
    with store.read() as session:
        assert [book.key for book in codebooks(session, study_id)] == ["second", "small"]
        assert [book.key for book in codebooks(session, other)] == ["small"]


def test_a_faulty_book_or_an_unknown_study_saves_nothing(store: Store, study_id: str) -> None:
    faulty = replace(BOOK, codes=BOOK.codes[:1])
    with pytest.raises(ParihsError, match="its parent 'innovation'"):
        save(store, study_id, faulty)
    with pytest.raises(ParihsError, match="study is no longer here"):
        save(store, "nowhere", BOOK)
    with store.read() as session:
        assert codebooks(session, study_id) == []
