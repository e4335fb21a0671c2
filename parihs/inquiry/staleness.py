"""Which summaries were written before their codings changed: one query for a whole grid.

A coding bears on a cell when it lies in the cell's case and has the cell's code or one below it. A
change is a coding added, taken back, restored, imported, moved, given another code or valence; or
come into sight of the summary's author when its transcript was released. A memo is no change, nor
is a coding that was added and taken back again. A coding that lost the cell's code counts too,
which only the audit trail still knows.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from parihs.coding.visibility import may_see
from parihs.model import (
    CodeDefinition,
    Coding,
    Event,
    GridCell,
    Participant,
    Speaker,
    Transcript,
    Turn,
    Workshop,
)

_Query: TypeAlias = Select[*tuple[Any, ...]]

_CASES: Final[dict[str, ColumnElement[str]]] = {
    "site": Workshop.site_id,  # type: ignore[dict-item]
    "workshop": Workshop.id,  # type: ignore[dict-item]
    "cycle": func.coalesce(cast(Workshop.cycle, String), ""),
    "role": func.coalesce(Participant.role, ""),
    "participant": func.coalesce(Participant.id, ""),
}
"""The case a coding belongs to; ids as rows of a comparison have them."""
_BY_VOICE: Final = ("role", "participant")
_COUNTED: Final = ("code", "start", "end", "valence")
_ALWAYS: Final = 2**62
"""Later than any event."""
_MADE: Final = ("coded", "uncoded", "restored")


def changed_since(
    session: Session,
    study_id: str,
    codebook_version_id: str,
    case_type: str,
    *,
    viewer_id: str | None = None,
) -> dict[str, int]:
    """Id of each stale cell of a kind → how many codings under it changed since it was written.

    Counts what ``viewer_id`` may see (None: all).
    """
    cells = _changed(session, study_id, codebook_version_id, case_type, viewer_id)
    query = cells.with_only_columns(GridCell.id, func.count(Coding.id.distinct()))
    found = session.execute(query.group_by(GridCell.id))
    return {row[0]: row[1] for row in found}


def changes_under(
    session: Session, cell: GridCell, codebook_version_id: str, *, viewer_id: str | None = None
) -> list[Coding]:
    """The codings under one cell that changed since its summary was written, taken-back ones too.

    In order of transcript and position; see ``rev`` and ``uncoded`` for what became of them.
    """
    query = (
        _changed(session, cell.study_id, codebook_version_id, cell.case_type, viewer_id)
        .where(GridCell.id == cell.id)
        .with_only_columns(Coding.id)
    )
    found = select(Coding).where(Coding.id.in_(query))
    return list(session.scalars(found.order_by(Coding.version_id, Coding.start, Coding.id)))


def _changed(
    session: Session,
    study_id: str,
    codebook_version_id: str,
    case_type: str,
    viewer_id: str | None,
) -> _Query:
    """Cells beside each coding that changed under them."""
    oldest = session.scalar(
        select(func.min(GridCell.seen_rev)).where(
            GridCell.study_id == study_id, GridCell.case_type == case_type
        )
    )
    touched = _touched(study_id, oldest or 0).cte("touched")
    family = _family(codebook_version_id)
    born = _born("born_at")
    query: _Query = (
        select(GridCell.id, Coding.id)
        .select_from(touched)
        .join(Coding, Coding.id == touched.c.coding_id)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .outerjoin(born, _is_birth(born))
        .join(family, family.c.below == touched.c.code_id)
    )
    query = query.join(
        GridCell,
        and_(
            GridCell.study_id == study_id,
            GridCell.case_type == case_type,
            GridCell.code_id == family.c.above,
            GridCell.seen_rev < touched.c.seq,
        ),
    )
    here = GridCell.case_id == _CASES[case_type]
    if case_type in _BY_VOICE:
        heard = _heard(touched, case_type, study_id, oldest or 0)
        query = query.join(heard, heard.c.coding_id == Coding.id)
        here = and_(GridCell.case_id == heard.c.voice, GridCell.seen_rev < heard.c.seq)
    return query.where(
        here,
        may_see(viewer_id),
        or_(touched.c.hidden_until.is_(None), Coding.coder_id != GridCell.author),
        or_(Coding.uncoded.is_(False), born.seq.is_(None), born.seq <= GridCell.seen_rev),
    )


def _touched(study_id: str, oldest: int) -> Any:
    """``coding_id, seq, code_id, hidden_until`` of every change after ``oldest``.

    A coding stands here with each code that it had since.
    """
    since = and_(
        Event.study_id == study_id, Event.seq > oldest, Event.object_type == "coding", _matters()
    )
    nothing = cast(null(), Integer).label("hidden_until")
    now = (
        select(Coding.id.label("coding_id"), Event.seq, Coding.code_id, nothing)
        .join(Event, Event.object_id == Coding.id)
        .where(since)
    )
    code_before = Event.data[("from", "code")].as_string()
    before = select(Event.object_id, Event.seq, code_before, nothing).where(
        since, code_before.is_not(None)
    )
    born = _born("born")
    # Imports write one event for many codings; such a coding has no birth of its own. Asked by
    # transcript, since there is an index on a transcript's revisions.
    imported = (
        select(Coding.id, Coding.rev, Coding.code_id, nothing)
        .select_from(Transcript)
        .join(Coding, and_(Coding.transcript_id == Transcript.id, Coding.rev > oldest))
        .outerjoin(born, _is_birth(born))
        .where(Transcript.study_id == study_id, born.seq.is_(None))
    )
    released = (
        select(Coding.id, Event.seq, Coding.code_id, Event.seq.label("hidden_until"))
        .join(Event, Event.object_id == Coding.transcript_id)
        .where(
            Event.study_id == study_id,
            Event.seq > oldest,
            Event.object_type == "transcript",
            Event.verb == "released",
            Coding.uncoded.is_(False),
        )
    )
    return union_all(now, before, imported, released)


def _matters() -> ColumnElement[bool]:
    moved = [
        Event.data[("from", name)].as_string() != Event.data[("to", name)].as_string()
        for name in _COUNTED
    ]
    return or_(Event.verb.in_(_MADE), *moved)


def _family(codebook_version_id: str) -> Any:
    """``above, below``: each code of the version with itself and every code under it."""
    top = (
        select(CodeDefinition.code_id.label("above"), CodeDefinition.code_id.label("below"))
        .where(CodeDefinition.codebook_version_id == codebook_version_id)
        .cte("family", recursive=True)
    )
    deeper = (
        select(top.c.above, CodeDefinition.code_id)
        .join(CodeDefinition, CodeDefinition.parent_code_id == top.c.below)
        .where(CodeDefinition.codebook_version_id == codebook_version_id)
    )
    return top.union_all(deeper)


def _heard(touched: Any, case_type: str, study_id: str, oldest: int) -> Any:
    """``coding_id, seq, voice``: who speaks in each stretch of ``_stretches``, each once.

    Found before cells come in, so that turns are looked up once per stretch.
    """
    stood = _stretches(touched, study_id, oldest).cte("stood")
    return (
        select(stood.c.coding_id, stood.c.seq, _CASES[case_type].label("voice"))
        .select_from(stood)
        .join(Coding, Coding.id == stood.c.coding_id)
        .join(
            Turn,
            and_(
                Turn.version_id == Coding.version_id,
                Turn.start < stood.c.end,
                Turn.end > stood.c.start,
            ),
        )
        .outerjoin(Speaker, Speaker.id == Turn.speaker_id)
        .outerjoin(Participant, Participant.id == Speaker.participant_id)
        .distinct()
        .cte("heard")
    )


def _stretches(touched: Any, study_id: str, oldest: int) -> Any:
    """``coding_id, seq, start, end``: where each touched coding stands, whenever asked.

    And for each move since ``oldest`` the stretch it left, widened to the one it has now.
    """
    start, end = (Event.data[("from", name)].as_integer() for name in ("start", "end"))
    always = literal(_ALWAYS, BigInteger).label("seq")
    now = (
        select(touched.c.coding_id, always, Coding.start, Coding.end)
        .join(Coding, Coding.id == touched.c.coding_id)
        .distinct()
    )
    left = (
        select(
            Coding.id,
            Event.seq,
            case((start < Coding.start, start), else_=Coding.start),
            case((end > Coding.end, end), else_=Coding.end),
        )
        .join(Event, Event.object_id == Coding.id)
        .where(
            Event.study_id == study_id,
            Event.seq > oldest,
            Event.object_type == "coding",
            or_(start.is_not(None), end.is_not(None)),
        )
    )
    return union_all(now, left)


def _born(name: str) -> Any:
    return aliased(Event, name=name)


def _is_birth(event: Any) -> ColumnElement[bool]:
    return and_(
        event.object_type == literal("coding"),
        event.object_id == Coding.id,
        event.verb == literal("coded"),
    )
