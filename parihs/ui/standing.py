"""Where the study stands, counted again only when something was recorded since."""

from __future__ import annotations

import streamlit as st
from sqlalchemy import func, select

from parihs.coding.progress import StudyStatus, study_status
from parihs.coding.team import Team, team
from parihs.model import Event
from parihs.ui.state import Current
from parihs.web.context import context


def standing(now: Current) -> StudyStatus:
    """The status of the study as the viewer may see it; pages only read it."""
    return _standing(*state_key(now))


def team_now(now: Current) -> Team:
    """The team of the study, likewise."""
    return _team(*state_key(now))


def state_key(now: Current) -> tuple[str, str, str, int]:
    """Home, study, viewer and last event: whatever is kept under it is as things are now."""
    with now.app.store.read() as session:
        seen = session.scalar(select(func.max(Event.seq))) or 0
    return str(now.app.home.path), now.study.id, now.viewer_id, seen


@st.cache_resource(max_entries=4, show_spinner=False)
def _standing(home: str, study_id: str, viewer_id: str, seen: int) -> StudyStatus:
    """``home`` and ``seen`` (the last event) are there to tell one state from another."""
    with context().store.read() as session:
        return study_status(session, study_id, viewer_id)


@st.cache_resource(max_entries=4, show_spinner=False)
def _team(home: str, study_id: str, viewer_id: str, seen: int) -> Team:
    with context().store.read() as session:
        return team(session, study_id, viewer_id)
