"""Who a voice is: its name in the transcript, and the participant it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import Attendance, Participant, Speaker, Transcript, Workshop
from parihs.speakers.changes import Change, make, meanwhile
from parihs.store import Transaction
from parihs.store.studies import add_participant, attend, participants


@dataclass(frozen=True, slots=True)
class Candidate:
    """A participant who may be a voice of a transcript."""

    person: Participant
    attended: bool
    """Whether they are on the workshop's attendance list."""
    here: bool
    """Whether they belong to the workshop's site, or to none (facilitators)."""
    voices: tuple[str, ...]
    """Ids of the voices of this transcript that are linked to them already."""


def name_voice(tx: Transaction, speaker_id: str, label: str) -> int:
    """Give a voice another label in its transcript.

    Raises ParihsError where another voice of the transcript has that label.
    """
    voice, transcript = _voice(tx.session, speaker_id)
    label = " ".join(label.split())
    if not label:
        raise ParihsError("The voice was not renamed.", "Give it a name.")
    if label == voice.label:
        raise ParihsError("It has this name already, so nothing was changed.", "")
    return make(tx, transcript, "named", Change(named=[(voice.id, voice.label, label)]))


def link_voice(tx: Transaction, speaker_id: str, participant_id: str | None) -> int:
    """Say which participant a voice is, or that it is not known (None); attendance is noted."""
    voice, transcript = _voice(tx.session, speaker_id)
    if participant_id == voice.participant_id:
        raise ParihsError("It is linked like that already, so nothing was changed.", "")
    change = Change(linked=[(voice.id, voice.participant_id, participant_id)])
    if participant_id is not None:
        person = tx.session.get(Participant, participant_id)
        if person is None or person.study_id != transcript.study_id:
            raise ParihsError("This participant is not in this study.", "Choose another one.")
        if tx.session.get(Attendance, (transcript.workshop_id, participant_id)) is None:
            change.came.append((transcript.workshop_id, participant_id))
    return make(tx, transcript, "linked", change)


def add_and_link(
    tx: Transaction,
    speaker_id: str,
    *,
    pseudonym: str,
    role: str = "",
    description: str = "",
    site_id: str | None = None,
    facilitator: bool = False,
) -> Participant:
    """Add a participant to the study and say that a voice is theirs."""
    _, transcript = _voice(tx.session, speaker_id)
    pseudonym = " ".join(pseudonym.split())
    if not pseudonym:
        raise ParihsError("Nobody was added.", "Give the participant a pseudonym.")
    person = add_participant(
        tx,
        transcript.study_id,
        pseudonym=pseudonym,
        role=role.strip(),
        description=description.strip(),
        site_id=site_id,
        facilitator=facilitator,
    )
    link_voice(tx, speaker_id, person.id)
    return person


def candidates(session: Session, transcript: Transcript) -> list[Candidate]:
    """Every participant of the study, the likeliest for this transcript first.

    First those on the attendance list who have no voice yet, then others of the site, then the
    rest; within each by pseudonym.
    """
    workshop = session.get_one(Workshop, transcript.workshop_id)
    there = attendance(session, workshop.id)
    linked: dict[str, list[str]] = {}
    for voice in session.scalars(select(Speaker).filter_by(transcript_id=transcript.id)):
        if voice.participant_id is not None:
            linked.setdefault(voice.participant_id, []).append(voice.id)
    found = [
        Candidate(
            person,
            person.id in there,
            person.site_id in (None, workshop.site_id),
            tuple(linked.get(person.id, ())),
        )
        for person in participants(session, transcript.study_id)
    ]
    return sorted(found, key=lambda each: (bool(each.voices), not each.attended, not each.here))


def attendance(session: Session, workshop_id: str) -> set[str]:
    """Ids of the participants on a workshop's attendance list."""
    query = select(Attendance.participant_id).filter_by(workshop_id=workshop_id)
    return set(session.scalars(query))


def set_attendance(tx: Transaction, workshop_id: str, participant_ids: Collection[str]) -> None:
    """Make these the attendance list of a workshop."""
    workshop = tx.session.get_one(Workshop, workshop_id)
    before, after = attendance(tx.session, workshop_id), set(participant_ids)
    if before == after:
        return
    for person in sorted(after - before):
        attend(tx, workshop_id, person)
    tx.session.execute(
        delete(Attendance).where(
            Attendance.workshop_id == workshop_id,
            Attendance.participant_id.in_(before - after),
        )
    )
    data = {"came": sorted(after - before), "left": sorted(before - after)}
    tx.record(workshop.study_id, "noted attendance", "workshop", workshop_id, data)


def _voice(session: Session, speaker_id: str) -> tuple[Speaker, Transcript]:
    voice = session.get(Speaker, speaker_id)
    if voice is None:
        raise meanwhile()
    return voice, session.get_one(Transcript, voice.transcript_id)
