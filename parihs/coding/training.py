"""Training tests: excerpts a lead picked, coded blind by somebody new, and what decides each.

Nothing of a test enters the study's codings or counts. What is right leaves this module only for
an excerpt that the coder has answered (:func:`feedback`) or for whoever may make tests
(:func:`results`). Excerpts come from released transcripts only, so that no test shows what somebody
codes blind; if a transcript is closed again, its excerpts are not asked until it is released.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from parihs.agreement import cohen_kappa, percent_agreement
from parihs.coding.anchors import anchor
from parihs.coding.visibility import is_open_to
from parihs.errors import ParihsError
from parihs.model import (
    CodeDefinition,
    Coder,
    Event,
    TrainingAnswer,
    TrainingTest,
    Transcript,
    TranscriptVersion,
)
from parihs.model.terms import VALENCES
from parihs.store import Transaction
from parihs.store.roles import VIEWER, MayNotError, why_not
from parihs.store.studies import coders

MOST_EXCERPTS: Final = 60


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An excerpt to ask: code points of a version, the right codes with valences, and why."""

    version_id: str
    start: int
    end: int
    codes: Mapping[str, str]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """An excerpt as it is asked: nothing of what is right."""

    position: int
    version_id: str
    transcript_id: str
    start: int
    end: int
    answered: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    """What came of one answer; code ids in the order of the codebook."""

    position: int
    hits: tuple[str, ...]
    missed: tuple[str, ...]
    extra: tuple[str, ...]
    right: Mapping[str, str]
    """Code id → valence that is right."""
    given: Mapping[str, str]
    why: str


@dataclass(frozen=True, slots=True)
class CodeScore:
    """How one code went over the excerpts answered."""

    code_id: str
    hits: int
    missed: int
    extra: int
    n: int
    percent: float | None
    """Share of the excerpts in which it was given or left out rightly."""
    kappa: float | None
    undefined: str
    """Why there is no kappa; empty where there is."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """How one coder stands in one test."""

    coder_id: str
    name: str
    answered: int
    asked: int
    attempt: int
    """1 for the first time."""
    hits: int
    missed: int
    extra: int
    codes: tuple[CodeScore, ...]


def make_test(
    tx: Transaction,
    study_id: str,
    codebook_version_id: str,
    title: str,
    excerpts: Sequence[Excerpt],
) -> TrainingTest:
    """Save a test. Raises MayNotError for whoever may not, ParihsError for what cannot be asked."""
    _require_maker(tx.session, study_id, tx.actor)
    if not title.strip() or not excerpts:
        raise ParihsError("A test needs a title and an excerpt at least; nothing was saved.", "")
    if len(excerpts) > MOST_EXCERPTS:
        raise ParihsError(
            f"A test asks {MOST_EXCERPTS} excerpts at most; nothing was saved.",
            "Leave some out, or make two tests.",
        )
    query = select(CodeDefinition.code_id).filter_by(codebook_version_id=codebook_version_id)
    known = set(tx.session.scalars(query))
    kept = []
    for each in excerpts:
        version = tx.session.get_one(TranscriptVersion, each.version_id)
        transcript = tx.session.get_one(Transcript, version.transcript_id)
        if transcript.study_id != study_id or not transcript.released:
            raise ParihsError(
                "An excerpt is from a transcript that is not released; nothing was saved.",
                "A test would show what others still code blind. Release it first, on Team.",
            )
        if not set(each.codes) <= known or not set(each.codes.values()) <= VALENCES.keys():
            raise ParihsError("A code is not in the codebook; nothing was saved.", "Reload.")
        place = anchor(tx.session, version, each.start, each.end)
        kept.append(
            {
                "version_id": version.id,
                "start": place.start,
                "end": place.end,
                "codes": dict(each.codes),
                "why": each.why.strip(),
            }
        )
    test = TrainingTest(
        study_id=study_id,
        title=title.strip(),
        codebook_version_id=codebook_version_id,
        author=tx.actor,
        excerpts=kept,
    )
    tx.session.add(test)
    tx.session.flush()
    tx.record(study_id, "added", "training_test", test.id, {"excerpts": len(kept)})
    return test


def withdraw_test(tx: Transaction, test_id: str) -> None:
    """Take a test off the list; its answers stay."""
    test = tx.session.get_one(TrainingTest, test_id)
    _require_maker(tx.session, test.study_id, tx.actor)
    test.withdrawn = True
    tx.record(test.study_id, "withdrew", "training_test", test.id, {})


def restore_test(tx: Transaction, test_id: str) -> None:
    """Put a withdrawn test on the list again, with the answers it had."""
    test = tx.session.get_one(TrainingTest, test_id)
    _require_maker(tx.session, test.study_id, tx.actor)
    if test.withdrawn:
        test.withdrawn = False
        tx.record(test.study_id, "brought back", "training_test", test.id, {})


def training_tests(session: Session, study_id: str) -> list[TrainingTest]:
    """The tests of a study that are not withdrawn, the oldest first.

    They hold what is right: for the server's eyes only.
    """
    return _tests(session, study_id, withdrawn=False)


def withdrawn_tests(session: Session, study_id: str) -> list[TrainingTest]:
    """The tests of a study that were withdrawn, the oldest first; for the server's eyes only."""
    return _tests(session, study_id, withdrawn=True)


