"""The review list: codings that a machine carried to another text and a person should look at.

Three decisions: the coding is right where it is now (``kept``), it belongs to other words
(``moved``), or to none (``uncoded``). Each can be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parihs.coding.anchors import anchor
from parihs.coding.visibility import may_see
from parihs.correction.carrying import LOST
from parihs.errors import ParihsError
from parihs.model import (
    Coder,
    Coding,
    Event,
    ReviewItem,
    Transcript,
    TranscriptVersion,
    utc_now,
)
from parihs.store import Transaction
from parihs.store.transcripts import latest_version

KEPT: Final = "kept"
MOVED: Final = "moved"
UNCODED: Final = "uncoded"
_REVIEWED: Final = "reviewed"


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A coding on the list; ``mine`` where the viewer may decide about it."""

    item: ReviewItem
    coding: Coding
    mine: bool

    @property
    def lost(self) -> bool:
        """Whether it has no place in the newest version."""
        return self.coding.version_id != self.item.to_version_id


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items of a list somebody has decided about."""

    decided: int
    total: int


def review_list(
    session: Session, transcript_id: str, viewer_id: str | None, *, decided: bool = False
) -> list[ReviewLine]:
    """What waits for a look in one transcript, in order of the text; ``decided``: what was done.

    A coder sees the codings they may see, and decides about their own; a lead, and None, decides
    about all of these.
    """
    coder = session.get(Coder, viewer_id) if viewer_id else None
    query = (
        select(ReviewItem, Coding)
        .join(Coding, Coding.id == ReviewItem.coding_id)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(ReviewItem.transcript_id == transcript_id, may_see(viewer_id))
        .order_by(ReviewItem.old_start, ReviewItem.id)
    )
    if decided:
        query = query.where(ReviewItem.decided_at.is_not(None))
        query = query.order_by(None).order_by(ReviewItem.decided_at.desc())
    else:
        # A coding taken back meanwhile needs no decision any more.
        query = query.where(ReviewItem.decided_at.is_(None), Coding.uncoded.is_(False))
    return [
        ReviewLine(item, coding, _may_decide(coder, viewer_id, coding))
        for item, coding in session.execute(query)
    ]


def progress(session: Session, transcript_id: str, viewer_id: str | None) -> Progress:
    """How far the review of one transcript is, of what the viewer may see."""
    waiting = len(review_list(session, transcript_id, viewer_id))
    done = len(review_list(session, transcript_id, viewer_id, decided=True))
    return Progress(done, done + waiting)


def waiting(session: Session, study_id: str, viewer_id: str | None) -> dict[str, int]:
    """Transcript id → how many codings wait for a look, where any do."""
    query = (
        select(ReviewItem.transcript_id, func.count())
        .join(Coding, Coding.id == ReviewItem.coding_id)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(
            ReviewItem.study_id == study_id,
            ReviewItem.decided_at.is_(None),
            Coding.uncoded.is_(False),
            may_see(viewer_id),
        )
        .group_by(ReviewItem.transcript_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def decide(
    tx: Transaction, item_id: str, decision: str, *, start: int = 0, end: int = 0
) -> ReviewItem:
    """Decide about one coding, in the name of whoever writes (``tx.actor``).

    ``moved`` takes the new stretch, in code points of the newest version. Raises ParihsError when
    somebody decided already, when a coding without a place is to be kept as it is, and when the
    coding is not the actor's to decide about.
    """
    item, coding = _own(tx, item_id)
    if item.decided_at is not None:
        raise ParihsError("Somebody has decided about this coding already.", "Look at the next.")
    version = tx.session.get_one(TranscriptVersion, item.to_version_id)
    newest = latest_version(tx.session, item.transcript_id)
    if newest is not None and newest.id != version.id:
        raise ParihsError(
            "The transcript was corrected a moment ago; nothing was decided.", "Look again."
        )
    before = {name: getattr(coding, name) for name in _STATE}
    if decision == KEPT:
        if coding.version_id != version.id:
            raise ParihsError(
                "This coding has no place in the newest version, so it cannot stay where it is.",
                "Select the words it belongs to, or take it back.",
            )
    elif decision == MOVED:
        _move(tx, coding, version, start, end)
    elif decision == UNCODED:
        coding.uncoded = True
        coding.rev = tx.record(item.study_id, "uncoded", "coding", coding.id, {})
    else:
        raise ParihsError(f"“{decision}” is no decision, so nothing was done.", "Choose again.")
    item.decision, item.decided_by, item.decided_at = decision, tx.actor, utc_now()
    coding.updated_at = utc_now()
    tx.session.flush()
    data = {"decision": decision, "coding": coding.id, "before": before}
    tx.record(item.study_id, _REVIEWED, "review_item", item.id, data)
    return item


def take_back(tx: Transaction, item_id: str) -> ReviewItem:
    """Undo a decision: the coding is as it was before it, and waits on the list again.

    Raises ParihsError when there is nothing to undo, or the coding was changed since.
    """
    item, coding = _own(tx, item_id)
    query = (
        select(Event.data)
        .where(
            Event.object_type == "review_item",
            Event.object_id == item.id,
            Event.verb == _REVIEWED,
        )
        .order_by(Event.seq.desc())
        .limit(1)
    )
    data = tx.session.scalar(query)
    if item.decided_at is None or data is None:
        raise ParihsError("Nobody has decided about this coding yet.", "There is nothing to undo.")
    before: dict[str, Any] = data["before"]
    newest = latest_version(tx.session, item.transcript_id)
    if newest is not None and newest.id != item.to_version_id:
        raise ParihsError(
            "The transcript was corrected after this decision, so it cannot be undone here.",
            "Change the coding in the transcript.",
        )
    changed = {name: before[name] for name in _STATE if getattr(coding, name) != before[name]}
    for name, value in changed.items():
        setattr(coding, name, value)
    if "uncoded" in changed:
        coding.rev = tx.record(item.study_id, "restored", "coding", coding.id, {})
    elif changed:
        coding.rev = tx.record(
            item.study_id, "moved", "coding", coding.id, {"review": item.id, "undone": True}
        )
    item.decision, item.decided_by, item.decided_at = "", "", None
    tx.session.flush()
    tx.record(item.study_id, "took back", "review_item", item.id, {"coding": coding.id})
    return item


_STATE: Final = ("version_id", "start", "end", "quote", "prefix", "suffix", "uncoded")


def _move(
    tx: Transaction, coding: Coding, version: TranscriptVersion, start: int, end: int
) -> None:
    place = anchor(tx.session, version, start, end)
    here = coding.version_id == version.id
    was = {"start": coding.start, "end": coding.end}
    for name in ("start", "end", "quote", "prefix", "suffix"):
        setattr(coding, name, getattr(place, name))
    coding.version_id = version.id
    now = {"start": place.start, "end": place.end}
    # A coding that had no place counts again from now on, as if it had been restored.
    verb, data = ("changed", {"from": was, "to": now}) if here else ("restored", {"to": now})
    coding.rev = tx.record(coding.study_id, verb, "coding", coding.id, data)


def _own(tx: Transaction, item_id: str) -> tuple[ReviewItem, Coding]:
    item = tx.session.get(ReviewItem, item_id)
    if item is None:
        raise ParihsError("This coding is no longer on the review list.", "Reload the page.")
    coding = tx.session.get_one(Coding, item.coding_id)
    coder = tx.session.get(Coder, tx.actor)
    if not _may_decide(coder, tx.actor if coder else None, coding):
        raise ParihsError(
            "This coding is another coder's, so it was left as it is.",
            "Ask them, or a lead, to look at it.",
        )
    return item, coding


def _may_decide(coder: Coder | None, viewer_id: str | None, coding: Coding) -> bool:
    if viewer_id is None:
        return True
    return coder is not None and (coder.id == coding.coder_id or coder.role == "lead")


__all__ = ["LOST", "Progress", "ReviewLine", "decide", "progress", "review_list", "take_back"]
