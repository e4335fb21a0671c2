"""Two people correcting at once: edits made on an older version, put on the newest one.

Where the turns that somebody edited are as they were, the edit simply moves along. Where somebody
else has changed them meanwhile, nothing is decided here: both texts come back side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from parihs.correction.edits import Edit
from parihs.correction.script import Script
from parihs.correction.versions import script_between, turns_of
from parihs.model import TranscriptVersion, Turn
from parihs.store.transcripts import SEPARATOR


@dataclass(frozen=True, slots=True)
class Clash:
    """Turns that two people changed: ``edit`` would put mine in place of theirs."""

    edit: Edit
    original: str
    """The text that both began with."""


@dataclass(frozen=True, slots=True)
class Rebased:
    """Edits for the newest version, and those that somebody has to choose about."""

    edits: tuple[Edit, ...]
    clashes: tuple[Clash, ...]


def rebase(
    session: Session, base: TranscriptVersion, newest: TranscriptVersion, edits: Sequence[Edit]
) -> Rebased:
    """Put edits made on ``base`` on ``newest``; those that were made there already are left out."""
    if base.id == newest.id:
        return Rebased(tuple(edits), ())
    old, new = turns_of(session, base.id), turns_of(session, newest.id)
    script = script_between(session, base, newest)
    begins = {turn.start: turn.position for turn in new}
    moved: list[Edit] = []
    clashes: list[Clash] = []
    for edit in sorted(edits, key=lambda each: each.first):
        if not 0 <= edit.first <= edit.last < len(old):
            continue
        start, end = old[edit.first].start, old[edit.last].end
        at = begins.get(_kept_start(script, start, end))
        last = -1 if at is None else at + edit.last - edit.first
        if at is not None and _text(new[at : last + 1]) == edit.before:
            moved.append(replace(edit, first=at, last=last))
        else:
            clash = _clash(new, script.place(start, end), edit)
            if clash is not None:
                clashes.append(clash)
    return Rebased(*_apart(new, moved, clashes))


def _kept_start(script: Script, start: int, end: int) -> int:
    found = script.keeps(start, end)
    return -1 if found is None else found


def _clash(new: Sequence[Turn], place: tuple[int, int], edit: Edit) -> Clash | None:
    start, end = place
    met = [turn for turn in new if turn.start < end and turn.end > start]
    if met:
        theirs = _text(met)
        if theirs == edit.after:
            return None
        mine = Edit(met[0].position, met[-1].position, theirs, edit.texts)
        return Clash(mine, edit.before)
    if not edit.texts:
        return None
    # They deleted it: mine would stand after what comes before it.
    beside = max((turn for turn in new if turn.end <= start), key=lambda t: t.end, default=new[0])
    if beside.text == edit.after:
        return None
    own = (beside.text, *edit.texts) if beside.end <= start else (*edit.texts, beside.text)
    return Clash(Edit(beside.position, beside.position, beside.text, own), edit.before)


def _apart(
    new: Sequence[Turn], moved: Sequence[Edit], clashes: Sequence[Clash]
) -> tuple[tuple[Edit, ...], tuple[Clash, ...]]:
    """No two of them touch the same turn: those that do become one clash."""
    waiting: list[Edit | Clash] = sorted([*moved, *clashes], key=lambda each: _edit(each).first)
    found: list[Edit | Clash] = []
    for each in waiting:
        if found and _edit(each).first <= _edit(found[-1]).last:
            found[-1] = _together(new, found[-1], each)
        else:
            found.append(each)
    return (
        tuple(each for each in found if isinstance(each, Edit)),
        tuple(each for each in found if isinstance(each, Clash)),
    )


def _together(new: Sequence[Turn], one: Edit | Clash, other: Edit | Clash) -> Clash:
    first, last = _edit(one).first, max(_edit(one).last, _edit(other).last)
    texts = (*_edit(one).texts, *_edit(other).texts)
    edit = Edit(first, last, _text(new[first : last + 1]), texts)
    return Clash(edit, SEPARATOR.join((_original(one), _original(other))))


def _edit(each: Edit | Clash) -> Edit:
    return each if isinstance(each, Edit) else each.edit


def _original(each: Edit | Clash) -> str:
    return each.before if isinstance(each, Edit) else each.original


def _text(turns: Sequence[Turn]) -> str:
    return SEPARATOR.join(turn.text for turn in turns)
