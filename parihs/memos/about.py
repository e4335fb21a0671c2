"""What a memo can be about, and how each such thing is called on a page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import (
    Code,
    Codebook,
    CodeDefinition,
    Coding,
    Participant,
    Site,
    Study,
    Transcript,
    TranscriptVersion,
    Workshop,
)
from parihs.store.transcripts import stretch

TARGETS: Final = {
    "study": "The whole study",
    "site": "A site",
    "workshop": "A workshop",
    "participant": "A participant",
    "transcript": "A transcript",
    "excerpt": "An excerpt",
    "coding": "A coding",
    "code": "A code",
}
"""Types of things that memos are written about, with their plain names."""

QUOTED = 90
"""Code points of an excerpt that its name shows."""
_EXCERPT = re.compile(r"(\w+):(\w+):(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Target:
    """Something a memo is about: its type, of ``TARGETS``, and its id."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Called:
    """What a thing is called, and where it stands if it stands in a transcript."""

    label: str
    transcript_id: str | None = None
    start: int | None = None
    end: int | None = None


def excerpt_target(transcript_id: str, version_id: str, start: int, end: int) -> Target:
    """A stretch of a transcript version as something to write about; positions in code points."""
    return Target("excerpt", f"{transcript_id}:{version_id}:{start}-{end}")


def excerpt_parts(target_id: str) -> tuple[str, str, int, int]:
    """Transcript, version, start and end of an excerpt. Raises ParihsError for another id."""
    found = _EXCERPT.fullmatch(target_id)
    if found is None:
        raise ParihsError("This excerpt cannot be found.", "Select the words again.")
    return found[1], found[2], int(found[3]), int(found[4])


def ensure_in_study(session: Session, study_id: str, target: Target) -> None:
    """Raise ParihsError unless the thing exists in this study."""
    if target.type not in TARGETS or not _is_in(session, study_id, target):
        raise ParihsError(
            "What this memo is about is not in the study, so the memo was not saved.",
            "Choose something else for it; your text is still there.",
        )


def _is_in(session: Session, study_id: str, target: Target) -> bool:
    if target.type == "study":
        return target.id == study_id
    if target.type == "excerpt":
        transcript_id, version_id, start, end = excerpt_parts(target.id)
        version = session.get(TranscriptVersion, version_id)
        transcript = session.get(Transcript, transcript_id)
        return (
            version is not None
            and transcript is not None
            and version.transcript_id == transcript.id
            and transcript.study_id == study_id
            and 0 <= start < end <= version.n_chars
        )
    if target.type == "code":
        query = select(Codebook.study_id).join(Code).where(Code.id == target.id)
        return session.scalar(query) == study_id
    kinds: dict[str, Any] = {
        "site": Site,
        "workshop": Workshop,
        "participant": Participant,
        "transcript": Transcript,
        "coding": Coding,
    }
    found = session.get(kinds[target.type], target.id)
    return found is not None and found.study_id == study_id


def called(session: Session, targets: Iterable[Target]) -> dict[Target, Called]:
    """What each of these is called, all of them in a few queries; unknown ones are left out."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for target in targets:
        wanted[target.type].add(target.id)
    found: dict[Target, Called] = {}
    simple: list[tuple[str, Any, Any]] = [
        ("study", Study, Study.name),
        ("site", Site, Site.name),
        ("workshop", Workshop, Workshop.title),
        ("participant", Participant, Participant.pseudonym),
    ]
    for kind, table, name in simple:
        if wanted[kind]:
            query = select(table.id, name).where(table.id.in_(wanted[kind]))
            found |= {
                Target(kind, key): Called(str(label)) for key, label in session.execute(query)
            }
    for key, title in session.execute(
        select(Transcript.id, Transcript.title).where(Transcript.id.in_(wanted["transcript"]))
    ):
        found[Target("transcript", key)] = Called(title, key, None, None)
    found |= {Target("code", key): Called(name) for key, name in _codes(session, wanted["code"])}
    found |= _codings(session, wanted["coding"])
    for key in wanted["excerpt"]:
        transcript_id, version_id, start, end = excerpt_parts(key)
        transcript = session.get(Transcript, transcript_id)
        if transcript is not None:
            words = _short(stretch(session, version_id, start, end))
            label = f"“{words}” in {transcript.title}"
            found[Target("excerpt", key)] = Called(label, transcript_id, start, end)
    return found


def _codes(session: Session, ids: set[str]) -> Iterable[tuple[str, str]]:
    """Code ids with the name in the newest definition."""
    query = (
        select(CodeDefinition.code_id, CodeDefinition.name)
        .join(Code, Code.id == CodeDefinition.code_id)
        .where(CodeDefinition.code_id.in_(ids))
        .order_by(CodeDefinition.codebook_version_id, CodeDefinition.position)
    )
    return [(key, name) for key, name in session.execute(query)]


def _codings(session: Session, ids: set[str]) -> dict[Target, Called]:
    query = (
        select(Coding, Transcript.title)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(Coding.id.in_(ids))
    )
    rows = session.execute(query).all()
    names = dict(_codes(session, {coding.code_id for coding, _ in rows}))
    return {
        Target("coding", coding.id): Called(
            f"{names.get(coding.code_id, 'a code')} on “{_short(coding.quote)}” in {title}",
            coding.transcript_id,
            coding.start,
            coding.end,
        )
        for coding, title in rows
    }


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= QUOTED else f"{words[: QUOTED - 1].rstrip()}…"
