"""Turns in bulk: list some of a transcript's turns, pick among them, give them to somebody else."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from parihs.coding.progress import WorkshopStatus
from parihs.errors import ParihsError
from parihs.formats.clock import parse_clock
from parihs.speakers import (
    Candidate,
    Target,
    Voice,
    candidates,
    mark_unsure,
    move,
    voices,
)
from parihs.store.transcripts import TurnView, turns
from parihs.ui.clock import clock
from parihs.ui.speaker_desk import NOBODY, choose_in, do, plain_name
from parihs.ui.state import Current

EVERYBODY = "everybody"
NEW = "new"
HEIGHT = 420


def turns_tab(now: Current, row: WorkshopStatus) -> None:
    """Choose which turns to see; pick some or take all of them; say whose they are."""
    assert row.transcript is not None
    assert row.version is not None
    with now.app.store.read() as session:
        heard = voices(session, row.version.id)
        said = turns(session, row.version.id)
        people = candidates(session, row.transcript)
    key = f"turns-{row.version.id}"
    listed = narrowed(said, heard, key)
    narrow = len(listed) < len(said)
    st.caption(
        f"{len(listed):,} of {len(said):,} turns. "
        + (
            "Pick rows to change only those; with none picked, a change is for all listed turns."
            if narrow
            else "Pick rows, or choose above whose turns and from when to when."
        )
    )
    table = st.dataframe(
        [
            {
                "Turn": view.turn.position + 1,
                "Time": "" if view.turn.start_ms is None else clock(view.turn.start_ms),
                "Speaker": view.speaker or NOBODY,
                "Sure": "not sure" if "unsure" in view.turn.marks else "",
                "Words": view.turn.text,
            }
            for view in listed
        ],
        hide_index=True,
        height=HEIGHT if len(listed) > 10 else "auto",
        on_select="rerun",
        selection_mode="multi-row",
        placeholder="No turn is like that.",
        column_config={"Words": st.column_config.TextColumn(width="large")},
        # Another list begins with nothing picked: a row number would mean another turn.
        key=f"{key}-{hash(tuple((view.turn.id, view.turn.speaker_id) for view in listed))}",
    )
    picked = [listed[place] for place in table["selection"]["rows"] if place < len(listed)]
    if picked or (narrow and listed):
        give(now, row.version.id, picked or listed, bool(picked), heard, people)


def narrowed(said: list[TurnView], heard: list[Voice], key: str) -> list[TurnView]:
    """The turns that a person wants to see: of one voice, unsure ones, between two moments."""
    one, two, three, four = st.columns([4, 3, 3, 4], vertical_alignment="bottom")
    names = {EVERYBODY: "Everybody"} | {voice.id or "": voice.name or NOBODY for voice in heard}
    whose = choose_in(one, "Whose turns", names, f"{key}-whose")
    timed = any(view.turn.start_ms is not None for view in said)
    start = two.text_input("From", placeholder="12:30" if timed else "turn 1", key=f"{key}-from")
    end = three.text_input("To", placeholder="18:00" if timed else "turn 20", key=f"{key}-to")
    only_unsure = four.checkbox("Only turns not sure", key=f"{key}-unsure")
    low, high = edge(start, timed), edge(end, timed)

    def wanted(view: TurnView) -> bool:
        at = view.turn.start_ms if timed else view.turn.position + 1
        if (low is not None or high is not None) and at is None:
            return False
        return (
            whose in (EVERYBODY, view.turn.speaker_id or "")
            and (low is None or (at is not None and at >= low))
            and (high is None or (at is not None and at <= high))
            and (not only_unsure or "unsure" in view.turn.marks)
        )

    return [view for view in said if wanted(view)]


def edge(text: str, timed: bool) -> int | None:
    """A moment in ms, or the number of a turn where nothing is timed; None where nothing is said.

    Raises ParihsError for what is neither.
    """
    text = text.strip()
    if not text:
        return None
    if not timed and text.isdigit():
        return int(text)
    ms = parse_clock(text) if timed else None
    if ms is None:
        example = "a time such as 12:30 or 1:02:30" if timed else "the number of a turn"
        raise ParihsError(f"“{text}” cannot be read, so no turn is listed.", f"Write {example}.")
    return ms


def give(
    now: Current,
    version_id: str,
    chosen: Collection[TurnView],
    picked: bool,
    heard: list[Voice],
    people: list[Candidate],
) -> None:
    """Say whose the chosen turns are, or that this is not sure."""
    n = f"{len(chosen):,} {'picked' if picked else 'listed'} turn{'' if len(chosen) == 1 else 's'}"
    options = {f"voice:{voice.id}": voice.name for voice in heard if voice.id}
    options |= {
        f"person:{each.person.id}": f"{plain_name(each.person)} (no voice here yet)"
        for each in people
        if not each.voices
    }
    options |= {NEW: "A new voice", "nobody": NOBODY}
    one, two, three = st.columns([4, 3, 4], vertical_alignment="bottom")
    target = one.selectbox(
        f"Give the {n} to",
        list(options),
        index=None,
        format_func=lambda key: options[key],
        placeholder="Choose who speaks there",
        key=f"give-{version_id}",
    )
    name = two.text_input("Name of the new voice", disabled=target != NEW, key=f"new-{version_id}")
    unsure = three.checkbox("Still not sure", key=f"still-{version_id}")
    seen = {view.turn.position: view.turn.speaker_id for view in chosen}
    left, middle, right = st.columns([4, 3, 4])
    if left.button(f"Give {n}", type="primary", disabled=target is None) and target:
        kind, _, key = target.partition(":")
        to = {
            "voice": Target(voice=key),
            "person": Target(person=key),
            NEW: Target(name=name),
            "nobody": Target(),
        }[kind]
        do(now, lambda tx: move(tx, version_id, seen, to, unsure=unsure))
    if middle.button("Mark as not sure"):
        do(now, lambda tx: mark_unsure(tx, version_id, seen))
    if right.button("Mark as sure"):
        do(now, lambda tx: mark_unsure(tx, version_id, seen, unsure=False))
