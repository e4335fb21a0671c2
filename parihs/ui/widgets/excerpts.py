"""A list of excerpts that play and open in their transcripts."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class CodeChip:
    """A code as shown beside an excerpt."""

    name: str
    colour: str
    valence: str = ""


@dataclass(frozen=True, slots=True)
class ExcerptView:
    """One excerpt; ``audio`` is None where nothing can be played, and ``missing`` says why."""

    id: str
    quote: str
    speaker: str
    place: str
    codes: list[CodeChip]
    before: str = ""
    after: str = ""
    note: str = ""
    audio: str | None = None
    from_ms: int = 0
    to_ms: int = 0
    missing: str = "No recording"


def excerpts(items: list[ExcerptView], *, key: str) -> str | None:
    """Show the excerpts and return the id of the one to open in its transcript, if any."""
    mount = st.components.v2.component(
        "parihs.excerpts", js="excerpts.js", css="excerpts.css", isolate_styles=False
    )
    result = mount(
        data={"items": [asdict(item) for item in items]}, key=key, on_open_change=lambda: None
    )
    opened: str | None = result.open
    return opened
