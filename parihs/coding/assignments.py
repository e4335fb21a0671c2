"""Who codes what, who may code what, and who has read a transcript to its end.

Until anything is assigned in a study, everybody but viewers may code everything. From the first
assignment on, each coder codes what is assigned to them, leads included. An assignment is
withdrawn, never deleted; what was coded under it stays. All of it is in the audit trail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import Assignment, Coder, Transcript, utc_now
from parihs.store import Transaction
from parihs.store.roles import CODER, LEAD, VIEWER, MayNotError
from parihs.store.studies import coders
from parihs.store.transcripts import transcripts

CODES: frozenset[str] = frozenset({LEAD, CODER})
"""Roles that code."""


def anything_assigned(session: Session, study_id: str) -> bool:
    """Whether somebody has said who codes what in this study."""
    query = select(Assignment.id).filter_by(study_id=study_id, withdrawn=False).limit(1)
    return session.scalar(query) is not None


def assigned(session: Session, study_id: str) -> dict[str, list[str]]:
    """Transcript id → ids of the coders it is assigned to, by key."""
    query = (
        select(Assignment.transcript_id, Assignment.coder_id)
        .join(Coder, Coder.id == Assignment.coder_id)
        .where(Assignment.study_id == study_id, Assignment.withdrawn.is_(False))
        .order_by(Coder.key)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for transcript_id, coder_id in session.execute(query):
        found[transcript_id].append(coder_id)
    return dict(found)


def why_not_code(session: Session, coder_id: str, transcript_id: str) -> str:
    """Why somebody may not code a transcript, as a sentence; empty where they may."""
    if not coder_id:
        return "Nobody is chosen as the coder. Say who you are in the side bar."
    coder = session.get(Coder, coder_id)
    transcript = session.get(Transcript, transcript_id)
    if coder is None or transcript is None or coder.study_id != transcript.study_id:
        return "This coder does not belong to this study."
    if coder.role not in CODES:
        return f"{coder.name} is a viewer in this study, and viewers do not code."
    if not anything_assigned(session, coder.study_id):
        return ""
    query = select(Assignment.id).filter_by(
        transcript_id=transcript_id, coder_id=coder_id, withdrawn=False
    )
    if session.scalar(query) is None:
        return f"This transcript is not assigned to {coder.name}. A lead assigns it on Team."
    return ""


def require_coding(session: Session, coder_id: str, transcript_id: str) -> None:
    """Raise MayNotError with the reason of :func:`why_not_code`, if there is one."""
    reason = why_not_code(session, coder_id, transcript_id)
    if reason:
        raise MayNotError(reason, "What is not saved yet stays on the computer it was coded on.")


def assign(
    tx: Transaction, study_id: str, wanted: Mapping[str, Collection[str]]
) -> list[tuple[str, str]]:
    """Make ``wanted`` (transcript id → coder ids) the assignments of those transcripts.

    Transcripts that are not named stay as they are. Gives the (transcript, coder) pairs that
    changed. Raises ParihsError for a transcript or coder of another study and for a viewer, and
    MayNotError where only a lead assigns.
    """
    people = {coder.id: coder for coder in coders(tx.session, study_id)}
    known = {transcript.id for transcript in transcripts(tx.session, study_id)}
    changed = []
    for transcript_id, coder_ids in wanted.items():
        if transcript_id not in known or not set(coder_ids) <= people.keys():
            raise ParihsError("This is not in the study; nothing was assigned.", "Reload the page.")
        for coder_id in people:
            if _set(tx, study_id, transcript_id, people[coder_id], coder_id in coder_ids):
                changed.append((transcript_id, coder_id))
    return changed


def _set(tx: Transaction, study_id: str, transcript_id: str, coder: Coder, wanted: bool) -> bool:
    row = _row(tx.session, transcript_id, coder.id)
    if wanted == (row is not None and not row.withdrawn):
        return False
    if wanted and coder.role == VIEWER:
        raise ParihsError(
            f"{coder.name} is a viewer and does not code; nothing was assigned.",
            "Make them a coder first.",
        )
    if row is None:
        row = Assignment(
            study_id=study_id,
            transcript_id=transcript_id,
            coder_id=coder.id,
            assigned_by=tx.actor,
        )
        tx.session.add(row)
    row.withdrawn = not wanted
    row.assigned_by = tx.actor if wanted else row.assigned_by
    tx.session.flush()
    data = {"transcript": transcript_id, "coder": coder.id}
    tx.record(study_id, "assigned" if wanted else "withdrew", "assignment", row.id, data)
    return True


def finish(tx: Transaction, transcript_id: str, coder_id: str, finished: bool = True) -> None:
    """Say that a coder has read all of a transcript, or take that back.

    Only they themselves can say so, and only where they may code. Raises MayNotError otherwise.
    """
    if tx.actor != coder_id:
        raise MayNotError(
            "Only a coder can say what they have read, so nothing was changed.",
            "Choose that coder in the side bar.",
        )
    row = _row(tx.session, transcript_id, coder_id)
    if finished == (row is not None and row.finished_at is not None):
        return
    if finished:
        require_coding(tx.session, coder_id, transcript_id)
    transcript = tx.session.get_one(Transcript, transcript_id)
    if row is None:
        # It keeps the mark only: a row that is withdrawn assigns nothing.
        row = Assignment(
            study_id=transcript.study_id,
            transcript_id=transcript_id,
            coder_id=coder_id,
            assigned_by=coder_id,
            withdrawn=True,
        )
        tx.session.add(row)
    row.finished_at = utc_now() if finished else None
    tx.session.flush()
    data = {"transcript": transcript_id, "coder": coder_id}
    verb = "finished" if finished else "took up again"
    tx.record(transcript.study_id, verb, "assignment", row.id, data)


def finished_readers(session: Session, transcript_ids: Iterable[str]) -> dict[str, set[str]]:
    """Transcript id → coders who say they have read all of it, whether they coded or not."""
    query = select(Assignment.transcript_id, Assignment.coder_id).where(
        Assignment.transcript_id.in_(list(transcript_ids)), Assignment.finished_at.is_not(None)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for transcript_id, coder_id in session.execute(query):
        found[transcript_id].add(coder_id)
    return found


def mark_of(session: Session, transcript_id: str, coder_id: str) -> Assignment | None:
    """The assignment, or mere mark, of one coder at one transcript."""
    return _row(session, transcript_id, coder_id)


def _row(session: Session, transcript_id: str, coder_id: str) -> Assignment | None:
    query = select(Assignment).filter_by(transcript_id=transcript_id, coder_id=coder_id)
    return session.scalar(query)
