"""What an agreement analysis compares: whose codings of which texts, read once for all of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from parihs.coding.assignments import finished_readers
from parihs.coding.consensus import Span
from parihs.coding.visibility import may_see, open_to
from parihs.errors import ParihsError
from parihs.model import Code, Codebook, CodebookVersion, Coding, Site, Transcript, Turn, Workshop
from parihs.store.codebooks import CodeView, definitions
from parihs.store.studies import coders
from parihs.store.transcripts import SEPARATOR, latest_versions

NOT_RELEASED: Final = "not released"
TOO_FEW: Final = "fewer than two coders"


@dataclass(frozen=True)
class ComparedTranscript:
    """One transcript that at least two of the coders have read, in its newest version."""

    id: str
    version_id: str
    workshop_id: str
    title: str
    site: str
    held_on: date | None
    turns: tuple[Turn, ...]
    codings: tuple[Span, ...]
    """Present codings of the coders compared."""
    readers: frozenset[str]
    """Coders compared who have coded anything in it, even if they took it back, or who say that
    they have read all of it."""
    codebook_number: int
    """Number of the codebook version under which most of it was coded."""

    @property
    def text(self) -> str:
        """The whole text that positions count in."""
        return SEPARATOR.join(turn.text for turn in self.turns)

    @property
    def length(self) -> int:
        """Length of the text in code points."""
        return self.turns[-1].end if self.turns else 0


@dataclass(frozen=True)
class Compared:
    """The material of an agreement analysis, by site and date of the workshop."""

    transcripts: tuple[ComparedTranscript, ...]
    coders: dict[str, str]
    """Id → name of those who have read at least one of the transcripts, in the study's order."""
    codes: tuple[CodeView, ...]
    left_out: dict[str, str]
    """Transcript id → why it is not compared: ``not released`` or ``fewer than two coders``."""

    @property
    def workshops(self) -> int:
        """How many workshops the transcripts come from."""
        return len({transcript.workshop_id for transcript in self.transcripts})


def load_compared(
    session: Session,
    study_id: str,
    codebook_version_id: str,
    *,
    viewer_id: str | None = None,
    transcript_ids: Collection[str] | None = None,
    coder_ids: Collection[str] | None = None,
    released_only: bool = True,
) -> Compared:
    """Gather what can be compared; by default every released transcript and every coder.

    Whoever coded nothing in a transcript, and does not say that they have read all of it, has not
    read it: their silence there is no statement. A viewer compares what they may see all of;
    ``released_only=False`` is for whoever holds the study folder (``viewer_id`` None).
    Raises ParihsError when the codebook is not in the study.
    """
    query = (
        select(Codebook.id)
        .join(CodebookVersion, CodebookVersion.codebook_id == Codebook.id)
        .where(CodebookVersion.id == codebook_version_id, Codebook.study_id == study_id)
    )
    codebook_id = session.scalar(query)
    if codebook_id is None:
        raise ParihsError("This codebook is not in the study.", "Choose another codebook.")
    newest = latest_versions(session, study_id)
    places = [
        row
        for row in _places(session, study_id)
        if (transcript_ids is None or row.Transcript.id in transcript_ids)
        and row.Transcript.id in newest
    ]
    shown = open_to("" if viewer_id is None and released_only else viewer_id)
    open_ids = set(session.scalars(select(Transcript.id).where(shown)))
    left_out = {
        row.Transcript.id: NOT_RELEASED for row in places if row.Transcript.id not in open_ids
    }
    seen = [row for row in places if row.Transcript.id not in left_out]
    versions = [newest[row.Transcript.id].id for row in seen]
    codings = _codings(session, versions, codebook_id, viewer_id, coder_ids)
    turns = _turns(session, versions)
    finished = finished_readers(session, [row.Transcript.id for row in seen])
    found = []
    for row, version_id in zip(seen, versions, strict=True):
        rows = codings[version_id]
        read = (c for c in finished[row.Transcript.id] if coder_ids is None or c in coder_ids)
        readers = frozenset(coding.coder_id for coding in rows).union(read)
        if len(readers) < 2:
            left_out[row.Transcript.id] = TOO_FEW
            continue
        numbers = Counter(coding.number for coding in rows)
        found.append(
            ComparedTranscript(
                id=row.Transcript.id,
                version_id=version_id,
                workshop_id=row.Workshop.id,
                title=row.Workshop.title,
                site=row.site,
                held_on=row.Workshop.held_on,
                turns=tuple(turns[version_id]),
                codings=tuple(_span(coding) for coding in rows if not coding.uncoded),
                readers=readers,
                codebook_number=_commonest(numbers),
            )
        )
    present = {coder for transcript in found for coder in transcript.readers}
    named = {c.id: c.name for c in coders(session, study_id) if c.id in present}
    codes = tuple(definitions(session, codebook_version_id))
    return Compared(tuple(found), named, codes, left_out)


def _commonest(numbers: Counter[int]) -> int:
    """The newest of the commonest numbers; 0 where all readers found nothing to code."""
    return max(numbers, key=lambda number: (numbers[number], number), default=0)


def _places(session: Session, study_id: str) -> list[Any]:
    query = (
        select(Transcript, Workshop, Site.name.label("site"))
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .join(Site, Site.id == Workshop.site_id)
        .where(Transcript.study_id == study_id)
        .order_by(Site.position, Workshop.held_on, Workshop.position, Transcript.created_at)
    )
    return list(session.execute(query))


def _codings(
    session: Session,
    version_ids: Collection[str],
    codebook_id: str,
    viewer_id: str | None,
    coder_ids: Collection[str] | None,
) -> Mapping[str, list[Any]]:
    query = (
        select(
            Coding.id,
            Coding.version_id,
            Coding.code_id,
            Coding.coder_id,
            Coding.start,
            Coding.end,
            Coding.valence,
            Coding.uncoded,
            CodebookVersion.number,
        )
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .join(CodebookVersion, CodebookVersion.id == Coding.codebook_version_id)
        .where(
            Coding.version_id.in_(version_ids),
            Coding.code_id.in_(select(Code.id).where(Code.codebook_id == codebook_id)),
            may_see(viewer_id),
        )
        .order_by(Coding.start, Coding.end, Coding.id)
    )
    if coder_ids is not None:
        query = query.where(Coding.coder_id.in_(coder_ids))
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[row.version_id].append(row)
    return found


def _span(row: Any) -> Span:
    return Span(row.id, row.version_id, row.code_id, row.coder_id, row.start, row.end, row.valence)


def _turns(session: Session, version_ids: Collection[str]) -> Mapping[str, list[Turn]]:
    query = (
        select(Turn)
        .where(Turn.version_id.in_(version_ids))
        .options(load_only(Turn.version_id, Turn.position, Turn.start, Turn.end, Turn.text))
        .order_by(Turn.version_id, Turn.position)
    )
    found: dict[str, list[Turn]] = defaultdict(list)
    for turn in session.scalars(query):
        found[turn.version_id].append(turn)
    return found
