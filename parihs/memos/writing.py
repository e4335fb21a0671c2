"""Writing memos. Each change is an event that holds the whole text, so no wording is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parihs.errors import ParihsError
from parihs.memos.about import Target, ensure_in_study
from parihs.model import Memo, utc_now
from parihs.model.terms import MEMO_KINDS
from parihs.store import Transaction

LONGEST = 100_000
"""Code points."""


def write_memo(
    tx: Transaction,
    study_id: str,
    *,
    kind: str,
    target: Target,
    text: str,
    links: Sequence[Target] = (),
) -> Memo:
    """Write a memo in the name of whoever acts.

    ``kind`` is of ``terms.MEMO_KINDS``; ``links`` are other things it speaks of. Raises ParihsError
    for an empty text, an unknown kind, or a thing that is not in the study.
    """
    for each in (target, *links):
        ensure_in_study(tx.session, study_id, each)
    memo = Memo(
        study_id=study_id,
        author=tx.actor,
        kind=_kind(kind),
        target_type=target.type,
        target_id=target.id,
        text=_text(text),
        links=[[each.type, each.id] for each in links],
    )
    tx.session.add(memo)
    tx.session.flush()
    tx.record(study_id, "wrote", "memo", memo.id, _data(memo))
    return memo


def change_memo(
    tx: Transaction,
    memo_id: str,
    *,
    text: str | None = None,
    kind: str | None = None,
    links: Sequence[Target] | None = None,
) -> Memo:
    """Change what is given of one's own memo; the rest stays. Raises ParihsError for another's."""
    memo = _own(tx, memo_id)
    before = _data(memo)
    if text is not None:
        memo.text = _text(text)
    if kind is not None:
        memo.kind = _kind(kind)
    if links is not None:
        for each in links:
            ensure_in_study(tx.session, memo.study_id, each)
        memo.links = [[each.type, each.id] for each in links]
    after = _data(memo)
    if after != before:
        memo.updated_at = utc_now()
        tx.record(memo.study_id, "rewrote", "memo", memo.id, {"from": before, "to": after})
    return memo


def remove_memo(tx: Transaction, memo_id: str) -> None:
    """Take one's own memo away; it can be brought back, and the audit trail keeps it."""
    memo = _own(tx, memo_id)
    if memo.removed_at is None:
        memo.removed_at = utc_now()
        tx.record(memo.study_id, "removed", "memo", memo.id, _data(memo))


def restore_memo(tx: Transaction, memo_id: str) -> None:
    """Bring a removed memo of one's own back."""
    memo = _own(tx, memo_id)
    if memo.removed_at is not None:
        memo.removed_at = None
        tx.record(memo.study_id, "brought back", "memo", memo.id, _data(memo))


def _own(tx: Transaction, memo_id: str) -> Memo:
    memo = tx.session.get(Memo, memo_id)
    if memo is None or memo.author != tx.actor or memo.kind not in MEMO_KINDS:
        raise ParihsError(
            "Only its author can change a memo, so it was left as it is.",
            "Write a memo of your own about the same thing.",
        )
    return memo


def _kind(kind: str) -> str:
    if kind not in MEMO_KINDS:
        raise ParihsError(
            f"“{kind}” is not a kind of memo, so it was not saved.",
            f"Use one of: {', '.join(MEMO_KINDS)}.",
        )
    return kind


def _text(text: str) -> str:
    clean = text.replace("\x00", " ").strip()
    if not clean:
        raise ParihsError("The memo is empty, so it was not saved.", "Write something first.")
    if len(clean) > LONGEST:
        raise ParihsError(
            "This memo is longer than 100,000 characters, so it was not saved.", "Shorten it."
        )
    return clean


def _data(memo: Memo) -> dict[str, Any]:
    return {
        "kind": memo.kind,
        "about": [memo.target_type, memo.target_id],
        "text": memo.text,
        "links": memo.links,
    }
