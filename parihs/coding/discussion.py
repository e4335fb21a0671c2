"""Talking about disagreements, and what the talk asks of the codebook.

Remarks and proposed clarifications are memos, so they are searched and exported like every other
memo; the audit trail keeps which codings each remark was about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.adjudication import refuse_blind, written
from parihs.coding.disagreements import Place
from parihs.errors import ParihsError
from parihs.model import Code, Codebook, Event, Memo, Transcript, TranscriptVersion
from parihs.store import Transaction

DISCUSSION = "discussion"
CLARIFICATION = "clarification"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said about a disagreement, and the codings it was said about."""

    memo: Memo
    disagreement_id: str
    coding_ids: frozenset[str]

    def is_about(self, place: Place) -> bool:
        """Whether it belongs to a place: the same one, or one that shares a coding with it.

        So a thread stays with its place when a coding there is added or taken back.
        """
        return self.disagreement_id == place.id or bool(self.coding_ids & place.coding_ids)


@dataclass(frozen=True, slots=True)
class Clarification:
    """A change to a code's definition that somebody proposes, and where it came from."""

    memo: Memo
    code_id: str
    disagreement_id: str | None
    coding_ids: frozenset[str]


def discuss(tx: Transaction, place: Place, text: str) -> Memo:
    """Add a remark to a place's thread, in the name of whoever writes (``tx.actor``).

    Raises ParihsError when the remark is empty, or the transcript is still coded blind.
    """
    version = tx.session.get_one(TranscriptVersion, place.version_id)
    transcript = tx.session.get_one(Transcript, version.transcript_id)
    refuse_blind(tx, transcript)
    memo = Memo(
        study_id=transcript.study_id,
        author=tx.actor,
        kind=DISCUSSION,
        target_type="disagreement",
        target_id=place.id,
        text=written(text, "a remark"),
    )
    return _kept(tx, memo, "discussed", place)


def thread(session: Session, place: Place) -> list[Memo]:
    """Everything said about a place, oldest first."""
    version = session.get_one(TranscriptVersion, place.version_id)
    study_id = session.get_one(Transcript, version.transcript_id).study_id
    return [remark.memo for remark in remarks(session, study_id) if remark.is_about(place)]


def remarks(session: Session, study_id: str) -> list[Remark]:
    """Everything said about disagreements in a study, oldest first."""
    return [
        Remark(memo, memo.target_id, frozenset(data.get("codings", ())))
        for memo, data in _memos(session, study_id, DISCUSSION, "discussed")
    ]


def propose_clarification(
    tx: Transaction, code_id: str, text: str, *, place: Place | None = None
) -> Memo:
    """Propose to make a code's definition clearer, perhaps because of a disagreement.

    The codebook stays as it is; whoever keeps it finds the proposal with ``clarifications``.
    Raises ParihsError when the text is empty or the code is unknown.
    """
    query = select(Codebook.study_id).join(Code).where(Code.id == code_id)
    study_id = tx.session.scalar(query)
    if study_id is None:
        raise ParihsError("This code is not in the study, so nothing was proposed.", "Reload.")
    memo = Memo(
        study_id=study_id,
        author=tx.actor,
        kind=CLARIFICATION,
        target_type="code",
        target_id=code_id,
        text=written(text, "a proposal"),
    )
    return _kept(tx, memo, "proposed", place)


def clarifications(session: Session, study_id: str) -> list[Clarification]:
    """All clarifications proposed in a study, oldest first."""
    return [
        Clarification(
            memo, memo.target_id, data.get("disagreement"), frozenset(data.get("codings", ()))
        )
        for memo, data in _memos(session, study_id, CLARIFICATION, "proposed")
    ]


def _kept(tx: Transaction, memo: Memo, verb: str, place: Place | None) -> Memo:
    tx.session.add(memo)
    tx.session.flush()
    data: dict[str, Any] = {"target": memo.target_id}
    if place is not None:
        data |= {"disagreement": place.id, "codings": sorted(place.coding_ids)}
    tx.record(memo.study_id, verb, "memo", memo.id, data)
    return memo


def _memos(
    session: Session, study_id: str, kind: str, verb: str
) -> list[tuple[Memo, dict[str, Any]]]:
    query = (
        select(Memo, Event.data)
        .join(Event, (Event.object_type == "memo") & (Event.object_id == Memo.id))
        .where(Memo.study_id == study_id, Memo.kind == kind, Event.verb == verb)
        .order_by(Event.seq)
    )
    return [(memo, data) for memo, data in session.execute(query)]
