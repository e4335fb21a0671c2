"""The codebook's review list: codings whose code is no longer in the codebook, or rated twice.

The former is so after a split, after a code was retired, and where a browser that had not heard of
it gave the code later; the latter where merging left one of two codings that were rated
differently. Nobody recodes or rates them unseen: their coder, or a lead, decides about each.

The list is read from the codings themselves, so nothing can fall off it; a decision is an ordinary
change of a coding, which its coder can undo like every other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parihs.coding.merged_twins import differently_rated
from parihs.coding.visibility import may_see
from parihs.errors import ParihsError
from parihs.model import CodebookVersion, CodeDefinition, Coder, Coding, Event, Transcript, utc_now
from parihs.model.terms import VALENCES
from parihs.store import Transaction
from parihs.store.codebooks import newest_version_id, retired_codes
from parihs.store.roles import LEAD


@dataclass(frozen=True, slots=True)
class RecodingLine:
    """A coding on the list; ``mine`` where the viewer may decide about it."""

    coding: Coding
    code_name: str
    into: tuple[str, ...]
    """Ids of the codes that its code was split or merged into; empty where it was retired."""
    mine: bool
    valences: tuple[str, ...] = ()
    """How it was rated where merging left one coding of several; one of them is to hold."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was made: the event's number tells which."""

    seq: int
    coding_id: str
    by: str


def recoding_list(session: Session, version_id: str, viewer_id: str | None) -> list[RecodingLine]:
    """What waits under a codebook version, of what the viewer may see, in order of the texts."""
    gone = retired_codes(session, version_id)
    coder = session.get(Coder, viewer_id) if viewer_id else None
    became = successors(session, version_id)
    query = (
        select(Coding)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(Coding.code_id.in_(gone), Coding.uncoded.is_(False), may_see(viewer_id))
        .order_by(Coding.code_id, Coding.transcript_id, Coding.start, Coding.id)
    )
    lines = [
        RecodingLine(
            coding,
            gone[coding.code_id][1],
            became.get(coding.code_id, ()),
            _may_decide(coder, viewer_id, coding),
        )
        for coding in session.scalars(query)
    ]
    twice = [
        RecodingLine(
            coding,
            "",
            (coding.code_id,),
            _may_decide(coder, viewer_id, coding),
            tuple(joined.data["valences"]),
        )
        for coding, joined in _rated_twice(session, version_id, viewer_id)
    ]
    return [*lines, *twice]


def waiting(session: Session, version_id: str, viewer_id: str | None) -> int:
    """How many codings are on the list, of those that the viewer may see."""
    twice = _rated_twice(session, version_id, viewer_id)
    return sum(waiting_by_code(session, version_id, viewer_id).values()) + len(twice)


def to_decide(session: Session, version_id: str, viewer_id: str | None) -> int:
    """How many codings on the list the viewer may decide about: their own, or all as a lead."""
    coder = session.get(Coder, viewer_id) if viewer_id else None
    if coder is None:
        return 0
    if coder.role == LEAD:
        return waiting(session, version_id, coder.id)
    gone = retired_codes(session, version_id)
    own = (
        select(func.count())
        .select_from(Coding)
        .where(Coding.code_id.in_(gone), Coding.uncoded.is_(False), Coding.coder_id == coder.id)
    )
    twice = _rated_twice(session, version_id, coder.id)
    return session.scalars(own).one() + sum(each.coder_id == coder.id for each, _ in twice)


