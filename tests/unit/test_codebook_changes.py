"""Changing the codebook: nothing coded is lost, nothing is recoded unseen, and two may do it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from parihs.codebook import CodebookFile, CodeEntry
from parihs.codebook.differences import compare, join
from parihs.codebook.editing import add, change, merge, move, new_id, retire, split, swap
from parihs.coding.code_choices import choices, choose, code_counts
from parihs.coding.codebook_changes import (
    NewerCodebookError,
    add_inductive,
    last_merge,
    merge_codes,
    save_changes,
    split_code,
    undo_merge,
)
from parihs.coding.discussion import propose_clarification
from parihs.coding.operations import apply_ops, changes
from parihs.coding.proposals import decide_proposal, proposals
from parihs.coding.recoding import decide_code, decided, recoding_list, take_back
from parihs.coding.trail import excerpt_history
from parihs.coding.undoing import past
from parihs.compare.codings import load_codings
from parihs.errors import ParihsError
from parihs.model import Coding
from parihs.model import new_id as new_row_id
from parihs.store import Store
from parihs.store.codebooks import codebook_file, definitions, latest_codebook_version
from parihs.store.roles import MayNotError, give_role
from tests.support.small_study import SmallStudy

BOOK = CodebookFile(
    id="b",
    name="Book",
    codes=(
        CodeEntry(id="a", name="A"),
        CodeEntry(id="a.x", name="X", parent="a", definition="one"),
        CodeEntry(id="a.y", name="Y", parent="a"),
        CodeEntry(id="b", name="B"),
    ),
)


def code(store: Store, small: SmallStudy, coder: str, key: str, start: int, end: int) -> str:
    """Code a stretch of the first transcript; the coding's id."""
    coding_id = new_row_id()
    op = {"op_id": new_row_id(), "verb": "code", "coding_id": coding_id}
    send(store, small, coder, {**op, "start": start, "end": end, "code": small.codes[key]})
    return coding_id


def send(store: Store, small: SmallStudy, coder: str, op: dict[str, Any]) -> None:
    result = apply_ops(
        store,
        coder_id=coder,
        version_id=small.versions[0].id,
        codebook_version_id=small.codebook.id,
        ops=[op],
    )
    assert result.refused == []


def newest(store: Store, small: SmallStudy) -> Any:
    with store.read() as session:
        return latest_codebook_version(session, small.codebook.codebook_id)


def state(store: Store) -> dict[str, tuple[str, bool]]:
    with store.read() as session:
        return {c.id: (c.code_id, c.uncoded) for c in session.scalars(select(Coding))}


# The book by itself


def test_a_difference_says_what_a_person_would() -> None:
    after = change(BOOK, "a.x", definition="two", enabling=("it helps", "it fits"))
    after = add(move(after, "a.y", "b"), CodeEntry(id="b.z", name="Z", parent="b"), after="b")
    after = replace(after, codes=tuple(e for e in after.codes if e.id != "b.z"))
    after = add(after, CodeEntry(id="c", name="C"))
    found = {(d.kind, d.key, d.field): (d.before, d.after) for d in compare(BOOK, after)}
    assert found == {
        ("changed", "a.x", "definition"): ("one", "two"),
        ("changed", "a.x", "enabling"): ("", "it helps; it fits"),
        ("moved", "a.y", "parent"): ("A", "B"),
        ("added", "c", "parent"): ("", ""),
    }
    assert [d.kind for d in compare(BOOK, retire(BOOK, "b"))] == ["retired"]
    assert compare(BOOK, BOOK) == []


def test_what_would_break_the_tree_is_refused() -> None:
    with pytest.raises(ParihsError, match="below it"):
        retire(BOOK, "a")
    with pytest.raises(ParihsError, match="below itself"):
        move(BOOK, "a", "a.x")
    with pytest.raises(ParihsError, match="part of it"):
        merge(BOOK, "a", "a.x")
    with pytest.raises(ParihsError, match="already"):
        add(BOOK, CodeEntry(id="n", name=" x ", parent="a"))
    with pytest.raises(ParihsError, match="two or more"):
        split(BOOK, "b", [CodeEntry(id="n", name="N")])