def _tests(session: Session, study_id: str, *, withdrawn: bool) -> list[TrainingTest]:
    query = select(TrainingTest).filter_by(study_id=study_id, withdrawn=withdrawn)
    return list(session.scalars(query.order_by(TrainingTest.created_at)))


def why_not_make(session: Session, study_id: str, actor: str) -> str:
    """Why somebody may not make tests and see everybody's results; empty where they may."""
    if not actor:
        return "Say who you are in the side bar."
    return why_not(session, study_id, actor, "training")


def questions(session: Session, test_id: str, coder_id: str) -> list[Question]:
    """What a coder is asked, in order; excerpts of transcripts they would code blind left out."""
    test = session.get_one(TrainingTest, test_id)
    done = _answers(session, test_id, coder_id)
    found = []
    for position, excerpt in enumerate(test.excerpts):
        version = session.get_one(TranscriptVersion, excerpt["version_id"])
        if is_open_to(session, coder_id, version.transcript_id):
            place = (version.id, version.transcript_id, excerpt["start"], excerpt["end"])
            found.append(Question(position, *place, position in done))
    return found


def give_answer(tx: Transaction, test_id: str, position: int, codes: Mapping[str, str]) -> Feedback:
    """Save how the acting coder codes one excerpt, and tell them what is right.

    An excerpt is answered once; to answer again one begins the whole test again. Raises ParihsError
    for an unknown excerpt or code, MayNotError for viewers.
    """
    test = tx.session.get_one(TrainingTest, test_id)
    coder = tx.session.get(Coder, tx.actor)
    if coder is None or coder.study_id != test.study_id or coder.role == VIEWER:
        raise MayNotError("Only coders of this study take its tests.", "Nothing was saved.")
    asked = {each.position: each for each in questions(tx.session, test_id, coder.id)}
    if test.withdrawn or position not in asked:
        raise ParihsError("This excerpt is not asked any more; nothing was saved.", "Reload.")
    if asked[position].answered:
        raise ParihsError(
            "This excerpt is answered already; what is right has been shown.",
            "Begin the test again to code it once more.",
        )
    query = select(CodeDefinition.code_id).filter_by(codebook_version_id=test.codebook_version_id)
    if not set(codes) <= set(tx.session.scalars(query)) or not set(codes.values()) <= set(VALENCES):
        raise ParihsError("A code is not in the codebook; nothing was saved.", "Reload the page.")
    answer = TrainingAnswer(
        test_id=test_id, coder_id=coder.id, position=position, codes=dict(codes)
    )
    tx.session.add(answer)
    tx.session.flush()
    data = {"test": test_id, "position": position, "codes": dict(codes)}
    tx.record(test.study_id, "answered", "training_answer", answer.id, data)
    return _compare(test, position, codes, _order(tx.session, test))


