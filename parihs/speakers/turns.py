"""Turns given to another voice, voices joined, and turns marked as unsure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import (
    Attendance,
    Participant,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
    new_id,
)
from parihs.speakers.changes import UNSURE, Change, make, marks_of, meanwhile, runs_of
from parihs.store import Transaction
from parihs.store.transcripts import latest_version


@dataclass(frozen=True, slots=True)
class Target:
    """Who turns are given to: one of these, or nobody in particular where all are None."""

    voice: str | None = None
    """Id of a voice of the transcript."""
    person: str | None = None
    """Id of a participant; the voice linked to them is used, or a new one made."""
    name: str | None = None
    """Label of a new voice."""


def move(
    tx: Transaction,
    version_id: str,
    seen: Mapping[int, str | None],
    target: Target,
    *,
    unsure: bool = False,
) -> int:
    """Give turns to a voice; the number of the line in the audit trail.

    ``seen`` says for each position whose turn the person saw there (a voice's id, or None); where
    one of them is no longer so, nothing is changed and a ParihsError says it. With ``unsure`` the
    turns are marked as such; without, the mark is taken off them: somebody has decided.
    """
    transcript = _newest(tx.session, version_id)
    to, change = _receiver(tx.session, transcript, target)
    turns = _turns(tx.session, version_id, seen)
    if any(turns[place][0] != voice for place, voice in seen.items()):
        raise meanwhile()
    moved = runs_of(seen, to)
    marked = marks_of({place: turns[place][1] for place in seen}, unsure)
    if not moved and not marked:
        raise ParihsError("These turns are theirs already, so nothing was changed.", "")
    if moved:
        change.moved[version_id] = moved
    if marked:
        change.marked[version_id] = marked
    return make(tx, transcript, "split" if change.made else "moved", change)


def merge(tx: Transaction, speaker_id: str, into_id: str) -> int:
    """Make two voices of a transcript one, in all its versions; the first one ends.

    The one that stays keeps its name and its participant; where it had none, it takes the other's.
    """
    gone, kept = tx.session.get(Speaker, speaker_id), tx.session.get(Speaker, into_id)
    if gone is None or kept is None:
        raise meanwhile()
    if gone.id == kept.id or gone.transcript_id != kept.transcript_id:
        raise ParihsError(
            "Only two different voices of one transcript can be merged; nothing was changed.",
            "Link voices of different transcripts to the same participant instead.",
        )
    transcript = tx.session.get_one(Transcript, gone.transcript_id)
    rows = tx.session.execute(
        select(Turn.version_id, Turn.position)
        .where(Turn.speaker_id == gone.id)
        .order_by(Turn.version_id, Turn.position)
    )
    theirs: dict[str, dict[int, str | None]] = {}
    for version_id, position in rows:
        theirs.setdefault(version_id, {})[position] = gone.id
    change = Change(
        moved={version_id: runs_of(turns, kept.id) for version_id, turns in theirs.items()},
        gone=[{"id": gone.id, "label": gone.label, "participant": gone.participant_id}],
    )
    if kept.participant_id is None and gone.participant_id is not None:
        change.linked.append((kept.id, None, gone.participant_id))
    return make(tx, transcript, "merged", change)


def mark_unsure(
    tx: Transaction, version_id: str, positions: Iterable[int], unsure: bool = True
) -> int:
    """Mark turns whose speaker is not sure, or take the mark off."""
    wanted = list(positions)
    transcript = _newest(tx.session, version_id)
    turns = _turns(tx.session, version_id, wanted)
    marked = marks_of({place: turns[place][1] for place in wanted}, unsure)
    if not marked:
        raise ParihsError("These turns are marked like that already; nothing was changed.", "")
    return make(tx, transcript, "marked", Change(marked={version_id: marked}))


def mark_voice(tx: Transaction, version_id: str, speaker_id: str, unsure: bool = True) -> int:
    """Mark every turn of a voice as unsure, or take the mark off all of them."""
    return mark_unsure(tx, version_id, spoken_by(tx.session, version_id, speaker_id), unsure)


def spoken_by(
    session: Session,
    version_id: str,
    speaker_id: str | None,
    *,
    from_ms: int | None = None,
    to_ms: int | None = None,
) -> list[int]:
    """Positions of a voice's turns, perhaps only those that begin within ``[from_ms, to_ms)``."""
    whose = Turn.speaker_id.is_(None) if speaker_id is None else Turn.speaker_id == speaker_id
    query = select(Turn.position).where(Turn.version_id == version_id, whose)
    if from_ms is not None:
        query = query.where(Turn.start_ms >= from_ms)
    if to_ms is not None:
        query = query.where(Turn.start_ms < to_ms)
    return list(session.scalars(query.order_by(Turn.position)))


def _newest(session: Session, version_id: str) -> Transcript:
    version = session.get(TranscriptVersion, version_id)
    if version is None:
        raise ParihsError("This transcript is no longer in the study.", "Choose another one.")
    newest = latest_version(session, version.transcript_id)
    if newest is None or newest.id != version_id:
        raise ParihsError(
            "There is a newer version of this transcript, so nothing was changed in this one.",
            "Open the transcript again, and do it there.",
        )
    return session.get_one(Transcript, version.transcript_id)


def _turns(
    session: Session, version_id: str, positions: Iterable[int]
) -> dict[int, tuple[str | None, bool]]:
    """Of each position: whose turn it is, and whether that is unsure."""
    wanted = set(positions)
    rows = session.execute(
        select(Turn.position, Turn.speaker_id, Turn.marks).where(Turn.version_id == version_id)
    )
    found = {place: (voice, UNSURE in marks) for place, voice, marks in rows if place in wanted}
    if not wanted or found.keys() != wanted:
        raise ParihsError("No such turn is in this transcript, so nothing was changed.", "Reload.")
    return found


def _receiver(
    session: Session, transcript: Transcript, target: Target
) -> tuple[str | None, Change]:
    """The voice that turns go to, and the change that makes it where there is none yet."""
    change = Change()
    if target.voice is not None:
        voice = session.get(Speaker, target.voice)
        if voice is None or voice.transcript_id != transcript.id:
            raise meanwhile()
        return voice.id, change
    here = list(session.scalars(select(Speaker).filter_by(transcript_id=transcript.id)))
    if target.person is not None:
        person = session.get(Participant, target.person)
        if person is None or person.study_id != transcript.study_id:
            raise ParihsError("This participant is not in this study.", "Choose another one.")
        known = next((voice for voice in here if voice.participant_id == person.id), None)
        if known is not None:
            return known.id, change
        label = _free(person.pseudonym, {voice.label for voice in here})
        change.made.append({"id": new_id(), "label": label, "participant": person.id})
        if session.get(Attendance, (transcript.workshop_id, person.id)) is None:
            change.came.append((transcript.workshop_id, person.id))
        return change.made[0]["id"], change
    if target.name is not None:
        label = " ".join(target.name.split()) or _numbered({voice.label for voice in here})
        change.made.append({"id": new_id(), "label": label, "participant": None})
        return change.made[0]["id"], change
    return None, change


def _free(wanted: str, taken: set[str]) -> str:
    number = 1
    label = wanted
    while label in taken:
        number += 1
        label = f"{wanted} {number}"
    return label


def _numbered(taken: set[str]) -> str:
    number = 1
    while f"Speaker {number}" in taken:
        number += 1
    return f"Speaker {number}"
