"""Voices of other workshops that may be the same person; off until a team wants it."""

from __future__ import annotations

import streamlit as st

from parihs.coding.progress import WorkshopStatus
from parihs.ui.state import Current


def same_voices_tab(now: Current, row: WorkshopStatus) -> None:
    """Off until a team wants it."""
    st.caption("Off.")
