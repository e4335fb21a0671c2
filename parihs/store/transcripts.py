"""Transcripts and their immutable versions: saving whole, and reading back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import (
    ParsedTranscript,
    ParsedTurn,
    Participant,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
    Workshop,
    new_id,
)
from parihs.store.places import AT_ONCE, Place, as_table, touched
from parihs.store.store import Transaction
from parihs.store.studies import attend

SEPARATOR = "\n"
"""What stands between two turns in a version's text."""


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn with its speaker resolved, as pages and exports show it."""

    turn: Turn
    speaker: str | None
    """Pseudonym where the speaker is linked to a participant, else the label in the transcript."""
    participant: Participant | None


def save_transcript(
    tx: Transaction,
    *,
    workshop_id: str,
    title: str,
    parsed: ParsedTranscript,
    reason: str,
    recording_id: str | None = None,
    transcript_id: str | None = None,
) -> TranscriptVersion:
    """Save a parsed transcript as a new version: all of it, in the caller's transaction.

    Makes the transcript unless ``transcript_id`` names one. Speakers whose label is a participant's
    pseudonym are linked to them, and attendance is noted. Line breaks inside a turn become spaces,
    so that positions stay as they were.

    Raises ParihsError when there is no turn to save or the workshop is unknown.
    """
    workshop = tx.session.get(Workshop, workshop_id)
    if workshop is None:
        raise ParihsError("This workshop is no longer in the study.", "Choose another workshop.")
    if transcript_id is None:
        transcript = Transcript(
            study_id=workshop.study_id,
            workshop_id=workshop_id,
            title=title,
            recording_id=recording_id,
            language=parsed.language,
        )
        tx.session.add(transcript)
        tx.session.flush()
    else:
        transcript = tx.session.get_one(Transcript, transcript_id)
    parent = latest_version(tx.session, transcript.id)
    texts = [_one_line(turn.text) for turn in parsed.turns]
    version = TranscriptVersion(
        transcript_id=transcript.id,
        number=1 if parent is None else parent.number + 1,
        reason=reason,
        author=tx.actor,
        sha256=hashlib.sha256(SEPARATOR.join(texts).encode()).hexdigest(),
        n_turns=len(texts),
        n_words=sum(len(text.split()) for text in texts),
        n_chars=len(SEPARATOR.join(texts)),
        provenance={
            "format": parsed.format,
            "warnings": list(parsed.warnings),
            **parsed.provenance,
        },
        parent_id=None if parent is None else parent.id,
    )
    tx.session.add(version)
    tx.session.flush()
    speakers = _speakers(tx, transcript, workshop, parsed.speakers)
    rows = _turn_rows(version.id, parsed.turns, texts, speakers)
    if rows:
        tx.session.execute(insert(Turn), rows)
    tx.record(
        workshop.study_id,
        "saved",
        "transcript_version",
        version.id,
        {"transcript": transcript.id, "number": version.number, "reason": reason},
    )
    return version


def _one_line(text: str) -> str:
    return text.translate({ord("\n"): " ", ord("\r"): " ", 0: " "})


def _speakers(
    tx: Transaction, transcript: Transcript, workshop: Workshop, labels: list[str]
) -> dict[str, str]:
    known = {
        speaker.label: speaker.id
        for speaker in tx.session.scalars(select(Speaker).filter_by(transcript_id=transcript.id))
    }
    people = {
        person.pseudonym.casefold(): person.id
        for person in tx.session.scalars(select(Participant).filter_by(study_id=workshop.study_id))
    }
    for label in labels:
        if label in known:
            continue
        participant_id = people.get(label.casefold())
        speaker = Speaker(transcript_id=transcript.id, label=label, participant_id=participant_id)
        tx.session.add(speaker)
        known[label] = speaker.id
        if participant_id is not None:
            attend(tx, workshop.id, participant_id)
    tx.session.flush()
    return known


def _turn_rows(
    version_id: str,
    turns: Any,
    texts: list[str],
    speakers: dict[str, str],
) -> list[dict[str, Any]]:
    rows = []
    start = 0
    for position, (turn, text) in enumerate(zip(turns, texts, strict=True)):
        rows.append(
            {
                "id": new_id(),
                "version_id": version_id,
                "position": position,
                "start": start,
                "end": start + len(text),
                "text": text,
                "n_words": len(text.split()),
                "speaker_id": None if turn.speaker is None else speakers[turn.speaker],
                "start_ms": turn.start_ms,
                "end_ms": turn.end_ms,
                "words": _word_rows(turn),
                "marks": list(turn.marks),
            }
        )
        start += len(text) + len(SEPARATOR)
    return rows


def _word_rows(turn: ParsedTurn) -> list[list[Any]] | None:
    if not turn.words:
        return None
    return [
        [
            word.start,
            word.end,
            word.start_ms,
            word.end_ms,
            None if word.confidence is None else round(word.confidence, 3),
            word.interpolated,
        ]
        for word in turn.words
    ]


def latest_version(session: Session, transcript_id: str) -> TranscriptVersion | None:
    """The newest version of a transcript."""
    query = (
        select(TranscriptVersion)
        .filter_by(transcript_id=transcript_id)
        .order_by(TranscriptVersion.number.desc())
        .limit(1)
    )
    return session.scalar(query)


def latest_versions(session: Session, study_id: str) -> dict[str, TranscriptVersion]:
    """The newest version of each of the study's transcripts, by transcript id."""
    newest = (
        select(TranscriptVersion.transcript_id, func.max(TranscriptVersion.number).label("number"))
        .group_by(TranscriptVersion.transcript_id)
        .subquery()
    )
    query = (
        select(TranscriptVersion)
        .join(Transcript, Transcript.id == TranscriptVersion.transcript_id)
        .join(
            newest,
            (newest.c.transcript_id == TranscriptVersion.transcript_id)
            & (newest.c.number == TranscriptVersion.number),
        )
        .where(Transcript.study_id == study_id)
    )
    return {version.transcript_id: version for version in session.scalars(query)}


