"""Voice prints of a study: kept only while the team wants suggestions, and never taken out of it.

A print is personal data about somebody's body. So it is made only after somebody switched this on
(the audit trail says who), it stays in the study's database, no export and no backup holds it, and
switching off deletes all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from parihs.model import Event, Participant, Recording, Speaker, Study, Transcript, Turn, VoicePrint
from parihs.speakers.changes import UNSURE
from parihs.speakers.likeness import alike
from parihs.speakers.sound import LEAST_MS, METHOD
from parihs.store import Transaction
from parihs.store.transcripts import latest_versions, transcripts

SETTING: Final = "same_voices"
LONGEST_MS: Final = 90_000
"""Of each voice this much is listened to, its longest turns first."""
SHORTEST_TURN_MS: Final = 1_000
BLURRED: Final = {"overlap", "no speech", "repetition", UNSURE}
ON, OFF = "switched on", "switched off"


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether suggestions are on, and who said so when (None: nobody ever)."""

    on: bool
    actor: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToHear:
    """A recording with voices that have no print yet, and where each of them speaks."""

    transcript_id: str
    sha256: str
    duration_ms: int
    voices: dict[str, list[tuple[int, int]]]
    """Voice id → stretches ``[start_ms, end_ms)`` in order of time."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A voice of another transcript that sounds like one of this."""

    voice_id: str
    other_id: str
    other_transcript_id: str
    similarity: float


def switch(session: Session, study_id: str) -> Switch:
    """Whether suggestions are on, from the audit trail's last word on it."""
    query = (
        select(Event)
        .where(
            Event.study_id == study_id,
            Event.object_type == "voice_prints",
            Event.verb.in_((ON, OFF)),
        )
        .order_by(Event.seq.desc())
        .limit(1)
    )
    event = session.scalar(query)
    on = bool(session.get_one(Study, study_id).settings.get(SETTING, False))
    return Switch(on) if event is None else Switch(on, event.actor, event.at)


def set_switch(tx: Transaction, study_id: str, on: bool) -> None:
    """Switch suggestions on or off; switching off deletes every print of the study."""
    study = tx.session.get_one(Study, study_id)
    if bool(study.settings.get(SETTING, False)) == on:
        return
    study.settings = {**study.settings, SETTING: on}
    data = {}
    if not on:
        if tx.session.get_bind().dialect.name == "sqlite":
            # what was deleted is also overwritten in the file
            tx.session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
        gone = tx.session.connection().execute(
            delete(VoicePrint).where(VoicePrint.study_id == study_id)
        )
        data = {"deleted": gone.rowcount}
    tx.session.flush()
    tx.record(study_id, ON if on else OFF, "voice_prints", study_id, data)


def to_hear(session: Session, study_id: str) -> list[ToHear]:
    """Recordings in which somebody has no print yet and talks long enough to have one."""
    if not switch(session, study_id).on:
        return []
    known = set(
        session.scalars(select(VoicePrint.speaker_id).filter_by(study_id=study_id, method=METHOD))
    )
    versions = latest_versions(session, study_id)
    found = []
    for transcript in transcripts(session, study_id):
        version = versions.get(transcript.id)
        if version is None or transcript.recording_id is None:
            continue
        recording = session.get_one(Recording, transcript.recording_id)
        voices = {
            voice: stretches
            for voice, stretches in _stretches(session, version.id).items()
            if voice not in known
        }
        if voices:
            found.append(ToHear(transcript.id, recording.sha256, recording.duration_ms, voices))
    return found


def keep(tx: Transaction, study_id: str, method: str, prints: Mapping[str, Sequence[float]]) -> int:
    """Keep prints by voice id, replacing older ones; how many were kept.

    Nothing is kept where suggestions were switched off meanwhile, or for voices that are gone.
    """
    if not tx.session.get_one(Study, study_id).settings.get(SETTING, False):
        return 0
    mine = select(Speaker.id).join(Transcript, Transcript.id == Speaker.transcript_id)
    there = set(tx.session.scalars(mine.where(Transcript.study_id == study_id)))
    kept = {voice: list(vector) for voice, vector in prints.items() if voice in there}
    tx.session.execute(delete(VoicePrint).where(VoicePrint.speaker_id.in_(kept)))
    tx.session.add_all(
        VoicePrint(speaker_id=voice, study_id=study_id, method=method, vector=vector)
        for voice, vector in kept.items()
    )
    tx.session.flush()
    tx.record(study_id, "listened to", "voice_prints", study_id, {"voices": len(kept)})
    return len(kept)


def suggestions(session: Session, study_id: str, transcript_id: str) -> list[Suggestion]:
    """Voices elsewhere that may be the same person as one of this transcript, the likest first.

    Pairs that people have settled are left out: both linked to participants, the same or not.
    """
    rows = session.execute(
        select(VoicePrint.speaker_id, VoicePrint.vector, Speaker.transcript_id, Participant.id)
        .join(Speaker, Speaker.id == VoicePrint.speaker_id)
        .outerjoin(Participant, Participant.id == Speaker.participant_id)
        .where(VoicePrint.study_id == study_id, VoicePrint.method == METHOD)
        .order_by(VoicePrint.speaker_id)
    ).all()
    found = []
    for pair in alike([row[1] for row in rows], [row[2] for row in rows]):
        one, other = rows[pair.one], rows[pair.other]
        if one[3] is not None and other[3] is not None:
            continue
        for mine, theirs in ((one, other), (other, one)):
            if mine[2] == transcript_id:
                found.append(Suggestion(mine[0], theirs[0], theirs[2], pair.similarity))
    return found


def _stretches(session: Session, version_id: str) -> dict[str, list[tuple[int, int]]]:
    """Where each voice speaks alone and surely, its longest turns first up to ``LONGEST_MS``."""
    query = select(Turn.speaker_id, Turn.start_ms, Turn.end_ms, Turn.marks).where(
        Turn.version_id == version_id, Turn.speaker_id.is_not(None)
    )
    spoken: dict[str, list[tuple[int, int]]] = {}
    for voice, start, end, marks in session.execute(query):
        if start is None or end is None or BLURRED & set(_marks(marks)):
            continue
        if end - start >= SHORTEST_TURN_MS:
            spoken.setdefault(voice, []).append((start, end))
    chosen = {}
    for voice, turns in spoken.items():
        picked, total = [], 0
        for start, end in sorted(turns, key=lambda turn: turn[0] - turn[1]):
            if total >= LONGEST_MS:
                break
            picked.append((start, min(end, start + LONGEST_MS - total)))
            total += picked[-1][1] - picked[-1][0]
        if total >= LEAST_MS:
            chosen[voice] = sorted(picked)
    return chosen


def _marks(marks: Any) -> list[str]:
    return list(marks or [])
