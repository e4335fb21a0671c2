"""Whose voice is heard: talk time, words, turns and interruptions, with those who stayed silent.

Facilitators stand apart: their share is of everybody's talk, a participant's share is of the
participants'. What is not timed has no talk time and no interruptions: it is missing, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from parihs.compare.denominators import Denominators, load_denominators
from parihs.compare.filters import Filters
from parihs.compare.interruptions import Rule
from parihs.compare.turns import attendance, spoken_turns, with_interruptions
from parihs.errors import ParihsError

ROWS: Final = {
    "study": "",
    "site": "site_id",
    "workshop": "workshop_id",
    "cycle": "cycle",
}
"""What can be set side by side, and the column that holds it."""
BY: Final = ("role", "speaker", "all")
MEASURES: Final = {
    "talk_ms": "talk time",
    "n_words": "words",
    "n_turns": "turns",
    "interruptions": "interruptions",
}
FACILITATORS: Final = "facilitators"


@dataclass(frozen=True, slots=True)
class Talk:
    """All that was said in a study, and who was there."""

    turns: pd.DataFrame
    """As ``spoken_turns`` gives them."""
    present: pd.DataFrame
    """As ``attendance`` gives it."""
    denominators: Denominators


@dataclass(frozen=True, slots=True)
class Heard:
    """A table of who is heard, and the turns behind each of its rows."""

    frame: pd.DataFrame
    """Per row and group: ``row_id, row, group_id, group, facilitator, n_present`` (took part),
    ``n_heard`` (spoke), ``n_turns, n_timed, n_words``; ``talk_ms, interruptions, interrupted``
    (missing where nothing is timed); for each measure ``share_…`` of everybody and ``among_…`` of
    the participants."""
    caption: str
    turns: pd.DataFrame
    """The turns that were counted, with ``row_id`` and ``group_id``."""

    def turn_ids(self, row_id: str, group_id: str, *, measure: str = "") -> list[tuple[str, int]]:
        """Version and position of the turns behind a mark; of interruptions only those."""
        found = self.turns[(self.turns["row_id"] == row_id) & (self.turns["group_id"] == group_id)]
        if measure == "interruptions":
            found = found[found["over"] >= 0]
        return list(zip(found["version_id"], found["turn"], strict=True))


def load_talk(session: Session, study_id: str, denominators: Denominators | None = None) -> Talk:
    """Everything that participation is counted from; ``denominators`` where they were read."""
    denominators = denominators or load_denominators(session, study_id)
    return Talk(spoken_turns(session, denominators), attendance(session, study_id), denominators)


def heard(
    talk: Talk,
    *,
    rows: str = "site",
    by: str = "role",
    filters: Filters | None = None,
    rule: Rule | None = None,
) -> Heard:
    """Count who is heard in each site, workshop or PAR cycle, by role, speaker or all together.

    Groups whose members took part and said nothing are there with zeros. Raises ParihsError for
    other ``rows`` or ``by``.
    """
    if rows not in ROWS or by not in BY:
        raise ParihsError(
            f"Participation cannot be shown by “{rows}” and “{by}”.",
            f"Rows: {', '.join(ROWS)}. By: {', '.join(BY)}.",
        )
    filters, rule = filters or Filters(), rule or Rule()
    turns = with_interruptions(talk.turns, rule)
    struck = np.bincount(turns["over"][turns["over"] >= 0], minlength=len(turns))
    turns = turns.assign(struck=struck)[filters.mask(turns)]
    turns = grouped(_placed(turns, rows), by)
    here = grouped(_placed(people_present(talk, filters), rows), by)
    keys = ["row_id", "group_id"]
    timed = turns["talk_ms"] >= 0
    counted = turns.assign(
        timed=timed, known_ms=turns["talk_ms"].where(timed, 0), hit=turns["over"] >= 0
    )
    said = counted.groupby(keys, sort=False, observed=True).agg(
        n_heard=("voice_id", "nunique"),
        n_turns=("turn", "size"),
        n_timed=("timed", "sum"),
        n_words=("n_words", "sum"),
        talk_ms=("known_ms", "sum"),
        interruptions=("hit", "sum"),
        interrupted=("struck", "sum"),
    )
    there = here.groupby(keys, sort=False, observed=True).agg(
        n_present=("participant_id", "nunique")
    )
    frame = _with_texts(said).merge(_with_texts(there), on=keys, how="outer")
    counts = frame.columns.difference(keys)
    frame[counts] = frame[counts].fillna(0).astype("int64")
    called = [*keys, "group", "facilitator"]
    names = pd.concat(
        [
            part[called].drop_duplicates(keys).astype(dict.fromkeys(called[:-1], "str"))
            for part in (turns, here)
        ]
    )
    names = names.drop_duplicates(keys)
    frame = frame.merge(names, on=keys, how="left")
    frame = _missing_where_untimed(frame)
    labels = _row_labels(talk.denominators, rows)
    order = {key: place for place, key in enumerate(labels)}
    frame = frame.assign(row=frame["row_id"].map(labels), place=frame["row_id"].map(order))
    for measure in MEASURES:
        frame = _with_shares(frame, measure)
    frame = frame.sort_values(
        ["place", "facilitator", "n_words", "group"], ascending=[True, True, False, True]
    )
    shares = [f"{kind}_{measure}" for measure in MEASURES for kind in ("share", "among")]
    columns = ["row_id", "row", "group_id", "group", "facilitator", "n_present", "n_heard"]
    columns += ["n_turns", "n_timed", "n_words", "talk_ms", "interruptions", "interrupted"]
    frame = frame[[*columns, *shares]].reset_index(drop=True)
    return Heard(frame, _caption(turns, here, filters, rule), turns)


def people_present(talk: Talk, filters: Filters) -> pd.DataFrame:
    """Who took part in each workshop that has a transcript, under the filters."""
    people = talk.denominators.participants.rename(
        columns={"id": "participant_id", "label": "speaker", "site_id": "home"}
    )
    held = talk.denominators.workshops.rename(columns={"id": "workshop_id", "label": "workshop"})
    held = held[held["workshop_id"].isin(talk.turns["workshop_id"].unique())]
    frame = talk.present.merge(people, on="participant_id").merge(held, on="workshop_id")
    return frame[filters.mask(frame)].reset_index(drop=True)


def never_heard(talk: Talk, filters: Filters | None = None) -> pd.DataFrame:
    """Who took part in a workshop and says nothing in its transcripts.

    ``workshop_id, workshop, site_id, site, participant_id, participant, role, facilitator,
    n_unlinked`` (voices of the workshop that nobody is linked to: the person may be one of them),
    ``elsewhere`` (heard in another workshop).
    """
    filters = filters or Filters()
    here = people_present(talk, filters)
    turns = talk.turns
    heard_in = turns[["workshop_id", "participant_id"]].drop_duplicates()
    spoke = set(heard_in.itertuples(index=False, name=None))
    taking_part = zip(here["workshop_id"], here["participant_id"], strict=True)
    silent = [key not in spoke for key in taking_part]
    order = {key: place for place, key in enumerate(talk.denominators.workshops["id"])}
    found = here[np.array(silent, dtype=bool)]
    found = found.sort_values("workshop_id", key=lambda ids: ids.map(order), kind="stable")
    unlinked = turns[turns["participant_id"] == ""]
    voices = unlinked.groupby("workshop_id")["speaker_id"].nunique()
    sites = dict(zip(talk.denominators.sites["id"], talk.denominators.sites["label"], strict=True))
    found = found.assign(
        site=found["site_id"].map(sites),
        participant=found["speaker"],
        n_unlinked=found["workshop_id"].map(voices).fillna(0).astype("int64"),
        elsewhere=found["participant_id"].isin(heard_in["participant_id"].unique()),
    )
    columns = ["workshop_id", "workshop", "site_id", "site", "participant_id", "participant"]
    return found[[*columns, "role", "facilitator", "n_unlinked", "elsewhere"]].reset_index(
        drop=True
    )


def _placed(frame: pd.DataFrame, rows: str) -> pd.DataFrame:
    """With ``row_id``."""
    if rows == "study":
        return frame.assign(row_id="study")
    return frame.assign(row_id=_each_once(frame[ROWS[rows]], str))


def grouped(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Turns or people with ``group_id`` and ``group``: role, speaker, or participants as one.

    Facilitators are a group of their own, and stand by their names among speakers.
    """
    leads = frame["facilitator"].to_numpy(dtype=bool)
    if by == "all":
        return frame.assign(
            group_id=_texts(leads.astype(int), ["participants", FACILITATORS]),
            group=_texts(leads.astype(int), ["Participants", "Facilitators"]),
        )
    if by == "speaker":
        key = frame["voice_id"] if "voice_id" in frame else frame["participant_id"]
        name = _each_once(frame["speaker"], lambda name: name or "Unknown speaker")
        return frame.assign(group_id=_each_once(key, str), group=name)
    roles, known = pd.factorize(frame["role"])
    ids, names = ["unlinked", FACILITATORS], ["Not linked to a participant", "Facilitators"]
    ids += [f"role:{role}" for role in known]
    names += [role[:1].upper() + role[1:] or "Role not given" for role in known]
    linked = (frame["participant_id"] != "").to_numpy()
    which = np.where(leads, 1, np.where(linked, 2 + roles, 0))
    return frame.assign(group_id=_texts(which, ids), group=_texts(which, names))


