"""Codings carried to another text, one after the other: old words and new ones side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one version around a coding, which stands at ``[start, end)`` of ``text``.

    ``first`` is the position of ``text`` in the version, in code points; ``goes_on`` says whether
    more follows it. Without a coding, start and end are where it could have been.
    """

    text: str
    first: int
    start: int
    end: int
    goes_on: bool


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One coding on the list; ``audio`` is None where nothing can be played."""

    id: str
    code: str
    colour: str
    coder: str
    why: str
    where: str
    old: Words
    new: Words
    lost: bool
    mine: bool
    memo: str = ""
    audio: str | None = None
    from_ms: int = 0
    to_ms: int = 0


@dataclass(frozen=True, slots=True)
class ReviewListView:
    """What waits, and how far the list is; ``last`` is the decision that can be taken back."""

    items: list[ReviewView]
    decided: int
    total: int
    last: str | None = None
    why_not: str = ""
    empty: str = ""
    error: str = ""


def review(view: ReviewListView, *, key: str) -> dict[str, Any] | None:
    """Show the list and return what the person did, once.

    ``do`` is ``kept``, ``uncoded`` or ``moved`` (with ``start`` and ``end``) of ``id``; ``undo``;
    or ``open``.
    """
    mount = st.components.v2.component(
        "parihs.review", js="review.js", css="review.css", isolate_styles=False
    )
    result = mount(data=asdict(view), key=key, on_act_change=lambda: None)
    done: dict[str, Any] | None = result.act
    return done
