"""“I have read all of this”: said and taken back beside the transcript."""

from __future__ import annotations

import streamlit as st

from parihs.coding.assignments import finish, mark_of, why_not_code
from parihs.ui.state import Current

HELP = (
    "It tells the team that you are through with this transcript. From then on, what you left "
    "uncoded counts as read when agreement is computed."
)


def reading_mark(now: Current, transcript_id: str) -> None:
    """A switch for the one who codes; nothing for whoever only reads."""
    if now.coder is None:
        return
    with now.app.store.read() as session:
        mark = mark_of(session, transcript_id, now.viewer_id)
        able = not why_not_code(session, now.viewer_id, transcript_id)
    finished = mark is not None and mark.finished_at is not None
    if not able and not finished:
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
