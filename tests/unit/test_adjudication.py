"""Adjudication: decisions stand beside the codings, can be reopened, and make the consensus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from parihs.coding import apply_ops
from parihs.coding.adjudication import Settled, reopen, settle, settlements
from parihs.coding.consensus import Span, shared_spans
from parihs.coding.disagreements import Place
from parihs.coding.discussion import (
    clarifications,
    discuss,
    propose_clarification,
    thread,
)
from parihs.coding.queue import Queue, adjudication_queue
from parihs.coding.settled import ConsensusSpan, consensus, load_decisions
from parihs.errors import ParihsError
from parihs.model import Coder, Coding, Event, Settlement, new_id, utc_now
from parihs.store import Store
from parihs.store.studies import add_coder
from parihs.store.transcripts import release
from tests.support.small_study import SmallStudy, make_small_study

FIRST = (24, 45)
"""“It does not fit here.”"""
WHOLE = (24, 59)
"""“It does not fit here. It never has.”"""


@dataclass
class Team:
    """Coders at work on the first transcript of the small study."""

    store: Store
    study: SmallStudy
    cleo: Coder
    made: dict[str, str] = field(default_factory=dict)

    def op(self, coder: Coder, verb: str, coding_id: str, **more: Any) -> None:
        op = {"op_id": new_id(), "verb": verb, "coding_id": coding_id, **more}
        result = apply_ops(
            self.store,
            coder_id=coder.id,
            version_id=self.study.versions[0].id,
            codebook_version_id=self.study.codebook.id,
            ops=[op],
        )
        assert not result.refused

    def code(self, coder: Coder, code: str, place: tuple[int, int], valence: str = "1") -> str:
        coding_id = new_id()
        start, end = place
        code_id = self.study.codes[code]
        self.op(coder, "code", coding_id, start=start, end=end, code=code_id, valence=valence)
        return coding_id

    def queue(self, viewer_id: str | None = None, **more: Any) -> Queue:
        study = self.study
        with self.store.read() as session:
            return adjudication_queue(
                session, study.study.id, study.codebook.id, viewer_id=viewer_id, **more
            )

    def place(self) -> Place:
        (item,) = self.queue().items
        assert item.place is not None
        return item.place

    def settle(self, outcome: str, **more: Any) -> Settlement:
        with self.store.write(self.study.ada.id) as tx:
            return settle(tx, self.place(), outcome=outcome, reason="we talked", **more)

    def reopen(self, settlement: Settlement) -> None:
        with self.store.write("lead") as tx:
            reopen(tx, settlement.id, "new evidence")

    def settled(self, **more: Any) -> list[Settled]:
        with self.store.read() as session:
            return settlements(session, self.study.study.id, **more)

    def consensus(self) -> list[tuple[str, int, int, str, bool]]:
        """Code key, stretch, valence and whether it was decided."""
        keys = {code_id: key for key, code_id in self.study.codes.items()}
        return [
            (keys[s.code_id], s.start, s.end, s.valence, bool(s.settlement_ids))
            for s in self.consensus_spans()
        ]

    def consensus_spans(self) -> list[ConsensusSpan]:
        with self.store.read() as session:
            rows = session.scalars(select(Coding).where(Coding.uncoded.is_(False)))
            spans = [
                Span(c.id, c.version_id, c.code_id, c.coder_id, c.start, c.end, c.valence)
                for c in rows
            ]
            return consensus(spans, session.scalars(select(Settlement)))


def team_on(store: Store) -> Team:
    small = make_small_study(store)
    with store.write("lead") as tx:
        cleo = add_coder(tx, small.study.id, key="cleo", name="Cleo")
        release(tx, small.versions[0].transcript_id)
    return Team(store, small, cleo)


@pytest.fixture
def team(store: Store) -> Team:
    return team_on(store)


@pytest.fixture
def any_team(any_store: Store) -> Team:
    return team_on(any_store)


def two_codes(team: Team) -> tuple[str, str]:
    """Ada and Ben name one statement in two ways."""
    return (
        team.code(team.study.ada, "fit.place", FIRST, "-1"),
        team.code(team.study.ben, "help", WHOLE, "-2"),
    )


def test_a_disagreement_is_settled_and_the_codings_stay(any_team: Team) -> None:
    team = any_team
    ada_coding, ben_coding = two_codes(team)
    before = everything(team)
    assert team.consensus() == []
    settlement = team.settle(f"coder:{team.study.ben.id}")
    assert everything(team) == before
    (item,) = team.queue().items
    assert (item.state, item.kind) == ("settled", "different code")
    assert [each.settlement.id for each in item.settlements] == [settlement.id]
    assert team.consensus() == [("help", *WHOLE, "-2", True)]
    (span,) = team.consensus_spans()
    assert set(span.coding_ids) == {ada_coding, ben_coding}
    (kept,) = team.settled()
    assert (kept.settlement.reason, kept.settlement.decided_by) == ("we talked", team.study.ada.id)
    assert not kept.stale
    with team.store.read() as session:
        event = session.scalars(select(Event).where(Event.verb == "settled")).one()
    assert (event.object_id, event.actor) == (settlement.id, team.study.ada.id)
    assert event.seq == kept.settlement.rev
    assert event.data["codings"] == sorted([ada_coding, ben_coding])


def everything(team: Team) -> list[tuple[Any, ...]]:
    with team.store.read() as session:
        rows = session.scalars(select(Coding).order_by(Coding.id))
        return [(c.id, c.code_id, c.start, c.end, c.valence, c.uncoded, c.rev) for c in rows]


def test_outcomes(team: Team) -> None:
    two_codes(team)
    both = team.settle("both")
    assert team.consensus() == [
        ("fit.place", *FIRST, "-1", True),
        ("help", *WHOLE, "-2", True),
    ]
    team.reopen(both)
    neither = team.settle("neither")
    assert team.consensus() == []
    team.reopen(neither)
    fit = {"start": FIRST[0], "end": FIRST[1], "code_id": team.study.codes["fit"], "valence": "0"}
    team.settle("edited", result=[fit])
    assert team.consensus() == [("fit", *FIRST, "0", True)]


def test_taking_both_sides_of_a_boundary_gives_the_code_once(team: Team) -> None:
    team.code(team.study.ada, "help", FIRST, "-1")
    team.code(team.study.ben, "help", WHOLE, "2")
    assert team.consensus() == [("help", *FIRST, "mixed", False)]
    team.settle("both")
    assert team.consensus() == [("help", *WHOLE, "mixed", True)]


def test_taking_the_side_of_who_coded_nothing_leaves_nothing(team: Team) -> None:
    team.code(team.study.ada, "help", FIRST)
    agreed = [team.code(coder, "fit", (60, 70)) for coder in (team.study.ada, team.study.ben)]
    settlement = team.settle(f"coder:{team.study.ben.id}")
    assert settlement.result == []
    assert [span[0] for span in team.consensus()] == ["fit"]
    assert {c for span in team.consensus_spans() for c in span.coding_ids} == set(agreed)


def test_reopening_and_settling_again_keeps_both_rows(any_team: Team) -> None:
    team = any_team
    two_codes(team)
    first = team.settle("both")
    with pytest.raises(ParihsError, match="settled before"):
        team.settle("neither")
    team.reopen(first)
    assert team.queue().n_open == 1
    assert team.consensus() == []
    second = team.settle("neither")
    with pytest.raises(ParihsError, match="already been reopened"):
        team.reopen(first)
    assert [each.settlement.id for each in team.settled()] == [second.id]
    history = [each.settlement for each in team.settled(reopened=True)]
    assert [s.id for s in history] == [first.id, second.id]
    assert (history[0].reopened_because, history[0].outcome) == ("new evidence", "both")
    with team.store.read() as session:
        verbs = select(Event.verb).where(Event.object_type == "settlement").order_by(Event.seq)
        assert list(session.scalars(verbs)) == ["settled", "reopened", "settled"]


def test_a_decision_about_a_changed_coding_is_stale_but_holds(any_team: Team) -> None:
    team = any_team
    coding, _ = two_codes(team)
    team.settle("both")
    before = team.consensus()
    team.op(team.study.ada, "change", coding, set={"memo": "only a thought"})
    assert team.queue().n_stale == 0
    team.op(team.study.ada, "change", coding, set={"valence": "2"})
    (seen,) = team.settled()
    assert (seen.changed, seen.taken_back, seen.stale) == ((coding,), (), True)
    (item,) = team.queue().items
    assert item.state == "stale"
    assert team.consensus() == before
    team.op(team.study.ada, "change", coding, set={"valence": "-1"})
    assert team.queue().n_stale == 0


def test_a_decision_whose_disagreement_has_gone_is_still_listed(team: Team) -> None:
    ada_coding, ben_coding = two_codes(team)
    settlement = team.settle("both")
    for coder, coding in ((team.study.ada, ada_coding), (team.study.ben, ben_coding)):
        team.op(coder, "uncode", coding)
    (item,) = team.queue().items
    assert (item.state, item.place, item.kind) == ("stale", None, "different code")
    assert set(item.settlements[0].taken_back) == {ada_coding, ben_coding}
    team.reopen(settlement)
    assert team.queue().items == ()


def test_a_newcomers_coding_opens_the_place_again(team: Team) -> None:
    two_codes(team)
    settlement = team.settle("both")
    team.code(team.cleo, "help", WHOLE)
    (item,) = team.queue().items
    assert item.state == "open"
    assert [each.settlement.id for each in item.settlements] == [settlement.id]
    pair = [team.study.ada.id, team.study.ben.id]
    (item,) = team.queue(coder_ids=pair).items
    assert item.state == "settled"


def test_deciding_about_what_has_just_changed_is_refused(any_team: Team) -> None:
    team = any_team
    coding, _ = two_codes(team)
    seen = team.place()
    team.op(team.study.ada, "change", coding, set={"end": FIRST[1] - 1})
    with (
        pytest.raises(ParihsError, match="while you were deciding"),
        team.store.write("lead") as tx,
    ):
        settle(tx, seen, outcome="both", reason="too late")
    assert team.settled() == []


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        ("coder:nobody", []),
        ("", []),
        ("edited", []),
        ("edited", [{"start": 0}]),
        ("edited", [{"start": 0, "end": 9999, "code_id": "x", "valence": "1"}]),
        ("edited", [{"start": 0, "end": 5, "code_id": "no such code", "valence": "1"}]),
        ("edited", [{"start": 0, "end": 5, "code_id": "x", "valence": "9"}]),
    ],
)
def test_an_outcome_without_sense_is_refused(team: Team, outcome: str, result: list[Any]) -> None:
    two_codes(team)
    with pytest.raises(ParihsError):
        team.settle(outcome, result=result)
    assert team.settled() == []


def test_a_decision_needs_a_reason(team: Team) -> None:
    two_codes(team)
    place = team.place()
    with pytest.raises(ParihsError, match="reason"), team.store.write("lead") as tx:
        settle(tx, place, outcome="both", reason="  ")


def test_nothing_is_shown_or_settled_while_coders_are_blind(any_team: Team) -> None:
    team = any_team
    two_codes(team)
    place = team.place()
    settlement = team.settle("both")
    transcript_id = team.study.versions[0].transcript_id
    with team.store.write("lead") as tx:
        release(tx, transcript_id, released=False)
    ada = team.study.ada.id
    blind = team.queue(ada)
    assert blind.items == ()
    assert blind.left_out[transcript_id] == "not released"
    assert team.settled(viewer_id=ada) == []
    with team.store.read() as session:
        hidden = load_decisions(session, team.study.study.id, viewer_id=ada)
        shown = load_decisions(session, team.study.study.id)
    assert (hidden.covered, hidden.results) == (frozenset(), ())
    assert shown.covered == place.coding_ids
    assert team.queue().n_settled == 1
    with pytest.raises(ParihsError, match="blind"), team.store.write(ada) as tx:
        reopen(tx, settlement.id, "I should not")
    team.reopen(settlement)
    with pytest.raises(ParihsError, match="blind"), team.store.write(ada) as tx:
        settle(tx, place, outcome="both", reason="I should not")
    with team.store.write("someone outside") as tx:
        settle(tx, place, outcome="both", reason="by whoever holds the study")


def test_a_coder_who_has_not_read_it_does_not_disagree(team: Team) -> None:
    team.code(team.study.ada, "help", FIRST)
    queue = team.queue()
    assert queue.items == ()
    transcripts = [version.transcript_id for version in team.study.versions]
    assert queue.left_out == dict.fromkeys(transcripts, "fewer than two coders")
    coding = team.code(team.study.ben, "fit", FIRST)
    team.op(team.study.ben, "uncode", coding)
    (item,) = team.queue().items
    assert item.kind == "one coded"


def test_the_queue_counts_by_kind_level_and_transcript(team: Team) -> None:
    ada, ben = team.study.ada, team.study.ben
    team.code(ada, "fit.place", FIRST)
    team.code(ben, "fit.person", FIRST)
    team.code(ada, "help", (60, 70))
    team.code(ada, "fit", (0, 5))
    team.code(ben, "fit", (0, 5))
    queue = team.queue()
    assert (queue.n_open, queue.n_agreed) == (2, 1)
    assert queue.counts()["different code"] == {"open": 1, "settled": 0, "stale": 0}
    assert [item.start for item in queue.items] == [24, 60]
    assert (team.queue(level="construct").n_open, team.queue(level="construct").n_agreed) == (1, 2)
    assert team.queue(transcript_ids=[team.study.versions[1].transcript_id]).items == ()
    with team.store.read() as session, pytest.raises(ParihsError, match="codebook"):
        adjudication_queue(session, team.study.study.id, "no such version")


def test_a_thread_stays_with_its_place(any_team: Team) -> None:
    team = any_team
    two_codes(team)
    place = team.place()
    with team.store.write(team.study.ada.id) as tx:
        discuss(tx, place, "Is this about the place or about help?")
    with team.store.write(team.study.ben.id) as tx:
        discuss(tx, place, "The place, now that you ask.")
    team.code(team.cleo, "help", WHOLE)
    changed = team.place()
    assert changed.id != place.id
    with team.store.read() as session:
        said = thread(session, changed)
    assert [memo.author for memo in said] == [team.study.ada.id, team.study.ben.id]
    assert [item.n_remarks for item in team.queue().items] == [2]
    team.code(team.study.ada, "fit", (60, 70))
    elsewhere = team.queue().items[-1].place
    assert elsewhere is not None
    with team.store.read() as session:
        assert thread(session, elsewhere) == []
    with pytest.raises(ParihsError, match="remark"), team.store.write("x") as tx:
        discuss(tx, place, " ")


def test_a_clarification_goes_to_the_code(any_team: Team) -> None:
    team = any_team
    two_codes(team)
    place = team.place()
    code_id = team.study.codes["help"]
    with team.store.write(team.study.ben.id) as tx:
        propose_clarification(tx, code_id, "Say that advice counts as help.", place=place)
        propose_clarification(tx, code_id, "And give an example.")
    with team.store.read() as session:
        first, second = clarifications(session, team.study.study.id)
    assert (first.code_id, first.disagreement_id) == (code_id, place.id)
    assert first.coding_ids == place.coding_ids
    assert (second.memo.text, second.disagreement_id) == ("And give an example.", None)
    with pytest.raises(ParihsError, match="code"), team.store.write("x") as tx:
        propose_clarification(tx, "no such code", "Text")


def made_settlement(number: int, codings: list[Span], result: list[dict[str, Any]]) -> Settlement:
    return Settlement(
        id=f"s{number}",
        study_id="study",
        transcript_id="t",
        version_id="v",
        disagreement_id=f"d{number}",
        kind="one coded",
        start=0,
        end=1,
        codings=[{"id": span.id, "coder_id": span.coder_id} for span in codings],
        outcome="edited",
        result=result,
        reason="r",
        decided_by="x",
    )


@st.composite
def studies(draw: st.DrawFn) -> tuple[list[Span], list[Settlement]]:
    def stretch() -> tuple[int, int]:
        start = draw(st.integers(0, 30))
        return start, start + draw(st.integers(1, 12))

    spans = [
        Span(
            str(n), "v", draw(st.sampled_from("xy")), draw(st.sampled_from("abc")), *stretch(), "1"
        )
        for n in range(draw(st.integers(0, 12)))
    ]
    made, free = [], list(spans)
    for number in range(draw(st.integers(0, 3))):
        covered = [free.pop() for _ in range(min(len(free), draw(st.integers(1, 3))))]
        result = []
        for _ in range(draw(st.integers(0, 2))):
            start, end = stretch()
            code = draw(st.sampled_from("xy"))
            result.append({"start": start, "end": end, "code_id": code, "valence": "-1"})
        settlement = made_settlement(number, covered, result)
        if draw(st.booleans()):
            settlement.reopened_at = utc_now()
        made.append(settlement)
    return spans, made


@given(studies(), st.integers(2, 3))
def test_the_consensus_is_agreement_of_the_rest_and_what_was_decided(
    study: tuple[list[Span], list[Settlement]], at_least: int
) -> None:
    spans, made = study
    found = consensus(spans, made, at_least=at_least)
    force = [settlement for settlement in made if settlement.reopened_at is None]
    covered = {coding["id"] for settlement in force for coding in settlement.codings}
    for code in "xy":
        expected = {
            position
            for position in range(50)
            if len(
                {
                    s.coder_id
                    for s in spans
                    if s.id not in covered and s.code_id == code and s.start <= position < s.end
                }
            )
            >= at_least
        } | {
            position
            for settlement in force
            for item in settlement.result
            if item["code_id"] == code
            for position in range(item["start"], item["end"])
        }
        got = [p for s in found if s.code_id == code for p in range(s.start, s.end)]
        assert sorted(got) == sorted(expected)
    for span in found:
        behind = [settlement for settlement in force if settlement.id in span.settlement_ids]
        ids = {coding["id"] for settlement in behind for coding in settlement.codings}
        assert covered & set(span.coding_ids) == ids


def test_decisions_that_touch_or_overlap_are_one_stretch_of_their_code() -> None:
    def decided(number: int, start: int, end: int, valence: str) -> Settlement:
        result = [{"start": start, "end": end, "code_id": "x", "valence": valence}]
        return made_settlement(number, [], result)

    (one, other) = consensus(
        [], [decided(1, 0, 5, "1"), decided(2, 5, 9, "-1"), decided(3, 10, 12, "2")]
    )
    assert (one.start, one.end, one.valence, one.settlement_ids) == (0, 9, "mixed", ("s1", "s2"))
    assert (other.start, other.end, other.valence) == (10, 12, "2")


@given(studies())
def test_without_decisions_the_consensus_is_what_coders_share(
    study: tuple[list[Span], list[Settlement]],
) -> None:
    spans, _ = study
    plain = [(s.start, s.end, s.code_id, s.valence, s.coding_ids) for s in shared_spans(spans)]
    found = [(s.start, s.end, s.code_id, s.valence, s.coding_ids) for s in consensus(spans, [])]
    assert found == plain
