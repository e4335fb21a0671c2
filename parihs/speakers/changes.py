"""A change of speakers as data: made, written to the audit trail, and taken back by its line there.

A change says for each run of turns whose it was and whose it becomes. It is made only where every
turn still is as the person saw it; otherwise nothing of it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import Attendance, Event, Speaker, Transcript, Turn, VoicePrint
from parihs.store import Transaction
from parihs.store.speaker_changes import TURNS

UNSURE: Final = "unsure"
VOICE: Final = "speaker"
"""Object type of events that only say who a voice is."""
MOST_DEEDS: Final = 500

Run = tuple[int, int, str | None, str | None]
"""First and last position of turns, whose they were, whose they become."""
MarkedRun = tuple[int, int, bool, bool]
"""First and last position of turns, whether they were unsure, whether they become so."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of voices and turns; each part holds old and new, so that it can be turned."""

    moved: dict[str, list[Run]] = field(default_factory=dict)
    """Version id → runs of turns."""
    marked: dict[str, list[MarkedRun]] = field(default_factory=dict)
    made: list[dict[str, Any]] = field(default_factory=list)
    """Voices that come into being: ``{id, label, participant}`` each."""
    gone: list[dict[str, Any]] = field(default_factory=list)
    """Voices that end."""
    linked: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    """Voice, participant before, participant after."""
    named: list[tuple[str, str, str]] = field(default_factory=list)
    """Voice, label before, label after."""
    came: list[tuple[str, str]] = field(default_factory=list)
    """Workshop and participant whose attendance is noted with this."""
    left: list[tuple[str, str]] = field(default_factory=list)

    @property
    def n_turns(self) -> int:
        """Turns of the version with the most of them that change."""
        parts: list[Iterable[tuple[Any, ...]]] = [*self.moved.values(), *self.marked.values()]
        return max((sum(run[1] - run[0] + 1 for run in runs) for runs in parts), default=0)

    def turned(self) -> Change:
        """The change that takes this one back."""
        return Change(
            {key: [(a, b, new, old) for a, b, old, new in runs] for key, runs in _of(self.moved)},
            {key: [(a, b, new, old) for a, b, old, new in runs] for key, runs in _of(self.marked)},
            made=self.gone,
            gone=self.made,
            linked=[(voice, new, old) for voice, old, new in self.linked],
            named=[(voice, new, old) for voice, old, new in self.named],
            came=self.left,
            left=self.came,
        )


def _of(runs: Mapping[str, list[Any]]) -> Iterable[tuple[str, list[Any]]]:
    return runs.items()


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the audit trail about voices, as it can be taken back."""

    seq: int
    at: datetime
    actor: str
    verb: str
    change: Change
    voices: dict[str, str]
    """Names that the voices in it had then."""
    undone: bool
    undoes: int | None
    """The line that this one took back."""


def make(
    tx: Transaction, transcript: Transcript, verb: str, change: Change, *, undoes: int | None = None
) -> int:
    """Make a change and record it; the number of its line in the audit trail.

    Raises ParihsError where something is not as the change expects: then nothing is changed.
    """
    session = tx.session
    for voice in change.made:
        _refuse_label(session, transcript.id, voice["label"])
        session.add(
            Speaker(
                id=voice["id"],
                transcript_id=transcript.id,
                label=voice["label"],
                participant_id=voice["participant"],
            )
        )
    session.flush()
    for version_id, runs in change.moved.items():
        for run in runs:
            _move(session, version_id, run)
    for version_id, marked in change.marked.items():
        for mark in marked:
            _mark(session, version_id, mark)
    _forget_prints(session, change)
    _say_who(session, transcript.id, change)
    for voice in change.gone:
        _remove(session, voice["id"])
    _note_attendance(session, change)
    kept = {name: value for name, value in asdict(change).items() if value}
    data: dict[str, Any] = {"transcript": transcript.id, "change": kept}
    if undoes is not None:
        data["undoes"] = undoes
    kind, about = TURNS, transcript.id
    if not change.moved and not change.marked:
        kind = VOICE
        about = next(each[0] for each in (*change.linked, *change.named))
    return tx.record(transcript.study_id, verb, kind, about, data)


def _forget_prints(session: Session, change: Change) -> None:
    """A voice that gained or lost turns has to be listened to anew."""
    runs = [run for each in change.moved.values() for run in each]
    touched = {voice for run in runs for voice in run[2:] if voice is not None}
    session.execute(delete(VoicePrint).where(VoicePrint.speaker_id.in_(touched)))


def _say_who(session: Session, transcript_id: str, change: Change) -> None:
    for speaker_id, before, after in change.linked:
        voice = _voice(session, speaker_id)
        _expect(voice.participant_id == before)
        voice.participant_id = after
    for speaker_id, old, new in change.named:
        voice = _voice(session, speaker_id)
        _expect(voice.label == old)
        _refuse_label(session, transcript_id, new, but=speaker_id)
        voice.label = new
    session.flush()


def _note_attendance(session: Session, change: Change) -> None:
    for workshop_id, person in change.came:
        if session.get(Attendance, (workshop_id, person)) is None:
            session.add(Attendance(workshop_id=workshop_id, participant_id=person))
    for workshop_id, person in change.left:
        session.execute(
            delete(Attendance).filter_by(workshop_id=workshop_id, participant_id=person)
        )
    session.flush()


def undo(tx: Transaction, study_id: str, seq: int) -> int:
    """Take back the change of one line of the audit trail; that is a change again.

    Raises ParihsError where somebody changed the same turns or voices since.
    """
    event = tx.session.get(Event, seq)
    if event is None or event.study_id != study_id or "change" not in event.data:
        raise ParihsError("There is no such change of speakers, so nothing was undone.", "Reload.")
    transcript = tx.session.get_one(Transcript, event.data["transcript"])
    if any(deed.undoes == seq for deed in history(tx.session, transcript)):
        raise ParihsError("This was undone already.", "Reload the page to see how it is now.")
    return make(tx, transcript, "undone", _change(event.data).turned(), undoes=seq)


def history(session: Session, transcript: Transcript) -> list[Deed]:
    """What was changed about the voices of a transcript, newest first."""
    query = (
        select(Event)
        .where(
            Event.study_id == transcript.study_id,
            Event.object_type.in_((TURNS, VOICE)),
            Event.data["transcript"].as_string() == transcript.id,
        )
        .order_by(Event.seq.desc())
        .limit(MOST_DEEDS)
    )
    events = [event for event in session.scalars(query) if "change" in event.data]
    undone = {event.data["undoes"] for event in events if "undoes" in event.data}
    now = {
        voice.id: voice.label
        for voice in session.scalars(select(Speaker).filter_by(transcript_id=transcript.id))
    }
    deeds = []
    for event in events:
        change = _change(event.data)
        then = {voice["id"]: voice["label"] for voice in (*change.made, *change.gone)}
        deeds.append(
            Deed(
                seq=event.seq,
                at=event.at,
                actor=event.actor,
                verb=event.verb,
                change=change,
                voices={**now, **then},
                undone=event.seq in undone,
                undoes=event.data.get("undoes"),
            )
        )
    return deeds


def runs_of(turns: Mapping[int, str | None], to: str | None) -> list[Run]:
    """Turns (position → whose they are) that become ``to``'s, as runs; those of ``to`` stay out."""
    wanted = sorted((place, old) for place, old in turns.items() if old != to)
    return [(first, last, old, to) for first, last, old in _runs(wanted)]


