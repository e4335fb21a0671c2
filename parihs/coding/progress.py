"""Where a study stands: what there is, what is coded by whom, what is missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from parihs.coding.assignments import assigned, finished_readers
from parihs.coding.naming import transcript_names
from parihs.coding.visibility import open_transcripts
from parihs.model import (
    Coding,
    Participant,
    Recording,
    Site,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
    Workshop,
)
from parihs.store.studies import coders, sites, workshops
from parihs.store.transcripts import latest_versions, transcripts


@dataclass(frozen=True, slots=True)
class WorkshopStatus:
    """One transcript of a workshop, or a workshop that has none yet, and how far its coding is."""

    workshop: Workshop
    site: Site
    recordings: list[Recording]
    transcript: Transcript | None
    version: TranscriptVersion | None
    codings: dict[str, int]
    """Coder id → codings, taken-back ones left out."""
    unknown_speakers: int
    """Voices that speak in the transcript and are not linked to a participant."""
    label: str
    """What the transcript is called, or the workshop where it has none."""
    assigned: tuple[str, ...] = ()
    """Ids of the coders it is assigned to."""
    finished: frozenset[str] = frozenset()
    """Ids of those who say that they have read all of it."""


@dataclass(frozen=True, slots=True)
class StudyStatus:
    """The whole study at a glance."""

    workshops: list[WorkshopStatus]
    n_sites: int
    n_participants: int
    coder_names: dict[str, str]

    @property
    def n_workshops(self) -> int:
        """Workshops, with and without transcripts."""
        return len({row.workshop.id for row in self.workshops})

    @property
    def n_words(self) -> int:
        """Words in the newest versions of all transcripts."""
        return sum(w.version.n_words for w in self.workshops if w.version)

    @property
    def n_codings(self) -> int:
        """Codings one may see."""
        return sum(sum(w.codings.values()) for w in self.workshops)

    @property
    def n_transcripts(self) -> int:
        """Transcripts of all workshops."""
        return sum(w.version is not None for w in self.workshops)


def study_status(session: Session, study_id: str, viewer_id: str | None) -> StudyStatus:
    """Gather the status of a study as one viewer may see it (None sees everything)."""
    site_by_id = {site.id: site for site in sites(session, study_id)}
    recorded: dict[str, list[Recording]] = {}
    for recording in session.scalars(select(Recording).filter_by(study_id=study_id)):
        recorded.setdefault(recording.workshop_id, []).append(recording)
    written: dict[str, list[Transcript]] = {}
    held, texts = workshops(session, study_id), transcripts(session, study_id)
    for transcript in texts:
        written.setdefault(transcript.workshop_id, []).append(transcript)
    names = transcript_names(held, texts)
    versions = latest_versions(session, study_id)
    counts = _coding_counts(session, study_id, viewer_id)
    unknown = _unknown_speakers(session, study_id, [v.id for v in versions.values()])
    given = assigned(session, study_id)
    finished = finished_readers(session, versions)
    rows = []
    for workshop in held:
        here = written.get(workshop.id, [])
        site, sounds = site_by_id[workshop.site_id], recorded.get(workshop.id, [])
        if not here:
            row = WorkshopStatus(workshop, site, sounds, None, None, {}, 0, workshop.title)
            rows.append(row)
        for each in here:
            rows.append(
                WorkshopStatus(
                    workshop,
                    site,
                    sounds,
                    each,
                    versions.get(each.id),
                    counts.get(each.id, {}),
                    unknown.get(each.id, 0),
                    names[each.id],
                    tuple(given.get(each.id, ())),
                    frozenset(finished.get(each.id, ())),
                )
            )
    stakeholders = (
        select(func.count())
        .select_from(Participant)
        .where(Participant.study_id == study_id, Participant.facilitator.is_(False))
    )
    return StudyStatus(
        rows,
        len(site_by_id),
        session.scalar(stakeholders) or 0,
        {coder.id: coder.name for coder in coders(session, study_id)},
    )


def _coding_counts(
    session: Session, study_id: str, viewer_id: str | None
) -> dict[str, dict[str, int]]:
    # Counted first and sorted out afterwards: joining half a million codings doubles the time.
    query = (
        select(Coding.transcript_id, Coding.coder_id, func.count())
        .where(Coding.study_id == study_id, Coding.uncoded.is_(False))
        .group_by(Coding.transcript_id, Coding.coder_id)
    )
    seen = open_transcripts(session, study_id, viewer_id)
    counts: dict[str, dict[str, int]] = {}
    for transcript_id, coder_id, number in session.execute(query):
        if coder_id == viewer_id or transcript_id in seen:
            counts.setdefault(transcript_id, {})[coder_id] = number
    return counts


def _unknown_speakers(session: Session, study_id: str, newest: Collection[str]) -> dict[str, int]:
    speaks = exists().where(Turn.speaker_id == Speaker.id, Turn.version_id.in_(newest))
    query = (
        select(Speaker.transcript_id, func.count())
        .join(Transcript, Transcript.id == Speaker.transcript_id)
        .where(Transcript.study_id == study_id, Speaker.participant_id.is_(None), speaks)
        .group_by(Speaker.transcript_id)
    )
    return {key: number for key, number in session.execute(query)}  # noqa: C416
