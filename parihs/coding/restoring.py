"""Bringing one coder's coding of a transcript back to how it was at any moment.

It is done by ordinary operations, each a line of the trail, and they are one step to undo. Nothing
is removed: what was coded later is taken back and can be brought back in turn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.operations import Desk
from parihs.coding.trail import Line, lines
from parihs.coding.trail_words import code_names
from parihs.coding.undoing import reversible, version_began
from parihs.coding.visibility import is_open_to
from parihs.errors import ParihsError
from parihs.model import Coder, Coding, Event, Transcript, new_id
from parihs.model.terms import VALENCES
from parihs.store import Transaction
from parihs.store.roles import LEAD, MayNotError, leads
from parihs.store.transcripts import latest_version

BACK: Final = "comes back"
AWAY: Final = "is taken back"
CHANGED: Final = "is changed back"


@dataclass(frozen=True, slots=True)
class Difference:
    """One coding that would change, and the operations that change it."""

    coding_id: str
    what: str
    """``comes back``, ``is taken back`` or ``is changed back``."""
    code: str
    quote: str
    start: int
    words: str
    """What of it changes, in words; empty where it comes or goes."""
    ops: tuple[dict[str, Any], ...]


def why_not_restore(session: Session, actor: str, coder_id: str, transcript_id: str) -> str:
    """Why somebody may not restore a coder's coding, as a sentence; empty where they may.

    Their own everybody may; that of others leads may (everybody where there is no lead), as soon as
    they may see it.
    """
    coder = session.get(Coder, coder_id)
    transcript = session.get(Transcript, transcript_id)
    if coder is None or transcript is None or coder.study_id != transcript.study_id:
        return "This coder does not belong to this study."
    if actor == coder_id:
        return ""
    acting = session.get(Coder, actor) if actor else None
    if acting is None:
        return "Nobody is chosen in the side bar. Say who you are first."
    heads = leads(session, coder.study_id)
    if heads and acting.role != LEAD:
        return "Only a lead brings back the coding of somebody else."
    if not is_open_to(session, actor, transcript_id):
        return (
            f"You code this transcript blind, so {coder.name}’s coding of it is not shown to you."
        )
    return ""


def moments(session: Session, coder_id: str, transcript_id: str, limit: int = 500) -> list[Line]:
    """Steps on a coder's coding of a transcript, newest first: moments to go back to."""
    version = latest_version(session, transcript_id)
    if version is None:
        return []
    codings = select(Coding.id).filter_by(version_id=version.id, coder_id=coder_id)
    query = (
        select(Event)
        .where(Event.object_type == "coding", Event.object_id.in_(codings))
        .order_by(Event.seq.desc())
        .limit(limit)
    )
    transcript = session.get_one(Transcript, transcript_id)
    return lines(session, transcript.study_id, list(session.scalars(query)))


def differences(session: Session, coder_id: str, transcript_id: str, seq: int) -> list[Difference]:
    """What would change, were the coding as it was right after event ``seq``; in text order.

    Covers the codings that stand in the newest version of the text; 0 is before the first step.
    """
    version = latest_version(session, transcript_id)
    if version is None:
        return []
    codings = list(
        session.scalars(
            select(Coding)
            .filter_by(version_id=version.id, coder_id=coder_id)
            .order_by(Coding.start)
        )
    )
    began = version_began(session, version.id)
    later = _later(session, [coding.id for coding in codings], seq)
    at = session.scalar(select(Event.at).where(Event.seq == seq))
    codes = code_names(session, session.get_one(Transcript, transcript_id).study_id)
    found = []
    for coding in codings:
        wanted = _as_of(coding, later.get(coding.id, []), began)
        made_later = at is None or coding.created_at > at
        if made_later and not _has_first(session, coding.id):
            wanted["uncoded"] = True
        difference = _difference(coding, wanted, codes)
        if difference is not None:
            found.append(difference)
    return found