def marks_of(turns: Mapping[int, bool], unsure: bool) -> list[MarkedRun]:
    """Turns (position → whether unsure) that become so or cease to be, as runs."""
    wanted = sorted((place, was) for place, was in turns.items() if was != unsure)
    return [(first, last, was, unsure) for first, last, was in _runs(wanted)]


def _runs(places: list[tuple[int, Any]]) -> Iterable[tuple[int, int, Any]]:
    numbered = enumerate(places)
    for (_, old), group in groupby(numbered, key=lambda each: (each[1][0] - each[0], each[1][1])):
        members = [place for _, (place, _) in group]
        yield members[0], members[-1], old


def _change(data: Mapping[str, Any]) -> Change:
    kept = data["change"]
    return Change(
        moved={key: [_run(run) for run in runs] for key, runs in kept.get("moved", {}).items()},
        marked={
            key: [(a, b, bool(old), bool(new)) for a, b, old, new in runs]
            for key, runs in kept.get("marked", {}).items()
        },
        made=kept.get("made", []),
        gone=kept.get("gone", []),
        linked=[(voice, old, new) for voice, old, new in kept.get("linked", [])],
        named=[(voice, old, new) for voice, old, new in kept.get("named", [])],
        came=[(workshop, person) for workshop, person in kept.get("came", [])],
        left=[(workshop, person) for workshop, person in kept.get("left", [])],
    )


def _run(run: list[Any]) -> Run:
    first, last, old, new = run
    return first, last, old, new


def _move(session: Session, version_id: str, run: Run) -> None:
    first, last, old, new = run
    theirs = Turn.speaker_id.is_(None) if old is None else Turn.speaker_id == old
    moved = session.connection().execute(
        update(Turn)
        .where(Turn.version_id == version_id, Turn.position.between(first, last), theirs)
        .values(speaker_id=new)
    )
    _expect(moved.rowcount == last - first + 1)


def _mark(session: Session, version_id: str, run: MarkedRun) -> None:
    first, last, before, after = run
    rows = session.execute(
        select(Turn.id, Turn.marks).where(
            Turn.version_id == version_id, Turn.position.between(first, last)
        )
    ).all()
    _expect(len(rows) == last - first + 1 and all((UNSURE in m) == before for _, m in rows))
    session.execute(
        update(Turn),
        [
            {"id": key, "marks": [*(m for m in marks if m != UNSURE), *([UNSURE] if after else [])]}
            for key, marks in rows
        ],
    )


def _voice(session: Session, speaker_id: str) -> Speaker:
    voice = session.get(Speaker, speaker_id)
    if voice is None:
        raise meanwhile()
    return voice


def _remove(session: Session, speaker_id: str) -> None:
    still = select(func.count()).select_from(Turn).where(Turn.speaker_id == speaker_id)
    _expect(not session.scalar(still))
    session.execute(delete(VoicePrint).where(VoicePrint.speaker_id == speaker_id))
    session.execute(delete(Speaker).where(Speaker.id == speaker_id))


def _refuse_label(session: Session, transcript_id: str, label: str, but: str = "") -> None:
    taken = select(Speaker.id).filter_by(transcript_id=transcript_id, label=label)
    if session.scalar(taken) not in (None, but):
        raise ParihsError(
            f"Another voice of this transcript is called “{label}”, so nothing was changed.",
            "If both are the same person, merge them; else choose another name.",
        )


def _expect(as_seen: bool) -> None:
    if not as_seen:
        raise meanwhile()


def meanwhile() -> ParihsError:
    """Somebody else was quicker."""
    return ParihsError(
        "Somebody changed who speaks here in the meantime, so nothing was changed now.",
        "Look at how it is now, then do it again if it is still needed.",
    )
