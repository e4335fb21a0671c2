"""What changed between two versions of a transcript, turn by turn, to be read by people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from parihs.correction.script import Change, Script
from parihs.correction.versions import script_between, turns_of
from parihs.model import TranscriptVersion, Turn
from parihs.store.transcripts import SEPARATOR

KEPT: Final = "kept"
REMOVED: Final = "removed"
ADDED: Final = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that was ``kept``, ``removed`` or ``added``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class TurnChange:
    """Turns that changed together, from the first to the last word of them."""

    speaker_id: str | None
    start_ms: int | None
    start: int
    """Where they begin now, in code points of the newer version."""
    end: int
    pieces: tuple[Piece, ...]


def differences(
    session: Session, old: TranscriptVersion, new: TranscriptVersion
) -> list[TurnChange]:
    """Every place where two versions of one transcript differ, in order of the text.

    A line feed in a piece is a border between turns: removed where turns were joined, added where
    one was split.
    """
    script = script_between(session, old, new)
    before, after = turns_of(session, old.id), turns_of(session, new.id)
    old_text = SEPARATOR.join(turn.text for turn in before)
    new_text = SEPARATOR.join(turn.text for turn in after)
    found = []
    for block, changes in _blocks(script, before, after):
        turn = next((t for t in after if t.end >= block.new_start), after[-1]) if after else None
        gone = next((t for t in before if t.end >= block.old_start), None)
        whose = gone if block.new_start == block.new_end and gone is not None else turn
        found.append(
            TurnChange(
                speaker_id=None if whose is None else whose.speaker_id,
                start_ms=None if whose is None else whose.start_ms,
                start=block.new_start,
                end=block.new_end,
                pieces=tuple(_pieces(block, changes, old_text, new_text)),
            )
        )
    return found


def _blocks(
    script: Script, before: Sequence[Turn], after: Sequence[Turn]
) -> Iterator[tuple[Change, list[Change]]]:
    """Whole turns around each change, and the changes in them; turns stand in one block only."""
    waiting: Change | None = None
    inside: list[Change] = []
    olds, news = _Edges(before), _Edges(after)
    for change in script.changes():
        wide = Change(
            *olds.around(change.old_start, change.old_end),
            *news.around(change.new_start, change.new_end),
        )
        if waiting is None:
            waiting = wide
        elif wide.old_start < waiting.old_end or wide.new_start < waiting.new_end:
            waiting = Change(
                min(waiting.old_start, wide.old_start),
                max(waiting.old_end, wide.old_end),
                min(waiting.new_start, wide.new_start),
                max(waiting.new_end, wide.new_end),
            )
        else:
            yield waiting, inside
            waiting, inside = wide, []
        inside.append(change)
    if waiting is not None:
        yield waiting, inside


class _Edges:
    """Where turns begin and end; asked in order, so that a long text is walked once."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = turns
        self._at = 0

    def around(self, start: int, end: int) -> tuple[int, int]:
        turns = self._turns
        if not turns:
            return 0, 0
        while self._at + 1 < len(turns) and turns[self._at].end < start:
            self._at += 1
        last = self._at
        while last + 1 < len(turns) and turns[last + 1].start <= end:
            last += 1
        return turns[self._at].start, turns[last].end


def _pieces(
    block: Change, changes: Sequence[Change], old_text: str, new_text: str
) -> Iterator[Piece]:
    at = block.new_start
    for change in changes:
        yield from _piece(KEPT, new_text[at : change.new_start])
        yield from _piece(REMOVED, old_text[change.old_start : change.old_end])
        yield from _piece(ADDED, new_text[change.new_start : change.new_end])
        at = change.new_end
    yield from _piece(KEPT, new_text[at : block.new_end])


def _piece(kind: str, text: str) -> Iterator[Piece]:
    if text:
        yield Piece(kind, text)
