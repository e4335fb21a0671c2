"""Where merging codes would leave one coder the same code twice on the very same words.

One coding is left, the one made first, with the memos of all; the others are *folded* into it:
taken back in a way that taking the merging back undoes. Where they were rated differently nobody
chooses unseen: the coding keeps its rating and waits in the codebook's review list.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.operations import MEMO_LIMIT
from parihs.coding.visibility import visible_codings
from parihs.model import CodebookVersion, Coding, Event, Memo, utc_now
from parihs.store import Transaction


def standing_merges(session: Session, codebook_id: str) -> list[Event]:
    """The mergings of a codebook that were not taken back, newest first."""
    query = (
        select(Event)
        .join(CodebookVersion, CodebookVersion.id == Event.object_id)
        .where(
            CodebookVersion.codebook_id == codebook_id,
            Event.object_type == "codebook_version",
            Event.verb.in_(("merged", "unmerged")),
        )
        .order_by(Event.seq.desc())
    )
    events = list(session.scalars(query))
    undone = {str(event.data["undoes"]) for event in events if event.verb == "unmerged"}
    return [e for e in events if e.verb == "merged" and e.object_id not in undone]


def differently_rated(
    session: Session, codebook_id: str, viewer_id: str | None
) -> list[tuple[Coding, Event]]:
    """Codings folded from differently rated ones, of what the viewer may see, until decided.

    Each with the event that tells the ``valences`` and the code that is ``gone``.
    """
    merges = {event.object_id for event in standing_merges(session, codebook_id)}
    if not merges:
        return []
    query = select(Event).filter_by(object_type="coding", verb="joined").order_by(Event.seq)
    newest = {
        event.object_id: event
        for event in session.scalars(query)
        if event.data["merge"] in merges and "valences" in event.data
    }
    asked = (
        visible_codings(viewer_id)
        .where(Coding.id.in_(newest), Coding.uncoded.is_(False))
        .order_by(Coding.transcript_id, Coding.start, Coding.id)
    )
    return [
        (coding, newest[coding.id])
        for coding in session.scalars(asked)
        if not _rated_since(session, newest[coding.id])
    ]


def fold_twins(tx: Transaction, merged: CodebookVersion, gone: str, recoded: set[str]) -> None:
    """Leave one of the codings that a merging made the same; ``gone`` is the code merged away.

    Where the memos together would be too long for one, both codings stay.
    """
    tx.session.flush()
    into = select(Coding.code_id).where(Coding.id.in_(recoded))
    query = (
        select(Coding)
        .where(Coding.code_id.in_(into), Coding.uncoded.is_(False))
        .order_by(Coding.created_at, Coding.id)
    )
    groups: dict[tuple[Any, ...], list[Coding]] = {}
    for coding in tx.session.scalars(query):
        place = coding.coder_id, coding.version_id, coding.start, coding.end
        groups.setdefault(place, []).append(coding)
    waiting = {
        coding.id: event.data["valences"]
        for coding, event in differently_rated(tx.session, merged.codebook_id, None)
    }
    for group in groups.values():
        memo = _joined(coding.memo for coding in group)
        if len(group) < 2 or not recoded & {c.id for c in group} or len(memo) > MEMO_LIMIT:
            continue
        rated = [each for c in group for each in (c.valence, *waiting.get(c.id, ()))]
        data: dict[str, Any] = {"merge": merged.id, "gone": gone}
        if len(set(rated)) > 1:
            data["valences"] = list(dict.fromkeys(rated))
        _fold(tx, group, memo, data)


def _fold(tx: Transaction, group: list[Coding], memo: str, data: dict[str, Any]) -> None:
    kept, *others = group
    data["with"] = [coding.id for coding in others]
    if memo != kept.memo:
        data |= {"from": {"memo": kept.memo}, "to": {"memo": memo}}
    kept.memo = memo
    kept.updated_at = utc_now()
    kept.rev = tx.record(kept.study_id, "joined", "coding", kept.id, data)
    for coding in others:
        query = select(Memo).filter_by(target_type="coding", target_id=coding.id)
        memos = list(tx.session.scalars(query))
        for each in memos:
            each.target_id = kept.id
        coding.uncoded = True
        coding.updated_at = utc_now()
        told = {"merge": data["merge"], "into": kept.id, "memos": [each.id for each in memos]}
        coding.rev = tx.record(coding.study_id, "folded", "coding", coding.id, told)


def unfold_twins(tx: Transaction, merged_version_id: str) -> None:
    """Bring back what a merging folded, with its own memos and ratings, as it is taken back.

    What somebody decided since stands: where the coding that was left was taken back or given
    another code, or a folded one was brought back by hand, nothing is done.
    """
    query = select(Event).filter_by(object_type="coding", verb="joined").order_by(Event.seq.desc())
    for event in tx.session.scalars(query):
        if event.data["merge"] == merged_version_id:
            _unfold(tx, event)


def _unfold(tx: Transaction, joined: Event) -> None:
    kept = tx.session.get_one(Coding, joined.object_id)
    since = _later(tx.session, joined)
    if kept.uncoded or any("code" in e.data.get("to", {}) for e in since if e.verb == "changed"):
        return
    before: dict[str, Any] = {}
    if "to" in joined.data and kept.memo == joined.data["to"]["memo"]:
        before["memo"] = joined.data["from"]["memo"]
    chosen = [e for e in since if "gone" in e.data and "valence" in e.data.get("to", {})]
    if chosen and kept.valence == chosen[-1].data["to"]["valence"]:
        before["valence"] = chosen[0].data["from"]["valence"]
    data: dict[str, Any] = {"merge": joined.data["merge"]}
    if before:
        data |= {"from": {name: getattr(kept, name) for name in before}, "to": before}
    for name, value in before.items():
        setattr(kept, name, value)
    kept.updated_at = utc_now()
    kept.rev = tx.record(kept.study_id, "separated", "coding", kept.id, data)
    for coding_id in joined.data["with"]:
        coding = tx.session.get_one(Coding, coding_id)
        folded = tx.session.get(Event, coding.rev)
        if folded is None or folded.verb != "folded" or not coding.uncoded:
            continue
        for memo_id in folded.data["memos"]:
            tx.session.get_one(Memo, memo_id).target_id = coding.id
        coding.uncoded = False
        coding.updated_at = utc_now()
        told = {"merge": joined.data["merge"]}
        coding.rev = tx.record(coding.study_id, "separated", "coding", coding.id, told)


def _rated_since(session: Session, joined: Event) -> bool:
    """Whether a person has rated the coding after the event, and that was not undone."""
    standing: set[str] = set()
    for event in _later(session, joined):
        if event.verb != "changed" or "valence" not in event.data.get("to", {}):
            continue
        if "undoes" in event.data:
            standing.discard(str(event.data["undoes"]))
        else:
            standing.add(str(event.data.get("redoes") or event.op_id or event.seq))
    return bool(standing)


def _later(session: Session, event: Event) -> list[Event]:
    query = select(Event).where(
        Event.object_type == "coding", Event.object_id == event.object_id, Event.seq > event.seq
    )
    return list(session.scalars(query.order_by(Event.seq)))


def _joined(memos: Iterable[str]) -> str:
    return "\n\n".join(dict.fromkeys(memo.strip() for memo in memos if memo.strip()))
