"""Moments of a voice to listen to, one button each."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class SampleView:
    """One moment; ``audio`` is None where nothing can be played."""

    id: str
    at: str
    """When it is, as people read it; empty where the transcript has no times."""
    text: str
    who: str = ""
    """Whose voice it is said to be, where several are shown together."""
    audio: str | None = None
    from_ms: int = 0
    to_ms: int = 0


def voice_samples(items: list[SampleView], *, label: str, key: str) -> str | None:
    """Show the moments and return the id of the one to open in its transcript, if any.

    ``label`` names the list for screen readers. Up and down go through all samples of the page,
    Enter plays; only one sounds at a time.
    """
    mount = st.components.v2.component(
        "parihs.voice_samples",
        js="voice_samples.js",
        css="voice_samples.css",
        isolate_styles=False,
    )
    data = {"label": label, "items": [asdict(item) for item in items]}
    result = mount(data=data, key=key, on_open_change=lambda: None)
    opened: str | None = result.open
    return opened
