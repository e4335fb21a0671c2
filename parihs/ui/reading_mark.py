"""“I have read all of this”, said beside the transcript; or why one only reads it."""

from __future__ import annotations

import streamlit as st

from parihs.coding.assignments import finish, mark_of, why_not_code
from parihs.ui.plain import plain
from parihs.ui.state import Current

HELP = (
    "It tells the team that you are through with this transcript. From then on, what you left "
    "uncoded counts as read when agreement is computed."
)


def reading_mark(now: Current, transcript_id: str) -> None:
    """A switch for the one who codes; for whoever only reads, why that is so."""
    with now.app.store.read() as session:
        mark = mark_of(session, transcript_id, now.viewer_id)
        why_not = why_not_code(session, now.viewer_id, transcript_id)
    finished = mark is not None and mark.finished_at is not None
    if why_not and not finished:
        st.caption(plain(why_not))
        return
    said = st.toggle(
        "I have read all of this",
        value=finished,
        key=f"finished-{transcript_id}-{now.viewer_id}-{finished}",
        help=HELP,
    )
    if said != finished:
        with now.app.store.write(now.viewer_id) as tx:
            finish(tx, transcript_id, now.viewer_id, said)
        st.rerun()
