"""Opening a number: the words under it, who said them, where, and at which millisecond."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, null, select
from sqlalchemy.orm import Session

from parihs.coding.consensus import joint_valence
from parihs.coding.settled import Decisions, load_decisions
from parihs.coding.visibility import may_see
from parihs.model import (
    Code,
    CodeDefinition,
    Coder,
    Coding,
    Participant,
    Site,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
    Workshop,
)
from parihs.store.places import AT_ONCE, as_table, touched


@dataclass(frozen=True, slots=True)
class Line:
    """What one speaker says within a passage; times in ms, None where nothing is timed."""

    speaker: str | None
    role: str
    facilitator: bool
    text: str
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class GivenCode:
    """One coder's coding of the passage."""

    coding_id: str
    code_id: str
    code: str
    coder: str
    valence: str
    memo: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of talk with its codings, ready to be read, heard and found again."""

    excerpt_ids: tuple[str, ...]
    site: str
    workshop: str
    held_on: date | None
    transcript_id: str
    version_id: str
    recording_id: str | None
    start: int
    end: int
    lines: tuple[Line, ...]
    codings: tuple[GivenCode, ...]

    @property
    def quote(self) -> str:
        """The words, one line per speaker."""
        return "\n".join(line.text for line in self.lines)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, as ``pseudonym, role``, in order of first appearance."""
        named = (
            f"{line.speaker or 'Unknown speaker'}{', ' if line.role else ''}{line.role}"
            for line in self.lines
        )
        return tuple(dict.fromkeys(named))

    @property
    def codes(self) -> tuple[str, ...]:
        """Names of its codes."""
        return tuple(dict.fromkeys(coding.code for coding in self.codings))

    @property
    def coders(self) -> tuple[str, ...]:
        """Names of those who coded it."""
        return tuple(dict.fromkeys(coding.coder for coding in self.codings))

    @property
    def valence(self) -> str:
        """The valence its codings share; ``mixed`` where they contradict each other."""
        return joint_valence([coding.valence for coding in self.codings])

    @property
    def memos(self) -> tuple[tuple[str, str], ...]:
        """Coder and memo, where there is one."""
        return tuple((coding.coder, coding.memo) for coding in self.codings if coding.memo)

    @property
    def start_ms(self) -> int | None:
        """Where its first word begins in the recording."""
        return next((line.start_ms for line in self.lines if line.start_ms is not None), None)

    @property
    def end_ms(self) -> int | None:
        """Where its last word ends in the recording."""
        ends = [line.end_ms for line in self.lines if line.end_ms is not None]
        return ends[-1] if ends else None


class _Stretch(NamedTuple):
    version_id: str
    start: int
    end: int


def passages(
    session: Session,
    excerpt_ids: Iterable[str],
    *,
    viewer_id: str | None = None,
    timed: bool = True,
) -> list[Passage]:
    """The passages behind excerpts, by site, workshop and position.

    Takes ``excerpt_id`` values of an excerpt table or a matrix cell. Excerpts of the very same
    stretch become one passage with several codings. Codings that were taken back since, or that
    ``viewer_id`` may not see, are left out, and a passage that has none left is too. Without
    ``timed`` a passage begins and ends with its turns: the times of words take longest to read.
    """
    wanted = dict.fromkeys(excerpt_ids)
    stretches = {key: parsed for key in wanted if (parsed := _parsed(key)) is not None}
    given: dict[_Stretch, dict[str, list[Any]]] = defaultdict(dict)
    for rows in _by_id(session, [key for key in wanted if key not in stretches], viewer_id):
        for row in rows:
            given[_Stretch(row.version_id, row.start, row.end)][row.id] = [row]
    behind = _behind(session, list(stretches.values()), viewer_id)
    decided = _decided(session, list(stretches.values()), viewer_id)
    settled = {
        row.id: row
        for batch in _batches(sorted(decided.covered))
        for row in _codings(session, Coding.id.in_(batch), viewer_id, uncoded=True)
    }
    for key, (version_id, code_id, start, end) in stretches.items():
        rows = [
            row
            for row in behind[version_id, code_id]
            if row.start < end and row.end > start and row.id not in decided.covered
        ]
        for result in decided.results:
            if (result.version_id, result.code_id) == (version_id, code_id) and (
                result.start < end and result.end > start
            ):
                rows += [settled[id_] for id_ in result.coding_ids if id_ in settled]
        if rows:
            given[_Stretch(version_id, start, end)][key] = rows
    lines = _lines(session, list(given), timed)
    found = [
        (rows[0], _passage(stretch, tuple(ids), rows, lines[stretch]))
        for stretch, ids in given.items()
        if (rows := [row for rows in ids.values() for row in rows])
    ]
    return [passage for _, passage in sorted(found, key=_in_order)]


def _parsed(excerpt_id: str) -> tuple[str, str, int, int] | None:
    """What the id of a consensus stretch says; None for the id of a coding."""
    found = re.fullmatch(r"([^.]+)\.([^.]+)\.(\d+)-(\d+)", excerpt_id)
    return found and (found[1], found[2], int(found[3]), int(found[4]))


def _by_id(session: Session, ids: list[str], viewer_id: str | None) -> Iterator[list[Any]]:
    for batch in _batches(ids):
        yield _codings(session, Coding.id.in_(batch), viewer_id)


