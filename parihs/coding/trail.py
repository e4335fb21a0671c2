"""Who did what, as a readable trail: the events that one viewer may see, in sentences.

What shows codings goes by the rule of ``coding.visibility``; types of objects that it does not know
are shown to nobody but whoever did it, until somebody adds them here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, and_, or_, select, true
from sqlalchemy.orm import Session

from parihs.coding.trail_words import Names
from parihs.coding.verbs import KINDS
from parihs.coding.visibility import may_see, may_see_memo, open_to
from parihs.errors import ParihsError
from parihs.model import (
    Assignment,
    Coding,
    Event,
    Memo,
    ReviewItem,
    Settlement,
    Transcript,
    TranscriptVersion,
)

OPEN_TYPES: Final = (
    *("study", "site", "workshop", "participant", "speaker", "recording", "coder", "assignment"),
    *("transcript", "transcript_version", "turns", "voice_prints", "vocabulary"),
    *("codebook", "codebook_version", "code"),
    *("grid_cell", "rating", "site_rating", "finding"),
    "training_test",
)
"""Types whose sentences tell nothing that a blind coder may not know."""
GUARDED_TYPES: Final = (
    *("coding", "settlement", "memo", "review_item"),
    # seen by nobody but whoever did it
    *("suggestion", "training_answer"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trail."""

    seq: int
    at: datetime
    actor: str
    who: str
    verb: str
    object_type: str
    object_id: str
    sentence: str
    """What was done, to follow ``who``."""
    transcript_id: str | None
    where: str
    """The transcript it was done in, by its title; empty elsewhere."""
    start: int | None = None
    end: int | None = None
    """The place in the newest version, for codings that stand in it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines are wanted; None and empty ask for all."""

    actor: str | None = None
    kind: str | None = None
    """One of ``verbs.KINDS``."""
    transcript_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    coding_id: str | None = None
    """One coding, with the decisions that settled it."""


def trail(
    session: Session,
    study_id: str,
    viewer_id: str | None,
    asked: Asked | None = None,
    *,
    before: int | None = None,
    limit: int | None = 200,
) -> list[Line]:
    """The newest lines first, before a sequence number where one is given.

    Raises ParihsError for a kind that does not exist.
    """
    query = (
        seen_events(study_id, viewer_id, asked or Asked()).order_by(Event.seq.desc()).limit(limit)
    )
    if before is not None:
        query = query.where(Event.seq < before)
    return lines(session, study_id, list(session.scalars(query)))


def excerpt_history(session: Session, coding_id: str, viewer_id: str | None) -> list[Line]:
    """What happened to one coding, oldest first.

    Raises ParihsError where there is no such coding, or the viewer may not see it.
    """
    query = (
        select(Coding)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(Coding.id == coding_id, may_see(viewer_id))
    )
    coding = session.scalar(query)
    if coding is None:
        raise ParihsError("This coding is not here.", "Reload the page.")
    asked = Asked(coding_id=coding_id)
    return trail(session, coding.study_id, viewer_id, asked, limit=None)[::-1]


def seen_events(study_id: str, viewer_id: str | None, asked: Asked) -> Select[Event]:
    """Query for the events asked for, as far as the viewer may see them."""
    query = select(Event).where(Event.study_id == study_id, may_see_event(viewer_id))
    if asked.actor:
        query = query.where(Event.actor == asked.actor)
    if asked.kind:
        if asked.kind not in KINDS:
            raise ParihsError(f"“{asked.kind}” is no kind.", f"Use one of: {', '.join(KINDS)}.")
        query = query.where(Event.object_type.in_(KINDS[asked.kind]))
    if asked.since:
        query = query.where(Event.at >= asked.since)
    if asked.until:
        query = query.where(Event.at < asked.until)
    if asked.transcript_id:
        query = query.where(_in_transcript(asked.transcript_id))
    if asked.coding_id:
        query = query.where(_about_coding(asked.coding_id))
    return query


