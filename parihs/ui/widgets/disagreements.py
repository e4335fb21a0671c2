"""Disagreements one after the other, in their text, with what can be done about each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import streamlit as st


@dataclass(frozen=True, slots=True)
class TurnText:
    """A turn, or the part of it around the place; ``context`` ones stand around it."""

    speaker: str
    clock: str
    start: int
    """Position of the first character shown, in code points of the version."""
    text: str
    context: bool = False
    cut_before: bool = False
    cut_after: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """The line under one coder's stretches of one code; ``style`` is the coder's number."""

    coder: str
    code: str
    colour: str
    sign: str
    style: int
    spans: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class GivenView:
    """A code that one coder gave at the place."""

    code: str
    colour: str
    sign: str
    title: str
    memo: str


@dataclass(frozen=True, slots=True)
class CoderView:
    """What one coder did at the place."""

    name: str
    style: int
    codings: list[GivenView]


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """One way to settle it, and what would stand then."""

    value: str
    label: str
    holds: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision in force; ``stale`` says why it should be looked at again."""

    id: str
    outcome: str
    holds: str
    reason: str
    by: str
    when: str
    stale: str = ""


@dataclass(frozen=True, slots=True)
class RemarkView:
    """One remark of the discussion."""

    author: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a list."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One disagreement; ``audio`` is None where nothing can be played."""

    id: str
    kind: str
    state: str
    title: str
    colour: str
    where: str
    place: str
    says: str
    turns: list[TurnText]
    lanes: list[Lane]
    coders: list[CoderView]
    outcomes: list[OutcomeView]
    decisions: list[DecisionView]
    thread: list[RemarkView]
    proposals: list[str]
    codes: list[Option]
    edit: list[dict[str, Any]]
    can_discuss: bool = True
    audio: str | None = None
    from_ms: int = 0
    to_ms: int = 0


@dataclass(frozen=True, slots=True)
class DeskView:
    """A page of disagreements: ``first`` is the place of its first one among ``total``.

    ``focus`` is the id of the one to show, where the page decides that; ``empty`` says what to do
    when there is none.
    """

    items: list[PlaceView]
    first: int
    total: int
    progress: dict[str, int]
    """``settled``, ``stale`` and ``total`` of the whole choice, whatever is filtered."""
    codes: list[Option]
    valences: list[Option]
    reasons: list[str] = field(default_factory=list)
    """Reasons given lately, as suggestions."""
    may_settle: bool = False
    why_not: str = ""
    empty: str = ""
    error: str = ""
    focus: str | None = None


def disagreements(view: DeskView, *, key: str) -> dict[str, Any] | None:
    """Show the disagreements and return what the person did, once.

    ``do`` is ``settle`` (``id, outcome, reason, result``), ``reopen`` (``settlement, reason``),
    ``discuss`` (``text``), ``propose`` (``code_id, text``), ``open``, or ``page`` (``place``).
    """
    mount = st.components.v2.component(
        "parihs.disagreements",
        js="disagreements.js",
        css="disagreements.css",
        isolate_styles=False,
    )
    result = mount(data=asdict(view), key=key, on_act_change=lambda: None)
    done: dict[str, Any] | None = result.act
    return done