def restore_as_of(
    tx: Transaction,
    coder_id: str,
    transcript_id: str,
    seq: int,
    *,
    codebook_version_id: str,
    expected: Iterable[str] | None = None,
) -> int:
    """Bring a coder's coding back to how it was right after event ``seq``; gives how many changed.

    ``expected`` are the ids of the codings that whoever asked was shown. Raises MayNotError where
    the one who acts may not, and ParihsError when something else changed since they looked, or an
    operation cannot be done; then nothing is.
    """
    reason = why_not_restore(tx.session, tx.actor, coder_id, transcript_id)
    if reason:
        raise MayNotError(reason, "Nothing was changed.")
    found = differences(tx.session, coder_id, transcript_id, seq)
    if expected is not None and {each.coding_id for each in found} != set(expected):
        raise ParihsError(
            "The coding has changed since you looked at it, so nothing was brought back.",
            "Look at the differences again.",
        )
    if not found:
        return 0
    version = latest_version(tx.session, transcript_id)
    assert version is not None
    desk = Desk(tx, tx.actor, version.id, codebook_version_id, coder_id)
    together = new_id()
    for each in found:
        for op in each.ops:
            desk.apply({**op, "together": together}, new_id())
    study_id = tx.session.get_one(Transcript, transcript_id).study_id
    data = {"coder": coder_id, "to": seq, "together": together}
    tx.record(study_id, "restored as of", "transcript", transcript_id, data)
    return len(found)


def _later(session: Session, ids: list[str], seq: int) -> dict[str, list[Event]]:
    """Events after ``seq`` by coding, newest first."""
    found: dict[str, list[Event]] = {}
    for first in range(0, len(ids), 500):
        query = (
            select(Event)
            .where(
                Event.object_type == "coding",
                Event.object_id.in_(ids[first : first + 500]),
                Event.seq > seq,
            )
            .order_by(Event.seq.desc())
        )
        for event in session.scalars(query):
            found.setdefault(event.object_id, []).append(event)
    return found


def _has_first(session: Session, coding_id: str) -> bool:
    """Whether the trail holds the moment the coding was made; imported ones came many at once."""
    query = select(Event.seq).filter_by(object_type="coding", object_id=coding_id, verb="coded")
    return session.scalar(query) is not None


def _as_of(coding: Coding, later: list[Event], began: int) -> dict[str, Any]:
    """The coding with all later events taken back, the newest first."""
    wanted = {
        "uncoded": coding.uncoded,
        "start": coding.start,
        "end": coding.end,
        "code": coding.code_id,
        "valence": coding.valence,
        "memo": coding.memo,
    }
    for event in later:
        ops = reversible(event, with_place=event.seq >= began)
        if ops is None:
            continue
        back = ops[1]
        if back["verb"] == "change":
            wanted |= back["set"]
        else:
            wanted["uncoded"] = back["verb"] == "uncode"
    return wanted


def _difference(coding: Coding, wanted: dict[str, Any], codes: dict[str, str]) -> Difference | None:
    now = {"start": coding.start, "end": coding.end, "code": coding.code_id}
    now |= {"valence": coding.valence, "memo": coding.memo}
    if wanted["uncoded"] and coding.uncoded:
        return None
    name, quote = codes.get(coding.code_id, "a code"), coding.quote
    if wanted["uncoded"]:
        op = {"verb": "uncode", "coding_id": coding.id}
        return Difference(coding.id, AWAY, name, quote, coding.start, "", (op,))
    changed = {key: wanted[key] for key, value in now.items() if wanted[key] != value}
    ops: list[dict[str, Any]] = []
    if coding.uncoded:
        ops.append({"verb": "restore", "coding_id": coding.id})
    if changed:
        ops.append({"verb": "change", "coding_id": coding.id, "set": changed})
    if not ops:
        return None
    what = BACK if coding.uncoded else CHANGED
    words = ", ".join(_words(now, changed, codes))
    return Difference(coding.id, what, name, quote, coding.start, words, tuple(ops))


def _words(now: dict[str, Any], changed: dict[str, Any], codes: dict[str, str]) -> Iterable[str]:
    if "code" in changed:
        yield f"code “{codes.get(changed['code'], 'a code')}” again"
    if "valence" in changed:
        was, new = (VALENCES[str(each["valence"])].lower() for each in (now, changed))
        yield f"{new} instead of {was}"
    if "memo" in changed:
        yield "the memo as it was" if changed["memo"] else "without its memo"
    if "start" in changed or "end" in changed:
        yield "where it began and ended"
