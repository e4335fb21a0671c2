"""Excerpts a lead may ask in a training test: what the team holds to be right, or they gave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.adjudication import recorded
from parihs.coding.consensus import joint_valence
from parihs.coding.settled import consensus
from parihs.coding.visibility import visible_codings
from parihs.model import Coding, Transcript
from parihs.store.transcripts import latest_versions, stretch

TEAM: Final = "team"
OWN: Final = "own"
COVERS: Final = 0.5
"""A code counts as right for an excerpt where they share half of the shorter of the two."""


@dataclass(frozen=True, slots=True)
class Pick:
    """An excerpt that can be asked, with the codes that are right."""

    version_id: str
    transcript_id: str
    start: int
    end: int
    quote: str
    codes: dict[str, str]
    """Code id → valence."""
    settled: bool
    """Whether a decision of the team stands behind it."""


@dataclass(frozen=True, slots=True)
class _Given:
    start: int
    end: int
    code_id: str
    valence: str
    settled: bool


def picks(session: Session, study_id: str, viewer_id: str, source: str) -> list[Pick]:
    """Excerpts of released transcripts, in their newest text, in reading order.

    ``source``: ``team`` is what at least two coders agree on or was settled, ``own`` what the
    viewer coded.
    """
    query = select(Transcript.id).filter_by(study_id=study_id, released=True)
    released = list(session.scalars(query.order_by(Transcript.title)))
    newest = latest_versions(session, study_id)
    asked = (
        visible_codings(viewer_id)
        .where(Coding.study_id == study_id, Coding.uncoded.is_(False))
        .order_by(Coding.start)
    )
    given: dict[str, list[_Given]] = defaultdict(list)
    if source == OWN:
        for coding in session.scalars(asked.where(Coding.coder_id == viewer_id)):
            given[coding.version_id].append(
                _Given(coding.start, coding.end, coding.code_id, coding.valence, False)
            )
    else:
        decided = recorded(session, study_id, viewer_id=viewer_id)
        for span in consensus(session.scalars(asked), decided):
            given[span.version_id].append(
                _Given(span.start, span.end, span.code_id, span.valence, bool(span.settlement_ids))
            )
    found = []
    for transcript_id in released:
        version = newest.get(transcript_id)
        if version is None:
            continue
        here = given[version.id]
        for start, end in sorted({(each.start, each.end) for each in here}):
            right = _right(here, start, end)
            quote = stretch(session, version.id, start, end)
            settled = any(each.settled for each in here if (each.start, each.end) == (start, end))
            found.append(Pick(version.id, transcript_id, start, end, quote, right, settled))
    return found


def _right(given: Sequence[_Given], start: int, end: int) -> dict[str, str]:
    valences: dict[str, list[str]] = defaultdict(list)
    for each in given:
        shared = min(end, each.end) - max(start, each.start)
        if shared > 0 and shared >= COVERS * min(end - start, each.end - each.start):
            valences[each.code_id].append(each.valence)
    return {code: joint_valence(each) for code, each in valences.items()}
