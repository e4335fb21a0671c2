"""Answers to suggestions can be undone: a code that was given, and one that was turned down."""

from __future__ import annotations

from typing import Any

import pytest

from parihs.coding.operations import apply_ops
from parihs.coding.trail import Asked, trail
from parihs.coding.undoing import past
from parihs.errors import ParihsError
from parihs.model import Coding, new_id
from parihs.store import Store
from parihs.store.roles import MayNotError
from parihs.store.transcripts import release
from parihs.suggestions import Answer, last_answer, reject, take_back, turned_down
from tests.support.small_study import SmallStudy

PLACES = ((24, 46), (47, 60))


@pytest.fixture
def open_study(store: Store, small: SmallStudy) -> SmallStudy:
    """The small study, its first transcript released."""
    with store.write("test") as tx:
        release(tx, small.versions[0].transcript_id)
    return small


def send(store: Store, small: SmallStudy, who: str, **op: Any) -> None:
    done = apply_ops(
        store,
        coder_id=who,
        version_id=small.versions[0].id,
        codebook_version_id=small.codebook.id,
        ops=[{"op_id": new_id(), **op}],
    )
    assert done.refused == []


def take(store: Store, small: SmallStudy, place: int = 0, **more: Any) -> str:
    """Ada takes a suggestion; the coding's id."""
    key = new_id()
    start, end = PLACES[place]
    op = {"verb": "code", "coding_id": key, "start": start, "end": end, "code": small.codes["fit"]}
    send(store, small, small.ada.id, **op, **{"suggested": "codes", **more})
    return key


def refuse(store: Store, small: SmallStudy, place: int = 0, who: str = "") -> None:
    with store.write(who or small.ada.id) as tx:
        reject(tx, small.study.id, small.versions[0].id, *PLACES[place], small.codes["fit"])


def undo(store: Store, small: SmallStudy, seq: int, who: str = "") -> Answer:
    with store.write(who or small.ada.id) as tx:
        return take_back(tx, small.study.id, seq)


def last(store: Store, small: SmallStudy) -> Answer | None:
    with store.read() as session:
        return last_answer(session, small.study.id, small.ada.id)


def listed(store: Store, small: SmallStudy, who: str = "") -> list[int]:
    """Where what somebody turned down begins."""
    with store.read() as session:
        found = turned_down(session, small.study.id, who or small.ada.id)
        return [answer.place.start for answer in found]


def test_what_was_turned_down_is_listed_and_put_back(store: Store, open_study: SmallStudy) -> None:
    refuse(store, open_study, 0)
    refuse(store, open_study, 1)
    assert listed(store, open_study) == [47, 24]
    assert listed(store, open_study, open_study.ben.id) == []
    with store.read() as session:
        (_, first) = turned_down(session, open_study.study.id, open_study.ada.id)
    undone = undo(store, open_study, first.seq)
    assert (undone.taken, undone.place.start, undone.code) == (False, 24, open_study.codes["fit"])
    assert listed(store, open_study) == [47]
    with pytest.raises(ParihsError, match="undone already"):
        undo(store, open_study, first.seq)
    refuse(store, open_study, 0)
    assert listed(store, open_study) == [24, 47]


def test_putting_back_reads_as_a_sentence_of_ones_own_trail(
    store: Store, open_study: SmallStudy
) -> None:
    refuse(store, open_study)
    answer = last(store, open_study)
    assert answer is not None
    undo(store, open_study, answer.seq)
    for who, told in ((open_study.ada.id, 1), (open_study.ben.id, 0)):
        with store.read() as session:
            lines = trail(session, open_study.study.id, who, Asked(kind="Suggestions and training"))
        said = [line.sentence for line in lines]
        assert said.count("put back a suggestion in North 1 that was turned down") == told


def test_the_last_answer_is_undone_first_and_then_the_one_before(
    store: Store, open_study: SmallStudy
) -> None:
    assert last(store, open_study) is None
    taken = take(store, open_study, 0)
    refuse(store, open_study, 1)
    newest = last(store, open_study)
    assert newest is not None
    assert (newest.taken, newest.place.start) == (False, 47)
    undo(store, open_study, newest.seq)
    before = last(store, open_study)
    assert before is not None
    assert (before.taken, before.place.start) == (True, 24)
    undo(store, open_study, before.seq)
    assert last(store, open_study) is None
    with store.read() as session:
        assert session.get_one(Coding, taken).uncoded
    with pytest.raises(ParihsError, match="undone already"):
        undo(store, open_study, before.seq)


def test_the_reader_can_do_again_what_was_undone_here(store: Store, open_study: SmallStudy) -> None:
    taken = take(store, open_study)
    answer = last(store, open_study)
    assert answer is not None
    undo(store, open_study, answer.seq)
    version = open_study.versions[0].id
    with store.read() as session:
        steps = past(session, open_study.ada.id, version)
    assert steps.done == []
    (step,) = steps.undone
    for op in step.forward:
        send(store, open_study, open_study.ada.id, **op, redoes=step.id)
    with store.read() as session:
        assert not session.get_one(Coding, taken).uncoded
    again = last(store, open_study)
    assert again is not None
    assert again.seq == answer.seq
    undo(store, open_study, again.seq)
    with store.read() as session:
        assert session.get_one(Coding, taken).uncoded


def test_a_coding_worked_on_since_is_not_taken_away_unseen(
    store: Store, open_study: SmallStudy
) -> None:
    taken = take(store, open_study)
    change = {"verb": "change", "coding_id": taken, "set": {"memo": "look again"}}
    send(store, open_study, open_study.ada.id, **change)
    assert last(store, open_study) is None


def test_ordinary_codings_and_answers_of_others_are_not_undone_here(
    store: Store, open_study: SmallStudy
) -> None:
    take(store, open_study, suggested="")
    assert last(store, open_study) is None
    with store.read() as session:
        (line, *_) = trail(session, open_study.study.id, open_study.ada.id)
    with pytest.raises(MayNotError):
        undo(store, open_study, line.seq)
    take(store, open_study, 1)
    answer = last(store, open_study)
    assert answer is not None
    with pytest.raises(MayNotError):
        undo(store, open_study, answer.seq, open_study.ben.id)
    with pytest.raises(MayNotError):
        undo(store, open_study, 10**9)


def test_nothing_is_listed_or_put_back_where_one_codes_blind_again(
    store: Store, open_study: SmallStudy
) -> None:
    refuse(store, open_study)
    answer = last(store, open_study)
    assert answer is not None
    with store.write("test") as tx:
        release(tx, open_study.versions[0].transcript_id, False)
    assert listed(store, open_study) == []
    assert last(store, open_study) is None
    with pytest.raises(MayNotError):
        undo(store, open_study, answer.seq)
