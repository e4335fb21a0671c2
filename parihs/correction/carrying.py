"""Everything that stands on a version moves to the next one: codings, decisions, linked excerpts.

Each coding keeps its id, so whatever names it goes on naming it. Where it stands now is what the
edit script says; the script stays in the audit trail, and a coding whose words are different now
gets a line of its own there. Codings that a person should look at go on the review list:

- after a correction, those of whose letters more than half changed, and those whose words are gone;
- after another transcription, all whose words differ at all, and those found only by their quote.

A coding without a place stays on the version it was made on, where its words still are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert, select, update

from parihs.coding.anchors import CONTEXT
from parihs.correction.decisions import move_decisions
from parihs.correction.excerpts import move_excerpts
from parihs.correction.quotes import QuoteFinder
from parihs.correction.script import Script
from parihs.correction.versions import record_script
from parihs.correction.voices import keep_voices
from parihs.correction.word_diff import changed_share, difference, words_of
from parihs.model import Coding, Event, ReviewItem, Transcript, TranscriptVersion, new_id, utc_now
from parihs.store import Transaction
from parihs.store.transcripts import version_text

CHANGED: Final = "changed"
FOUND_AGAIN: Final = "found again"
LOST: Final = "lost"
REVIEWED_FROM: Final = 0.5
"""Share of a quote's letters that may change before somebody should look at it."""


@dataclass(frozen=True, slots=True)
class CarryResult:
    """What became of the codings that stood on a version; taken-back ones are not counted."""

    unchanged: int = 0
    """Moved with the very same words."""
    changed: int = 0
    """Moved, with other words now."""
    found_again: int = 0
    """Found elsewhere by their quote."""
    lost: int = 0
    """Left on the earlier version, since their words are gone."""
    to_review: int = 0
    """How many of these are on the review list."""

    @property
    def total(self) -> int:
        """All codings."""
        return self.unchanged + self.changed + self.found_again + self.lost


@dataclass(frozen=True, slots=True)
class _Moved:
    """A coding and its new place; ``why`` is a reason for review or empty."""

    row: Any
    start: int
    end: int
    quote: str
    why: str


def carry_over(
    tx: Transaction, old_version: TranscriptVersion, new_version: TranscriptVersion
) -> CarryResult:
    """Carry everything from one version to another transcription of the same sound, by word diff.

    Call it in the transaction that saves the new version. Whatever changed or was guessed goes on
    the review list; the new turns are given to the voices of before.
    """
    keep_voices(tx, old_version, new_version)
    before = version_text(tx.session, old_version.id)
    after = version_text(tx.session, new_version.id)
    script = difference(before, after)
    return carry(tx, old_version, new_version, script, after, guessing=QuoteFinder(after))


def carry(
    tx: Transaction,
    old: TranscriptVersion,
    new: TranscriptVersion,
    script: Script,
    after: str,
    *,
    guessing: QuoteFinder | None = None,
) -> CarryResult:
    """Carry everything along a script; ``after`` is the new version's whole text.

    With ``guessing`` the script itself is a guess: every change is reviewed, and a coding without
    a place may be found by its quote.
    """
    rows = _codings(tx, old)
    placed = [(row, _place(row, script, after, guessing)) for row in rows]
    moved = [place for _, place in placed if place is not None]
    lost = [row for row, place in placed if place is None]
    _write(tx, new, moved, [row for row in lost if not row.uncoded], after)
    reviewed = [(m.row, m.why) for m in moved if m.why and not m.row.uncoded]
    reviewed += [(row, LOST) for row in lost if not row.uncoded]
    to_review = put_on_review(tx, old, new, reviewed)
    places = {m.row.id: ((m.row.start, m.row.end), (m.start, m.end)) for m in moved}
    move_decisions(tx, old, new, places, script)
    move_excerpts(tx, old, new, script)
    here = [m for m in moved if not m.row.uncoded]
    result = CarryResult(
        unchanged=sum(m.quote == m.row.quote and m.why != FOUND_AGAIN for m in here),
        changed=sum(m.quote != m.row.quote and m.why != FOUND_AGAIN for m in here),
        found_again=sum(m.why == FOUND_AGAIN for m in here),
        lost=sum(not row.uncoded for row in lost),
        to_review=to_review,
    )
    counts = {"codings": result.total, "changed": result.changed, "lost": result.lost}
    record_script(tx, old, new, script, {**counts, "to review": to_review})
    return result


