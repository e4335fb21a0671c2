"""When who speaks in a version was last changed: turns never move, but they change hands."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parihs.model import Event, TranscriptVersion

TURNS: Final = "turns"
"""Object type of events that give turns of a transcript to other voices."""


def last_changes(session: Session) -> dict[str, int]:
    """Sequence number of the last change of speakers per version that had one.

    What is kept of a version in memory is right as long as this number stays the same.
    """
    query = (
        select(TranscriptVersion.id, func.max(Event.seq))
        .join(Event, Event.object_id == TranscriptVersion.transcript_id)
        .where(Event.object_type == TURNS)
        .group_by(TranscriptVersion.id)
    )
    return {version_id: seq for version_id, seq in session.execute(query)}  # noqa: C416
