"""Codings whose code is gone or that are rated twice, one after the other: what each should be."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import streamlit as st

from parihs.ui.widgets.review import Words


@dataclass(frozen=True, slots=True)
class Choice:
    """A code that can be given."""

    id: str
    name: str
    above: str
    colour: str
    definition: str


@dataclass(frozen=True, slots=True)
class RecodingView:
    """One coding on the list; ``likely`` are ids of the codes that its own became."""

    id: str
    code: str
    coder: str
    where: str
    words: Words
    likely: tuple[str, ...]
    mine: bool
    memo: str = ""
    audio: str | None = None
    from_ms: int = 0
    to_ms: int = 0
    transcript: str = ""
    ratings: list[tuple[str, str]] = field(default_factory=list)
    """Valences to choose from, with their names, where it was rated differently."""
    rated: str = ""


@dataclass(frozen=True, slots=True)
class RecodingListView:
    """What waits, and how far the list is; ``last`` is the decision that can be taken back."""

    items: list[RecodingView]
    codes: list[Choice]
    decided: int
    total: int
    last: int | None = None
    why_not: str = ""
    empty: str = ""
    error: str = ""


def recoding(view: RecodingListView, *, key: str) -> dict[str, Any] | None:
    """Show the list and return what the person did, once.

    ``do`` is ``give`` (with ``code``), ``rate`` (with ``valence``) or ``uncode`` of ``id``;
    ``undo``; or ``open``.
    """
    mount = st.components.v2.component(
        "parihs.recoding", js="recoding.js", css="review.css", isolate_styles=False
    )
    result = mount(data=asdict(view), key=key, on_act_change=lambda: None)
    done: dict[str, Any] | None = result.act
    return done
