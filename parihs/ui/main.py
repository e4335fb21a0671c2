"""Entry script of the app: page frame, sidebar with study and coder, navigation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from parihs.errors import ParihsError
from parihs.store.studies import coders, studies
from parihs.ui.identity import identity
from parihs.ui.materials import read_in_advance
from parihs.ui.menu import menu
from parihs.ui.plain import plain
from parihs.ui.state import current, remember
from parihs.web.context import context

HERE = Path(__file__).parent

# The icon is a file of ours: Streamlit fetches a named one from the internet.
st.set_page_config(page_title="parihs", page_icon=str(HERE / "icon.png"), layout="wide")
st.html(HERE / "page.css")

PAGES = {
    "": [
        st.Page("views/overview.py", title="Overview", icon=":material/home:", default=True),
    ],
    "Material": [
        st.Page("views/add.py", title="Add material", icon=":material/upload_file:"),
        st.Page("views/transcription.py", title="Transcription", icon=":material/graphic_eq:"),
        st.Page("views/versions.py", title="Transcript versions", icon=":material/difference:"),
        st.Page("views/speakers.py", title="Speakers", icon=":material/record_voice_over:"),
    ],
    "Analysis": [
        st.Page("views/code.py", title="Read and code", icon=":material/edit_note:"),
        st.Page("views/search.py", title="Search", icon=":material/search:"),
        st.Page("views/memos.py", title="Memos", icon=":material/sticky_note_2:"),
        st.Page("views/suggestions.py", title="Suggestions", icon=":material/tips_and_updates:"),
        st.Page("views/compare.py", title="Compare sites", icon=":material/grid_on:"),
        st.Page("views/figures.py", title="Figures", icon=":material/insert_chart:"),
        st.Page("views/participation.py", title="Participation", icon=":material/forum:"),
        st.Page("views/agreement.py", title="Agreement", icon=":material/compare_arrows:"),
    ],
    "Findings": [
        st.Page("views/grid.py", title="Framework grid", icon=":material/table_rows:"),
        st.Page("views/ratings.py", title="Ratings", icon=":material/balance:"),
        st.Page("views/findings.py", title="Findings", icon=":material/lightbulb:"),
        st.Page("views/report.py", title="Report", icon=":material/description:"),
    ],
    "Study": [
        st.Page("views/codebook.py", title="Codebook", icon=":material/menu_book:"),
        st.Page("views/people.py", title="Sites and people", icon=":material/groups:"),
        st.Page("views/training.py", title="Training test", icon=":material/school:"),
        st.Page("views/team.py", title="Team", icon=":material/diversity_3:"),
        st.Page("views/history.py", title="History", icon=":material/history:"),
    ],
}


def sidebar() -> None:
    """Choose the study and say who is coding; both are remembered."""
    now = current()
    if now is None:
        return
    read_in_advance(now)
    with context().store.read() as session:
        known = studies(session)
        people = coders(session, now.study.id)
    with st.sidebar:
        if len(known) > 1:
            study = st.selectbox(
                "Study",
                known,
                index=[s.id for s in known].index(now.study.id),
                format_func=lambda s: s.name,
            )
            if study.id != now.study.id:
                remember("study", study.key)
                st.rerun()
        else:
            st.caption(plain(now.study.name))
        identity(now, people)


page = st.navigation(PAGES, position="hidden")
st.set_page_config(page_title=f"{page.title} · parihs")
sidebar()
menu(PAGES)
try:
    page.run()
except ParihsError as error:
    st.error(plain(str(error)), icon=":material/error:")
