"""Reading the newest text of every transcript for some words.

A plain scan, no index: 0.3 s of processor time for 36,000 turns, some twelve long workshops, and
nothing to keep in step with what is corrected. Accents and case are dealt with here and nowhere
else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.visibility import visible_codings
from parihs.model import (
    Code,
    CodeDefinition,
    Coding,
    Participant,
    Site,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
    Workshop,
)
from parihs.search.asking import Asked, Term, read_words
from parihs.search.folding import COMBINING, fold
from parihs.store.transcripts import latest_versions

_COMBINING: Final = re.compile(f"[{COMBINING}]")

Spans = dict[str, tuple[list[int], list[int]]]


class Place(NamedTuple):
    """Where a match stands: a turn, and code points of the version's text."""

    turn_id: str
    version_id: str
    start: int
    end: int


def places(session: Session, study_id: str, viewer_id: str | None, asked: Asked) -> list[Place]:
    """All matches in reading order: sites, workshops, transcripts, turns as the study has them."""
    terms = read_words(asked.words)
    newest = {version.id for version in latest_versions(session, study_id).values()}
    if not terms or not newest:
        return []
    inside = None
    if asked.code_id is not None:
        inside = _coded(session, viewer_id, newest, asked.code_id)
    query = (
        select(Turn.id, Turn.version_id, Turn.start, Turn.text)
        .join(TranscriptVersion, TranscriptVersion.id == Turn.version_id)
        .join(Transcript, Transcript.id == TranscriptVersion.transcript_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .join(Site, Site.id == Workshop.site_id)
        .where(Turn.version_id.in_(newest if inside is None else newest & inside.keys()))
        .order_by(
            Site.position, Workshop.position, Transcript.created_at, Transcript.id, Turn.position
        )
    )
    if asked.site_ids is not None:
        query = query.where(Site.id.in_(asked.site_ids))
    if asked.workshop_ids is not None:
        query = query.where(Workshop.id.in_(asked.workshop_ids))
    if asked.roles is not None:
        spoken_by = (
            select(Speaker.id)
            .join(Participant, Participant.id == Speaker.participant_id)
            .where(Participant.role.in_(asked.roles))
        )
        query = query.where(Turn.speaker_id.in_(spoken_by))
    return [
        Place(turn_id, version_id, start + first, start + last)
        for turn_id, version_id, start, text in session.execute(query)
        for first, last in matches(text, terms)
        if inside is None or _within(inside[version_id], start + first, start + last)
    ]


def matches(text: str, terms: tuple[Term, ...]) -> Iterator[tuple[int, int]]:
    """Where the terms stand in a text that has all of them, in code points; none overlap."""
    folded = fold(text)
    split = _COMBINING.search(folded) is not None
    if not split and any(term.literal not in folded for term in terms):
        return
    found = []
    for term in terms:
        pattern = term.with_accents if split else term.pattern
        here = [match.span() for match in pattern.finditer(folded)]
        if not here:
            return
        found += here
    reached = 0
    for first, last in sorted(found, key=lambda span: (span[0], -span[1])):
        if first >= reached:
            reached = last
            yield first, last


def _coded(session: Session, viewer_id: str | None, versions: set[str], code_id: str) -> Spans:
    """Stretches of each version with a code or one below it, merged and in order."""
    branch = _branch(session, code_id)
    query = (
        visible_codings(viewer_id)
        .with_only_columns(Coding.version_id, Coding.start, Coding.end)
        .where(
            Coding.uncoded.is_(False), Coding.version_id.in_(versions), Coding.code_id.in_(branch)
        )
        .order_by(Coding.version_id, Coding.start)
    )
    spans: Spans = defaultdict(lambda: ([], []))
    for version_id, start, end in session.execute(query):
        starts, ends = spans[version_id]
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return spans


def _branch(session: Session, code_id: str) -> set[str]:
    """A code and all that were ever below it in its codebook."""
    book = select(Code.codebook_id).where(Code.id == code_id).scalar_subquery()
    query = (
        select(CodeDefinition.code_id, CodeDefinition.parent_code_id)
        .join(Code, Code.id == CodeDefinition.code_id)
        .where(Code.codebook_id == book)
        .distinct()
    )
    pairs = session.execute(query).all()
    branch, size = {code_id}, 0
    while len(branch) > size:
        size = len(branch)
        branch |= {code for code, parent in pairs if parent in branch}
    return branch


def _within(spans: tuple[list[int], list[int]], start: int, end: int) -> bool:
    starts, ends = spans
    at = bisect_right(starts, start) - 1
    return at >= 0 and end <= ends[at]