def test_merging_brings_children_along_and_splitting_keeps_the_place() -> None:
    merged = merge(BOOK, "a", "b")
    assert [(e.id, e.parent) for e in merged.codes] == [("a.x", "b"), ("a.y", "b"), ("b", None)]
    parts = split(BOOK, "a.x", [CodeEntry(id="a.p", name="P"), CodeEntry(id="a.q", name="Q")])
    assert [e.id for e in parts.codes] == ["a", "a.p", "a.q", "a.y", "b"]
    assert [e.id for e in swap(BOOK, "a.y", -1).codes] == ["a", "a.y", "a.x", "b"]


def test_ids_are_readable_and_never_used_twice() -> None:
    assert new_id((), "Trust in Café staff", "a") == "a.trust-in-cafe-staff"
    assert new_id({"a.fit", "a.fit-2"}, "Fit", "a") == "a.fit-3"
    assert new_id((), "信頼", "a") == "a.code"


def test_changes_of_two_people_come_together_and_clashes_are_named() -> None:
    mine = change(add(BOOK, CodeEntry(id="m", name="M")), "a.x", name="Mine")
    theirs = change(retire(change(BOOK, "a.x", definition="theirs"), "b"), "a.y", example="e")
    joined = join(BOOK, mine, theirs)
    assert joined.clashes == ()
    by_id = {e.id: e for e in joined.book.codes}
    assert set(by_id) == {"a", "a.x", "a.y", "m"}
    assert (by_id["a.x"].name, by_id["a.x"].definition) == ("Mine", "theirs")
    both = join(BOOK, change(BOOK, "a.x", name="P"), change(BOOK, "a.x", name="Q"))
    assert [(c.key, c.field, c.mine, c.theirs) for c in both.clashes] == [("a.x", "name", "P", "Q")]
    kept = join(BOOK, change(BOOK, "b", name="Still here"), retire(BOOK, "b"))
    assert [c.theirs for c in kept.clashes] == ["retired"]
    assert "b" in {e.id for e in kept.book.codes}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.text(max_size=3)), max_size=6))
@settings(max_examples=60)
def test_one_persons_changes_join_to_themselves(steps: list[tuple[int, int, str]]) -> None:
    book = BOOK
    for at, what, text in steps:
        if at >= len(book.codes):
            continue
        key = book.codes[at].id
        try:
            if what == 0:
                book = change(book, key, definition=text)
            elif what == 1:
                book = move(book, key, None if at % 2 else "b")
            else:
                book = retire(book, key)
        except ParihsError:
            continue
    assert join(BOOK, book, BOOK).book == book
    assert set(join(BOOK, BOOK, book).book.codes) == set(book.codes)
    assert join(BOOK, book, book).clashes == ()


# In a study


def test_a_changed_book_is_one_version_and_the_second_is_told(
    store: Store, small: SmallStudy
) -> None:
    book = change(codebook_now(store, small), "fit", name="Fits")
    with pytest.raises(ParihsError, match="not said yet"), store.write(small.ada.id) as tx:
        save_changes(tx, small.codebook.id, book, "  ")
    with store.write(small.ada.id) as tx:
        version = save_changes(tx, small.codebook.id, book, "clearer")
    assert (version.number, version.note) == (2, "clearer")
    with pytest.raises(NewerCodebookError), store.write(small.ben.id) as tx:
        save_changes(tx, small.codebook.id, book, "mine")
    assert newest(store, small).id == version.id


def codebook_now(store: Store, small: SmallStudy) -> CodebookFile:
    with store.read() as session:
        return codebook_file(session, newest(store, small).id)


