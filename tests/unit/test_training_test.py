"""Training tests: right answers stay on the server until answered; nothing enters the study."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from parihs.coding import apply_ops
from parihs.coding.trail import trail
from parihs.coding.training import (
    Excerpt,
    begin_again,
    feedback,
    give_answer,
    make_test,
    questions,
    restore_test,
    results,
    sitting,
    training_tests,
    withdraw_test,
    withdrawn_tests,
)
from parihs.coding.training_picks import OWN, TEAM, picks
from parihs.errors import ParihsError
from parihs.model import Coding, Event, TrainingTest, new_id
from parihs.store import Store
from parihs.store.roles import MayNotError, give_role
from parihs.store.transcripts import release
from tests.support.small_study import SmallStudy

PLACES = [(0, 11), (23, 41), (42, 56)]


@pytest.fixture
def the_test(store: Store, small: SmallStudy) -> str:
    """Ada leads and asks three excerpts of the first, released, transcript."""
    codes = small.codes
    right = [{"fit": "1"}, {"fit": "-1", "help": "unrated"}, {}]
    with store.write("test") as tx:
        give_role(tx, small.ada.id, "lead")
        release(tx, small.versions[0].transcript_id)
    excerpts = [
        Excerpt(small.versions[0].id, *place, {codes[k]: v for k, v in given.items()}, "Since.")
        for place, given in zip(PLACES, right, strict=True)
    ]
    with store.write(small.ada.id) as tx:
        return make_test(tx, small.study.id, small.codebook.id, "First", excerpts).id


def test_questions_hold_nothing_of_what_is_right(
    store: Store, small: SmallStudy, the_test: str
) -> None:
    with store.read() as session:
        asked = questions(session, the_test, small.ben.id)
        assert [(each.start, each.end, each.answered) for each in asked] == [
            (*place, False) for place in PLACES
        ]
        assert feedback(session, the_test, small.ben.id) == []
    said = repr(asked)
    assert not [code for code in small.codes.values() if code in said]
    assert "Since" not in said


def test_an_answer_shows_what_is_right_for_that_excerpt_only(
    store: Store, small: SmallStudy, the_test: str
) -> None:
    fit, help_, place = (small.codes[key] for key in ("fit", "help", "fit.place"))
    with store.write(small.ben.id) as tx:
        said = give_answer(tx, the_test, 1, {fit: "-1", place: "unrated"})
    assert (said.hits, said.missed, said.extra) == ((fit,), (help_,), (place,))
    assert said.why == "Since."
    with store.read() as session:
        assert [each.position for each in feedback(session, the_test, small.ben.id)] == [1]
        assert [e.answered for e in questions(session, the_test, small.ben.id)] == [0, 1, 0]
    with pytest.raises(ParihsError, match="answered already"), store.write(small.ben.id) as tx:
        give_answer(tx, the_test, 1, {fit: "-1", help_: "unrated"})


def test_scores_count_by_hand(store: Store, small: SmallStudy, the_test: str) -> None:
    fit, help_ = small.codes["fit"], small.codes["help"]
    for position, given in enumerate([{fit: "1"}, {fit: "1"}, {help_: "0"}]):
        with store.write(small.ben.id) as tx:
            give_answer(tx, the_test, position, given)
    with store.read() as session:
        mine = sitting(session, the_test, small.ben.id)
        (seen,) = results(session, the_test, small.ada.id)
        with pytest.raises(MayNotError):
            results(session, the_test, small.ben.id)
    assert seen == mine
    assert (mine.answered, mine.hits, mine.missed, mine.extra) == (3, 2, 1, 1)
    scores = {each.code_id: each for each in mine.codes}
    assert (scores[fit].hits, scores[fit].percent, scores[fit].kappa) == (2, 1.0, 1.0)
    # right: no, yes, no; given: no, no, yes: Po = 1/3, Pe = 5/9
    assert scores[help_].kappa == pytest.approx(-0.5)
    assert (scores[help_].missed, scores[help_].extra, scores[help_].n) == (1, 1, 3)


def test_it_can_be_done_again_and_the_first_time_stays_in_the_trail(
    store: Store, small: SmallStudy, the_test: str
) -> None:
    with store.write(small.ben.id) as tx:
        give_answer(tx, the_test, 0, {})
    with store.write(small.ben.id) as tx:
        begin_again(tx, the_test)
    with store.read() as session:
        mine = sitting(session, the_test, small.ben.id)
        kept = session.scalar(select(Event.data).filter_by(verb="answered"))
    assert (mine.answered, mine.attempt) == (0, 2)
    assert kept == {"test": the_test, "position": 0, "codes": {}}


def test_nothing_enters_the_codings(store: Store, small: SmallStudy, the_test: str) -> None:
    with store.write(small.ben.id) as tx:
        give_answer(tx, the_test, 0, {small.codes["fit"]: "1"})
    with store.read() as session:
        assert session.scalar(select(func.count(Coding.id))) == 0


def test_only_a_lead_makes_and_withdraws(store: Store, small: SmallStudy, the_test: str) -> None:
    excerpt = Excerpt(small.versions[0].id, 0, 5, {})
    with pytest.raises(MayNotError), store.write(small.ben.id) as tx:
        make_test(tx, small.study.id, small.codebook.id, "Mine", [excerpt])
    with pytest.raises(MayNotError), store.write(small.ben.id) as tx:
        withdraw_test(tx, the_test)
    with store.write(small.ada.id) as tx:
        withdraw_test(tx, the_test)
    with store.read() as session:
        assert training_tests(session, small.study.id) == []
        assert session.get_one(TrainingTest, the_test).withdrawn
    with pytest.raises(ParihsError, match="not asked any more"), store.write(small.ben.id) as tx:
        give_answer(tx, the_test, 0, {})
    with pytest.raises(MayNotError), store.write(small.ben.id) as tx:
        restore_test(tx, the_test)
    with store.read() as session:
        assert [test.id for test in withdrawn_tests(session, small.study.id)] == [the_test]
    with store.write(small.ada.id) as tx:
        restore_test(tx, the_test)
    with store.read() as session:
        assert [test.id for test in training_tests(session, small.study.id)] == [the_test]
        assert withdrawn_tests(session, small.study.id) == []
        assert "brought back the training test" in trail(session, small.study.id, None)[0].sentence


def test_a_test_never_shows_what_is_coded_blind(
    store: Store, small: SmallStudy, the_test: str
) -> None:
    closed = Excerpt(small.versions[1].id, 0, 5, {})
    with (
        pytest.raises(ParihsError, match="not released"),
        store.write(small.ada.id) as tx,
    ):
        make_test(tx, small.study.id, small.codebook.id, "Closed", [closed])
    with store.write(small.ben.id) as tx:
        give_answer(tx, the_test, 0, {})
    with store.write("test") as tx:
        release(tx, small.versions[0].transcript_id, False)
    with store.read() as session:
        assert questions(session, the_test, small.ben.id) == []
        assert feedback(session, the_test, small.ben.id) == []


def test_picks_are_own_codings_or_what_two_agree_on(store: Store, small: SmallStudy) -> None:
    fit, help_ = small.codes["fit"], small.codes["help"]
    given = [(small.ada.id, 0, 11, fit), (small.ben.id, 0, 11, fit), (small.ada.id, 23, 41, help_)]
    for coder, start, end, code in given:
        done = apply_ops(
            store,
            coder_id=coder,
            version_id=small.versions[0].id,
            codebook_version_id=small.codebook.id,
            ops=[
                {
                    "op_id": new_id(),
                    "coding_id": new_id(),
                    "verb": "code",
                    "start": start,
                    "end": end,
                    "code": code,
                }
            ],
        )
        assert not done.refused
    with store.read() as session:
        assert picks(session, small.study.id, small.ada.id, TEAM) == []
    with store.write("test") as tx:
        release(tx, small.versions[0].transcript_id)
    with store.read() as session:
        team = picks(session, small.study.id, small.ada.id, TEAM)
        own = picks(session, small.study.id, small.ada.id, OWN)
    assert [(each.start, each.end, dict(each.codes)) for each in team] == [
        (0, 11, {fit: "unrated"})
    ]
    assert [list(each.codes) for each in own] == [[fit], [help_]]