def transcripts(session: Session, study_id: str) -> list[Transcript]:
    """The study's transcripts, oldest first."""
    query = select(Transcript).filter_by(study_id=study_id).order_by(Transcript.created_at)
    return list(session.scalars(query))


def turns(session: Session, version_id: str) -> list[TurnView]:
    """All turns of a version in order, with speakers resolved."""
    query = (
        select(Turn, Speaker, Participant)
        .outerjoin(Speaker, Speaker.id == Turn.speaker_id)
        .outerjoin(Participant, Participant.id == Speaker.participant_id)
        .where(Turn.version_id == version_id)
        .order_by(Turn.position)
    )
    return [
        TurnView(turn, _name(speaker, participant), participant)
        for turn, speaker, participant in session.execute(query)
    ]


def speakers(session: Session, transcript_id: str) -> list[Speaker]:
    """The voices of a transcript by label."""
    query = select(Speaker).filter_by(transcript_id=transcript_id).order_by(Speaker.label)
    return list(session.scalars(query))


def release(tx: Transaction, transcript_id: str, released: bool = True) -> None:
    """Let coders see each other's codings of a transcript, or make them blind again."""
    transcript = tx.session.get_one(Transcript, transcript_id)
    transcript.released = released
    verb = "released" if released else "closed"
    tx.record(transcript.study_id, verb, "transcript", transcript_id)


def version_text(session: Session, version_id: str) -> str:
    """The version's whole text, the one that positions count in."""
    query = select(Turn.text).filter_by(version_id=version_id).order_by(Turn.position)
    return SEPARATOR.join(session.scalars(query))


def stretch(session: Session, version_id: str, start: int, end: int) -> str:
    """The text at ``[start, end)`` of a version, reading only the turns it touches."""
    return stretches(session, [(version_id, start, end)])[0]


def stretches(session: Session, places: Sequence[Place]) -> list[str]:
    """The text at each ``(version_id, start, end)``, many with one query."""
    found: list[str] = []
    for first in range(0, len(places), AT_ONCE):
        batch = places[first : first + AT_ONCE]
        wanted = as_table(batch)
        query = (
            select(wanted.c.number, Turn.start, Turn.text)
            .join(Turn, touched(wanted))
            .order_by(wanted.c.number, Turn.position)
        )
        turns: list[list[tuple[int, str]]] = [[] for _ in batch]
        for number, start, text in session.execute(query):
            turns[number].append((start, text))
        found += [_cut(here, *place[1:]) for here, place in zip(turns, batch, strict=True)]
    return found


def _cut(turns: Sequence[tuple[int, str]], start: int, end: int) -> str:
    """The text at ``[start, end)`` of turns, each with where it begins, that hold it."""
    if not turns:
        return ""
    offset = turns[0][0]
    return SEPARATOR.join(text for _, text in turns)[max(0, start - offset) : end - offset]


def _name(speaker: Speaker | None, participant: Participant | None) -> str | None:
    if participant is not None:
        return participant.pseudonym
    return None if speaker is None else speaker.label
