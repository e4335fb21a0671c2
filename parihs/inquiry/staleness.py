"""Which summaries were written before their codings changed: two queries for a whole grid.

A coding bears on a cell when it lies in the cell's case and has the cell's code or one below it. A
change is a coding added, taken back, restored, imported, moved, given another code or valence,
settled by the team or unsettled again; or come into sight of the summary's author when its
transcript was released. A memo is no change, nor is a coding that was added and taken back again. A
coding that lost the cell's code counts too, which only the audit trail still knows.

The database says what changed; where it lies and under which cells is then arithmetic on whole
arrays, since everything may have changed at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import (
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

from parihs.coding.adjudication import recorded
from parihs.coding.visibility import may_see
from parihs.compare.denominators import voices
from parihs.compare.texts import turn_indexes
from parihs.compare.tidy_columns import asked
from parihs.model import (
    CodeDefinition,
    Coding,
    Event,
    GridCell,
    Transcript,
    TranscriptVersion,
    Workshop,
)

_Query: TypeAlias = Select[*tuple[Any, ...]]
_Ints: TypeAlias = NDArray[np.int64]

_PLACES: Final[dict[str, ColumnElement[str]]] = {
    "site": Workshop.site_id,  # type: ignore[dict-item]
    "workshop": Workshop.id,  # type: ignore[dict-item]
    "cycle": func.coalesce(cast(Workshop.cycle, String), ""),
}
"""The case a transcript belongs to; ids as rows of a comparison have them."""
_BY_VOICE: Final = {"role": "role", "participant": "participant_id"}
"""Cases that are who speaks, and the column of ``voices`` that says it."""
_COUNTED: Final = ("code", "start", "end", "valence")
_ALWAYS: Final = 2**62
"""Later than any event."""
_AT_ONCE: Final = 500
_MADE: Final = ("coded", "uncoded", "restored", "lost", "folded", "separated")
_CHANGE: Final = (
    *("coding_id", "seq", "code_id", "released", "version_id", "start", "end"),
    *("coder_id", "gone", "born", "case_id"),
)


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
    query = select(GridCell).where(GridCell.study_id == study_id, GridCell.case_type == case_type)
    found = _changed(session, list(session.scalars(query)), codebook_version_id, viewer_id)
    counted = found.groupby("cell_id")["coding_id"].nunique()
    return {str(cell_id): int(number) for cell_id, number in counted.items()}


def changes_under(
    session: Session, cell: GridCell, codebook_version_id: str, *, viewer_id: str | None = None
) -> list[Coding]:
    """The codings under one cell that changed since its summary was written, taken-back ones too.

    In order of transcript and position; see ``rev`` and ``uncoded`` for what became of them.
    """
    ids = _changed(session, [cell], codebook_version_id, viewer_id)["coding_id"].unique().tolist()
    found = [
        coding
        for first in range(0, len(ids), _AT_ONCE)
        for coding in session.scalars(
            select(Coding).where(Coding.id.in_(ids[first : first + _AT_ONCE]))
        )
    ]
    return sorted(found, key=lambda coding: (coding.version_id, coding.start, coding.id))


def _changed(
    session: Session,
    cells: Sequence[GridCell],
    codebook_version_id: str,
    viewer_id: str | None,
) -> pd.DataFrame:
    """``cell_id, coding_id``: cells of one kind beside each coding that changed under them."""
    nothing = pd.DataFrame({"cell_id": [], "coding_id": []})
    if not cells:
        return nothing
    study_id, case_type = cells[0].study_id, cells[0].case_type
    oldest = min(cell.seen_rev for cell in cells)
    changes = pd.concat(
        [
            _codings_touched(session, study_id, case_type, oldest, viewer_id),
            _settled(session, study_id, case_type, oldest, viewer_id),
        ],
        ignore_index=True,
    )
    if changes.empty:
        return nothing
    above = _above(session, codebook_version_id, {cell.code_id for cell in cells})
    changes = changes.reset_index(names="change").merge(above, on="code_id")
    where = _where(session, study_id, case_type, changes, oldest)
    kept = pd.DataFrame(
        {
            "cell_id": [cell.id for cell in cells],
            "case_id": [cell.case_id for cell in cells],
            "above": [cell.code_id for cell in cells],
            "seen": [cell.seen_rev for cell in cells],
            "author": [cell.author for cell in cells],
        }
    )
    changes = changes.drop(columns=["case_id", "version_id", "start", "end"])
    under = changes.merge(where, on="change").merge(kept, on=["case_id", "above"])
    stale = (
        (under["seen"] < under["seq"])
        & (under["seen"] < under["until"])
        & (~under["released"] | (under["coder_id"] != under["author"]))
        & (~under["gone"] | under["born"].isna() | (under["born"] <= under["seen"]))
    )
    return under.loc[stale, ["cell_id", "coding_id"]]


def _codings_touched(
    session: Session, study_id: str, case_type: str, oldest: int, viewer_id: str | None
) -> pd.DataFrame:
    """Every change of a coding after ``oldest`` (``_CHANGE``), with each code it had since."""
    touched = _touched(study_id, oldest).cte("touched")
    born = _born("born_at")
    query: _Query = (
        select(
            touched.c.coding_id,
            touched.c.seq,
            touched.c.code_id,
            touched.c.hidden_until.is_not(None),
            Coding.version_id,
            Coding.start,
            Coding.end,
            Coding.coder_id,
            Coding.uncoded,
            born.seq,
            _PLACES.get(case_type, literal("")),
        )
        .select_from(touched)
        .join(Coding, Coding.id == touched.c.coding_id)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .outerjoin(born, _is_birth(born))
        .where(may_see(viewer_id))
    )
    return _frame(session.connection().execute(query).all())


def _settled(
    session: Session, study_id: str, case_type: str, oldest: int, viewer_id: str | None
) -> pd.DataFrame:
    """The codings that a decision after ``oldest`` stands in for (``_CHANGE``).

    Each under the codes that it and the decision's result have, on the stretch that was decided.
    """
    made = recorded(session, study_id, viewer_id=viewer_id, reopened=True)
    given = [settlement for settlement in made if settlement.rev > oldest]
    ids = {settlement.transcript_id for settlement in given}
    places = dict.fromkeys(ids, "")
    if case_type in _PLACES:
        query = select(Transcript.id, _PLACES[case_type]).join(
            Workshop, Workshop.id == Transcript.workshop_id
        )
        places = {row[0]: row[1] for row in session.execute(query.where(Transcript.id.in_(ids)))}
    rows = []
    for each in given:
        held = {coding["code_id"] for coding in each.codings}
        codes = held | {item["code_id"] for item in each.result}
        rows += [
            (
                *(coding["id"], each.rev, code_id, False, each.version_id, each.start, each.end),
                *(coding["coder_id"], False, None, places[each.transcript_id]),
            )
            for coding in each.codings
            for code_id in sorted(codes)
        ]
    return _frame(rows)


def _frame(rows: Sequence[Any]) -> pd.DataFrame:
    columns: list[Any] = list(zip(*rows, strict=True)) or [()] * len(_CHANGE)
    frame = pd.DataFrame(
        {
            name: np.array(values, dtype=object)
            for name, values in zip(_CHANGE, columns, strict=True)
        }
    )
    numbers = dict.fromkeys(("seq", "start", "end"), np.int64)
    return frame.astype({**numbers, "released": bool, "gone": bool, "born": float})


def _where(
    session: Session, study_id: str, case_type: str, changes: pd.DataFrame, oldest: int
) -> pd.DataFrame:
    """``change, case_id, until``: the cases in which each change lies.

    A coding that was moved since ``oldest`` lies in the cases that it left, too, as long as a
    summary is older than the move, which ``until`` says.
    """
    first = changes.drop_duplicates("change")
    if case_type not in _BY_VOICE:
        return first[["change", "case_id"]].assign(until=_ALWAYS)
    stretches = first[["change", "version_id", "start", "end"]].assign(until=_ALWAYS)
    left = _left(session, study_id, oldest)
    if len(left):
        moved = first[["change", "coding_id", "version_id"]].merge(left, on="coding_id")
        stretches = pd.concat([stretches, moved[stretches.columns]], ignore_index=True)
    return _heard(session, study_id, _BY_VOICE[case_type], stretches)


def _heard(session: Session, study_id: str, who: str, stretches: pd.DataFrame) -> pd.DataFrame:
    """``change, case_id, until``: who speaks in each stretch, each once."""
    known = voices(session, study_id).set_index("speaker_id")[who].to_dict()
    cases = {case_id: number for number, case_id in enumerate(dict.fromkeys(["", *known.values()]))}
    indexes = turn_indexes(session, stretches["version_id"].unique().tolist())
    change, until, case_of = [], [], []
    for version_id, part in stretches.groupby("version_id", sort=False):
        index = indexes[str(version_id)]
        first, last = index.turns(part["start"].to_numpy(), part["end"].to_numpy())
        n = last - first
        turn = np.arange(int(n.sum())) - np.repeat(np.cumsum(n) - n - first, n)
        numbers = [cases[known.get(speaker, "")] for speaker in index.voices]
        # A turn without a speaker has the number -1, and so the last of these.
        spoken: _Ints = np.array([*numbers, cases[""]], dtype=np.int64)[index.turn_voices[turn]]
        change.append(np.repeat(part["change"].to_numpy(), n))
        until.append(np.repeat(part["until"].to_numpy(), n))
        case_of.append(spoken)
    found = pd.DataFrame(
        {
            "change": _together(change),
            "until": _together(until),
            "case_id": _together(case_of),
        }
    ).drop_duplicates()
    return found.assign(case_id=np.array(list(cases), dtype=object)[found["case_id"].to_numpy()])


def _together(parts: Iterable[_Ints]) -> _Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _left(session: Session, study_id: str, oldest: int) -> pd.DataFrame:
    """``coding_id, until, start, end``: the stretch that each move since ``oldest`` left.

    Widened to the one that the coding has now.
    """
    start, end = (Event.data[("from", name)].as_integer() for name in ("start", "end"))
    query = (
        select(
            Coding.id,
            Event.seq,
            case((start < Coding.start, start), else_=Coding.start),
            case((end > Coding.end, end), else_=Coding.end),
        )
        .join(Event, Event.object_id == Coding.id)
        .join(TranscriptVersion, TranscriptVersion.id == Coding.version_id)
        .where(
            Event.study_id == study_id,
            Event.seq > oldest,
            Event.object_type == "coding",
            # Places in an earlier text are no places in this one.
            Event.at >= TranscriptVersion.created_at,
            or_(start.is_not(None), end.is_not(None)),
        )
    )
    columns = ["coding_id", "until", "start", "end"]
    return asked(session, query, columns)


def _above(session: Session, codebook_version_id: str, wanted: set[str]) -> pd.DataFrame:
    """``code_id, above``: each code of the version with those of ``wanted`` that hold it."""
    query = select(CodeDefinition.code_id, CodeDefinition.parent_code_id).where(
        CodeDefinition.codebook_version_id == codebook_version_id
    )
    parents = {row[0]: row[1] for row in session.execute(query)}
    pairs = []
    for code_id in parents:
        upwards: str | None = code_id
        while upwards is not None:
            if upwards in wanted:
                pairs.append((code_id, upwards))
            upwards = parents.get(upwards)
    return pd.DataFrame(pairs, columns=["code_id", "above"], dtype=object)


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


def _born(name: str) -> Any:
    return aliased(Event, name=name)


def _is_birth(event: Any) -> ColumnElement[bool]:
    return and_(
        event.object_type == literal("coding"),
        event.object_id == Coding.id,
        event.verb == literal("coded"),
    )
