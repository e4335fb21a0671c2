"""Changing the codebook: nothing coded is lost, nothing is recoded unseen, and two may do it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from parihs.codebook import CodebookFile, CodeEntry, CodeTree
from parihs.codebook.checks import ensure
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
from parihs.coding.recoding import (
    decide_code,
    decide_valence,
    decided,
    recoding_list,
    take_back,
    to_decide,
    waiting,
)
from parihs.coding.trail import excerpt_history
from parihs.coding.undoing import past
from parihs.compare.codings import load_codings
from parihs.errors import ParihsError
from parihs.memos import Target, write_memo
from parihs.model import CodebookVersion, Coding, Memo
from parihs.model import new_id as new_row_id
from parihs.store import Store
from parihs.store.codebooks import codebook_file, definitions, latest_codebook_version
from parihs.store.roles import MayNotError, give_role
from parihs.store.transcripts import release
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


def code(
    store: Store, small: SmallStudy, coder: str, key: str, start: int, end: int, **more: str
) -> str:
    """Code a stretch of the first transcript; the coding's id."""
    coding_id = new_row_id()
    op = {"op_id": new_row_id(), "verb": "code", "coding_id": coding_id, **more}
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


def trees() -> st.SearchStrategy[CodebookFile]:
    """Books of up to eight codes, each below an earlier one or none, in any order of the file."""

    def book(parents: list[int]) -> CodebookFile:
        ids = [f"c{n}" for n in range(len(parents))]
        above = [(*ids[:n], None)[p % (n + 1)] for n, p in enumerate(parents)]
        codes = [CodeEntry(id=i, name=i, parent=a) for i, a in zip(ids, above, strict=True)]
        return CodebookFile("b", "B", codes=tuple(codes))

    made = st.lists(st.integers(0, 50), min_size=1, max_size=8).map(book)
    shuffled = st.tuples(made, st.randoms(use_true_random=False))
    return shuffled.map(
        lambda two: replace(two[0], codes=tuple(two[1].sample(two[0].codes, len(two[0].codes))))
    )


@given(trees(), st.integers(0, 7), st.integers(2, 3), st.integers(0, 2))
@settings(max_examples=80)
def test_splitting_keeps_a_valid_tree_and_all_below_it(
    book: CodebookFile, at: int, many: int, holds: int
) -> None:
    key = book.codes[at % len(book.codes)].id
    parts = [CodeEntry(id=f"p{n}", name=f"P{n}") for n in range(many)]
    if holds >= many:
        with pytest.raises(ParihsError, match="none of the new codes"):
            split(book, key, parts, holds_below=holds)
        return
    before, after = CodeTree(book.codes), split(book, key, parts, holds_below=holds)
    tree = CodeTree(ensure(after).codes)
    assert set(tree.order) == set(before.order) - {key} | {part.id for part in parts}
    assert tree.children(f"p{holds}") == before.children(key)
    assert tree.descendants(f"p{holds}") == before.descendants(key)
    for number in set(range(many)) - {holds}:
        assert tree.children(f"p{number}") == ()
    # Everything else stands where it stood, and the parts stand where the code stood.
    put = [f"p{n}" for n in range(many)]
    row = list(before.children(before.lineage(key)[-2]) if before.depth(key) else before.roots)
    here = list(tree.children(tree.lineage("p0")[-2]) if tree.depth("p0") else tree.roots)
    assert here == [each for old in row for each in (put if old == key else [old])]
    moved = {d.key for d in compare(book, after) if d.kind == "moved"}
    assert moved == set(before.children(key))


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


def test_each_is_asked_for_the_decisions_that_are_theirs(store: Store, small: SmallStudy) -> None:
    places = [(0, 5), (6, 11), (12, 14)]
    mine = [code(store, small, small.ada.id, "help", *place) for place in places]
    code(store, small, small.ben.id, "help", 0, 5)
    code(store, small, small.ada.id, "fit.place", 0, 5, valence="1")
    code(store, small, small.ada.id, "fit.person", 0, 5, valence="-1")
    with store.write(small.ada.id) as tx:
        into = [("People", "by whom"), ("Means", "with what")]
        after = split_code(tx, small.codebook.id, "help", into, "two things")
        version = merge_codes(tx, after.id, "fit.person", "fit.place", "the same")

    def asked(coder: str | None) -> int:
        with store.read() as session:
            lines = recoding_list(session, version.id, coder) if coder else []
            number = to_decide(session, version.id, coder)
            assert number == sum(line.mine for line in lines)
            return number

    assert [asked(small.ada.id), asked(small.ben.id), asked("")] == [4, 1, 0]
    with store.write(small.ada.id) as tx:
        decide_code(tx, mine[0], None)
        release(tx, small.versions[0].transcript_id)
        give_role(tx, small.ben.id, "lead")
    assert [asked(small.ada.id), asked(small.ben.id)] == [3, 4]