def _each_once(column: pd.Series, words: Callable[[Any], str]) -> pd.Categorical:
    """``words`` of each value, asked once for each different one; empty where there is none."""
    codes, known = pd.factorize(column)
    return _texts(codes, [*map(words, known), ""])


def _texts(places: NDArray[np.int64], texts: Sequence[str]) -> pd.Categorical:
    """The text at each of the places, as a category column; -1 is the last."""
    codes, known = pd.factorize(np.array(texts, dtype=object))
    return pd.Categorical.from_codes(codes[places], categories=pd.Index(known, dtype=object))


def _with_texts(counts: pd.DataFrame) -> pd.DataFrame:
    """With ``row_id`` and ``group_id`` as columns of text."""
    return counts.reset_index().astype({"row_id": "str", "group_id": "str"})


def _missing_where_untimed(frame: pd.DataFrame) -> pd.DataFrame:
    """Take talk time and interruptions away where there are turns and none of them is timed."""
    timed_row = frame.groupby("row_id")["n_timed"].transform("sum") > 0
    known = np.where(frame["n_turns"] > 0, frame["n_timed"] > 0, timed_row).astype(bool)
    for name in ("talk_ms", "interruptions", "interrupted"):
        frame = frame.assign(**{name: frame[name].astype("Int64").where(known)})
    return frame


