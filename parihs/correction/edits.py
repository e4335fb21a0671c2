"""Corrections as an editor sends them, and the turns that they make.

An edit replaces some turns that follow on each other by others: one by one where words were
corrected, one by two where a turn was split, two by one where turns were joined, one by none where
it was deleted. It carries the text it was made on, so that nobody writes over what they never saw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from parihs.correction.script import Kept, Script
from parihs.correction.turn_times import WordRow, timed_words, turn_times
from parihs.correction.word_diff import difference
from parihs.errors import ParihsError
from parihs.model import Turn
from parihs.store.transcripts import SEPARATOR

TEXT_LIMIT: Final = 200_000
MOST_EDITS: Final = 5_000
_BLANKS: Final = {ord(sign): " " for sign in "\r\0\u2028\u2029\x0b\x0c\x85"}


@dataclass(frozen=True, slots=True)
class Edit:
    """Turns ``first`` … ``last`` (0-based) of a version become ``texts``."""

    first: int
    last: int
    before: str
    """The turns' texts joined by a line feed, as the editor saw them."""
    texts: tuple[str, ...]
    kept: tuple[Kept, ...] = ()
    """What the editor saw staying, in code points of ``before`` and of the texts joined; a help
    only, checked before use."""

    @property
    def after(self) -> str:
        """The new texts joined by a line feed."""
        return SEPARATOR.join(self.texts)

    @property
    def script(self) -> Script:
        """From the text before to the text after."""
        return difference(self.before, self.after, self.kept)


@dataclass(frozen=True, slots=True)
class Edited:
    """What a version's turns become: rows without id and version, and the way there."""

    rows: list[dict[str, Any]]
    script: Script


def read_edit(sent: Mapping[str, Any]) -> Edit:
    """An edit from plain values. Raises ParihsError where it cannot be read."""
    try:
        first, last, before = int(sent["first"]), int(sent["last"]), str(sent["before"])
        texts = [str(text) for text in sent["texts"]]
        kept = tuple((int(a), int(b), int(n)) for a, b, n in sent.get("kept") or ())
    except (KeyError, TypeError, ValueError) as error:
        raise ParihsError(
            "A correction came in a form that cannot be read, so nothing was saved.",
            "It is kept in this browser. Reload the page and save again.",
        ) from error
    if sum(map(len, texts)) > TEXT_LIMIT:
        raise ParihsError("A corrected turn is too long, so nothing was saved.", "Split it.")
    lines = [line for text in texts for line in text.translate(_BLANKS).split("\n")]
    clean = tuple(stripped for line in lines if (stripped := line.strip()))
    return Edit(first, last, before, clean, kept if list(clean) == texts else ())


def apply_edits(turns: Sequence[Turn], edits: Sequence[Edit]) -> Edited:
    """The turns of a corrected version, and the script from the old text to the new one.

    ``turns`` are all turns of the version that the edits were made on, in order. Speaker and marks
    of turns that were not touched stay; a joined turn has the speaker of its first words.
    Raises ParihsError when an edit does not fit the turns, when two touch the same turn, and when
    nothing would be left.
    """
    by_first = {edit.first: edit for edit in edits}
    _refuse_unfit(turns, edits)
    rows: list[dict[str, Any]] = []
    kept: list[Kept] = []
    at = number = 0
    while number < len(turns):
        edit = by_first.get(number)
        base = [turns[number]] if edit is None else list(turns[number : edit.last + 1])
        start = at + len(SEPARATOR) if rows else 0
        made = [_copied(base[0])] if edit is None else _made(base, edit)
        if made and rows:
            kept.append((base[0].start - len(SEPARATOR), at, len(SEPARATOR)))
        if edit is None:
            kept.append((base[0].start, start, len(base[0].text)))
        elif made:
            kept += [(base[0].start + a, start + b, n) for a, b, n in edit.script.kept]
        for row in made:
            at = at + len(SEPARATOR) if rows else 0
            rows.append({**row, "position": len(rows), "start": at, "end": at + len(row["text"])})
            at += len(row["text"])
        number = base[-1].position + 1
    if not rows:
        raise ParihsError(
            "These corrections would leave no words at all, so nothing was saved.",
            "Keep at least one turn.",
        )
    return Edited(rows, Script.of(kept, turns[-1].end, at))


def shifted(edit: Edit, by: int) -> Edit:
    """The same edit for turns that stand somewhere else now."""
    return replace(edit, first=edit.first + by, last=edit.last + by)


def _refuse_unfit(turns: Sequence[Turn], edits: Sequence[Edit]) -> None:
    reach = -1
    for edit in sorted(edits, key=lambda each: each.first):
        fits = reach < edit.first <= edit.last < len(turns)
        if not fits or edit.before != SEPARATOR.join(
            turn.text for turn in turns[edit.first : edit.last + 1]
        ):
            raise ParihsError(
                "A correction does not fit the text it was made on, so nothing was saved.",
                "It is kept in this browser. Reload the page and look at it again.",
            )
        reach = edit.last


def _copied(turn: Turn) -> dict[str, Any]:
    return {
        "text": turn.text,
        "n_words": turn.n_words,
        "speaker_id": turn.speaker_id,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
        "words": turn.words,
        "marks": turn.marks,
    }


def _made(base: Sequence[Turn], edit: Edit) -> list[dict[str, Any]]:
    if not edit.texts:
        return []
    script = edit.script
    words = timed_words(base, edit.after, script)
    times = turn_times(base, edit.texts, words, script)
    back = script.inverse()
    rows = []
    at = 0
    for text, (start_ms, end_ms) in zip(edit.texts, times, strict=True):
        start, end = at, at + len(text)
        at = end + len(SEPARATOR)
        heard = _heard(base, back, start, end)
        rows.append(
            {
                "text": text,
                "n_words": len(text.split()),
                "speaker_id": heard[0].speaker_id,
                "start_ms": start_ms,
                "end_ms": end_ms,
                "words": _within(words, start, end),
                "marks": list(dict.fromkeys(mark for turn in heard for mark in turn.marks)),
            }
        )
    return rows


def _heard(base: Sequence[Turn], back: Script, start: int, end: int) -> list[Turn]:
    """The turns whose words stand at ``[start, end)`` of the new text now."""
    first, last = back.place(start, end)
    found = []
    at = 0
    for turn in base:
        stop = at + len(turn.text)
        if first < stop and last > at:
            found.append(turn)
        at = stop + len(SEPARATOR)
    if found:
        return found
    # Words put in between: they belong to whoever spoke last.
    at = 0
    speaking = base[0]
    for turn in base:
        if at <= first:
            speaking = turn
        at += len(turn.text) + len(SEPARATOR)
    return [speaking]


def _within(words: Sequence[WordRow] | None, start: int, end: int) -> list[WordRow] | None:
    if words is None:
        return None
    return [[w[0] - start, w[1] - start, *w[2:]] for w in words if start <= w[0] < end]