def _behind(
    session: Session, stretches: list[tuple[str, str, int, int]], viewer_id: str | None
) -> dict[tuple[str, str], list[Any]]:
    """Codings by version and code, for all versions and codes of some stretches."""
    codes = list({code_id for _, code_id, _, _ in stretches})
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for versions in _batches(list({version_id for version_id, _, _, _ in stretches})):
        where = and_(Coding.version_id.in_(versions), Coding.code_id.in_(codes))
        for row in _codings(session, where, viewer_id):
            found[row.version_id, row.code_id].append(row)
    return found


def _decided(
    session: Session, stretches: list[tuple[str, str, int, int]], viewer_id: str | None
) -> Decisions:
    """The settlements in force in the transcripts of some stretches."""
    if not stretches:
        return Decisions(frozenset(), ())
    versions = {version_id for version_id, _, _, _ in stretches}
    query = (
        select(Transcript.id, Transcript.study_id)
        .join(TranscriptVersion, TranscriptVersion.transcript_id == Transcript.id)
        .where(TranscriptVersion.id.in_(versions))
    )
    rows = session.execute(query).all()
    ids = [row.id for row in rows]
    return load_decisions(session, rows[0].study_id, viewer_id=viewer_id, transcript_ids=ids)


def _codings(
    session: Session,
    where: ColumnElement[bool],
    viewer_id: str | None,
    *,
    uncoded: bool = False,
) -> list[Any]:
    query = (
        select(
            Coding.id,
            Coding.version_id,
            Coding.transcript_id,
            Coding.start,
            Coding.end,
            Coding.code_id,
            Coding.valence,
            Coding.memo,
            Coder.name.label("coder"),
            func.coalesce(CodeDefinition.name, Code.key).label("code"),
            Transcript.recording_id,
            Transcript.created_at,
            Workshop.title.label("workshop"),
            Workshop.held_on,
            Workshop.position.label("workshop_position"),
            Site.name.label("site"),
            Site.position.label("site_position"),
        )
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .join(Site, Site.id == Workshop.site_id)
        .join(Coder, Coder.id == Coding.coder_id)
        .join(Code, Code.id == Coding.code_id)
        .outerjoin(
            CodeDefinition,
            and_(
                CodeDefinition.code_id == Coding.code_id,
                CodeDefinition.codebook_version_id == Coding.codebook_version_id,
            ),
        )
        .where(where, may_see(viewer_id))
        .order_by(Coding.start, Coder.key, Coding.id)
    )
    if not uncoded:
        query = query.where(Coding.uncoded.is_(False))
    return list(session.execute(query))


def _lines(
    session: Session, stretches: list[_Stretch], timed: bool
) -> dict[_Stretch, tuple[Line, ...]]:
    """What is said in each stretch, cut at turns."""
    found: dict[_Stretch, tuple[Line, ...]] = {}
    for first in range(0, len(stretches), AT_ONCE):
        batch = stretches[first : first + AT_ONCE]
        wanted = as_table(batch)
        query = (
            select(
                wanted.c.number,
                Turn.start,
                Turn.text,
                Turn.start_ms,
                Turn.end_ms,
                Turn.words if timed else null().label("words"),
                func.coalesce(Participant.pseudonym, Speaker.label).label("speaker"),
                func.coalesce(Participant.role, "").label("role"),
                func.coalesce(Participant.facilitator, False).label("facilitator"),
            )
            .join(Turn, touched(wanted))
            .outerjoin(Speaker, Speaker.id == Turn.speaker_id)
            .outerjoin(Participant, Participant.id == Speaker.participant_id)
            .order_by(wanted.c.number, Turn.position)
        )
        lines: list[list[Line]] = [[] for _ in batch]
        for row in session.execute(query):
            lines[row.number].append(_line(batch[row.number], row))
        for stretch, said in zip(batch, lines, strict=True):
            found[stretch] = tuple(line for line in said if line.text)
    return found


def _line(stretch: _Stretch, row: Any) -> Line:
    first, last = max(0, stretch.start - row.start), max(0, stretch.end - row.start)
    start_ms, end_ms = _times(row, first, last)
    return Line(
        speaker=row.speaker,
        role=row.role,
        facilitator=bool(row.facilitator),
        text=row.text[first:last].strip(),
        start_ms=start_ms,
        end_ms=end_ms,
    )


def _times(row: Any, first: int, last: int) -> tuple[int | None, int | None]:
    """From the first to the last timed word inside; the turn's own times where none is timed."""
    inside = [word for word in row.words or () if word[0] < last and word[1] > first]
    starts = [word[2] for word in inside if word[2] is not None]
    ends = [word[3] for word in inside if word[3] is not None]
    if not starts or not ends:
        return row.start_ms, row.end_ms
    return starts[0], ends[-1]


def _passage(
    stretch: _Stretch, excerpt_ids: tuple[str, ...], rows: Sequence[Any], lines: tuple[Line, ...]
) -> Passage:
    place = rows[0]
    codings = {
        row.id: GivenCode(row.id, row.code_id, row.code, row.coder, row.valence, row.memo)
        for row in rows
    }
    return Passage(
        excerpt_ids=excerpt_ids,
        site=place.site,
        workshop=place.workshop,
        held_on=place.held_on,
        transcript_id=place.transcript_id,
        version_id=stretch.version_id,
        recording_id=place.recording_id,
        start=stretch.start,
        end=stretch.end,
        lines=lines,
        codings=tuple(codings.values()),
    )


def _in_order(found: tuple[Any, Passage]) -> tuple[Any, ...]:
    place, passage = found
    day = date.min if place.held_on is None else place.held_on
    workshop = (place.site_position, day, place.workshop_position, place.created_at)
    return (*workshop, passage.version_id, passage.start, passage.end)


def _batches(things: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(things), AT_ONCE):
        yield things[start : start + AT_ONCE]
