"""The codings of a study in columns, read the quick way, and kept up to date without rereading."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import Session

from parihs.coding.visibility import open_to
from parihs.errors import ParihsError
from parihs.model import Code, Codebook, CodebookVersion, Coder, Coding, Event, Transcript
from parihs.model import TranscriptVersion as Version

CONSENSUS: Final = "consensus"
ALL: Final = "all"

_TEXTS: Final = ("id", "code_id", "coder_id", "valence")
_FEW: Final = ("code_id", "coder_id", "valence")
"""Columns with few different values."""
_PLACES: Final = ("start", "end")
_BETWEEN: Final = "\x1f"
"""Stands between joined values; no id holds it."""
_MANY: Final = 50_000
"""Changes beyond which reading everything again is quicker than mending."""
_REMEMBERED: Final = 100
"""Times of reading whose changes are remembered."""


@dataclass(slots=True)
class _Kept:
    """The codings of a study as of an event, and what changed since all of them were read."""

    rev: int
    frame: pd.DataFrame
    whole: int
    """The event as of which all were read."""
    changes: list[tuple[int, set[str]]] = field(default_factory=list)
    """The versions with changed codings, each with the event up to which changes were read."""


@dataclass(slots=True)
class KeptCodings:
    """Codings of studies that were read once; later only what changed since is read.

    Give the same one to every ``load_excerpts`` of one database. It relies on the audit trail: a
    coding that changed bears the number of its last event. Where codings were removed or put in
    past the audit trail, their number differs, and all are read again.
    """

    _of: dict[str, _Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def codings(self, session: Session, study_id: str) -> pd.DataFrame:
        """All codings of the study that are not taken back, as of now."""
        with self._lock:
            # Read first: what is coded meanwhile is read once more next time, never missed.
            rev = session.scalar(select(func.max(Event.seq))) or 0
            kept = self._of.get(study_id)
            if kept is not None and rev > kept.rev:
                kept = _mended(session, study_id, kept, rev)
            if kept is None or len(kept.frame) != _number(session, study_id):
                kept = _Kept(rev, _read(session, study_id), rev)
            self._of[study_id] = kept
            return kept.frame

    def changed_since(self, study_id: str, seen: int) -> set[str] | None:
        """Ids of the versions whose codings changed after event ``seen``, as of the last reading.

        None where that is not known any more. A few that changed before may be among them.
        """
        with self._lock:
            kept = self._of.get(study_id)
            if kept is None or seen < kept.whole:
                return None
            return set().union(*(versions for rev, versions in kept.changes if rev > seen))

    def edges(self, study_id: str, version_ids: Collection[str]) -> dict[str, NDArray[np.int64]]:
        """Where codings of these versions begin and end, whoever's they are, as last read."""
        with self._lock:
            kept = self._of.get(study_id)
        if kept is None:
            return {}
        here = kept.frame[_in(kept.frame["version_id"], set(version_ids))]
        return {
            str(version_id): np.concatenate([part["start"].to_numpy(), part["end"].to_numpy()])
            for version_id, part in here.groupby("version_id", sort=False, observed=True)
        }


def load_codings(
    session: Session,
    study_id: str,
    codebook_version_id: str,
    viewer_id: str | None,
    layer: str,
    kept: KeptCodings | None = None,
) -> pd.DataFrame:
    """What the viewer may see of the layer's codings under one codebook.

    Columns: ``version_id, code_id, coder_id, valence`` (categories), ``id``, ``start``, ``end``.
    Raises ParihsError when the codebook version or the coder is not in the study.
    """
    codebook_id = session.scalar(
        select(CodebookVersion.codebook_id)
        .join(Codebook, Codebook.id == CodebookVersion.codebook_id)
        .where(CodebookVersion.id == codebook_version_id, Codebook.study_id == study_id)
    )
    if codebook_id is None:
        raise ParihsError("This codebook is not in the study.", "Choose another codebook.")
    frame = (kept or KeptCodings()).codings(session, study_id)
    book = set(session.scalars(codes_of(codebook_version_id)))
    wanted = _in(frame["code_id"], book)
    if layer not in (CONSENSUS, ALL):
        coder = session.get(Coder, layer)
        if coder is None or coder.study_id != study_id:
            raise ParihsError("This coder is not in the study.", "Choose another coder.")
        wanted &= _in(frame["coder_id"], {layer})
    if viewer_id is not None:
        wanted &= _visible(session, study_id, viewer_id, frame)
    return frame if wanted.all() else frame[wanted]


def codes_of(codebook_version_id: str) -> Select[str]:
    """Query for the ids of all codes that any version of this version's codebook has."""
    return (
        select(Code.id)
        .join(CodebookVersion, CodebookVersion.codebook_id == Code.codebook_id)
        .where(CodebookVersion.id == codebook_version_id)
    )


def _visible(
    session: Session, study_id: str, viewer_id: str, frame: pd.DataFrame
) -> NDArray[np.bool_]:
    """Whether the viewer may see each coding: their own, and all of versions open to them."""
    query = select(Version.id).join(Transcript, Transcript.id == Version.transcript_id)
    seen = query.where(Transcript.study_id == study_id, open_to(viewer_id))
    return _in(frame["version_id"], set(session.scalars(seen))) | _in(
        frame["coder_id"], {viewer_id}
    )


