"""The turns behind a number: read, heard, and opened in their transcripts."""

from __future__ import annotations

import time
from collections.abc import Sequence

import streamlit as st

from parihs.coding.around import around
from parihs.compare.spoken import SpokenTurn, spoken
from parihs.ui.clock import clock
from parihs.ui.excerpt_views import AROUND
from parihs.ui.plain import plain
from parihs.ui.state import Current
from parihs.ui.widgets.excerpts import ExcerptView, excerpts
from parihs.web.media import recording_url

PAGE = 20


def opened_turns(now: Current, ids: Sequence[tuple[str, int]], title: str, key: str) -> None:
    """Show them a page at a time; opening one leads to its transcript."""
    st.subheader(plain(f"{title} · {len(ids):,} turn{'s' if len(ids) != 1 else ''}"))
    pages = max(1, -(-len(ids) // PAGE))
    page = 1
    if pages > 1:
        page = int(
            st.number_input(f"Page of {pages}", 1, pages, key=f"page-{key}-{hash(tuple(ids))}")
        )
    with now.app.store.read() as session:
        found = spoken(session, ids[(page - 1) * PAGE : page * PAGE])
        beside = around(session, [(t.version_id, t.start, t.end) for t in found], AROUND)
    shown = {
        f"{turn.version_id}-{turn.position}": (turn, before, after)
        for turn, (before, after) in zip(found, beside, strict=True)
    }
    views = [_view(now, name, *parts) for name, parts in shown.items()]
    chosen = excerpts(views, key=f"turns-{key}")
    if chosen in shown:
        turn = shown[chosen][0]
        st.switch_page(
            "views/code.py",
            query_params={
                "transcript": turn.transcript_id,
                "start": str(turn.start),
                "end": str(turn.end),
                "play": "1",
                # So that the same turn opens again when it is asked for again.
                "at": str(time.time_ns()),
            },
        )


def _view(now: Current, name: str, turn: SpokenTurn, before: str, after: str) -> ExcerptView:
    held = f"{turn.held_on.day} {turn.held_on:%b %Y}" if turn.held_on else ""
    at = clock(turn.start_ms) if turn.start_ms is not None else ""
    start = turn.start_ms
    audio = None
    if turn.recording_id is not None and start is not None:
        audio = recording_url(turn.recording_id, now.token())
    return ExcerptView(
        id=name,
        before=before,
        quote=turn.text,
        after=after,
        speaker=f"{turn.speaker}, {turn.role}" if turn.role else turn.speaker,
        place=" · ".join(part for part in (turn.site, turn.workshop, held, at) if part),
        codes=[],
        audio=audio,
        from_ms=start or 0,
        to_ms=turn.end_ms or (start or 0) + 5_000,
        missing="No times in this transcript" if turn.recording_id else "No recording",
    )