def test_only_leads_change_the_book_but_coders_add_codes_below(
    store: Store, small: SmallStudy
) -> None:
    with store.write("test") as tx:
        give_role(tx, small.ben.id, "lead")
    book = change(codebook_now(store, small), "fit", name="Fits")
    with pytest.raises(MayNotError), store.write(small.ada.id) as tx:
        save_changes(tx, small.codebook.id, book, "why")
    with pytest.raises(MayNotError), store.write(small.ada.id) as tx:
        merge_codes(tx, small.codebook.id, "fit", "help", "why")
    with store.write(small.ada.id) as tx:
        version, code_id = add_inductive(tx, small.codebook.id, small.codes["fit"], "Own word")
    with store.read() as session:
        made = next(view for view in definitions(session, version.id) if view.code_id == code_id)
    assert (made.definition.origin, made.parent_key) == ("inductive", "fit")
    with store.write(small.ben.id) as tx:
        give_role(tx, small.ada.id, "viewer")
    with pytest.raises(MayNotError), store.write(small.ada.id) as tx:
        add_inductive(tx, small.codebook.id, small.codes["fit"], "Another")


def test_a_code_of_the_teams_own_goes_into_the_newest_book(store: Store, small: SmallStudy) -> None:
    with store.write(small.ada.id) as tx:
        add_inductive(tx, small.codebook.id, small.codes["fit"], "One")
    with store.write(small.ben.id) as tx:
        version, _ = add_inductive(tx, small.codebook.id, small.codes["fit"], "Two")
    with store.read() as session:
        names = [view.name for view in definitions(session, version.id)]
    assert {"One", "Two"} <= set(names)
    with pytest.raises(ParihsError, match="already"), store.write(small.ben.id) as tx:
        add_inductive(tx, small.codebook.id, small.codes["fit"], "one")


def test_merging_recodes_with_history_and_is_taken_back_as_one(
    store: Store, small: SmallStudy
) -> None:
    mine = code(store, small, small.ada.id, "fit", 0, 5)
    bens = code(store, small, small.ben.id, "fit", 6, 11)
    other = code(store, small, small.ben.id, "help", 0, 5)
    before = state(store)
    with store.read() as session:
        rev, _ = changes(session, small.ada.id, small.versions[0].id)
    with store.write(small.ben.id) as tx:
        merged = merge_codes(tx, small.codebook.id, "fit", "help", "the same")
    assert {state(store)[each][0] for each in (mine, bens, other)} == {small.codes["help"]}
    with store.read() as session:
        _, delta = changes(session, small.ada.id, small.versions[0].id, rev)
        assert [each["id"] for each in delta] == [mine]
        said = [line.sentence for line in excerpt_history(session, mine, small.ada.id)]
        assert "since codes were merged" in said[-1]
        # The coder's own undo still begins with what the coder did.
        (step,) = past(session, small.ada.id, small.versions[0].id).done
        assert step.back[0]["verb"] == "uncode"
        found = last_merge(session, small.codebook.codebook_id)
        assert found is not None
        assert found.id == merged.id
    # What a coder decides after the merging stands.
    op = {"op_id": new_row_id(), "verb": "change", "coding_id": bens}
    send(store, small, small.ben.id, {**op, "set": {"code": small.codes["fit.person"]}})
    with store.write(small.ada.id) as tx:
        add_inductive(tx, merged.id, small.codes["help"], "Meanwhile")
    with store.write(small.ben.id) as tx:
        version = undo_merge(tx, merged.id)
    now = state(store)
    assert (now[mine], now[other]) == (before[mine], before[other])
    assert now[bens][0] == small.codes["fit.person"]
    with store.read() as session:
        names = {view.key for view in definitions(session, version.id)}
        assert last_merge(session, small.codebook.codebook_id) is None
    assert {"fit", "help"} <= names
    assert any("meanwhile" in key for key in names)