def test_a_code_with_codes_below_it_is_split(store: Store, small: SmallStudy) -> None:
    mine = code(store, small, small.ada.id, "fit", 0, 5)
    below = code(store, small, small.ada.id, "fit.person", 6, 11)
    before = state(store)
    with store.write(small.ada.id) as tx:
        version = split_code(
            tx, small.codebook.id, "fit", [("To work", ""), ("To us", "")], "two", holds_below=1
        )
    assert state(store) == before
    with store.read() as session:
        views = definitions(session, version.id)
        assert [(view.name, view.depth) for view in views] == [
            ("To work", 0),
            ("To us", 0),
            ("Place", 1),
            ("Person", 1),
            ("Help", 0),
        ]
        assert [line.coding.id for line in recoding_list(session, version.id, None)] == [mine]
        assert code_counts(session, small.study.id, small.ada.id)[small.codes["fit.person"]] == 1
        assert session.get_one(Coding, below).codebook_version_id == small.codebook.id
    with store.write(small.ada.id) as tx:
        first = split_code(tx, version.id, "to-us", [("P", ""), ("Q", "")], "again")
    with store.read() as session:
        above = {view.name: view.parent_key for view in definitions(session, first.id)}
    assert above["Place"] == above["Person"] == "p"


def merge_both(store: Store, small: SmallStudy) -> CodebookVersion:
    with store.write(small.ben.id) as tx:
        return merge_codes(tx, newest(store, small).id, "fit", "help", "the same")


def one(store: Store, coding_id: str) -> Coding:
    with store.read() as session:
        return session.get_one(Coding, coding_id)


def test_merging_leaves_one_coding_where_there_would_be_two(
    store: Store, small: SmallStudy
) -> None:
    first = code(store, small, small.ada.id, "fit", 0, 5, memo="one", valence="1")
    second = code(store, small, small.ada.id, "help", 0, 5, memo="two", valence="1")
    longer = code(store, small, small.ada.id, "help", 0, 6)
    bens = code(store, small, small.ben.id, "help", 0, 5)
    taken = code(store, small, small.ben.id, "fit", 0, 5)
    send(
        store,
        small,
        small.ben.id,
        {"op_id": new_row_id(), "verb": "uncode", "coding_id": taken},
    )
    with store.write(small.ada.id) as tx:
        target = Target("coding", second)
        memo = write_memo(tx, small.study.id, kind="analytic", target=target, text="a note")
    before = state(store)
    with store.read() as session:
        rev, _ = changes(session, small.ada.id, small.versions[0].id)
    merged = merge_both(store, small)
    help_ = small.codes["help"]
    assert state(store) == {
        first: (help_, False),
        second: (help_, True),
        longer: (help_, False),
        bens: (help_, False),
        taken: (help_, True),
    }
    assert one(store, first).memo == "one\n\ntwo"
    with store.read() as session:
        assert session.get_one(Memo, memo.id).target_id == first
        # Open browsers hear of both, and no rating differed, so nothing waits.
        _, delta = changes(session, small.ada.id, small.versions[0].id, rev)
        assert {each["id"] for each in delta} == {first, second}
        assert waiting(session, merged.id, None) == 0
        kept, folded = (
            excerpt_history(session, each, small.ada.id)[-1].sentence for each in (first, second)
        )
        assert (
            kept == "left one coding of “Shall” as “Help” where merging codes would have left two"
        )
        assert folded.startswith("put “Help” on “Shall” together with the same coding")
        # It is no step of the coder's own, so their undo does not bring two back.
        assert len(past(session, small.ada.id, small.versions[0].id).done) == 3
    with store.write(small.ben.id) as tx:
        undo_merge(tx, merged.id)
    assert state(store) == before
    assert (one(store, first).memo, one(store, second).memo) == ("one", "two")
    with store.read() as session:
        assert session.get_one(Memo, memo.id).target_id == second
        said = excerpt_history(session, second, small.ada.id)[-1].sentence
        assert said == "had “Help” on “Shall” by itself again, as a merging was taken back"


