"""Settled disagreements move with their codings, so that a correction makes none of them stale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import select

from parihs.coding.disagreements import place_id
from parihs.correction.script import Script
from parihs.model import Settlement, TranscriptVersion
from parihs.store import Transaction

Moved: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""Where a coding stood, and where it stands now."""


def move_decisions(
    tx: Transaction,
    old: TranscriptVersion,
    new: TranscriptVersion,
    places: Mapping[str, Moved],
    script: Script,
) -> None:
    """Move every settlement of a version, in force or not.

    ``places`` has the codings that found a place.

    A settled coding stands in the record as it was then: one that was changed since stays
    different, one that lost its place keeps the old one and so asks for another look.
    """
    for settlement in tx.session.scalars(select(Settlement).filter_by(version_id=old.id)):
        start, end = script.place(settlement.start, settlement.end)
        settlement.codings = [_moved(each, script, places) for each in settlement.codings]
        settlement.result = [
            placed for item in settlement.result if (placed := _placed(item, script)) is not None
        ]
        settlement.start, settlement.end = start, end
        settlement.version_id = new.id
        ids = [each["id"] for each in settlement.codings]
        settlement.disagreement_id = place_id(new.id, ids)
    tx.session.flush()


def _moved(
    coding: Mapping[str, Any], script: Script, places: Mapping[str, Moved]
) -> dict[str, Any]:
    if coding["id"] not in places:
        # A place that no coding has: whoever compares sees that it changed.
        return {**coding, "start": -1, "end": -1}
    before, now = places[coding["id"]]
    then = (coding["start"], coding["end"])
    start, end = now if then == before else script.place(*then)
    return {**coding, "start": start, "end": end}


def _placed(item: Mapping[str, Any], script: Script) -> dict[str, Any] | None:
    start, end = script.place(item["start"], item["end"])
    return {**item, "start": start, "end": end} if start < end else None
