"""Participation: whose voice is heard, over a workshop and across the study."""

from __future__ import annotations

import streamlit as st

from parihs.ui.choose import starting
from parihs.ui.participation_views import course_section, heard_section, silent_section, talk_of
from parihs.ui.state import need_study, remember, remembered

VIEWS = {
    "heard": "Who is heard",
    "course": "Over a workshop",
    "silent": "Who was never heard",
}

now = need_study()
st.title("Participation")
talk = talk_of(now)
if talk.turns.empty:
    st.info("There is no transcript yet, so nobody has been heard. Add one first.")
    st.page_link("views/add.py", label="Add material", icon=":material/upload_file:")
    st.stop()
view = st.segmented_control(
    "View",
    list(VIEWS),
    key=starting("participation-view", remembered("participation-view", "heard"), VIEWS),
    required=True,
    format_func=lambda name: VIEWS[name],
    label_visibility="collapsed",
)
remember("participation-view", view)
if view == "heard":
    heard_section(now, talk)
elif view == "course":
    course_section(now, talk)
else:
    silent_section(talk)
