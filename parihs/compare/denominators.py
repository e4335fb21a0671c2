"""What could have been coded: who spoke how much, where; what every count is set against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from parihs.model import (
    Coding,
    Participant,
    Site,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
    Workshop,
)

PLACES: Final = ["transcript_id", "version_id", "workshop_id", "site_id", "kind", "cycle"]
PEOPLE: Final = ["speaker_id", "speaker", "participant_id", "role", "facilitator"]


@dataclass(frozen=True, slots=True)
class Denominators:
    """The talk of a study and its sites, workshops and participants, spoken or silent."""

    talk: pd.DataFrame
    """Per transcript and speaker: ``PLACES``, ``PEOPLE``, ``n_turns``, ``n_words``, ``talk_ms``
    (0 where turns are not timed)."""
    sites: pd.DataFrame
    """``id``, ``label``, in the study's order."""
    workshops: pd.DataFrame
    """``id``, ``label``, ``site_id``, ``kind``, ``cycle``, by site and date."""
    participants: pd.DataFrame
    """``id``, ``label`` (pseudonym), ``site_id``, ``role``, ``facilitator``, by pseudonym."""


def load_denominators(session: Session, study_id: str) -> Denominators:
    """Count the words and the talk of every speaker in the version of each transcript in use."""
    places = transcripts_in_use(session, study_id)
    people = voices(session, study_id)
    spoken = (
        select(
            Turn.version_id,
            func.coalesce(Turn.speaker_id, ""),
            func.count(),
            func.sum(Turn.n_words),
            func.coalesce(func.sum(Turn.end_ms - Turn.start_ms), 0),
        )
        .join(TranscriptVersion, TranscriptVersion.id == Turn.version_id)
        .join(Transcript, Transcript.id == TranscriptVersion.transcript_id)
        .where(Transcript.study_id == study_id)
        .group_by(Turn.version_id, Turn.speaker_id)
    )
    counts = ["n_turns", "n_words", "talk_ms"]
    rows = session.execute(spoken).all()
    talk = pd.DataFrame(rows, columns=["version_id", "speaker_id", *counts])
    talk = talk.astype(dict.fromkeys(counts, "int64"))
    talk = places.merge(talk, on="version_id").merge(people, on="speaker_id", how="left")
    texts = ["speaker", "participant_id", "role"]
    talk[texts] = talk[texts].fillna("")
    talk["facilitator"] = talk["facilitator"].eq(True)
    return Denominators(
        talk[[*PLACES, *PEOPLE, *counts]],
        _sites(session, study_id),
        _workshops(session, study_id),
        _participants(session, study_id),
    )


def transcripts_in_use(session: Session, study_id: str) -> pd.DataFrame:
    """Where each transcript belongs (``PLACES``), in order of site, date and age.

    ``version_id`` is the newest version that bears codings, or the newest of all: a new version
    counts from the moment its first coding stands on it.
    """
    coded = exists().where(Coding.version_id == TranscriptVersion.id, Coding.uncoded.is_(False))
    query = (
        select(
            Transcript.id,
            TranscriptVersion.id,
            Workshop.id,
            Workshop.site_id,
            Workshop.kind,
            Workshop.cycle,
            TranscriptVersion.number,
            coded,
        )
        .join(TranscriptVersion, TranscriptVersion.transcript_id == Transcript.id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .join(Site, Site.id == Workshop.site_id)
        .where(Transcript.study_id == study_id)
        .order_by(*_IN_ORDER, Transcript.created_at, Transcript.id)
    )
    frame = pd.DataFrame(session.execute(query).all(), columns=[*PLACES, "number", "coded"])
    frame = frame.astype({"cycle": "Int64", "coded": bool})
    best = frame.sort_values(["coded", "number"]).drop_duplicates("transcript_id", keep="last")
    return frame.loc[sorted(best.index), PLACES].reset_index(drop=True)


def voices(session: Session, study_id: str) -> pd.DataFrame:
    """Every speaker of the study (``PEOPLE``) with the participant behind them.

    ``speaker`` is the pseudonym, or the transcript's label where nobody is linked; then
    ``participant_id`` and ``role`` are empty.
    """
    query = (
        select(
            Speaker.id,
            func.coalesce(Participant.pseudonym, Speaker.label),
            func.coalesce(Participant.id, ""),
            func.coalesce(Participant.role, ""),
            func.coalesce(Participant.facilitator, False),
        )
        .join(Transcript, Transcript.id == Speaker.transcript_id)
        .outerjoin(Participant, Participant.id == Speaker.participant_id)
        .where(Transcript.study_id == study_id)
        .order_by(Participant.pseudonym, Speaker.label, Speaker.id)
    )
    frame = pd.DataFrame(session.execute(query).all(), columns=PEOPLE)
    return frame.astype({"facilitator": bool})


_IN_ORDER: Final = (Site.position, Workshop.held_on, Workshop.position)


def _sites(session: Session, study_id: str) -> pd.DataFrame:
    query = select(Site.id, Site.name).where(Site.study_id == study_id).order_by(Site.position)
    return pd.DataFrame(session.execute(query).all(), columns=["id", "label"])


def _workshops(session: Session, study_id: str) -> pd.DataFrame:
    query = (
        select(Workshop.id, Workshop.title, Workshop.site_id, Workshop.kind, Workshop.cycle)
        .join(Site, Site.id == Workshop.site_id)
        .where(Workshop.study_id == study_id)
        .order_by(*_IN_ORDER)
    )
    columns = ["id", "label", "site_id", "kind", "cycle"]
    frame = pd.DataFrame(session.execute(query).all(), columns=columns)
    return frame.astype({"cycle": "Int64"})


def _participants(session: Session, study_id: str) -> pd.DataFrame:
    query = (
        select(
            Participant.id,
            Participant.pseudonym,
            func.coalesce(Participant.site_id, ""),
            Participant.role,
            Participant.facilitator,
        )
        .where(Participant.study_id == study_id)
        .order_by(Participant.pseudonym)
    )
    columns = ["id", "label", "site_id", "role", "facilitator"]
    frame = pd.DataFrame(session.execute(query).all(), columns=columns)
    return frame.astype({"facilitator": bool})
