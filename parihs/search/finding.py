"""Matches with what stands around them: who said it, where, when, and under which codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from parihs.coding.visibility import visible_codings
from parihs.model import (
    CodeDefinition,
    Coding,
    Participant,
    Site,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
    Workshop,
)
from parihs.search.asking import Asked
from parihs.search.scan import Place, places
from parihs.store.transcripts import stretch

AROUND: Final = 70
"""Code points of talk on either side of a match."""
AT_A_TIME: Final = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A match in its line; positions in code points of the version's text, times in ms."""

    site: str
    workshop: str
    speaker: str | None
    role: str
    left: str
    match: str
    right: str
    codes: tuple[str, ...]
    """Names of the codes on it that the viewer may see."""
    start_ms: int | None
    end_ms: int | None
    transcript_id: str
    version_id: str
    recording_id: str | None
    turn: int
    """Number of its turn in the transcript, from 1."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """Some of the matches, and how many there are in all."""

    hits: list[Hit]
    total: int
    in_transcripts: dict[str, int]
    """Matches by transcript id, in reading order."""


def find(
    session: Session,
    study_id: str,
    viewer_id: str | None,
    asked: Asked,
    *,
    first: int = 0,
    limit: int | None = AT_A_TIME,
) -> Found:
    """Matches in the newest text of every transcript, from the ``first``-th, ``limit`` of them.

    Words may be read by everybody; codes only as the rule of blind coding has it. ``viewer_id``
    None is whoever holds the study folder.
    """
    found = places(session, study_id, viewer_id, asked)
    shown = found[first:] if limit is None else found[first : first + limit]
    owners: dict[str, str] = dict(
        session.execute(
            select(TranscriptVersion.id, TranscriptVersion.transcript_id).where(
                TranscriptVersion.id.in_({place.version_id for place in found})
            )
        ).all()
    )
    counts: dict[str, int] = {}
    for place in found:
        owner = owners[place.version_id]
        counts[owner] = counts.get(owner, 0) + 1
    return Found(_hits(session, viewer_id, shown), len(found), counts)


def search_table(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """One row a match, for JSON or a file."""
    return [asdict(hit) | {"codes": "; ".join(hit.codes)} for hit in hits]


def _hits(session: Session, viewer_id: str | None, shown: list[Place]) -> list[Hit]:
    query = (
        select(
            Turn,
            Speaker.label,
            Participant,
            Transcript.id.label("transcript_id"),
            Transcript.recording_id,
            Workshop.title.label("workshop"),
            Site.name.label("site"),
        )
        .join(TranscriptVersion, TranscriptVersion.id == Turn.version_id)
        .join(Transcript, Transcript.id == TranscriptVersion.transcript_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .join(Site, Site.id == Workshop.site_id)
        .outerjoin(Speaker, Speaker.id == Turn.speaker_id)
        .outerjoin(Participant, Participant.id == Speaker.participant_id)
    )
    ids = list({place.turn_id for place in shown})
    rows = {
        row[0].id: row
        for at in range(0, len(ids), 500)
        for row in session.execute(query.where(Turn.id.in_(ids[at : at + 500])))
    }
    codes = _codes(session, viewer_id, shown)
    hits = []
    for place in shown:
        row = rows[place.turn_id]
        turn, person = row[0], row[2]
        first, last = place.start - turn.start, place.end - turn.start
        start_ms, end_ms = _times(turn, first, last)
        left = stretch(session, place.version_id, max(0, place.start - AROUND), place.start)
        right = stretch(session, place.version_id, place.end, place.end + AROUND)
        hits.append(
            Hit(
                site=row.site,
                workshop=row.workshop,
                speaker=row.label if person is None else person.pseudonym,
                role="" if person is None else person.role,
                left=left.replace("\n", " / "),
                match=turn.text[first:last],
                right=right.replace("\n", " / "),
                codes=codes[place],
                start_ms=start_ms,
                end_ms=end_ms,
                transcript_id=row.transcript_id,
                version_id=place.version_id,
                recording_id=row.recording_id,
                turn=turn.position + 1,
                start=place.start,
                end=place.end,
            )
        )
    return hits


def _codes(
    session: Session, viewer_id: str | None, shown: list[Place]
) -> dict[Place, tuple[str, ...]]:
    """Names of the visible codes that lie over each place."""
    query = (
        visible_codings(viewer_id)
        .join(
            CodeDefinition,
            and_(
                CodeDefinition.code_id == Coding.code_id,
                CodeDefinition.codebook_version_id == Coding.codebook_version_id,
            ),
        )
        .with_only_columns(Coding.version_id, Coding.start, Coding.end, CodeDefinition.name)
        .where(
            Coding.uncoded.is_(False),
            Coding.version_id.in_({place.version_id for place in shown}),
        )
        .order_by(Coding.start, CodeDefinition.name)
    )
    given: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for version_id, start, end, name in session.execute(query):
        given[version_id].append((start, end, name))
    return {
        place: tuple(
            dict.fromkeys(
                name
                for start, end, name in given[place.version_id]
                if start < place.end and end > place.start
            )
        )
        for place in shown
    }


def _times(turn: Turn, first: int, last: int) -> tuple[int | None, int | None]:
    """From the first to the last timed word inside; the turn's own times where none is timed."""
    timed = [
        word
        for word in turn.words or ()
        if word[0] < last and word[1] > first and word[2] is not None and word[3] is not None
    ]
    if not timed:
        return turn.start_ms, turn.end_ms
    return timed[0][2], timed[-1][3]
