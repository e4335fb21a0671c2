"""Whose voice is heard: every number equals what counting by hand gives."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import count
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parihs.charts.course import course_columns
from parihs.charts.heard import heard_bars
from parihs.compare.course import course
from parihs.compare.filters import Filters
from parihs.compare.heard import BY, MEASURES, ROWS, Talk, heard, load_talk, never_heard
from parihs.compare.interruptions import Rule, interrupted
from parihs.compare.spoken import spoken
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import ParsedTranscript, ParsedTurn
from parihs.store import Store
from parihs.store.studies import add_participant, add_site, add_study, add_workshop, attend
from parihs.store.transcripts import save_transcript

STUDIES = count()
ROLES = ("nurse", "doctor", "")
VOICES = ["Ann", "Ben", "Cato", "Dee", "Lead", "Stranger", None]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(Home(tmp_path_factory.mktemp("home")))


@st.composite
def talks(draw: Any) -> list[ParsedTurn]:
    """A talk with overlaps, moments of no length, and turns that lack times."""
    turns = []
    for _ in range(draw(st.integers(1, 12))):
        start = draw(st.integers(0, 40)) * 250
        end = start + draw(st.sampled_from([0, 250, 700, 2_000, 9_000]))
        timed = draw(st.sampled_from([True, True, True, True, False]))
        words = draw(st.integers(0, 6))
        turns.append(
            ParsedTurn(
                draw(st.sampled_from(VOICES)),
                " ".join(["word"] * words),
                start if timed or draw(st.booleans()) else None,
                end if timed else None,
            )
        )
    return turns


def make(store: Store, workshops: list[list[ParsedTurn]]) -> str:
    """A study with two sites and these workshops; everybody but the stranger is a participant."""
    number = next(STUDIES)
    with store.write("test") as tx:
        study = add_study(tx, key=f"s{number}", name="Study")
        sites = [add_site(tx, study.id, key=f"p{n}", name=f"Site {n}") for n in range(2)]
        people = [
            add_participant(
                tx,
                study.id,
                pseudonym=name,
                role=ROLES[place % 3],
                site_id=sites[place % 2].id,
                facilitator=name == "Lead",
            )
            for place, name in enumerate(["Ann", "Ben", "Cato", "Dee", "Lead"])
        ]
        for place, turns in enumerate(workshops):
            held = add_workshop(
                tx,
                study.id,
                site_id=sites[place % 2].id,
                key=f"w{place}",
                title=f"Workshop {place}",
                held_on=date(2026, 1, 1 + place),
                cycle=(1, 2, None)[place % 3],
            )
            attend(tx, held.id, people[place % 4].id)
            save_transcript(
                tx,
                workshop_id=held.id,
                title="Talk",
                parsed=ParsedTranscript(turns, "any"),
                reason="import",
            )
    return study.id


def load(store: Store, study_id: str) -> Talk:
    with store.read() as session:
        return load_talk(session, study_id)


def timed(turn: ParsedTurn) -> bool:
    return turn.start_ms is not None and turn.end_ms is not None


def over_whom(turns: list[ParsedTurn], rule: Rule) -> dict[int, int]:
    """Interruptions by looking at every pair of turns."""
    found = {}
    for b, turn in enumerate(turns):
        if turn.speaker is None or turn.start_ms is None:
            continue
        if len(turn.text.split()) < rule.words:
            continue
        going = [
            (other.start_ms, a)
            for a, other in enumerate(turns)
            if timed(other)
            and other.text
            and other.speaker not in (None, turn.speaker)
            and other.start_ms < turn.start_ms <= other.end_ms - rule.threshold_ms
        ]
        if going and turn.text:
            found[b] = max(going)[1]
    return found


RULES = st.builds(
    Rule, threshold_ms=st.sampled_from([0, 250, 500, 1_000]), words=st.sampled_from([1, 2, 4])
)
LEADS = {"Lead"}
ROLE_OF = dict(zip(["Ann", "Ben", "Cato", "Dee"], [*ROLES, "nurse"], strict=True))


def group_of(speaker: str | None, by: str) -> str:
    if by == "all":
        return "Facilitators" if speaker in LEADS else "Participants"
    if by == "speaker":
        return speaker or "Unknown speaker"
    if speaker in LEADS:
        return "Facilitators"
    if speaker not in ROLE_OF:
        return "Not linked to a participant"
    return ROLE_OF[speaker].capitalize() or "Role not given"


def row_of(place: int, rows: str) -> str:
    cycle = (1, 2, None)[place % 3]
    return {
        "study": "Whole study",
        "site": f"Site {place % 2}",
        "workshop": f"Workshop {place}",
        "cycle": f"Cycle {cycle}" if cycle else "No cycle given",
    }[rows]


@settings(max_examples=20, deadline=None)
@given(
    workshops=st.lists(talks(), min_size=1, max_size=4),
    rows=st.sampled_from(list(ROWS)),
    by=st.sampled_from(BY),
    rule=RULES,
)
def test_every_number_equals_a_recount(
    store: Store, workshops: list[list[ParsedTurn]], rows: str, by: str, rule: Rule
) -> None:
    found = heard(load(store, make(store, workshops)), rows=rows, by=by, rule=rule)
    expected: dict[tuple[str, str], dict[str, Any]] = defaultdict(
        lambda: {"turns": 0, "timed": 0, "words": 0, "talk": 0, "made": 0, "met": 0, "who": set()}
    )
    for place, turns in enumerate(workshops):
        hits = over_whom(turns, rule)
        for at, turn in enumerate(turns):
            if not turn.text:
                continue
            cell = expected[row_of(place, rows), group_of(turn.speaker, by)]
            cell["turns"] += 1
            cell["timed"] += timed(turn)
            cell["words"] += len(turn.text.split())
            cell["talk"] += turn.end_ms - turn.start_ms if timed(turn) else 0
            cell["made"] += at in hits
            cell["met"] += list(hits.values()).count(at)
            # Two transcripts name two strangers: nobody knows whether they are one person.
            linked = turn.speaker in ROLE_OF or turn.speaker in LEADS or turn.speaker is None
            cell["who"].add(turn.speaker if linked else (place, turn.speaker))
    if by == "speaker":
        strangers = found.frame[found.frame["group"] == "Stranger"]
        total = sum(cell["words"] for (_, who), cell in expected.items() if who == "Stranger")
        assert strangers["n_words"].sum() == total
    shown = {}
    for row in found.frame.to_dict("records"):
        if row["n_turns"] and (by != "speaker" or row["group"] != "Stranger"):
            shown[row["row"], row["group"]] = row
    wanted = {
        key: cell for key, cell in expected.items() if by != "speaker" or key[1] != "Stranger"
    }
    assert shown.keys() == wanted.keys()
    for key, cell in wanted.items():
        row = shown[key]
        assert (row["n_turns"], row["n_timed"], row["n_words"]) == (
            cell["turns"],
            cell["timed"],
            cell["words"],
        )
        assert row["n_heard"] == len(cell["who"])
        if not cell["timed"]:
            assert pd.isna(row["talk_ms"])
            assert pd.isna(row["interruptions"])
        else:
            assert (row["talk_ms"], row["interruptions"], row["interrupted"]) == (
                cell["talk"],
                cell["made"],
                cell["met"],
            )
    for _, part in found.frame.groupby("row_id"):
        assert part["share_n_words"].sum() == pytest.approx(1)
        ours = part[~part["facilitator"]]
        if ours["n_words"].sum():
            assert ours["among_n_words"].sum() == pytest.approx(1)
        assert part.loc[part["facilitator"], "among_n_words"].isna().all()


@settings(max_examples=150, deadline=None)
@given(turns=talks(), rule=RULES)
def test_interruptions_are_those_that_pairs_show(turns: list[ParsedTurn], rule: Rule) -> None:
    said = [turn for turn in turns if turn.text]

    def array(values: list[int | None]) -> Any:
        return np.array([-1 if ms is None else ms for ms in values], dtype=np.int64)

    found = interrupted(
        array([turn.start_ms for turn in said]),
        array([turn.end_ms if timed(turn) else None for turn in said]),
        array([None if t.speaker is None else VOICES.index(t.speaker) for t in said]),
        array([len(turn.text.split()) for turn in said]),
        rule,
    )
    expected = over_whom(said, rule)
    assert {at: over for at, over in enumerate(found.tolist()) if over >= 0} == expected


@settings(max_examples=15, deadline=None)
@given(turns=talks(), step=st.sampled_from([700, 3_000, 60_000]), by=st.sampled_from(BY))
def test_stretches_add_up_to_the_whole_workshop(
    store: Store, turns: list[ParsedTurn], step: int, by: str
) -> None:
    study_id = make(store, [turns])
    talk = load(store, study_id)
    if talk.turns.empty:
        return
    transcript_id = talk.turns["transcript_id"].iloc[0]
    made = course(talk, transcript_id, by=by, step_ms=step, step_words=3)
    said = [turn for turn in turns if turn.text]
    whole = heard(talk, rows="study", by=by).frame.set_index("group_id")
    for group_id, cells in made.frame.groupby("group_id"):
        assert cells["n_words"].sum() == whole.at[group_id, "n_words"]
        assert cells["n_turns"].sum() == whole.at[group_id, "n_turns"]
        assert (cells["n_words"] >= 0).all()
    if all(timed(turn) for turn in said):
        assert made.unit == "ms"
        for group_id, cells in made.frame.groupby("group_id"):
            assert cells["talk_ms"].sum() == whole.at[group_id, "talk_ms"]
            assert cells["interruptions"].sum() == whole.at[group_id, "interruptions"]
        assert ((made.frame["end"] - made.frame["start"]) == step).all()
        if by == "speaker":
            alone = made.frame["talk_ms"] <= step * len(said)
            assert alone.all()
    else:
        assert made.unit == "words"
        assert not {"talk_ms", "interruptions"} & set(made.frame.columns)
    for group_id, part_id in made.frame[["group_id", "part_id"]].itertuples(index=False, name=None):
        assert made.turns[group_id, part_id]
    drawn, caption = course_columns(
        made.frame, made.caption, unit=made.unit, measure="n_words", dark=True
    )
    marks = {tuple(mark) for trace in drawn.data for mark in trace.customdata}
    assert marks == set(made.turns)
    assert "words" in caption


def talk(*rows: tuple[str | None, str, int | None, int | None]) -> list[ParsedTurn]:
    return [ParsedTurn(*row) for row in rows]


FIRST = talk(
    ("Lead", "Shall we begin with the rota", 0, 10_000),
    ("Ann", "Yes", 4_000, 4_400),
    ("Ann", "No wait a moment", 9_000, 12_000),
    ("Stranger", "Well then", 12_000, 300_000),
)
UNTIMED = talk(("Ann", "We wait for the nurse", None, None), ("Dee", "Always", None, None))


def test_an_interruption_needs_words_and_time_left(store: Store) -> None:
    study_id = make(store, [FIRST])
    found = heard(load(store, study_id), rows="workshop", by="speaker")
    made = found.frame.set_index("group")
    assert made["interruptions"].to_dict() == {"Ann": 1, "Lead": 0, "Stranger": 0}
    assert made.at["Lead", "interrupted"] == 1
    row, group = found.frame.loc[found.frame["group"] == "Ann", ["row_id", "group_id"]].iloc[0]
    with store.read() as session:
        behind = spoken(session, found.turn_ids(row, group, measure="interruptions"))
        everything = spoken(session, found.turn_ids(row, group))
    assert [(turn.text, turn.start_ms, turn.speaker) for turn in behind] == [
        ("No wait a moment", 9_000, "Ann")
    ]
    assert [turn.text for turn in everything] == ["Yes", "No wait a moment"]
    assert "0.5 s" in found.caption
    assert "at least 2 words" in found.caption
    every = heard(load(store, study_id), rows="workshop", by="speaker", rule=Rule(0, 1))
    assert every.frame.set_index("group").at["Ann", "interruptions"] == 2


def test_a_turn_over_a_cut_is_divided_there(store: Store) -> None:
    loaded = load(store, make(store, [talk(("Ann", "one two three four", 240_000, 360_000))]))
    made = course(loaded, loaded.turns["transcript_id"].iloc[0], by="all")
    assert made.frame[["part_id", "n_words", "talk_ms", "n_turns"]].to_numpy().tolist() == [
        ["0", 2, 60_000, 1],
        ["1", 2, 60_000, 0],
    ]
    assert "5 minutes" in made.caption


def test_what_is_not_timed_has_no_talk_time(store: Store) -> None:
    study_id = make(store, [FIRST, UNTIMED])
    found = heard(load(store, study_id), rows="workshop", by="all")
    second = found.frame[found.frame["row"] == "Workshop 1"]
    assert second["talk_ms"].isna().all()
    assert second["n_words"].tolist() == [6]
    assert "2 turns are not timed" in found.caption
    only = heard(load(store, make(store, [UNTIMED])), rows="site")
    assert "Nothing here is timed" in only.caption
    drawn, _ = heard_bars(only.frame, only.caption, measure="talk_ms")
    written = [text for trace in drawn.data if trace.text is not None for text in trace.text]
    assert {text.strip() for text in written} == {"not timed"}


def test_who_took_part_and_said_nothing_is_there_with_zero(store: Store) -> None:
    # Workshop 0 is attended by Ann, workshop 1 by Ben, who says nothing.
    study_id = make(store, [FIRST, talk(("Ann", "Nobody else came", 0, 1_000))])
    loaded = load(store, study_id)
    silent = never_heard(loaded)
    assert silent[["participant", "workshop", "elsewhere"]].to_numpy().tolist() == [
        ["Ben", "Workshop 1", False]
    ]
    found = heard(loaded, rows="workshop", by="role")
    doctors = found.frame[(found.frame["group"] == "Doctor")].iloc[0]
    assert (doctors["n_present"], doctors["n_heard"], doctors["n_turns"]) == (1, 0, 0)
    assert doctors["talk_ms"] == 0
    assert "2 of 3 people who took part heard" in found.caption
    drawn, _ = heard_bars(found.frame, found.caption, measure="n_words")
    assert any("silent, 1 present" in text for trace in drawn.data for text in trace.text or ())
    assert never_heard(loaded, Filters(roles=("nurse",))).empty


@pytest.mark.parametrize("measure", list(MEASURES))
@pytest.mark.parametrize(("rows", "by"), [("site", "role"), ("workshop", "speaker")])
def test_every_bar_opens_its_turns(store: Store, measure: str, rows: str, by: str) -> None:
    workshops = [FIRST, UNTIMED, FIRST, FIRST]
    found = heard(load(store, make(store, workshops)), rows=rows, by=by)
    for dark in (False, True):
        drawn, caption = heard_bars(found.frame, found.caption, measure=measure, dark=dark)
        marks = {tuple(mark) for trace in drawn.data for mark in trace.customdata}
        assert marks == set(found.frame[["row_id", "group_id"]].itertuples(index=False, name=None))
        written = " ".join(text for trace in drawn.data for text in trace.text or ())
        assert "nan" not in written.lower()
        assert "NA" not in written
        assert "Hatched: facilitators" in caption
    for row in found.frame.to_dict("records"):
        ids = found.turn_ids(row["row_id"], row["group_id"])
        assert len(ids) == row["n_turns"]


def test_questions_are_checked(store: Store) -> None:
    loaded = load(store, make(store, [FIRST]))
    with pytest.raises(ParihsError, match="cannot be shown"):
        heard(loaded, rows="mood")
    with pytest.raises(ParihsError, match="Nobody speaks"):
        course(loaded, "nothing")
    with pytest.raises(ParihsError, match="filters"):
        course(
            loaded,
            loaded.turns["transcript_id"].iloc[0],
            filters=Filters(roles=("porter",)),
        )


def test_an_empty_study_has_no_voices(store: Store) -> None:
    loaded = load(store, make(store, []))
    assert heard(loaded).frame.empty
    assert never_heard(loaded).empty