def begin_again(tx: Transaction, test_id: str) -> None:
    """Clear the acting coder's answers; what they were stays in the trail."""
    test = tx.session.get_one(TrainingTest, test_id)
    tx.session.execute(
        delete(TrainingAnswer).where(
            TrainingAnswer.test_id == test_id, TrainingAnswer.coder_id == tx.actor
        )
    )
    tx.record(test.study_id, "began again", "training_answer", test_id, {"test": test_id})


def feedback(session: Session, test_id: str, coder_id: str) -> list[Feedback]:
    """What came of the answers this coder has given; nothing about the other excerpts."""
    test = session.get_one(TrainingTest, test_id)
    order = _order(session, test)
    given = _answers(session, test_id, coder_id)
    asked = {each.position for each in questions(session, test_id, coder_id)}
    return [_compare(test, n, given[n], order) for n in sorted(given) if n in asked]


def sitting(session: Session, test_id: str, coder_id: str) -> Sitting:
    """How one coder stands: scores over what they have answered."""
    test = session.get_one(TrainingTest, test_id)
    coder = session.get_one(Coder, coder_id)
    seen = feedback(session, test_id, coder_id)
    again = select(func.count(Event.seq)).where(
        Event.object_type == "training_answer",
        Event.object_id == test_id,
        Event.actor == coder_id,
    )
    return Sitting(
        coder_id,
        coder.name,
        len(seen),
        len(questions(session, test_id, coder_id)),
        1 + (session.scalar(again) or 0),
        sum(len(each.hits) for each in seen),
        sum(len(each.missed) for each in seen),
        sum(len(each.extra) for each in seen),
        tuple(_score(code, seen) for code in _order(session, test) if _used(code, seen)),
    )


def results(session: Session, test_id: str, viewer_id: str) -> list[Sitting]:
    """Everybody who has begun a test. Raises MayNotError for whoever may not see that."""
    test = session.get_one(TrainingTest, test_id)
    _require_maker(session, test.study_id, viewer_id)
    begun = set(session.scalars(select(TrainingAnswer.coder_id).filter_by(test_id=test_id)))
    people = coders(session, test.study_id)
    return [sitting(session, test_id, person.id) for person in people if person.id in begun]


def _require_maker(session: Session, study_id: str, actor: str) -> None:
    reason = why_not_make(session, study_id, actor)
    if reason:
        raise MayNotError(reason, "Nothing was changed.")


def _answers(session: Session, test_id: str, coder_id: str) -> dict[int, dict[str, Any]]:
    query = select(TrainingAnswer).filter_by(test_id=test_id, coder_id=coder_id)
    return {answer.position: answer.codes for answer in session.scalars(query)}


def _order(session: Session, test: TrainingTest) -> list[str]:
    query = select(CodeDefinition.code_id).filter_by(codebook_version_id=test.codebook_version_id)
    return list(session.scalars(query.order_by(CodeDefinition.position)))


def _compare(
    test: TrainingTest, position: int, given: Mapping[str, str], order: Sequence[str]
) -> Feedback:
    excerpt = test.excerpts[position]
    right = excerpt["codes"]
    return Feedback(
        position,
        tuple(code for code in order if code in right and code in given),
        tuple(code for code in order if code in right and code not in given),
        tuple(code for code in order if code not in right and code in given),
        dict(right),
        dict(given),
        excerpt["why"],
    )


def _used(code: str, seen: Sequence[Feedback]) -> bool:
    return any(code in each.right or code in each.given for each in seen)


def _score(code: str, seen: Sequence[Feedback]) -> CodeScore:
    units = [[code in each.right, code in each.given] for each in seen]
    kappa = cohen_kappa(units)
    return CodeScore(
        code,
        sum(code in each.hits for each in seen),
        sum(code in each.missed for each in seen),
        sum(code in each.extra for each in seen),
        len(seen),
        percent_agreement(units).value,
        kappa.value,
        kappa.undefined or "",
    )
