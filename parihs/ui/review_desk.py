"""The desk where codings that were carried to another text are looked at, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st
from sqlalchemy.orm import Session

from parihs.correction.review import ReviewLine, decide, progress, review_list, take_back
from parihs.correction.versions import script_between
from parihs.errors import ParihsError
from parihs.model import Recording, Transcript, TranscriptVersion
from parihs.store.codebooks import definitions
from parihs.store.studies import coders
from parihs.store.transcripts import latest_version, turns
from parihs.ui.clock import clock
from parihs.ui.state import Current
from parihs.ui.widgets.review import ReviewListView, ReviewView, review
from parihs.ui.words_around import words_around
from parihs.web.media import recording_url

MOST_SHOWN: Final = 60
WHY: Final = {
    "changed": "Its words are different now",
    "found again": "Found elsewhere, by its words",
    "lost": "Its words are gone",
}
READING_ONLY: Final = "You are reading only. Say who you are in the side bar to decide."
NOTHING: Final = (
    "No coding waits for a look. Codings come here when a transcript is transcribed again and "
    "their words changed, or when a correction took their words out."
)


def review_desk(now: Current, transcript: Transcript) -> None:
    """Show what waits in one transcript, and do what the person decides."""
    kept = st.session_state.setdefault(f"review-desk-{transcript.id}", {})
    done = review(_view(now, transcript, kept.pop("error", "")), key=f"review-{transcript.id}")
    if done is None or done.get("at") == kept.get("at"):
        return
    kept["at"] = done.get("at")
    if done["do"] == "open":
        st.switch_page(
            "views/code.py",
            query_params={
                "transcript": transcript.id,
                "start": str(done["start"]),
                "end": str(done["end"]),
                "at": str(done["at"]),
            },
        )
    try:
        _write(now, done)
    except ParihsError as error:
        kept["error"] = str(error)
    st.rerun()


def _write(now: Current, done: Mapping[str, Any]) -> None:
    if now.coder is None:
        raise ParihsError("Nothing was decided.", READING_ONLY)
    with now.app.store.write(now.coder.id) as tx:
        if done["do"] == "undo":
            take_back(tx, str(done["id"]))
        else:
            start, end = int(done.get("start", 0)), int(done.get("end", 0))
            decide(tx, str(done["id"]), str(done["do"]), start=start, end=end)


def _view(now: Current, transcript: Transcript, error: str) -> ReviewListView:
    with now.app.store.read() as session:
        lines = review_list(session, transcript.id, now.viewer_id)
        far = progress(session, transcript.id, now.viewer_id)
        mine = [
            line
            for line in review_list(session, transcript.id, now.viewer_id, decided=True)
            if line.item.decided_by == now.viewer_id
        ]
        newest = latest_version(session, transcript.id)
        shown = sorted(lines, key=lambda line: not line.mine)[:MOST_SHOWN]
        items = [] if newest is None else _items(now, session, transcript, newest, shown)
    return ReviewListView(
        items=items,
        decided=far.decided,
        total=far.total,
        last=mine[0].item.id if mine else None,
        why_not=READING_ONLY if now.coder is None else "",
        empty=NOTHING if far.total == 0 else "Every coding here has been looked at.",
        error=error,
    )


def _items(
    now: Current,
    session: Session,
    transcript: Transcript,
    newest: TranscriptVersion,
    lines: list[ReviewLine],
) -> list[ReviewView]:
    codes = definitions(session, now.codebook.id) if now.codebook else []
    names = {code.code_id: code.name for code in codes}
    colour = {code.code_id: code.colour for code in codes}
    people = {coder.id: coder.name for coder in coders(session, now.study.id)}
    recording = session.get(Recording, transcript.recording_id) if transcript.recording_id else None
    audio = None if recording is None else recording_url(recording.id, now.token())
    spoken = turns(session, newest.id)
    scripts: dict[str, Any] = {}
    found = []
    for line in lines:
        item, coding = line.item, line.coding
        then = session.get_one(TranscriptVersion, item.from_version_id)
        if line.lost and then.id not in scripts:
            scripts[then.id] = script_between(session, then, newest)
        start, end = coding.start, coding.end
        if line.lost:
            start, end = scripts[then.id].place(item.old_start, item.old_end)
        heard = [v for v in spoken if v.turn.start <= end and v.turn.end >= start]
        begins = next((v.turn.start_ms for v in heard if v.turn.start_ms is not None), None)
        stops = next((v.turn.end_ms for v in reversed(heard) if v.turn.end_ms is not None), None)
        who = next((v.speaker for v in heard if v.speaker), "")
        found.append(
            ReviewView(
                id=item.id,
                code=names.get(coding.code_id, "a code of another codebook"),
                colour=colour.get(coding.code_id, "#777777"),
                coder="you" if coding.coder_id == now.viewer_id else people[coding.coder_id],
                why=WHY.get(item.reason, item.reason),
                where=" · ".join(p for p in (who, "" if begins is None else clock(begins)) if p),
                old=words_around(session, then.id, item.old_start, item.old_end),
                new=words_around(session, newest.id, start, end),
                lost=line.lost,
                mine=line.mine,
                memo=coding.memo,
                audio=audio if begins is not None else None,
                from_ms=begins or 0,
                to_ms=stops or (begins or 0) + 10_000,
            )
        )
    return found
