"""Proposed clarifications of codes: open, taken up or declined, and who decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.discussion import CLARIFICATION, clarifications
from parihs.errors import ParihsError
from parihs.model import Event, Memo
from parihs.store import Transaction
from parihs.store.roles import require

OPEN: Final = "open"
TAKEN_UP: Final = "took up"
DECLINED: Final = "declined"
REOPENED: Final = "reopened"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal for a code and what became of it; ``decided_*`` are empty while it is open."""

    memo: Memo
    code_id: str
    state: str
    """``open``, ``took up`` or ``declined``."""
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""


def proposals(session: Session, study_id: str) -> list[Proposal]:
    """All proposals of a study, oldest first."""
    query = (
        select(Event)
        .where(
            Event.study_id == study_id,
            Event.object_type == "memo",
            Event.verb.in_((TAKEN_UP, DECLINED, REOPENED)),
        )
        .order_by(Event.seq)
    )
    last = {event.object_id: event for event in session.scalars(query)}
    found = []
    for each in clarifications(session, study_id):
        event = last.get(each.memo.id)
        if each.memo.removed_at is not None:
            continue
        if event is None or event.verb == REOPENED:
            found.append(Proposal(each.memo, each.code_id, OPEN))
        else:
            found.append(
                Proposal(
                    each.memo,
                    each.code_id,
                    event.verb,
                    event.actor,
                    event.at,
                    str(event.data.get("reason", "")),
                )
            )
    return found


def decide_proposal(tx: Transaction, memo_id: str, state: str, reason: str = "") -> None:
    """Say that a proposal was taken up or declined, or open it again (``reopened``).

    The codebook itself is changed by whoever takes it up. Raises MayNotError for whoever may not
    change the codebook, ParihsError for an unknown proposal or state, and for declining without a
    reason.
    """
    memo = tx.session.get(Memo, memo_id)
    if memo is None or memo.kind != CLARIFICATION:
        raise ParihsError("This proposal is not here any more.", "Reload the page.")
    require(tx.session, memo.study_id, tx.actor, "codebook")
    if state not in (TAKEN_UP, DECLINED, REOPENED):
        raise ParihsError(f"“{state}” is no decision, so nothing was done.", "Choose again.")
    if state == DECLINED and not reason.strip():
        raise ParihsError(
            "A proposal is not declined without a reason.", "Say why, so that its author can tell."
        )
    tx.record(memo.study_id, state, "memo", memo.id, {"reason": reason.strip()})
