"""Memos: what the team notes down about its data, its method and itself, in one place."""

from __future__ import annotations

import streamlit as st

from parihs.memos import TARGETS, find_memos, memo_table
from parihs.memos.finding import KINDS
from parihs.store.studies import coders
from parihs.ui.memo_views import show_memo
from parihs.ui.memo_writing import new_memo
from parihs.ui.plain import plain
from parihs.ui.state import Current, need_study

AT_A_TIME = 40


def filters(now: Current) -> dict[str, object]:
    """What is asked for, above the list."""
    with now.app.store.read() as session:
        people = {person.id: person.name for person in coders(session, now.study.id)}
    words, kinds, types, author = st.columns([3, 3, 3, 2])
    chosen_kinds = kinds.multiselect(
        "Kind", list(KINDS), format_func=lambda key: KINDS[key], placeholder="all kinds"
    )
    chosen_types = types.multiselect(
        "About", list(TARGETS), format_func=lambda key: TARGETS[key], placeholder="anything"
    )
    return {
        "words": words.text_input("Find", placeholder="words of a memo"),
        "kinds": chosen_kinds or None,
        "types": chosen_types or None,
        "author_id": author.selectbox(
            "By", [None, *people], format_func=lambda key: people[key] if key else "anybody"
        ),
    }


now = need_study()
st.title("Memos")
if now.coder is None:
    st.info("Say who you are in the side bar to write memos of your own.")
else:
    new_memo(now)
asked = filters(now)
removed = now.coder is not None and st.toggle("Show the ones I removed")
with now.app.store.read() as session:
    found = find_memos(session, now.study.id, now.viewer_id, removed=removed, **asked)  # type: ignore[arg-type]
if found:
    counted, file = st.columns([4, 1], vertical_alignment="center")
    counted.caption(f"{len(found)} memo{'' if len(found) == 1 else 's'}, newest first")
    file.download_button(
        "Download as CSV",
        memo_table(found).to_csv(index=False),
        f"memos-{now.study.key}.csv",
        "text/csv",
    )
    shown = st.session_state.setdefault("memos shown", AT_A_TIME)
    for memo in found[:shown]:
        show_memo(now, memo)
    if len(found) > shown and st.button(f"Show {min(AT_A_TIME, len(found) - shown)} more"):
        st.session_state["memos shown"] = shown + AT_A_TIME
        st.rerun()
elif any(asked.values()) or removed:
    st.info("No memo fits what is asked for. Take a filter away.")
else:
    st.info(
        plain(
            "No memos yet. Write the first one above, or press m on an excerpt in Read and code. "
            "Memos on transcripts and codings are seen by others once the transcript is released."
        )
    )
