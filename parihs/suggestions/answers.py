"""What a coder answered to suggestions, and the way back from each answer.

Answers are read from the trail. A suggestion that was taken is an ordinary coding, so its undoing
is the step back that the reader would make, and the reader can do it again. One that was turned
down is put back by a line of its own, and can be shown again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from parihs.coding.operations import Desk
from parihs.coding.undoing import past
from parihs.coding.visibility import is_open_to, open_transcripts
from parihs.errors import ParihsError
from parihs.model import Coding, Event, new_id
from parihs.store import Transaction
from parihs.store.roles import MayNotError
from parihs.store.transcripts import latest_versions
from parihs.suggestions.offering import require_coder, turned_down_events, why_none
from parihs.suggestions.results import Place


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that holds; ``seq`` is the number of its event."""

    seq: int
    at: datetime
    taken: bool
    """Whether the code was given; else the suggestion was turned down."""
    place: Place
    code: str
    """A code id, or ``overlooked`` where nothing was missed."""


def last_answer(session: Session, study_id: str, coder_id: str) -> Answer | None:
    """The newest answer that can be undone, or None.

    A coding that its coder worked on afterwards is an answer no more: it is undone in the reader.
    """
    down = turned_down(session, study_id, coder_id)[:1]
    found = [*down, *_taken(session, study_id, coder_id)]
    return max(found, key=lambda answer: answer.seq, default=None)


def turned_down(
    session: Session, study_id: str, coder_id: str, transcript_id: str | None = None
) -> list[Answer]:
    """What a coder turned down and may still be shown, newest first.

    Suggestions for a text that was corrected since are left out: they are not made any more.
    """
    if why_none(session, study_id, coder_id):
        return []
    seen = open_transcripts(session, study_id, coder_id)
    newest = {version.id for version in latest_versions(session, study_id).values()}
    answers = [_refusal(event) for event in turned_down_events(session, study_id, coder_id)]
    return [
        answer
        for answer in reversed(answers)
        if answer.place.transcript_id in seen
        and answer.place.version_id in newest
        and transcript_id in (None, answer.place.transcript_id)
    ]


def take_back(tx: Transaction, study_id: str, seq: int) -> Answer:
    """Undo an answer of the acting coder by the number of its event; gives what it was.

    A coding is taken back, a suggestion that was turned down can come again. Raises ParihsError
    where it was undone already, MayNotError where it is not theirs to undo.
    """
    require_coder(tx.session, study_id, tx.actor)
    event = tx.session.get(Event, seq)
    if event is None or (event.actor, event.study_id) != (tx.actor, study_id):
        raise MayNotError("There is no answer of yours to undo.", "Reload the page.")
    if event.object_type == "suggestion":
        return _put_back(tx, event)
    return _uncode(tx, event)


def _put_back(tx: Transaction, event: Event) -> Answer:
    answer = _refusal(event)
    if not is_open_to(tx.session, tx.actor, answer.place.transcript_id):
        raise MayNotError("There is no suggestion here for you.", "Reload the page.")
    assert event.study_id is not None
    standing = turned_down_events(tx.session, event.study_id, tx.actor)
    if event.seq not in {each.seq for each in standing}:
        raise _done()
    data = {**event.data, "undoes": str(event.seq)}
    tx.record(event.study_id, "put back", "suggestion", event.object_id, data)
    return answer


def _uncode(tx: Transaction, event: Event) -> Answer:
    coding = tx.session.get(Coding, event.object_id)
    if coding is None or event.verb != "coded" or "suggested" not in event.data:
        raise MayNotError("There is no answer of yours to undo.", "Reload the page.")
    steps = past(tx.session, tx.actor, coding.version_id).done
    step = next((each for each in steps if each.id == (event.op_id or str(event.seq))), None)
    if step is None or coding.uncoded:
        raise _done()
    desk = Desk(tx, tx.actor, coding.version_id, coding.codebook_version_id)
    for op in step.back:
        desk.apply({**op, "undoes": step.id}, new_id())
    return _acceptance(event, coding)


def _taken(session: Session, study_id: str, coder_id: str) -> list[Answer]:
    later = aliased(Event)
    changed = exists(
        select(later.seq).where(
            later.object_type == "coding",
            later.object_id == Event.object_id,
            later.verb == "changed",
            later.seq > Event.seq,
        )
    )
    query = (
        select(Event, Coding)
        .join(Coding, Coding.id == Event.object_id)
        .where(
            Event.object_type == "coding",
            Event.verb == "coded",
            Event.actor == coder_id,
            Event.study_id == study_id,
            Event.data["suggested"].as_string().is_not(None),
            Coding.uncoded.is_(False),
            ~changed,
        )
        .order_by(Event.seq.desc())
        .limit(1)
    )
    return [_acceptance(event, coding) for event, coding in session.execute(query)]


def _acceptance(event: Event, coding: Coding) -> Answer:
    place = Place(coding.version_id, coding.transcript_id, coding.start, coding.end)
    return Answer(event.seq, event.at, True, place, coding.code_id)


def _refusal(event: Event) -> Answer:
    data = event.data
    place = Place(data["version"], data["transcript"], data["start"], data["end"])
    return Answer(event.seq, event.at, False, place, data["code"])


def _done() -> ParihsError:
    return ParihsError("This answer has been undone already.", "Nothing was changed.")
