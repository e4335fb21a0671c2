"""Texts that several people write: made clean, never overwritten unseen, all kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import Code, Codebook, Coder, Event

TEXT_LIMIT: Final = 100_000


class NewerTextError(ParihsError):
    """Somebody saved another text meanwhile; both texts are here, and the saved one stands."""

    def __init__(self, *, yours: str, theirs: str, by: str, rev: int) -> None:
        super().__init__(
            f"{by} saved another text here while you were writing, so yours was not saved over it.",
            "Put the two together and save again; both are kept until you do.",
        )
        self.yours = yours
        self.theirs = theirs
        self.by = by
        self.rev = rev
        """What to give as ``base_rev`` once the two are put together."""


@dataclass(frozen=True, slots=True)
class Saved:
    """One line of an object's history."""

    seq: int
    verb: str
    by: str
    """Name of whoever did it."""
    at: datetime
    data: dict[str, Any]
    """The whole content as it was saved."""


def written(text: str, what: str = "") -> str:
    """A text ready to be kept: no characters that a database refuses, no white space around it.

    ``what`` names a text that must not be empty. Raises ParihsError when it is, or is too long.
    """
    text = text.replace("\x00", " ").encode("utf-8", "replace").decode().strip()
    if what and not text:
        raise ParihsError(f"There is no text, so nothing was saved: {what} is needed.", "Write it.")
    if len(text) > TEXT_LIMIT:
        raise ParihsError("This text is longer than 100,000 characters; it was not saved.", "Cut.")
    return text


def one_of(value: str, known: Any, what: str) -> str:
    """``value`` if it is known; raises ParihsError naming what can be chosen instead."""
    if value not in known:
        raise ParihsError(
            f"“{value}” is no {what}, so nothing was saved.", f"Use one of: {', '.join(known)}."
        )
    return value


def who(session: Session, actor: str) -> str:
    """The name of whoever acts: a coder's name, or what they are called anyway."""
    coder = session.get(Coder, actor) if actor else None
    return coder.name if coder else actor or "Somebody"


def current_rev(session: Session) -> int:
    """The number of the newest event: what a page that is read now has seen."""
    return session.scalar(select(func.max(Event.seq))) or 0


def history(session: Session, object_type: str, object_id: str) -> list[Saved]:
    """What happened to one object, newest first."""
    query = (
        select(Event)
        .where(Event.object_type == object_type, Event.object_id == object_id)
        .order_by(Event.seq.desc())
    )
    return [
        Saved(event.seq, event.verb, who(session, event.actor), event.at, event.data)
        for event in session.scalars(query)
    ]


def refuse_unknown_code(session: Session, study_id: str, code_id: str) -> None:
    """Raise ParihsError unless the code belongs to a codebook of the study."""
    query = select(Code.id).join(Codebook).where(Code.id == code_id, Codebook.study_id == study_id)
    if session.scalar(query) is None:
        raise ParihsError("This code is not in the study, so nothing was saved.", "Choose another.")
