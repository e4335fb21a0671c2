"""Saving corrections and bringing versions back: each makes one new version, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from parihs.correction.carrying import CarryResult, anchored, carry
from parihs.correction.edits import Edit, apply_edits
from parihs.correction.rebase import Clash, rebase
from parihs.correction.versions import COPIED, add_version, script_between, turns_of
from parihs.correction.word_diff import difference
from parihs.errors import ParihsError
from parihs.model import Coding, ReviewItem, Transcript, TranscriptVersion, utc_now
from parihs.store import Transaction
from parihs.store.transcripts import SEPARATOR, latest_version, version_text

CORRECTION = "correction"
RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of corrections.

    With ``clashes`` nothing was saved: somebody else has changed the same turns, and ``edits``
    and ``clashes`` are for ``version``, the newest one.
    """

    version: TranscriptVersion
    carried: CarryResult | None
    """None where there was nothing to save any more."""
    edits: tuple[Edit, ...] = ()
    clashes: tuple[Clash, ...] = ()


def save_corrections(tx: Transaction, base_id: str, edits: Sequence[Edit]) -> Saved:
    """Save edits that were made on a version as the transcript's newest version.

    Edits on an older version move along where others left those turns alone. Saving the same edits
    again, because the answer was lost, does nothing.
    Raises ParihsError when nothing has changed, or when an edit does not fit its text.
    """
    base = tx.session.get_one(TranscriptVersion, base_id)
    newest = latest_version(tx.session, base.transcript_id) or base
    rebased = rebase(tx.session, base, newest, edits)
    if rebased.clashes:
        return Saved(newest, None, rebased.edits, rebased.clashes)
    wanted = [edit for edit in rebased.edits if edit.after != edit.before]
    if not wanted:
        return Saved(newest, None)
    edited = apply_edits(turns_of(tx.session, newest.id), wanted)
    version = add_version(
        tx, newest, edited.rows, reason=CORRECTION, provenance={"turns": len(wanted)}
    )
    after = SEPARATOR.join(row["text"] for row in edited.rows)
    return Saved(version, carry(tx, newest, version, edited.script, after))


def restore(tx: Transaction, version_id: str) -> TranscriptVersion:
    """Make an earlier version's text the newest one again, as a new version.

    Codings move along; those that were left on that very version, because later ones had no place
    for them, are back where they were. Raises ParihsError when it is the newest one already.
    """
    wanted = tx.session.get_one(TranscriptVersion, version_id)
    newest = latest_version(tx.session, wanted.transcript_id) or wanted
    if newest.sha256 == wanted.sha256 and newest.n_turns == wanted.n_turns:
        raise ParihsError(
            f"The transcript already reads as in version {wanted.number}; nothing was changed.", ""
        )
    rows = [
        {
            **{name: getattr(turn, name) for name in COPIED},
            "position": turn.position,
            "start": turn.start,
            "end": turn.end,
        }
        for turn in turns_of(tx.session, wanted.id)
    ]
    version = add_version(tx, newest, rows, reason=RESTORED, provenance={"restored": wanted.number})
    after = version_text(tx.session, version.id)
    known = script_between(tx.session, newest, wanted)
    script = difference(version_text(tx.session, newest.id), after, known.kept)
    carry(tx, newest, version, script, after)
    _bring_back(tx, wanted, version, after)
    return version


def _bring_back(
    tx: Transaction, wanted: TranscriptVersion, version: TranscriptVersion, after: str
) -> None:
    """Codings that had stayed behind on the restored version stand again, word for word."""
    study_id = tx.session.get_one(Transcript, version.transcript_id).study_id
    query = (
        select(Coding, ReviewItem)
        .join(ReviewItem, ReviewItem.coding_id == Coding.id)
        .where(Coding.version_id == wanted.id, ReviewItem.decided_at.is_(None))
    )
    for coding, item in tx.session.execute(query):
        coding.version_id = version.id
        for name, value in anchored(after, coding.start, coding.end).items():
            setattr(coding, name, value)
        item.decision, item.decided_by, item.decided_at = "kept", tx.actor, utc_now()
        data = {"review": item.id, "version": version.id}
        coding.rev = tx.record(study_id, "restored", "coding", coding.id, data)
    tx.session.flush()