def _in(column: pd.Series, wanted: Collection[str]) -> NDArray[np.bool_]:
    """Whether each value of a category column is among ``wanted``."""
    known = np.array([value in wanted for value in column.cat.categories], dtype=bool)
    found: NDArray[np.bool_] = known[column.cat.codes]
    return found


def _number(session: Session, study_id: str) -> int:
    query = select(func.count()).select_from(Coding)
    return session.scalar(query.where(*_standing(study_id))) or 0


def _standing(study_id: str) -> list[ColumnElement[bool]]:
    return [Coding.study_id == study_id, Coding.uncoded.is_(False)]


def _mended(session: Session, study_id: str, kept: _Kept, rev: int) -> _Kept | None:
    """The codings with what changed up to event ``rev``; None where too much did."""
    names = ("version_id", *_TEXTS, *_PLACES)
    # Asked by transcript, since there is an index on a transcript's revisions.
    query = (
        select(Coding.uncoded, *(getattr(Coding, name) for name in names))
        .select_from(Transcript)
        .join(Coding, Coding.transcript_id == Transcript.id)
        .where(Transcript.study_id == study_id, Coding.rev > kept.rev)
        .limit(_MANY + 1)
    )
    rows = session.connection().execute(query).all()
    if len(rows) > _MANY:
        return None
    frame, changed = kept.frame, {row[1] for row in rows}
    if rows:
        place = 1 + names.index("id")
        gone = frame["id"].isin({row[place] for row in rows}).to_numpy()
        changed |= set(frame.loc[gone, "version_id"])
        now = pd.DataFrame([row[1:] for row in rows if not row[0]], columns=list(names))
        frame = _with_rows(frame[~gone], now)
    whole, changes = kept.whole, [*kept.changes, (rev, changed)]
    if len(changes) > _REMEMBERED:
        whole, changes = changes[0][0], changes[1:]
    return _Kept(rev, frame, whole, changes)


def _with_rows(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    if now.empty:
        return before
    columns: dict[str, Any] = {
        name: _joined(before[name], now[name]) for name in ("version_id", *_FEW)
    }
    columns["id"] = np.concatenate([before["id"].to_numpy(), now["id"].to_numpy(dtype=object)])
    for name in _PLACES:
        columns[name] = np.concatenate([before[name].to_numpy(), now[name].to_numpy(np.int64)])
    return _frame(columns)


def _joined(before: pd.Series, now: pd.Series) -> pd.Categorical:
    """Both one after the other, with what is new after what was known."""
    known = list(dict.fromkeys([*before.cat.categories, *now]))
    place = {value: number for number, value in enumerate(known)}
    codes = np.concatenate([before.cat.codes, [place[value] for value in now]])
    return pd.Categorical.from_codes(codes, categories=pd.Index(known, dtype=object))


def _category(values: NDArray[np.object_]) -> pd.Categorical:
    """A column that keeps each different text once."""
    codes, known = pd.factorize(values, sort=True)
    return pd.Categorical.from_codes(codes, categories=pd.Index(known, dtype=object))


def _read(session: Session, study_id: str) -> pd.DataFrame:
    """One row per version, in which the database has joined each column into one text.

    This reads half a million codings several times faster than as rows.
    """
    joined = [
        func.aggregate_strings(cast(getattr(Coding, name), String), _BETWEEN)
        for name in (*_TEXTS, *_PLACES)
    ]
    query = (
        select(Coding.version_id, *joined).where(*_standing(study_id)).group_by(Coding.version_id)
    )
    rows = session.connection().execute(query).all()
    names = ("version_id", *_TEXTS, *_PLACES)
    texts = dict(zip(names, list(zip(*rows, strict=True)) or [()] * len(names), strict=True))
    sizes = [text.count(_BETWEEN) + 1 for text in texts["id"]]
    versions = pd.Index(texts["version_id"], dtype=object)
    columns: dict[str, Any] = {
        "version_id": pd.Categorical.from_codes(_repeated(sizes), categories=versions)
    }
    for name in (*_TEXTS, *_PLACES):
        parts = _BETWEEN.join(texts.pop(name)).split(_BETWEEN) if rows else []
        values = np.array(parts, dtype=object)
        if name in _PLACES:
            columns[name] = values.astype(np.int64)
        else:
            columns[name] = _category(values) if name in _FEW else values
    # In order of place: what is nearly sorted is sorted again in no time.
    order = np.lexsort((columns["end"], columns["start"], columns["version_id"].codes))
    return _frame(columns).take(order).reset_index(drop=True)


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({**columns, "id": pd.Series(columns["id"], dtype=object)})


def _repeated(sizes: Sequence[int]) -> NDArray[np.int64]:
    numbers: NDArray[np.int64] = np.repeat(np.arange(len(sizes)), np.array(sizes, dtype=np.int64))
    return numbers
