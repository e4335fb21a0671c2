"""What the child process says to the process that started it; small, without text."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Stage = Literal["decode", "plan", "recognise", "align", "speakers"]

STAGES: tuple[Stage, ...] = ("decode", "plan", "recognise", "align", "speakers")

OPTIONAL: frozenset[Stage] = frozenset({"align", "speakers"})
"""Stages that may fail without costing the text."""


@dataclass(frozen=True, slots=True)
class StageStarted:
    """A stage begins."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class StageProgress:
    """``done`` of ``total`` milliseconds of the recording are through this stage."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class StageWarning:
    """Something a person should know; the work goes on."""

    stage: Stage
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Every stage is through; the results lie in the journal."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The work cannot go on. ``detail`` is for the log: where it broke, never what was said."""

    stage: Stage
    message: str
    hint: str
    detail: str = ""


Message = StageStarted | StageProgress | StageWarning | Finished | Failed

KINDS: dict[str, type[Message]] = {
    kind.__name__: kind for kind in (StageStarted, StageProgress, StageWarning, Finished, Failed)
}


def to_plain(message: Message) -> list[object]:
    """The message as plain values, for a pipe."""
    return [type(message).__name__, asdict(message)]


def from_plain(plain: list[Any]) -> Message:
    """The message that :func:`to_plain` was asked of."""
    kind, values = plain
    return KINDS[kind](**values)
