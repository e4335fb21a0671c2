"""The excerpts behind a number or a mark: read, heard, and opened in their transcripts."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from parihs.ui.excerpt_views import excerpt_views
from parihs.ui.plain import plain
from parihs.ui.state import Current
from parihs.ui.widgets.excerpts import excerpts

PAGE = 20


def opened(now: Current, ids: Sequence[str], title: str, key: str) -> None:
    """Show them a page at a time; opening one leads to its transcript."""
    st.subheader(plain(f"{title} · {len(ids)} excerpt{'s' if len(ids) != 1 else ''}"))
    pages = max(1, -(-len(ids) // PAGE))
    page = 1
    if pages > 1:
        page = int(
            st.number_input(f"Page of {pages}", 1, pages, key=f"page-{key}-{hash(tuple(ids))}")
        )
    shown, targets = excerpt_views(now, ids[(page - 1) * PAGE : page * PAGE])
    target = excerpts(shown, key=f"excerpts-{key}")
    if target in targets:
        st.switch_page("views/code.py", query_params=targets[target])