def waiting_by_code(session: Session, version_id: str, viewer_id: str | None) -> dict[str, int]:
    """Code id → how many codings still carry it, of codes that this version no longer has."""
    gone = retired_codes(session, version_id)
    query = (
        select(Coding.code_id, func.count())
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(Coding.code_id.in_(gone), Coding.uncoded.is_(False), may_see(viewer_id))
        .group_by(Coding.code_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def decided(session: Session, version_id: str, viewer_id: str | None) -> list[Decided]:
    """Decisions that hold, as far as the viewer may see the codings; newest first."""
    gone = retired_codes(session, version_id)
    query = (
        select(Event)
        .join(Coding, Coding.id == Event.object_id)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(
            Event.object_type == "coding",
            Event.verb.in_(("changed", "uncoded", "restored")),
            may_see(viewer_id),
            Coding.code_id.not_in(gone) | Coding.uncoded,
        )
        .order_by(Event.seq.desc())
    )
    events = list(session.scalars(query))
    undone = {str(event.data["undoes"]) for event in events if "undoes" in event.data}
    found: dict[str, Decided] = {}
    for event in events:
        if event.data.get("gone") in gone and (event.op_id or str(event.seq)) not in undone:
            found.setdefault(event.object_id, Decided(event.seq, event.object_id, event.actor))
    return list(found.values())


def successors(session: Session, version_id: str) -> dict[str, tuple[str, ...]]:
    """Code id → ids of what it was last split or merged into."""
    version = session.get_one(CodebookVersion, version_id)
    query = (
        select(Event.data)
        .join(CodebookVersion, CodebookVersion.id == Event.object_id)
        .where(
            CodebookVersion.codebook_id == version.codebook_id,
            Event.object_type == "codebook_version",
            Event.verb.in_(("split", "merged")),
        )
        .order_by(Event.seq)
    )
    found: dict[str, tuple[str, ...]] = {}
    for data in session.scalars(query):
        to = data["to"]
        found[data["from"]] = tuple(to) if isinstance(to, list) else (to,)
    return found


def decide_code(tx: Transaction, coding_id: str, code_id: str | None) -> int:
    """Give a coding on the list another code, or take it back with None; the event's number.

    In the name of whoever writes (``tx.actor``), its coder or a lead. Raises ParihsError when
    somebody decided already, or the code is not in the newest codebook.
    """
    coding = _own(tx, coding_id)
    version_id = newest_version_id(tx.session, coding.codebook_version_id)
    before = coding.code_id
    if before in retired_codes(tx.session, version_id) and not coding.uncoded:
        data: dict[str, Any] = {"gone": before}
    else:
        data = {"gone": _joined(tx, coding, version_id).data["gone"]}
    if code_id is None:
        coding.uncoded = True
        verb = "uncoded"
    else:
        _in_newest(tx.session, version_id, code_id)
        data |= {"from": {"code": before}, "to": {"code": code_id}}
        coding.code_id, coding.codebook_version_id = code_id, version_id
        verb = "changed"
    coding.updated_at = utc_now()
    coding.rev = tx.record(coding.study_id, verb, "coding", coding.id, data)
    return coding.rev


def decide_valence(tx: Transaction, coding_id: str, valence: str) -> int:
    """Say how a coding that was rated twice is rated; the event's number.

    In the name of whoever writes (``tx.actor``), its coder or a lead. Raises ParihsError when
    somebody decided already, or there is no such valence.
    """
    coding = _own(tx, coding_id)
    version_id = newest_version_id(tx.session, coding.codebook_version_id)
    joined = _joined(tx, coding, version_id)
    if valence not in VALENCES:
        raise ParihsError("There is no such rating; nothing was changed.", "Choose another one.")
    data = {"gone": joined.data["gone"], "from": {"valence": coding.valence}}
    data["to"] = {"valence": valence}
    coding.valence = valence
    coding.updated_at = utc_now()
    coding.rev = tx.record(coding.study_id, "changed", "coding", coding.id, data)
    return coding.rev


def _joined(tx: Transaction, coding: Coding, version_id: str) -> Event:
    for each, joined in _rated_twice(tx.session, version_id, None):
        if each.id == coding.id:
            return joined
    raise ParihsError("Somebody has decided about this coding already.", "Look at the next.")


def _rated_twice(
    session: Session, version_id: str, viewer_id: str | None
) -> list[tuple[Coding, Event]]:
    codebook_id = session.get_one(CodebookVersion, version_id).codebook_id
    return differently_rated(session, codebook_id, viewer_id)


def take_back(tx: Transaction, seq: int) -> None:
    """Undo a decision by its event: the coding carries the old code and waits again.

    Raises ParihsError when the coding was changed since, or is not the actor's to decide about.
    """
    event = tx.session.get(Event, seq)
    if event is None or event.object_type != "coding":
        raise ParihsError("There is nothing to undo.", "Look at the list again.")
    coding = _own(tx, event.object_id)
    if coding.rev != seq:
        raise ParihsError(
            "This coding was changed after the decision, so it was left as it is.",
            "Change it in the transcript.",
        )
    data: dict[str, Any] = {"undoes": event.op_id or str(seq)}
    if event.verb == "uncoded":
        coding.uncoded = False
        verb = "restored"
    else:
        verb = "changed"
        data |= {"from": event.data["to"], "to": event.data["from"]}
        coding.code_id = data["to"].get("code", coding.code_id)
        coding.valence = data["to"].get("valence", coding.valence)
    coding.updated_at = utc_now()
    coding.rev = tx.record(coding.study_id, verb, "coding", coding.id, data)


def _in_newest(session: Session, version_id: str, code_id: str) -> None:
    query = select(CodeDefinition.id).filter_by(codebook_version_id=version_id, code_id=code_id)
    if session.scalar(query) is None:
        raise ParihsError(
            "This code is not in the newest codebook, so it was not given.", "Choose another one."
        )


def _own(tx: Transaction, coding_id: str) -> Coding:
    coding = tx.session.get(Coding, coding_id)
    if coding is None:
        raise ParihsError("This coding is not here.", "Reload the page.")
    coder = tx.session.get(Coder, tx.actor)
    seen = (
        select(Coding.id)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(Coding.id == coding_id, may_see(coder.id if coder else None))
    )
    mine = _may_decide(coder, coder.id if coder else None, coding)
    if not mine or tx.session.scalar(seen) is None:
        raise ParihsError(
            "This coding is another coder’s, so it was left as it is.",
            "Ask them, or a lead, to look at it.",
        )
    return coding


def _may_decide(coder: Coder | None, viewer_id: str | None, coding: Coding) -> bool:
    if viewer_id is None:
        return True
    return coder is not None and (coder.id == coding.coder_id or coder.role == LEAD)
