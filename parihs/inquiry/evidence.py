"""What the excerpts of findings say of themselves, and the codings that speak against them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from parihs.coding.consensus import joint_valence
from parihs.coding.settled import Decisions
from parihs.coding.visibility import may_see, open_to, visible_codings
from parihs.compare.passages import Passage, passages
from parihs.compare.spans import stretch_id
from parihs.inquiry.bearing import batches, stretch_of
from parihs.model import (
    Codebook,
    CodebookVersion,
    CodeDefinition,
    Coding,
    Participant,
    Transcript,
    TranscriptVersion,
    Workshop,
)
from parihs.model.terms import VALENCES, valence_direction

OPPOSITE: Final = {"enabling": "constraining", "constraining": "enabling"}
_UNLINKED: Final = "\x00"
"""What stands between the label of a voice that is linked to nobody and its transcript."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An excerpt that stands: its code and how it is rated, where it is, who speaks."""

    code_id: str
    direction: str
    """``enabling``, ``constraining`` or another."""
    site_id: str
    site: str
    voices: frozenset[str]
    coding_ids: frozenset[str]


def evidence(
    session: Session, study_id: str, excerpt_ids: set[str], decided: Decisions
) -> dict[str, Evidence]:
    """What each excerpt that stands says, by its id."""
    people = set(session.scalars(select(Participant.pseudonym).filter_by(study_id=study_id)))
    query = (
        select(Transcript.id, Workshop.site_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .where(Transcript.study_id == study_id)
    )
    site_of = {row[0]: row[1] for row in session.execute(query)}
    known = {}
    for passage in passages(session, sorted(excerpt_ids)):
        for key in passage.excerpt_ids:
            code_id, valence = _rated(key, passage, decided)
            known[key] = Evidence(
                code_id,
                valence_direction(valence),
                site_of[passage.transcript_id],
                passage.site,
                _voices(passage, people),
                frozenset(coding.coding_id for coding in passage.codings),
            )
    return known


def seen_excerpts(
    session: Session, study_id: str, excerpt_ids: set[str], viewer_id: str | None
) -> set[str]:
    """Those of the excerpts that a viewer may see, taken-back ones included."""
    if viewer_id is None:
        return set(excerpt_ids)
    codings = visible_codings(viewer_id).where(Coding.study_id == study_id)
    own: set[str] = set()
    for ids in batches(excerpt_ids):
        query = codings.with_only_columns(Coding.id).where(Coding.id.in_(ids))
        own.update(session.scalars(query))
    versions = (
        select(TranscriptVersion.id)
        .join(Transcript, Transcript.id == TranscriptVersion.transcript_id)
        .where(Transcript.study_id == study_id, open_to(viewer_id))
    )
    texts = set(session.scalars(versions))
    seen = set()
    for key in excerpt_ids:
        stretch = stretch_of(key)
        if key in own or (stretch is not None and stretch.version_id in texts):
            seen.add(key)
    return seen


def _rated(excerpt_id: str, passage: Passage, decided: Decisions) -> tuple[str, str]:
    """Code id and valence of an excerpt: the coding's own, the team's decision, or the shared."""
    stretch = stretch_of(excerpt_id)
    if stretch is None:
        own = next(coding for coding in passage.codings if coding.coding_id == excerpt_id)
        return own.code_id, own.valence
    valences = [
        result.valence
        for result in decided.results
        if (result.version_id, result.code_id) == (stretch.version_id, stretch.code_id)
        and stretch.meets(result.start, result.end)
    ]
    valences += [
        coding.valence
        for coding in passage.codings
        if coding.code_id == stretch.code_id and coding.coding_id not in decided.covered
    ]
    return stretch.code_id, joint_valence(valences)


def negative_cases(
    session: Session,
    study_id: str,
    known: Mapping[str, Evidence],
    decided: Decisions,
    viewer_id: str | None,
) -> dict[tuple[str, str, str], list[str]]:
    """Codings by code, site and direction, for the codes and sites of linked excerpts.

    Codings that the team has settled are no cases any more; what it put in their place is.
    """
    there: dict[str, set[str]] = defaultdict(set)
    for each in known.values():
        there[each.site_id].add(each.code_id)
    if not there:
        return {}
    signed = [v for v in VALENCES if valence_direction(v) in OPPOSITE]
    query = (
        select(Coding.id, Coding.code_id, Workshop.site_id, Coding.valence)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .where(
            Coding.study_id == study_id,
            or_(
                *(
                    and_(Workshop.site_id == site_id, Coding.code_id.in_(codes))
                    for site_id, codes in there.items()
                )
            ),
            Coding.valence.in_(signed),
            Coding.uncoded.is_(False),
            may_see(viewer_id),
        )
        .order_by(Workshop.position, Coding.version_id, Coding.start, Coding.id)
    )
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for coding_id, code_id, site_id, valence in session.execute(query):
        if coding_id not in decided.covered:
            found[code_id, site_id, valence_direction(valence)].append(coding_id)
    places = (
        select(TranscriptVersion.id, Workshop.site_id)
        .join(Transcript, Transcript.id == TranscriptVersion.transcript_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .where(Transcript.study_id == study_id)
    )
    site_of = {row[0]: row[1] for row in session.execute(places)}
    for result in decided.results:
        site_id = site_of[result.version_id]
        if result.code_id in there[site_id] and result.valence in signed:
            key = stretch_id(result.version_id, result.code_id, result.start, result.end)
            found[result.code_id, site_id, valence_direction(result.valence)].append(key)
    return found


def code_names(session: Session, study_id: str) -> dict[str, str]:
    """The newest name of each code."""
    query = (
        select(CodeDefinition.code_id, CodeDefinition.name)
        .join(CodebookVersion, CodebookVersion.id == CodeDefinition.codebook_version_id)
        .join(Codebook, Codebook.id == CodebookVersion.codebook_id)
        .where(Codebook.study_id == study_id)
        .order_by(CodebookVersion.number)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _voices(passage: Passage, people: set[str]) -> frozenset[str]:
    """Who is heard; a voice that is linked to nobody is another one in each transcript."""
    heard = [line for line in passage.lines if line.speaker is not None]
    others = [line for line in heard if not line.facilitator] or heard
    return frozenset(
        str(line.speaker)
        if line.speaker in people
        else f"{line.speaker}{_UNLINKED}{passage.transcript_id}"
        for line in others
    )


def called(voice: str) -> str:
    """The name of a voice."""
    return voice.split(_UNLINKED)[0]
