"""Suggestions one after the other, each taken or turned down by a key."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import streamlit as st

TURNED_DOWN: Final = "turned down"
"""The mode that lists what one turned down, to be put back."""


@dataclass(frozen=True, slots=True)
class CodeOption:
    """A code that can be given; ``label`` is indented by its depth."""

    id: str
    name: str
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class SuggestionsView:
    """What the component asks its route for, and whose name it writes in.

    ``mode`` is ``codes``, ``overlooked`` or ``turned down``; ``code`` and ``transcript`` narrow it
    down.
    """

    token: str
    mode: str
    code: str
    transcript: str
    codes: list[CodeOption]
    valences: list[tuple[str, str]]
    precision: dict[str, str]
    """Code id → how often suggestions of it were right, in words."""
    left: dict[str, Any] | None = None
    """The suggestion that was left for its transcript: the list opens there again."""


def suggestions(view: SuggestionsView, *, key: str) -> dict[str, Any] | None:
    """Show the suggestions and return the one to open in its transcript, if any."""
    mount = st.components.v2.component(
        "parihs.suggestions", js="suggestions.js", css="suggestions.css", isolate_styles=False
    )
    result = mount(data=asdict(view), key=key, on_open_change=lambda: None)
    opened: dict[str, Any] | None = result.open
    return opened
