"""A coder's steps on a transcript that can be taken back and done again, read from the trail.

The trail is the stack: every operation is an event, and one that takes a step back says which
(``undoes``), one that does it again, too (``redoes``). So undo reaches back to the first coding, in
any browser, after any reload. Operations with the same ``together`` are one step.

Places in the text are only brought back within one version of it: what was moved in an earlier
version keeps the place it has been carried to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parihs.coding.trail_words import code_names
from parihs.model import Coding, Event, Transcript, TranscriptVersion
from parihs.model.terms import VALENCES

Op = dict[str, Any]
PLACE = ("start", "end")


@dataclass(slots=True)
class Step:
    """One step: operations that do it again, and those that take it back, both in order."""

    id: str
    label: str
    """What was done, as in “Undone: …”."""
    forward: list[Op] = field(default_factory=list)
    back: list[Op] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Past:
    """What can be taken back, and what can be done again; the newest last."""

    done: list[Step]
    undone: list[Step]


def past(session: Session, coder_id: str, version_id: str) -> Past:
    """A coder's own steps on one version, from the first."""
    codes = code_names(session, _study(session, version_id))
    began = version_began(session, version_id)
    query = (
        select(Event, Coding.code_id)
        .join(Coding, Coding.id == Event.object_id)
        .where(
            Event.object_type == "coding",
            Event.actor == coder_id,
            Coding.coder_id == coder_id,
            Coding.version_id == version_id,
        )
        .order_by(Event.seq)
    )
    done: dict[str, Step] = {}
    undone: dict[str, Step] = {}
    for event, code_id in session.execute(query):
        data = event.data
        if "undoes" in data:
            _move(str(data["undoes"]), done, undone)
        elif "redoes" in data:
            _move(str(data["redoes"]), undone, done)
        else:
            ops = reversible(event, with_place=event.seq >= began)
            if ops is None:
                continue
            key = str(data.get("together") or event.op_id or event.seq)
            step = done.setdefault(key, Step(key, _label(event, codes, code_id)))
            step.forward.append(ops[0])
            step.back.insert(0, ops[1])
            undone.clear()
    return Past(list(done.values()), list(undone.values()))


def version_began(session: Session, version_id: str) -> int:
    """Number of the event from which on positions count in this version."""
    query = select(func.max(Event.seq)).where(
        Event.object_type == "transcript_version",
        Event.object_id == version_id,
        Event.verb != "imported codings",
    )
    return session.scalar(query) or 0


def reversible(event: Event, *, with_place: bool) -> tuple[Op, Op] | None:
    """What does an event's change again, and what takes it back; None where nothing can."""
    key, verb = event.object_id, event.verb
    if verb in ("coded", "restored"):
        return {"verb": "restore", "coding_id": key}, {"verb": "uncode", "coding_id": key}
    if verb == "uncoded":
        return {"verb": "uncode", "coding_id": key}, {"verb": "restore", "coding_id": key}
    if verb != "changed":
        return None
    before, after = (_told(event.data.get(name, {}), with_place) for name in ("from", "to"))
    if not before or not after:
        return None
    return (
        {"verb": "change", "coding_id": key, "set": after},
        {"verb": "change", "coding_id": key, "set": before},
    )


def _told(values: Mapping[str, Any], with_place: bool) -> dict[str, Any]:
    return {name: value for name, value in values.items() if with_place or name not in PLACE}


def _move(key: str, source: dict[str, Step], target: dict[str, Step]) -> None:
    """Only the first of several operations that take one step back moves it."""
    if key in source:
        target[key] = source.pop(key)


def _label(event: Event, codes: Mapping[str, str], code_id: str) -> str:
    data = event.data
    if data.get("together"):
        return "bringing back an earlier coding"
    name = codes.get(str(data.get("code", code_id)), "a code")
    if event.verb == "coded":
        return f"coding “{name}”"
    if event.verb == "uncoded":
        return f"removing “{name}”"
    if event.verb == "restored":
        return f"bringing back “{name}”"
    after = data.get("to", {})
    if "code" in after:
        return f"changing to “{codes.get(str(after['code']), 'a code')}”"
    if "valence" in after:
        return f"the rating “{VALENCES.get(str(after['valence']), '')}”"
    return "the memo" if "memo" in after else f"the boundaries of “{name}”"


def _study(session: Session, version_id: str) -> str:
    query = (
        select(Transcript.study_id)
        .join(TranscriptVersion, TranscriptVersion.transcript_id == Transcript.id)
        .where(TranscriptVersion.id == version_id)
    )
    return session.scalar(query) or ""