def test_what_was_rated_differently_waits_for_a_person(store: Store, small: SmallStudy) -> None:
    first = code(store, small, small.ada.id, "help", 0, 5, valence="1")
    second = code(store, small, small.ada.id, "fit", 0, 5, valence="-1")
    merged = merge_both(store, small)
    assert (one(store, first).uncoded, one(store, first).valence) == (False, "1")
    assert one(store, second).uncoded
    with store.read() as session:
        (line,) = recoding_list(session, merged.id, small.ada.id)
        assert (line.coding.id, line.mine, line.valences) == (first, True, ("1", "-1"))
        assert recoding_list(session, merged.id, small.ben.id) == []
        assert waiting(session, merged.id, small.ada.id) == 1
        said = excerpt_history(session, first, small.ada.id)[-1].sentence
        assert said.endswith("left two; they were rated differently")
    with pytest.raises(ParihsError, match="another coder"), store.write(small.ben.id) as tx:
        decide_valence(tx, first, "-1")
    with pytest.raises(ParihsError, match="no such rating"), store.write(small.ada.id) as tx:
        decide_valence(tx, first, "9")
    for chosen in ("-1", "1"):
        with store.write(small.ada.id) as tx:
            seq = decide_valence(tx, first, chosen)
        assert one(store, first).valence == chosen
        with store.read() as session:
            assert waiting(session, merged.id, None) == 0
            assert [each.seq for each in decided(session, merged.id, small.ada.id)] == [seq]
            said = excerpt_history(session, first, small.ada.id)[-1].sentence
            assert said.endswith("to constraining" if chosen == "-1" else "it stays enabling")
        with pytest.raises(ParihsError, match="decided"), store.write(small.ada.id) as tx:
            decide_valence(tx, first, "0")
        with store.write(small.ada.id) as tx:
            take_back(tx, seq)
        assert one(store, first).valence == "1"
        with store.read() as session:
            assert waiting(session, merged.id, None) == 1
            assert decided(session, merged.id, None) == []
    with store.write(small.ada.id) as tx:
        seq = decide_code(tx, first, None)
    assert one(store, first).uncoded
    with store.write(small.ada.id) as tx:
        take_back(tx, seq)
    with store.read() as session:
        assert waiting(session, merged.id, None) == 1


def test_a_rating_chosen_in_the_reader_settles_it_until_it_is_undone(
    store: Store, small: SmallStudy
) -> None:
    first = code(store, small, small.ada.id, "help", 0, 5, valence="1")
    code(store, small, small.ada.id, "fit", 0, 5)
    merged = merge_both(store, small)
    change = {"op_id": new_row_id(), "verb": "change", "coding_id": first}
    send(store, small, small.ada.id, {**change, "set": {"valence": "2"}})

    def waits() -> int:
        with store.read() as session:
            return waiting(session, merged.id, small.ada.id)

    assert waits() == 0
    for mark, expected in (("undoes", 1), ("redoes", 0), ("undoes", 1)):
        with store.read() as session:
            steps = past(session, small.ada.id, small.versions[0].id)
        step = (steps.done if mark == "undoes" else steps.undone)[-1]
        for op in step.back if mark == "undoes" else step.forward:
            send(store, small, small.ada.id, {**op, "op_id": new_row_id(), mark: step.id})
        assert waits() == expected


def test_taking_a_merging_back_undoes_what_it_decided_but_not_what_people_did(
    store: Store, small: SmallStudy
) -> None:
    rated = code(store, small, small.ada.id, "help", 0, 5, valence="1")
    other = code(store, small, small.ada.id, "fit", 0, 5, valence="-1")
    gone = code(store, small, small.ada.id, "fit", 6, 11)
    beside = code(store, small, small.ada.id, "help", 6, 11)
    merged = merge_both(store, small)
    with store.write(small.ada.id) as tx:
        decide_valence(tx, rated, "-1")
    uncode = {"op_id": new_row_id(), "verb": "uncode", "coding_id": gone}
    send(store, small, small.ada.id, uncode)
    with store.write(small.ben.id) as tx:
        version = undo_merge(tx, merged.id)
    assert (one(store, rated).valence, one(store, other).valence) == ("1", "-1")
    fit, help_ = small.codes["fit"], small.codes["help"]
    assert state(store) == {
        rated: (help_, False),
        other: (fit, False),
        gone: (fit, True),
        beside: (help_, True),
    }
    with store.read() as session:
        assert recoding_list(session, version.id, None) == []


def test_merging_twice_forgets_no_rating_that_waits(store: Store, small: SmallStudy) -> None:
    code(store, small, small.ada.id, "fit.place", 0, 5, valence="2")
    code(store, small, small.ada.id, "fit.person", 0, 5, valence="1")
    kept = code(store, small, small.ada.id, "help", 0, 5, valence="1")
    with store.write(small.ada.id) as tx:
        first = merge_codes(tx, small.codebook.id, "fit.person", "fit.place", "same")
    with store.write(small.ada.id) as tx:
        second = merge_codes(tx, first.id, "fit.place", "help", "same")
    with store.read() as session:
        (line,) = recoding_list(session, second.id, None)
        assert line.valences == ("2", "1")
    assert sum(not uncoded for _, uncoded in state(store).values()) == 1
    with store.write(small.ada.id) as tx:
        undone = undo_merge(tx, second.id)
    with store.read() as session:
        (line,) = recoding_list(session, undone.id, None)
        assert line.valences == ("2", "1")
    assert not one(store, kept).uncoded


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
