"""Matches of a search, one to a line, the words found under one another; each plays and opens."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class LineView:
    """One match; ``audio`` is None where nothing can be played."""

    id: str
    left: str
    match: str
    right: str
    who: str
    place: str
    codes: str
    audio: str | None
    from_ms: int
    to_ms: int


def concordance(lines: list[LineView], *, key: str) -> str | None:
    """Show the lines and return the id of the one to open in its transcript, if any."""
    mount = st.components.v2.component(
        "parihs.concordance", js="concordance.js", css="concordance.css", isolate_styles=False
    )
    result = mount(
        data={"lines": [asdict(line) for line in lines]}, key=key, on_open_change=lambda: None
    )
    opened: str | None = result.open
    return opened