def _with_shares(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    values = frame[measure].astype("Float64")
    ours = ~frame["facilitator"].astype(bool)
    everybody = values.groupby(frame["row_id"]).transform("sum")
    participants = values.where(ours).groupby(frame["row_id"]).transform("sum")
    return frame.assign(
        **{
            f"share_{measure}": _ratio(values, everybody),
            f"among_{measure}": _ratio(values, participants).where(ours),
        }
    )


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole.where(whole > 0)).astype("Float64")


def _row_labels(denominators: Denominators, rows: str) -> dict[str, str]:
    if rows == "study":
        return {"study": "Whole study"}
    if rows == "cycle":
        cycles = sorted({int(c) for c in denominators.workshops["cycle"].dropna()})
        return {**{str(cycle): f"Cycle {cycle}" for cycle in cycles}, "": "No cycle given"}
    frame = denominators.sites if rows == "site" else denominators.workshops
    return dict(zip(frame["id"], frame["label"], strict=True))


def _caption(turns: pd.DataFrame, here: pd.DataFrame, filters: Filters, rule: Rule) -> str:
    """How much talk this is, whose, and what is not in the numbers."""
    timed = turns["talk_ms"] >= 0
    people = set(here["participant_id"].unique())
    spoke = set(turns["participant_id"].unique()) - {""}
    parts = [
        _count(turns["workshop_id"].nunique(), "workshop"),
        *filters.in_words(),
        f"{len(spoke)} of {_count(len(people | spoke), 'person', 'people')} who took part heard",
        _count(len(turns), "turn"),
        _count(int(turns["n_words"].sum()), "word"),
    ]
    if timed.any():
        parts.append(f"{_hours(int(turns.loc[timed, 'talk_ms'].sum()))} of timed talk")
    sentences = [", ".join(parts) + "."]
    untimed = int((~timed).sum())
    if untimed == len(turns):
        sentences.append("Nothing here is timed, so there is no talk time and no interruption.")
    elif untimed:
        sentences.append(f"{_count(untimed, 'turn is', 'turns are')} not timed: no talk time.")
    unlinked = turns.loc[turns["participant_id"] == "", "voice_id"].nunique()
    if unlinked:
        sentences.append(
            f"{_count(unlinked, 'voice is', 'voices are')} not linked to a participant and count "
            "as participants."
        )
    if timed.any():
        sentences.append(rule.in_words())
    return " ".join(sentences)


def _hours(ms: int) -> str:
    minutes = ms // 60_000
    return f"{minutes // 60}:{minutes % 60:02d} h" if minutes >= 60 else f"{minutes} min"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
