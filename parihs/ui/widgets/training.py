"""A training test: excerpts to code blind with a type-to-find palette, then what decides each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st


@dataclass(frozen=True, slots=True)
class RuleView:
    """A code with the rules that decide when to give it."""

    id: str
    name: str
    label: str
    colour: str
    definition: str
    when_to_use: str
    when_not: str
    example: str


@dataclass(frozen=True, slots=True)
class VerdictView:
    """What came of one answer; codes by id."""

    hits: list[str]
    missed: list[str]
    extra: list[str]
    right: dict[str, str]
    given: dict[str, str]
    why: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """An excerpt to code. ``verdict`` is None until it has been answered."""

    position: int
    before: str
    text: str
    after: str
    who: str
    where: str
    verdict: VerdictView | None = None
    audio: str | None = None
    from_ms: int = 0
    to_ms: int = 0


@dataclass(frozen=True, slots=True)
class TestView:
    """All excerpts of a test, the codes to choose from, and what went wrong last."""

    test: str
    attempt: int
    items: list[QuestionView]
    codes: list[RuleView]
    valences: list[tuple[str, str]]
    error: str = ""


def training(view: TestView, *, key: str) -> dict[str, Any] | None:
    """Show the test and return what the person did, once: ``answer`` with position and codes."""
    mount = st.components.v2.component(
        "parihs.training", js="training.js", css="training.css", isolate_styles=False
    )
    result = mount(data=asdict(view), key=key, on_act_change=lambda: None)
    done: dict[str, Any] | None = result.act
    return done
