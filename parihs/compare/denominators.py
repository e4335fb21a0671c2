"""What could have been coded: who spoke how much, where; what every count is set against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from parihs.compare.texts import turn_indexes
from parihs.compare.tidy_columns import asked
from parihs.model import (
    Coding,
    Participant,
    Site,
    Speaker,
    Transcript,
    TranscriptVersion,
    Workshop,
)

PLACES: Final = ["transcript_id", "version_id", "workshop_id", "site_id", "kind", "cycle"]
COUNTS: Final = ["n_turns", "n_words", "talk_ms"]
PEOPLE: Final = ["speaker_id", "speaker", "participant_id", "role", "facilitator"]


@dataclass(frozen=True, slots=True)
class Denominators:
    """The talk of a study and its sites, workshops and participants, spoken or silent."""

    talk: pd.DataFrame
    """Per transcript and speaker: ``PLACES``, ``PEOPLE``, ``COUNTS``: turns, words, talk in ms
    (0 where turns are not timed). ``unsure`` is True in a row of its own for those turns of a
    speaker of which it is not sure that they are theirs."""
    sites: pd.DataFrame
    """``id``, ``label``, in the study's order."""
    workshops: pd.DataFrame
    """``id``, ``label``, ``site_id``, ``kind``, ``cycle``, ``held_on``, by site and date."""
    participants: pd.DataFrame
    """``id``, ``label`` (pseudonym), ``site_id``, ``role``, ``facilitator``, by pseudonym."""


def load_denominators(session: Session, study_id: str) -> Denominators:
    """Count the words and the talk of every speaker in the version of each transcript in use."""
    places = transcripts_in_use(session, study_id)
    people = voices(session, study_id)
    talk = _spoken(session, places["version_id"].tolist())
    talk = places.merge(talk, on="version_id").merge(people, on="speaker_id", how="left")
    texts = ["speaker", "participant_id", "role"]
    talk[texts] = talk[texts].fillna("")
    talk["facilitator"] = talk["facilitator"].eq(True)
    return Denominators(
        talk[[*PLACES, *PEOPLE, "unsure", *COUNTS]],
        _sites(session, study_id),
        _workshops(session, study_id),
        _participants(session, study_id),
    )


def _spoken(session: Session, version_ids: list[str]) -> pd.DataFrame:
    """Turns, words and talk of each voice in each version; turns without a speaker are one voice.

    Counted from the indexes that excerpts are cut with, since summing the turns of a large study in
    the database takes a second.
    """
    names_of = ("version_id", "speaker_id", "unsure", *COUNTS)
    columns: dict[str, list[Any]] = {name: [] for name in names_of}
    for version_id, index in turn_indexes(session, version_ids).items():
        timed = (index.turn_ms >= 0) & (index.turn_end_ms >= 0)
        lengths = np.where(timed, index.turn_end_ms - index.turn_ms, 0)
        n = 2 * (len(index.voices) + 1)
        row = 2 * (index.turn_voices + 1) + index.turn_unsure
        turns = np.bincount(row, minlength=n)
        counts = {
            "n_turns": turns,
            "n_words": np.bincount(row, index.turn_words, minlength=n),
            "talk_ms": np.bincount(row, lengths, minlength=n),
        }
        heard = np.flatnonzero(turns).tolist()
        names = ["", *index.voices]
        columns["version_id"] += [version_id] * len(heard)
        columns["speaker_id"] += [names[place // 2] for place in heard]
        columns["unsure"] += [place % 2 == 1 for place in heard]
        for name, numbers in counts.items():
            columns[name] += numbers[heard].tolist()
    # Typed also where nothing was said, so that an empty study can be joined like any other.
    types = {"version_id": "str", "speaker_id": "str", "unsure": "bool"}
    types |= dict.fromkeys(COUNTS, "int64")
    return pd.DataFrame(columns).astype(types)


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
    frame = asked(session, query, [*PLACES, "number", "coded"])
    ids = dict.fromkeys(["transcript_id", "version_id", "workshop_id", "site_id", "kind"], "str")
    frame = frame.astype({**ids, "cycle": "Int64", "coded": bool})
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
    frame = asked(session, query, PEOPLE)
    return frame.astype({"facilitator": bool})


_IN_ORDER: Final = (Site.position, Workshop.held_on, Workshop.position)


def _sites(session: Session, study_id: str) -> pd.DataFrame:
    query = select(Site.id, Site.name).where(Site.study_id == study_id).order_by(Site.position)
    return asked(session, query, ["id", "label"])


def _workshops(session: Session, study_id: str) -> pd.DataFrame:
    query = (
        select(
            Workshop.id,
            Workshop.title,
            Workshop.site_id,
            Workshop.kind,
            Workshop.cycle,
            Workshop.held_on,
        )
        .join(Site, Site.id == Workshop.site_id)
        .where(Workshop.study_id == study_id)
        .order_by(*_IN_ORDER)
    )
    columns = ["id", "label", "site_id", "kind", "cycle", "held_on"]
    frame = asked(session, query, columns)
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
    frame = asked(session, query, columns)
    return frame.astype({"facilitator": bool})
