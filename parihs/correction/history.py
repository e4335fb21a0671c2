"""The versions of a transcript: which, when, who, why, and what became of the codings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.visibility import is_open_to
from parihs.correction.versions import CARRIED
from parihs.model import Coder, Event, TranscriptVersion


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version as a list shows it."""

    version: TranscriptVersion
    author: str
    """Name of the coder, or of whatever else made it."""
    newest: bool
    carried: int | None
    """How many codings moved to it; None where that was not written down."""
    changed: int
    lost: int


def history(
    session: Session, transcript_id: str, viewer_id: str | None = None
) -> list[VersionLine]:
    """All versions of a transcript, the newest first.

    How many codings moved is told to those who may see them all; ``viewer_id`` None is one.
    """
    query = select(TranscriptVersion).filter_by(transcript_id=transcript_id)
    versions = list(session.scalars(query.order_by(TranscriptVersion.number.desc())))
    ids = [version.id for version in versions]
    names = {
        coder.id: coder.name
        for coder in session.scalars(select(Coder).where(Coder.id.in_(v.author for v in versions)))
    }
    events = select(Event.object_id, Event.data).where(
        Event.object_type == "transcript_version", Event.verb == CARRIED, Event.object_id.in_(ids)
    )
    carried: dict[str, Any] = {}
    if is_open_to(session, viewer_id, transcript_id):
        carried = {row[0]: row[1] for row in session.execute(events)}
    return [
        VersionLine(
            version=version,
            author=names.get(version.author, version.author),
            newest=number == 0,
            carried=carried.get(version.id, {}).get("codings"),
            changed=carried.get(version.id, {}).get("changed", 0),
            lost=carried.get(version.id, {}).get("lost", 0),
        )
        for number, version in enumerate(versions)
    ]