def put_on_review(
    tx: Transaction,
    old: TranscriptVersion,
    new: TranscriptVersion,
    codings: Sequence[tuple[Any, str]],
) -> int:
    """Put codings on the review list of ``new``, with the words they had on ``old``.

    What waits there already stays one item, with the words it had first. Gives the number put.
    """
    waiting = select(ReviewItem).where(
        ReviewItem.transcript_id == new.transcript_id, ReviewItem.decided_at.is_(None)
    )
    known = {item.coding_id: item for item in tx.session.scalars(waiting)}
    for item in known.values():
        item.to_version_id = new.id
    study_id = tx.session.get_one(Transcript, new.transcript_id).study_id
    items = []
    for row, reason in codings:
        if row.id in known:
            known[row.id].reason = reason
            continue
        items.append(
            {
                "id": new_id(),
                "study_id": study_id,
                "transcript_id": new.transcript_id,
                "coding_id": row.id,
                "from_version_id": old.id,
                "to_version_id": new.id,
                "reason": reason,
                "old_start": row.start,
                "old_end": row.end,
                "old_quote": row.quote,
                "decision": "",
                "decided_by": "",
                "decided_at": None,
                "created_at": utc_now(),
            }
        )
    tx.session.flush()
    if items:
        tx.session.execute(insert(ReviewItem), items)
    return len(codings)


def anchored(after: str, start: int, end: int) -> dict[str, Any]:
    """Where a coding stands in a text, as its columns."""
    return {
        "start": start,
        "end": end,
        "quote": after[start:end],
        "prefix": after[max(0, start - CONTEXT) : start],
        "suffix": after[end : end + CONTEXT],
    }


def trimmed_place(script: Script, start: int, end: int, after: str) -> tuple[int, int] | None:
    """A stretch in the new text, without blanks that came with a change; None where it is gone."""
    first, last = script.place(start, end)
    if script.keeps(start, start + 1) is None:
        while first < last and after[first].isspace():
            first += 1
    if script.keeps(end - 1, end) is None:
        while first < last and after[last - 1].isspace():
            last -= 1
    return (first, last) if after[first:last].strip() else None


def _codings(tx: Transaction, version: TranscriptVersion) -> list[Any]:
    query = select(
        Coding.id, Coding.study_id, Coding.start, Coding.end, Coding.quote, Coding.uncoded
    ).where(Coding.version_id == version.id)
    return list(tx.session.execute(query))


def _place(row: Any, script: Script, after: str, guessing: QuoteFinder | None) -> _Moved | None:
    found = trimmed_place(script, row.start, row.end, after)
    quote = "" if found is None else after[found[0] : found[1]]
    if guessing is None:
        if found is None:
            return None
        worth_it = quote != row.quote and changed_share(row.quote, quote) > REVIEWED_FROM
        return _Moved(row, *found, quote, CHANGED if worth_it else "")
    if found is not None:
        if words_of(quote) == words_of(row.quote):
            return _Moved(row, *found, quote, "")
        if changed_share(row.quote, quote) <= REVIEWED_FROM or _keeps_a_word(script, row):
            return _Moved(row, *found, quote, CHANGED)
    again = guessing.find(row.quote)
    if again is None:
        return None
    return _Moved(row, *again, after[again[0] : again[1]], FOUND_AGAIN)


def _keeps_a_word(script: Script, row: Any) -> bool:
    at = row.start
    for word in row.quote.split():
        at = row.start + row.quote.index(word, at - row.start)
        if any(sign.isalnum() for sign in word) and script.keeps(at, at + len(word)) is not None:
            return True
        at += len(word)
    return False


def _write(
    tx: Transaction,
    new: TranscriptVersion,
    moved: Sequence[_Moved],
    lost: Sequence[Any],
    after: str,
) -> None:
    changes = [
        {"id": m.row.id, "version_id": new.id, **anchored(after, m.start, m.end)} for m in moved
    ]
    if changes:
        tx.session.execute(update(Coding), changes)
    # One line for each coding whose words are different now; for the others the script is enough.
    told = [
        (
            "moved",
            m.row,
            {
                "version": new.id,
                "words": {"from": m.row.quote, "to": m.quote},
                "place": {"from": [m.row.start, m.row.end], "to": [m.start, m.end]},
            },
        )
        for m in moved
        if m.quote != m.row.quote
    ]
    told += [("lost", row, {"version": new.id, "words": {"from": row.quote}}) for row in lost]
    events = [
        {
            "study_id": row.study_id,
            "actor": tx.actor,
            "verb": verb,
            "object_type": "coding",
            "object_id": row.id,
            "data": data,
            "op_id": None,
            "at": utc_now(),
        }
        for verb, row, data in told
    ]
    if events:
        tx.session.execute(insert(Event), events)
