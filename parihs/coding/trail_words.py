"""The names behind events: looked up once for a page of them, and put into their sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.verbs import sentence
from parihs.model import (
    Base,
    Codebook,
    CodebookVersion,
    CodeDefinition,
    Coder,
    Coding,
    Event,
    Settlement,
    Site,
    Transcript,
    Workshop,
)
from parihs.model.terms import CODER_ROLES, VALENCES
from parihs.store.roles import UNNAMED

QUOTE_LENGTH: Final = 90
_NAMED_BY: Final = ("title", "name", "pseudonym", "label", "filename")
_AT_ONCE: Final = 500
_CLASSES: Final[dict[str, Any]] = {
    mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers
}


class Names:
    """What the objects of some events are called."""

    def __init__(self, session: Session, study_id: str, events: Sequence[Event]) -> None:
        self._people = {
            coder.id: coder.name
            for coder in session.scalars(select(Coder).filter_by(study_id=study_id))
        }
        query = select(Site.id, Site.name).where(Site.study_id == study_id)
        self._sites = {row[0]: f"“{row[1]}”" for row in session.execute(query)}
        self._codes = code_names(session, study_id)
        self._transcripts = _transcript_names(session, study_id)
        self._objects: dict[tuple[str, str], Any] = {}
        by_type: dict[str, set[str]] = {}
        for event in events:
            by_type.setdefault(event.object_type, set()).add(event.object_id)
        for object_type, ids in by_type.items():
            self._objects |= _found(session, object_type, sorted(ids))
        asked = {str(e.data["to"]) for e in events if e.verb == "restored as of" and "to" in e.data}
        numbers = [int(seq) for seq in asked if seq.isdigit()]
        moments = select(Event.seq, Event.at).where(Event.seq.in_(numbers))
        self._moments = {row[0]: row[1] for row in session.execute(moments)}

    def who(self, actor: str) -> str:
        """The name of whoever acts: a coder's, or what they are called anyway."""
        if actor in ("", UNNAMED):
            return "Somebody"
        return self._people.get(actor, actor)

    def transcript(self, transcript_id: str) -> str:
        """A transcript by its workshop's title, with its own where that differs."""
        return self._transcripts.get(transcript_id, "a transcript")

    def transcript_of(self, event: Event) -> str | None:
        """The transcript that an event happened in, where it did in one."""
        if event.object_type in ("transcript", "turns"):
            return event.object_id
        found = self._objects.get((event.object_type, event.object_id))
        mine = getattr(found, "transcript_id", None) or event.data.get("transcript")
        return str(mine) if mine else None

    def place_of(self, event: Event) -> tuple[int | None, int | None]:
        """Where the coding, or the disagreement, of an event stands."""
        found = self._objects.get((event.object_type, event.object_id))
        if isinstance(found, Coding | Settlement):
            return found.start, found.end
        return None, None

    def sentence(self, event: Event) -> str:
        """What an event says, to follow the name of whoever did it."""
        found = self._objects.get((event.object_type, event.object_id))
        code_id = event.data.get("code") if event.verb == "coded" else None
        transcript_id = self.transcript_of(event)
        values = {
            "it": self._name(found),
            "code": self._code(code_id or getattr(found, "code_id", None)),
            "quote": _quoted(getattr(found, "quote", "")),
            "site": self._sites.get(str(getattr(found, "site_id", "")), "a site"),
            "coder": self._people.get(str(event.data.get("coder", "")), "a coder"),
            "transcript": self.transcript(transcript_id) if transcript_id else "a transcript",
            "detail": self._detail(event, found),
        }
        return sentence(event.verb, event.object_type).format_map(values).strip()

    def _name(self, found: Any) -> str:
        for name in _NAMED_BY:
            value = getattr(found, name, None)
            if value:
                return f"“{value}”"
        return ""

    def _code(self, code_id: Any) -> str:
        return f"“{self._codes.get(str(code_id), 'a code')}”"

    def _detail(self, event: Event, found: Any) -> str:
        data = event.data
        if event.object_type == "coding" and event.verb == "changed":
            return ", ".join(self._changes(data.get("from", {}), data.get("to", {}))) or "nothing"
        if event.verb == "joined":
            return "; they were rated differently" if "valences" in data else ""
        if event.verb == "gave a role":
            return CODER_ROLES.get(str(data.get("to")), "member").lower()
        if event.object_type == "codebook_version":
            note = f": {data['note']}" if data.get("note") else ""
            return f" ({data.get('number', '?')}){note}"
        if event.verb == "restored as of":
            at = self._moments.get(int(data.get("to", 0)))
            return f"on {moment(at)}" if at else "earlier"
        reason = data.get("reason")
        return f": {reason}" if reason else ""

    def _changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
        if "code" in after:
            yield f"from {self._code(before.get('code'))} to {self._code(after['code'])}"
        if "valence" in after:
            was, now = (VALENCES.get(str(v.get("valence")), "?").lower() for v in (before, after))
            yield f"from {was} to {now}" if was != now else f"it stays {now}"
        if "memo" in after:
            yield "its memo" if before.get("memo") else "a memo added"
        if "start" in after or "end" in after:
            yield "where it begins or ends"


def moment(at: datetime) -> str:
    """A moment as people write it, in their own time."""
    here = at.astimezone()
    return f"{here.day} {here:%b %Y, %H:%M}"


def _quoted(quote: str) -> str:
    words = " ".join(quote.split())
    cut = words if len(words) <= QUOTE_LENGTH else f"{words[:QUOTE_LENGTH].rstrip()}…"
    return f"“{cut}”"


def _found(session: Session, object_type: str, ids: list[str]) -> dict[tuple[str, str], Any]:
    model = _CLASSES.get(object_type)
    if model is None or not hasattr(model, "id"):
        return {}
    found: dict[tuple[str, str], Any] = {}
    for first in range(0, len(ids), _AT_ONCE):
        query = select(model).where(model.id.in_(ids[first : first + _AT_ONCE]))
        found |= {(object_type, each.id): each for each in session.scalars(query)}
    return found


def code_names(session: Session, study_id: str) -> dict[str, str]:
    """The newest name of each code."""
    query = (
        select(CodeDefinition.code_id, CodeDefinition.name)
        .join(CodebookVersion, CodebookVersion.id == CodeDefinition.codebook_version_id)
        .join(Codebook, Codebook.id == CodebookVersion.codebook_id)
        .where(Codebook.study_id == study_id)
        .order_by(CodebookVersion.number)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _transcript_names(session: Session, study_id: str) -> dict[str, str]:
    query = (
        select(Transcript.id, Transcript.title, Workshop.title)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .where(Transcript.study_id == study_id)
    )
    return {
        key: held if title == held else f"{held}: {title}"
        for key, title, held in session.execute(query)
    }
