"""The menu of the side bar: every page, in the order in which a study is done.

Streamlit draws a menu too, but as lists that screen readers cannot walk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage


def menu(pages: Mapping[str, Sequence[StreamlitPage]]) -> None:
    """Links to all pages below the names of their sections; the one that is open is marked."""
    with st.sidebar.container(key="menu", gap=None):
        for section, members in pages.items():
            if section:
                st.html(f'<p class="parihs-section">{section}</p>')
            for page in members:
                st.page_link(page)
