"""The voices of a transcript as somebody listens to them: how much each says, and samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.model import Participant, Speaker, Turn
from parihs.speakers.changes import UNSURE

SAMPLES: Final = 3
LONG_ENOUGH_MS: Final = 12_000
"""A sample longer than this is no easier to recognise somebody by."""
NO_CONFIDENCE: Final = 0.8
"""What a word counts as where its recogniser gave no confidence."""
BLURRED: Final = {"overlap": 0.3, "no speech": 0.1, "repetition": 0.1, UNSURE: 0.5}
"""How much of its worth a sample keeps with such a mark."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A turn to hear a voice by; times in ms, None where the transcript has none."""

    position: int
    start: int
    end: int
    start_ms: int | None
    end_ms: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of one version, with what it says there."""

    id: str | None
    """None for turns that nobody is named for."""
    label: str
    name: str
    """The participant's pseudonym where linked, else the label."""
    participant: Participant | None
    n_turns: int
    n_words: int
    talk_ms: int
    """Sum of its turns' lengths where they are timed."""
    n_unsure: int
    samples: tuple[Sample, ...]
    """The longest and clearest of its turns, spread over the recording."""

    @property
    def unsure(self) -> bool:
        """Whether all of it is marked as unsure."""
        return self.n_unsure == self.n_turns


def voices(session: Session, version_id: str) -> list[Voice]:
    """The voices that speak in a version, in order of first appearance, nobody's turns last."""
    rows = session.execute(
        select(
            Turn.speaker_id,
            *(Turn.position, Turn.start, Turn.end, Turn.start_ms, Turn.end_ms, Turn.n_words),
            *(Turn.marks, Turn.words, Turn.text),
        )
        .where(Turn.version_id == version_id)
        .order_by(Turn.position)
    ).all()
    said: dict[str | None, list[Any]] = {}
    for row in rows:
        said.setdefault(row.speaker_id, []).append(row)
    known: dict[str, tuple[Speaker | None, Participant | None]] = {
        speaker.id: (speaker, person)
        for speaker, person in session.execute(
            select(Speaker, Participant)
            .outerjoin(Participant, Participant.id == Speaker.participant_id)
            .where(Speaker.id.in_([key for key in said if key is not None]))
        )
    }
    order = sorted(said, key=lambda key: key is None)
    return [_voice(key, *known.get(key or "", (None, None)), said[key]) for key in order]


def _voice(
    key: str | None, speaker: Speaker | None, person: Participant | None, turns: Sequence[Any]
) -> Voice:
    label = "" if speaker is None else speaker.label
    return Voice(
        id=key,
        label=label,
        name=person.pseudonym if person else label,
        participant=person,
        n_turns=len(turns),
        n_words=sum(turn.n_words for turn in turns),
        talk_ms=sum(_length(turn) for turn in turns),
        n_unsure=sum(UNSURE in turn.marks for turn in turns),
        samples=_samples(turns),
    )


def _samples(turns: Sequence[Any]) -> tuple[Sample, ...]:
    """The best turn of each third of what somebody says, in order."""
    n = len(turns)
    edges = [n * part // SAMPLES for part in range(SAMPLES + 1)]
    thirds = [turns[a:b] for a, b in pairwise(edges) if b > a]
    best = [max(third, key=_worth) for third in thirds]
    return tuple(
        Sample(turn.position, turn.start, turn.end, turn.start_ms, turn.end_ms, turn.text)
        for turn in best
    )


def _worth(turn: Any) -> float:
    length = _length(turn) or 300 * turn.n_words
    scores = [word[4] for word in turn.words or () if len(word) > 4 and word[4] is not None]
    clear = sum(scores) / len(scores) if scores else NO_CONFIDENCE
    worth = clear * min(length, LONG_ENOUGH_MS)
    for mark in turn.marks:
        worth *= BLURRED.get(mark, 1.0)
    return worth


def _length(turn: Any) -> int:
    if turn.start_ms is None or turn.end_ms is None:
        return 0
    return int(max(0, turn.end_ms - turn.start_ms))
