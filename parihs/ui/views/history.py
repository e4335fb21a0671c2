"""History: who did what and when, in words; and coding brought back to an earlier moment."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import streamlit as st

from parihs.coding.trail import Asked, actors, as_rows, trail
from parihs.coding.verbs import KINDS
from parihs.compare.tables import to_csv
from parihs.store.studies import sites, workshops
from parihs.store.transcripts import transcripts
from parihs.ui.plain import plain
from parihs.ui.restoring import restoring
from parihs.ui.state import Current, need_study
from parihs.ui.trail_view import trail_list

AT_ONCE = 100
ANYBODY, ANYTHING, ANYWHERE = "Anybody", "Anything", "Anywhere"


def places(now: Current) -> dict[str, str]:
    """Each transcript by site and title, in the study's order."""
    with now.app.store.read() as session:
        held = {workshop.id: workshop for workshop in workshops(session, now.study.id)}
        names = {site.id: site.name for site in sites(session, now.study.id)}
        found = transcripts(session, now.study.id)
    order = list(held)
    found.sort(key=lambda transcript: order.index(transcript.workshop_id))
    return {
        transcript.id: f"{names[held[transcript.workshop_id].site_id]} · {transcript.title}"
        for transcript in found
    }


def asked(now: Current, titles: dict[str, str]) -> Asked:
    """The filters: who, what, where, when."""
    with now.app.store.read() as session:
        people = actors(session, now.study.id, now.viewer_id)
    who_box, what_box, where_box = st.columns([1.3, 1.5, 2])
    from_box, to_box, _ = st.columns([1.3, 1.3, 2])
    who = who_box.selectbox(
        "Who", ["", *people], format_func=lambda key: people.get(key, ANYBODY), key="history-who"
    )
    what = what_box.selectbox(
        "What", ["", *KINDS], format_func=lambda key: key or ANYTHING, key="history-what"
    )
    where = where_box.selectbox(
        "Where", ["", *titles], format_func=lambda key: titles.get(key, ANYWHERE), key="history-at"
    )
    since = from_box.date_input("From", None, format="DD/MM/YYYY", key="history-from")
    until = to_box.date_input("To", None, format="DD/MM/YYYY", key="history-to")
    return Asked(
        actor=who or None,
        kind=what or None,
        transcript_id=where or None,
        since=datetime.combine(since, time()).astimezone() if since else None,
        until=datetime.combine(until + timedelta(days=1), time()).astimezone() if until else None,
    )


def listed(now: Current, wanted: Asked) -> None:
    """The lines, a page at a time, and all of them as a file."""
    shown = st.session_state.setdefault("history-shown", AT_ONCE)
    with now.app.store.read() as session:
        found = trail(session, now.study.id, now.viewer_id, wanted, limit=shown + 1)
    if not found:
        st.info("Nothing here yet under these choices.")
        return
    st.html(trail_list(found[:shown]))
    more, file, _ = st.columns([1, 1, 2])
    if len(found) > shown and more.button("Show earlier", width="stretch"):
        st.session_state["history-shown"] = shown + 5 * AT_ONCE
        st.rerun()
    file.download_button(
        "Download as CSV",
        lambda: as_file(now, wanted),
        "history.csv",
        "text/csv",
        width="stretch",
        on_click="ignore",
        help="All lines under these choices, as far as you may see them.",
    )


def as_file(now: Current, wanted: Asked) -> str:
    """Everything asked for as a table."""
    import pandas as pd

    with now.app.store.read() as session:
        found = trail(session, now.study.id, now.viewer_id, wanted, limit=None)
    return to_csv(pd.DataFrame(as_rows(found)))


now = need_study()
st.title("History")
st.caption(
    "Every change is a line here, and no line can be altered or removed. You see what you may see: "
    "others’ codings only where a transcript is released to you."
)
titles = places(now)
if message := st.session_state.pop("restored", None):
    st.success(plain(message))
wanted = asked(now, titles)
with st.expander("Bring coding back to an earlier moment", icon=":material/restore:"):
    if titles:
        restoring(now, titles)
    else:
        st.caption("There is no transcript yet.")
listed(now, wanted)
