"""Settling disagreements: what holds instead, why and by whom; the codings themselves stay.

A settlement settles codings, not positions: it is in force for exactly the codings it names, until
somebody reopens it. When one of those codings has been changed or taken back since, the settlement
is *stale*. It still holds, since a team's decision must not vanish because one of them went on
coding; but it is listed for review. A changed memo does not make it stale, nor does a change that
was undone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.anchors import anchor
from parihs.coding.consensus import shared_spans
from parihs.coding.disagreements import Place
from parihs.coding.visibility import open_to
from parihs.errors import ParihsError
from parihs.model import (
    Code,
    Codebook,
    Coder,
    Coding,
    Settlement,
    Transcript,
    TranscriptVersion,
    utc_now,
)
from parihs.model.terms import VALENCES
from parihs.store import Transaction

BOTH: Final = "both"
NEITHER: Final = "neither"
EDITED: Final = "edited"
CODER: Final = "coder:"
"""What stands before a coder's id in the outcome that takes that coder's side."""

TEXT_LIMIT: Final = 100_000
AGREED: Final = "agreed"
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Settled:
    """A settlement, and which of its codings are no longer as they were when it was made."""

    settlement: Settlement
    changed: tuple[str, ...] = ()
    """Ids of codings with another code, valence or stretch by now."""
    taken_back: tuple[str, ...] = ()
    """Ids of codings that were taken back."""

    @property
    def stale(self) -> bool:
        """Whether it should be looked at again."""
        return bool(self.changed or self.taken_back)


def settle(
    tx: Transaction,
    place: Place,
    *,
    outcome: str,
    reason: str,
    result: Sequence[Mapping[str, Any]] = (),
) -> Settlement:
    """Settle one place, in the name of whoever writes (``tx.actor``).

    ``outcome``: ``coder:<id>`` takes that coder's codings (none where they gave none), ``both``
    everybody's, each code once over all of its text with the valence they share; ``neither``
    leaves nothing; ``edited`` takes ``result``: ``{start, end, code_id, valence}`` each, positions
    in code points of the version. The group may also overrule a place that coders agree on.

    Raises ParihsError when no reason is given, when a coding of the place has changed in the
    meantime or is settled already, when the outcome or result makes no sense, and when the one who
    decides is a coder and the transcript is still coded blind.
    """
    reason = written(reason, "a reason")
    version = tx.session.get_one(TranscriptVersion, place.version_id)
    transcript = tx.session.get_one(Transcript, version.transcript_id)
    refuse_blind(tx, transcript)
    _refuse_changed(tx.session, place)
    _refuse_settled(tx.session, place)
    if outcome == EDITED:
        holds = [_edited(tx.session, version, transcript.study_id, item) for item in result]
        if not holds:
            raise ParihsError(
                "The edited coding is empty, so nothing was settled.",
                f"Choose “{NEITHER}” if no code should stand here.",
            )
    else:
        holds = _outcome(place, outcome)
    settlement = Settlement(
        study_id=transcript.study_id,
        transcript_id=transcript.id,
        version_id=version.id,
        disagreement_id=place.id,
        kind=place.kind or AGREED,
        start=place.start,
        end=place.end,
        codings=[
            {
                "id": span.id,
                "coder_id": span.coder_id,
                "code_id": span.code_id,
                "start": span.start,
                "end": span.end,
                "valence": span.valence,
            }
            for span in place.codings
        ],
        outcome=outcome,
        result=holds,
        reason=reason,
        decided_by=tx.actor,
    )
    tx.session.add(settlement)
    tx.session.flush()
    data = {
        "disagreement": place.id,
        "kind": settlement.kind,
        "codings": sorted(place.coding_ids),
        "outcome": outcome,
        "result": holds,
        "reason": reason,
    }
    settlement.rev = tx.record(transcript.study_id, "settled", "settlement", settlement.id, data)
    return settlement


def reopen(tx: Transaction, settlement_id: str, reason: str) -> Settlement:
    """Take a settlement out of force; its row stays, with the reason, and its codings count again.

    Raises ParihsError when it is unknown or already reopened, no reason is given, or the one who
    reopens is a coder and the transcript is still coded blind.
    """
    reason = written(reason, "a reason")
    settlement = tx.session.get(Settlement, settlement_id)
    if settlement is None:
        raise ParihsError("This decision is not in the study.", "Reload the page.")
    refuse_blind(tx, tx.session.get_one(Transcript, settlement.transcript_id))
    if settlement.reopened_at is not None:
        raise ParihsError("This decision has already been reopened.", "Reload the page.")
    settlement.reopened_at = utc_now()
    settlement.reopened_because = reason
    data = {"disagreement": settlement.disagreement_id, "reason": reason}
    settlement.rev = tx.record(settlement.study_id, "reopened", "settlement", settlement.id, data)
    tx.session.flush()
    return settlement


def settlements(
    session: Session,
    study_id: str,
    *,
    viewer_id: str | None = None,
    transcript_ids: Collection[str] | None = None,
    reopened: bool = False,
) -> list[Settled]:
    """The settlements of ``recorded``, each with what has changed since it was made."""
    found = recorded(
        session, study_id, viewer_id=viewer_id, transcript_ids=transcript_ids, reopened=reopened
    )
    now = _present(session, [coding["id"] for each in found for coding in each.codings])
    return [_settled(settlement, now) for settlement in found]


def recorded(
    session: Session,
    study_id: str,
    *,
    viewer_id: str | None = None,
    transcript_ids: Collection[str] | None = None,
    reopened: bool = False,
) -> list[Settlement]:
    """The study's settlements in force, oldest first; with ``reopened``, the others too.

    A viewer sees those of transcripts whose codings they may all see, since a decision shows them.
    """
    query = (
        select(Settlement)
        .join(Transcript, Transcript.id == Settlement.transcript_id)
        .where(Settlement.study_id == study_id)
        .order_by(Settlement.rev)
    )
    if not reopened:
        query = query.where(Settlement.reopened_at.is_(None))
    if viewer_id is not None:
        query = query.where(open_to(viewer_id))
    if transcript_ids is not None:
        query = query.where(Settlement.transcript_id.in_(transcript_ids))
    return list(session.scalars(query))


def written(text: str, what: str) -> str:
    """A text that somebody wrote, ready to be kept. Raises ParihsError when empty or too long."""
    text = text.replace("\x00", " ").strip()
    if not text:
        raise ParihsError(f"There is no text, so nothing was saved: {what} is needed.", "Write it.")
    if len(text) > TEXT_LIMIT:
        raise ParihsError("This text is longer than 100,000 characters; it was not saved.", "Cut.")
    return text


def _settled(settlement: Settlement, now: Mapping[str, Any]) -> Settled:
    changed, taken_back = [], []
    for then in settlement.codings:
        coding = now.get(then["id"])
        if coding is None or coding.uncoded:
            taken_back.append(then["id"])
        elif any(getattr(coding, name) != value for name, value in then.items()):
            changed.append(then["id"])
    return Settled(settlement, tuple(changed), tuple(taken_back))


def _present(session: Session, ids: Sequence[str]) -> dict[str, Any]:
    columns = (
        Coding.id,
        Coding.coder_id,
        Coding.code_id,
        Coding.start,
        Coding.end,
        Coding.valence,
        Coding.uncoded,
    )
    found = {}
    for first in range(0, len(ids), _AT_ONCE):
        batch = ids[first : first + _AT_ONCE]
        for row in session.execute(select(*columns).where(Coding.id.in_(batch))):
            found[row.id] = row
    return found


def refuse_blind(tx: Transaction, transcript: Transcript) -> None:
    """Raise ParihsError where a coder would settle or discuss what others still code blind."""
    if not transcript.released and tx.session.get(Coder, tx.actor) is not None:
        raise ParihsError(
            "This transcript is still coded blind, so its disagreements cannot be settled or "
            "discussed yet.",
            "Release it first; from then on all coders see each other's codings.",
        )


def _refuse_changed(session: Session, place: Place) -> None:
    now = _present(session, sorted(place.coding_ids))
    names = ("coder_id", "code_id", "start", "end", "valence")
    for span in place.codings:
        coding = now.get(span.id)
        if (
            coding is None
            or coding.uncoded
            or any(getattr(coding, name) != getattr(span, name) for name in names)
        ):
            raise ParihsError(
                "Somebody changed a coding here while you were deciding; nothing was settled.",
                "Look at the place again; it shows the codings as they are now.",
            )


def _refuse_settled(session: Session, place: Place) -> None:
    query = select(Settlement).where(
        Settlement.version_id == place.version_id, Settlement.reopened_at.is_(None)
    )
    for settlement in session.scalars(query):
        if place.coding_ids & {coding["id"] for coding in settlement.codings}:
            raise ParihsError(
                "Some of this has been settled before, so nothing was settled now.",
                "Reopen the earlier decision first; it stays in the record.",
            )


def _outcome(place: Place, outcome: str) -> list[dict[str, Any]]:
    if outcome == NEITHER:
        return []
    spans = place.codings
    if outcome.removeprefix(CODER) in place.coder_ids and outcome.startswith(CODER):
        spans = place.by_coder[outcome.removeprefix(CODER)]
    elif outcome != BOTH:
        raise ParihsError(
            f"“{outcome}” is no way to settle this place; nothing was settled.",
            f"Take one coder's side, or choose {BOTH}, {NEITHER} or {EDITED}.",
        )
    return [
        {"start": span.start, "end": span.end, "code_id": span.code_id, "valence": span.valence}
        for span in shared_spans(spans, at_least=1)
    ]


def _edited(
    session: Session, version: TranscriptVersion, study_id: str, item: Mapping[str, Any]
) -> dict[str, Any]:
    unreadable = ParihsError(
        "The edited coding came in a form that cannot be read; nothing was settled.",
        "Give each stretch a start, an end, a code and a valence.",
    )
    try:
        start, end, code_id = int(item["start"]), int(item["end"]), str(item["code_id"])
        valence = str(item.get("valence", "unrated"))
    except (KeyError, TypeError, ValueError) as error:
        raise unreadable from error
    if valence not in VALENCES:
        raise unreadable
    place = anchor(session, version, start, end)
    known = select(Code.id).join(Codebook).where(Code.id == code_id, Codebook.study_id == study_id)
    if session.scalar(known) is None:
        raise ParihsError("This code is not in the study; nothing was settled.", "Choose another.")
    return {"start": place.start, "end": place.end, "code_id": code_id, "valence": valence}
