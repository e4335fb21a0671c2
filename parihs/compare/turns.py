"""Every turn of a study in one table: who spoke, where, when, how much, and over whom."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.compare.denominators import PEOPLE, PLACES, Denominators
from parihs.compare.interruptions import Rule, interrupted
from parihs.compare.texts import turn_indexes
from parihs.compare.tidy_columns import asked, taken
from parihs.model import Attendance, Workshop

NUMBERS: Final = ["turn", "start_ms", "end_ms", "n_words", "talk_ms"]
COLUMNS: Final = [*PLACES, *PEOPLE, "unsure", "voice_id", *NUMBERS]


def spoken_turns(session: Session, denominators: Denominators) -> pd.DataFrame:
    """One row per turn with words, in order of the study.

    ``PLACES``, ``PEOPLE``, ``unsure`` (whether that is not sure), ``voice_id`` (participant, else
    speaker, else empty), ``turn`` (its position), ``n_words``; ``start_ms``, ``end_ms`` and
    ``talk_ms``: -1 where not known.
    """
    talk = denominators.talk
    places = talk.drop_duplicates("version_id")[PLACES].reset_index(drop=True)
    people = talk.drop_duplicates("speaker_id")[PEOPLE].reset_index(drop=True)
    number = {speaker: place for place, speaker in enumerate(people["speaker_id"])}
    indexes = turn_indexes(session, places["version_id"].tolist())
    parts: dict[str, list[Any]] = {name: [] for name in ("place", "person", "unsure", *NUMBERS)}
    for place, version_id in enumerate(places["version_id"]):
        index = indexes.get(version_id)
        if index is None:
            continue
        said = np.flatnonzero(index.turn_words)
        known = np.array([number.get(voice, -1) for voice in (*index.voices, "")], dtype=np.int64)
        starts = index.turn_ms[said].astype(np.int64)
        ends = index.turn_end_ms[said].astype(np.int64)
        timed = (starts >= 0) & (ends >= starts)
        parts["place"].append(np.full(len(said), place))
        parts["person"].append(known[index.turn_voices[said]])
        parts["unsure"].append(index.turn_unsure[said].astype(np.int64))
        parts["turn"].append(said)
        parts["start_ms"].append(starts)
        parts["end_ms"].append(ends)
        parts["n_words"].append(index.turn_words[said].astype(np.int64))
        parts["talk_ms"].append(np.where(timed, ends - starts, -1))
    columns = {
        name: np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)
        for name, arrays in parts.items()
    }
    where, who = (columns[name].astype(np.int64) for name in ("place", "person"))
    voice = people["participant_id"].where(people["participant_id"] != "", people["speaker_id"])
    data: dict[str, Any] = {
        **{name: taken(places[name], where) for name in PLACES},
        **{name: taken(people[name], who) for name in PEOPLE},
        "unsure": columns["unsure"].astype(bool),
        "voice_id": taken(voice, who),
        **{name: columns[name].astype(np.int64) for name in NUMBERS},
    }
    return pd.DataFrame(data, columns=COLUMNS)


def with_interruptions(turns: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """The turns with ``over``: the row number of the turn that each interrupts, -1 for none.

    Take the turns of whole versions: a filter that comes first would hide who was interrupted.
    """
    turns = turns.reset_index(drop=True)
    voices, _ = pd.factorize(turns["voice_id"])
    voices = np.where(turns["voice_id"] == "", -1, voices).astype(np.int64)
    starts = turns["start_ms"].to_numpy()
    # A turn whose end comes before its start is not timed.
    ends = np.where(turns["talk_ms"] >= 0, turns["end_ms"], -1)
    n_words = turns["n_words"].to_numpy()
    over = np.full(len(turns), -1, dtype=np.int64)
    for rows in turns.groupby("version_id", sort=False).indices.values():
        hit = interrupted(starts[rows], ends[rows], voices[rows], n_words[rows], rule)
        over[rows] = np.where(hit >= 0, rows[hit], -1)
    return turns.assign(over=over)


def attendance(session: Session, study_id: str) -> pd.DataFrame:
    """Who took part where: ``workshop_id``, ``participant_id``."""
    query = (
        select(Attendance.workshop_id, Attendance.participant_id)
        .join(Workshop, Workshop.id == Attendance.workshop_id)
        .where(Workshop.study_id == study_id)
        .order_by(Attendance.workshop_id, Attendance.participant_id)
    )
    columns = ["workshop_id", "participant_id"]
    return asked(session, query, columns).astype("str")