def test_codings_of_a_split_code_wait_for_a_person(store: Store, small: SmallStudy) -> None:
    mine = code(store, small, small.ada.id, "fit.place", 0, 5)
    bens = code(store, small, small.ben.id, "fit.place", 6, 11)
    before = state(store)
    with store.write(small.ada.id) as tx:
        version = split_code(
            tx,
            small.codebook.id,
            "fit.place",
            [("Task", "with the work"), ("Spot", "")],
            "two things",
        )
    assert state(store) == before
    with store.read() as session:
        (line,) = recoding_list(session, version.id, small.ada.id)
        assert (line.coding.id, line.mine, len(line.into)) == (mine, True, 2)
        assert len(recoding_list(session, version.id, None)) == 2
        task = line.into[0]
    with pytest.raises(ParihsError, match="another coder"), store.write(small.ada.id) as tx:
        decide_code(tx, bens, task)
    with pytest.raises(ParihsError, match="not in the newest"), store.write(small.ada.id) as tx:
        decide_code(tx, mine, small.codes["fit.place"])
    with store.write(small.ada.id) as tx:
        seq = decide_code(tx, mine, task)
    assert state(store)[mine][0] == task
    with store.read() as session:
        assert [each.seq for each in decided(session, version.id, small.ada.id)] == [seq]
        assert recoding_list(session, version.id, small.ada.id) == []
    with store.write(small.ada.id) as tx:
        take_back(tx, seq)
    assert state(store)[mine] == before[mine]
    with store.write(small.ada.id) as tx:
        seq = decide_code(tx, mine, None)
    assert state(store)[mine][1]
    with store.write(small.ada.id) as tx:
        take_back(tx, seq)
    with store.read() as session:
        assert decided(session, version.id, small.ada.id) == []
        assert len(recoding_list(session, version.id, small.ada.id)) == 1


def test_a_browser_that_has_not_heard_of_a_split_loses_nothing(
    store: Store, small: SmallStudy
) -> None:
    with store.write(small.ada.id) as tx:
        version = split_code(tx, small.codebook.id, "fit.place", [("P", ""), ("Q", "")], "two")
    late = {"op_id": new_row_id(), "verb": "code", "coding_id": new_row_id(), "start": 0, "end": 5}
    result = apply_ops(
        store,
        coder_id=small.ada.id,
        version_id=small.versions[0].id,
        codebook_version_id=version.id,
        ops=[{**late, "code": small.codes["fit.place"]}],
    )
    assert result.refused == []
    with store.read() as session:
        (line,) = recoding_list(session, version.id, small.ada.id)
        assert line.coding.codebook_version_id == small.codebook.id


def test_codings_of_an_earlier_version_still_count(store: Store, small: SmallStudy) -> None:
    code(store, small, small.ada.id, "fit", 0, 5)
    with store.write(small.ada.id) as tx:
        version, _ = add_inductive(tx, small.codebook.id, small.codes["fit"], "New")
    with store.read() as session:
        assert code_counts(session, small.study.id, small.ada.id) == {small.codes["fit"]: 1}
        assert code_counts(session, small.study.id, small.ben.id) == {}
        seen = load_codings(session, small.study.id, version.id, small.ada.id, small.ada.id)
    assert len(seen) == 1


def test_choices_are_a_coders_own(store: Store, small: SmallStudy) -> None:
    with store.write(small.ada.id) as tx:
        choose(tx, small.ada.id, small.codes["fit"], pinned=True)
        choose(tx, small.ada.id, small.codes["fit"], synonyms=[" apt ", "Apt", "", "right  size"])
    with store.read() as session:
        assert choices(session, small.ada.id) == {
            small.codes["fit"]: {"pinned": True, "synonyms": ["apt", "right size"]}
        }
        assert choices(session, small.ben.id) == {}
    with pytest.raises(ParihsError), store.write(small.ada.id) as tx:
        choose(tx, small.ada.id, "nothing", pinned=True)


def test_a_proposal_is_taken_up_or_declined_with_a_reason(store: Store, small: SmallStudy) -> None:
    with store.write(small.ada.id) as tx:
        memo = propose_clarification(tx, small.codes["fit"], "Say what fit is to.")
    with pytest.raises(ParihsError, match="reason"), store.write(small.ben.id) as tx:
        decide_proposal(tx, memo.id, "declined")
    with store.write(small.ben.id) as tx:
        decide_proposal(tx, memo.id, "declined", "It says so.")
    with store.read() as session:
        (found,) = proposals(session, small.study.id)
    assert (found.state, found.decided_by, found.reason) == (
        "declined",
        small.ben.id,
        "It says so.",
    )
    with store.write(small.ben.id) as tx:
        decide_proposal(tx, memo.id, "reopened")
        decide_proposal(tx, memo.id, "took up")
    with store.read() as session:
        assert [each.state for each in proposals(session, small.study.id)] == ["took up"]
