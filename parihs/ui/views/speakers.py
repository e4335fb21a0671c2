"""Speakers: listen to the voices of a transcript and say who they are."""

from __future__ import annotations

import streamlit as st

from parihs.coding.progress import WorkshopStatus
from parihs.ui.choose import choose
from parihs.ui.same_voices import same_voices_tab
from parihs.ui.speaker_changes import changes_tab
from parihs.ui.speaker_desk import desk
from parihs.ui.speaker_turns import turns_tab
from parihs.ui.standing import standing
from parihs.ui.state import Current, need_study, remember, remembered

TABS = {
    "Who is who": desk,
    "Turns": turns_tab,
    "Changes": changes_tab,
    "Same voice elsewhere": same_voices_tab,
}


def choose_transcript(now: Current) -> WorkshopStatus | None:
    """The transcript at hand: from the link that led here, or the one of the last visit."""
    status = standing(now)
    rows = {
        row.transcript.id: row
        for row in status.workshops
        if row.transcript is not None and row.version is not None
    }
    if not rows:
        st.info("There is no transcript yet, so nobody speaks. Add material first.")
        st.page_link("views/add.py", label="Add material", icon=":material/upload_file:")
        return None
    labels = {
        key: row.label + (f" · {row.unknown_speakers} not known" if row.unknown_speakers else "")
        for key, row in rows.items()
    }
    name = f"speakers:{now.study.key}"
    waiting = next((key for key, row in rows.items() if row.unknown_speakers), None)
    wanted = st.query_params.get("transcript") or remembered(name) or waiting
    place = st.columns([3, 2])[0]
    chosen = choose(place, "Transcript", labels, wanted=wanted, key=f"speakers-{now.study.id}")
    st.query_params.clear()
    remember(name, chosen)
    return rows[chosen]


now = need_study()
st.title("Speakers")
row = choose_transcript(now)
if row is not None:
    # Only the tab that is open is filled: a long transcript need not be read four times.
    tabs = st.tabs(list(TABS), key="speakers-tab", on_change="rerun")
    for tab, show in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                show(now, row)
