"""Opening a count of turns: the words, who said them, where, and at which millisecond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from parihs.model import (
    Participant,
    Site,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
    Workshop,
)

_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """One turn, ready to be read, heard and found again; times in ms, None where not timed."""

    version_id: str
    position: int
    transcript_id: str
    recording_id: str | None
    site: str
    workshop: str
    held_on: date | None
    speaker: str
    role: str
    text: str
    start: int
    end: int
    start_ms: int | None
    end_ms: int | None


def spoken(session: Session, turns: Sequence[tuple[str, int]]) -> list[SpokenTurn]:
    """The turns at these positions of these versions, in the order given."""
    found: dict[tuple[str, int], SpokenTurn] = {}
    waiting = iter(turns)
    while batch := list(islice(waiting, _AT_ONCE)):
        here = [and_(Turn.version_id == key, Turn.position == place) for key, place in batch]
        query = (
            select(Turn, Speaker.label, Participant, Transcript, Workshop, Site.name)
            .join(TranscriptVersion, TranscriptVersion.id == Turn.version_id)
            .join(Transcript, Transcript.id == TranscriptVersion.transcript_id)
            .join(Workshop, Workshop.id == Transcript.workshop_id)
            .join(Site, Site.id == Workshop.site_id)
            .outerjoin(Speaker, Speaker.id == Turn.speaker_id)
            .outerjoin(Participant, Participant.id == Speaker.participant_id)
            .where(or_(*here))
        )
        for row in session.execute(query):
            found[row[0].version_id, row[0].position] = _spoken(*row)
    return [found[key] for key in turns if key in found]


def _spoken(
    turn: Turn,
    label: str | None,
    person: Participant | None,
    transcript: Transcript,
    workshop: Workshop,
    site: Any,
) -> SpokenTurn:
    return SpokenTurn(
        version_id=turn.version_id,
        position=turn.position,
        transcript_id=transcript.id,
        recording_id=transcript.recording_id,
        site=site,
        workshop=workshop.title,
        held_on=workshop.held_on,
        speaker=person.pseudonym if person is not None else label or "Unknown speaker",
        role=person.role if person is not None else "",
        text=turn.text,
        start=turn.start,
        end=turn.end,
        start_ms=turn.start_ms,
        end_ms=turn.end_ms,
    )
