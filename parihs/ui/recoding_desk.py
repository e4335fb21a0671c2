"""The desk where codings are looked at one by one: their code is gone, or they are rated twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st
from sqlalchemy.orm import Session

from parihs.coding.recoding import (
    RecodingLine,
    decide_code,
    decide_valence,
    decided,
    recoding_list,
    take_back,
)
from parihs.errors import ParihsError
from parihs.model import Coding, Recording, Transcript, TranscriptVersion, Workshop
from parihs.model.terms import VALENCES
from parihs.store.codebooks import CodeView
from parihs.store.studies import coders
from parihs.store.transcripts import turns
from parihs.ui.clock import clock
from parihs.ui.state import Current
from parihs.ui.widgets.recoding import Choice, RecodingListView, RecodingView, recoding
from parihs.ui.words_around import words_around
from parihs.web.media import recording_url

MOST_SHOWN: Final = 60
READING_ONLY: Final = "You are reading only. Say who you are in the side bar to decide."
NOTHING: Final = (
    "No coding waits for a look. Codings come here when their code was split or retired, or when "
    "merging left one of two that were rated differently. They stay as they are until their coder, "
    "or a lead, has decided."
)


def recoding_desk(now: Current, version_id: str, codes: list[CodeView]) -> None:
    """Show what waits, and do what the person decides."""
    kept = st.session_state.setdefault("recoding-desk", {})
    done = recoding(_view(now, version_id, codes, kept.pop("error", "")), key="recoding")
    if done is None or done.get("at") == kept.get("at"):
        return
    kept["at"] = done.get("at")
    if done["do"] == "open":
        _open(now, str(done["id"]), str(done["at"]))
    try:
        _write(now, done)
    except ParihsError as error:
        kept["error"] = str(error)
    st.rerun()


def _open(now: Current, coding_id: str, at: str) -> None:
    with now.app.store.read() as session:
        coding = session.get_one(Coding, coding_id)
        query = {"transcript": coding.transcript_id, "start": str(coding.start)}
        query |= {"end": str(coding.end), "at": at}
    st.switch_page("views/code.py", query_params=query)


def _write(now: Current, done: Mapping[str, Any]) -> None:
    if now.coder is None:
        raise ParihsError("Nothing was decided.", READING_ONLY)
    with now.app.store.write(now.coder.id) as tx:
        if done["do"] == "undo":
            take_back(tx, int(done["seq"]))
        elif done["do"] == "rate":
            decide_valence(tx, str(done["id"]), str(done["valence"]))
        else:
            code = str(done["code"]) if done["do"] == "give" else None
            decide_code(tx, str(done["id"]), code)


def _view(now: Current, version_id: str, codes: list[CodeView], error: str) -> RecodingListView:
    with now.app.store.read() as session:
        lines = recoding_list(session, version_id, now.viewer_id)
        past = decided(session, version_id, now.viewer_id)
        shown = sorted(lines, key=lambda line: not line.mine)[:MOST_SHOWN]
        names = {code.code_id: code.name for code in codes}
        items = _items(now, session, shown, names)
    mine = [each for each in past if each.by == now.viewer_id]
    return RecodingListView(
        items=items,
        codes=[
            Choice(c.code_id, c.name, " › ".join(c.path[:-1]), c.colour, c.definition.definition)
            for c in codes
        ],
        decided=len(past),
        total=len(past) + len(lines),
        last=mine[0].seq if mine else None,
        why_not=READING_ONLY if now.coder is None else "",
        empty="Every coding here has been looked at." if past else NOTHING,
        error=error,
    )


def _items(
    now: Current, session: Session, lines: list[RecodingLine], names: Mapping[str, str]
) -> list[RecodingView]:
    people = {coder.id: coder.name for coder in coders(session, now.study.id)}
    spoken: dict[str, Any] = {}
    found = []
    for line in lines:
        coding = line.coding
        transcript = session.get_one(Transcript, coding.transcript_id)
        version = session.get_one(TranscriptVersion, coding.version_id)
        if version.id not in spoken:
            spoken[version.id] = turns(session, version.id)
        heard = [
            v
            for v in spoken[version.id]
            if v.turn.start <= coding.end and v.turn.end >= coding.start
        ]
        begins = next((v.turn.start_ms for v in heard if v.turn.start_ms is not None), None)
        stops = next((v.turn.end_ms for v in reversed(heard) if v.turn.end_ms is not None), None)
        who = next((v.speaker for v in heard if v.speaker), "")
        at = "" if begins is None else clock(begins)
        held = session.get_one(Workshop, transcript.workshop_id).title
        found.append(
            RecodingView(
                id=coding.id,
                code=line.code_name or names.get(coding.code_id, "A code"),
                coder="you" if coding.coder_id == now.viewer_id else people[coding.coder_id],
                where=" · ".join(part for part in (held, who, at) if part),
                words=words_around(session, version.id, coding.start, coding.end),
                likely=line.into,
                mine=line.mine,
                memo=coding.memo,
                audio=_audio(now, session, transcript) if begins is not None else None,
                from_ms=begins or 0,
                to_ms=stops or (begins or 0) + 10_000,
                transcript=transcript.id,
                ratings=_ratings(line.valences),
                rated=VALENCES[coding.valence],
            )
        )
    return found


def _ratings(valences: tuple[str, ...]) -> list[tuple[str, str]]:
    """The ratings to choose from: those that were given, and mixed, which says both."""
    offered = dict.fromkeys((*valences, "mixed")) if valences else {}
    return [(each, VALENCES[each]) for each in offered]


def _audio(now: Current, session: Session, transcript: Transcript) -> str | None:
    recording = session.get(Recording, transcript.recording_id) if transcript.recording_id else None
    return None if recording is None else recording_url(recording.id, now.token())