def may_see_event(viewer_id: str | None) -> ColumnElement[bool]:
    """Condition on a query with Event: the viewer may know that this happened."""
    if viewer_id is None:
        return true()
    codings = (
        select(Coding.id)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(may_see(viewer_id))
    )
    settled = (
        select(Settlement.id)
        .join(Transcript, Transcript.id == Settlement.transcript_id)
        .where(open_to(viewer_id))
    )
    # Asked for each line, since all codings of a large study would fill a list of their own.
    its_coding = codings.where(Coding.id == ReviewItem.coding_id).correlate(ReviewItem).exists()
    reviewed = select(ReviewItem.id).where(its_coding)
    memos = select(Memo.id).where(may_see_memo(viewer_id))
    own = Event.actor == viewer_id if viewer_id else Event.seq < 0
    return or_(
        own,
        Event.object_type.in_(OPEN_TYPES),
        and_(
            Event.object_type == "coding",
            codings.where(Coding.id == Event.object_id).correlate(Event).exists(),
        ),
        and_(Event.object_type == "settlement", Event.object_id.in_(settled)),
        and_(Event.object_type == "review_item", Event.object_id.in_(reviewed)),
        and_(Event.object_type == "memo", Event.object_id.in_(memos)),
    )


def _in_transcript(transcript_id: str) -> ColumnElement[bool]:
    of: dict[str, Any] = {
        "coding": Coding,
        "settlement": Settlement,
        "assignment": Assignment,
        "review_item": ReviewItem,
        "transcript_version": TranscriptVersion,
    }
    codings = select(Coding.id).where(Coding.transcript_id == transcript_id)
    memos = select(Memo.id).where(
        or_(
            and_(Memo.target_type == "transcript", Memo.target_id == transcript_id),
            and_(Memo.target_type == "coding", Memo.target_id.in_(codings)),
        )
    )
    return or_(
        and_(Event.object_type.in_(("transcript", "turns")), Event.object_id == transcript_id),
        and_(Event.object_type == "memo", Event.object_id.in_(memos)),
        *(
            and_(
                Event.object_type == name,
                Event.object_id.in_(select(model.id).where(model.transcript_id == transcript_id)),
            )
            for name, model in of.items()
        ),
    )


def _about_coding(coding_id: str) -> ColumnElement[bool]:
    version = select(Coding.version_id).where(Coding.id == coding_id).scalar_subquery()
    reviewed = select(ReviewItem.id).where(ReviewItem.coding_id == coding_id)
    memos = select(Memo.id).where(Memo.target_type == "coding", Memo.target_id == coding_id)
    # A decision names its codings in JSON; an id is unique, so that looking for it as text will do.
    settled = select(Settlement.id).where(
        Settlement.version_id == version, Settlement.codings.cast(Text).contains(coding_id)
    )
    return or_(
        and_(Event.object_type == "coding", Event.object_id == coding_id),
        and_(Event.object_type == "review_item", Event.object_id.in_(reviewed)),
        and_(Event.object_type == "memo", Event.object_id.in_(memos)),
        and_(Event.object_type == "settlement", Event.object_id.in_(settled)),
    )


def lines(session: Session, study_id: str, events: Sequence[Event]) -> list[Line]:
    """Events as lines, in the order given."""
    names = Names(session, study_id, events)
    return [_line(event, names) for event in events]


def _line(event: Event, names: Names) -> Line:
    transcript_id = names.transcript_of(event)
    start, end = names.place_of(event)
    return Line(
        event.seq,
        event.at,
        event.actor,
        names.who(event.actor),
        event.verb,
        event.object_type,
        event.object_id,
        names.sentence(event),
        transcript_id,
        names.transcript(transcript_id) if transcript_id else "",
        start,
        end,
    )


def actors(session: Session, study_id: str, viewer_id: str | None) -> dict[str, str]:
    """Everybody who did something that the viewer may see: actor → name."""
    query = seen_events(study_id, viewer_id, Asked()).with_only_columns(Event.actor).distinct()
    found = list(session.scalars(query))
    names = Names(session, study_id, ())
    return dict(sorted(((a, names.who(a)) for a in found), key=lambda pair: pair[1].casefold()))


def as_rows(found: Iterable[Line]) -> list[dict[str, Any]]:
    """Lines as plain values, for tables, files and browsers."""
    return [
        {
            "number": line.seq,
            "when": line.at.isoformat(timespec="seconds"),
            "who": line.who,
            "did": line.sentence,
            "where": line.where,
            "verb": line.verb,
            "object": line.object_type,
            "id": line.object_id,
        }
        for line in found
    ]
