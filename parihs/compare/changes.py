"""Excerpts brought up to date: what changed since is cut again, all else stays as it was.

Somebody codes all day long in a study that others compare, and cutting half a million codings for
one that is new takes a second.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.model import Event

NOT_COUNTED: Final = ("finding", "grid_cell", "rating", "site_rating", "memo")
"""What may change without changing anything that is counted."""


def last_change(session: Session) -> int:
    """Number of the last event that may change what is counted."""
    query = select(Event.seq).where(Event.object_type.not_in(NOT_COUNTED))
    return session.scalar(query.order_by(Event.seq.desc()).limit(1)) or 0


def only_codings_changed(session: Session, seen: int) -> bool:
    """Whether nothing else that is counted changed after event ``seen``."""
    kinds = session.scalars(select(Event.object_type).where(Event.seq > seen).distinct())
    return set(kinds) <= {"coding", *NOT_COUNTED}


def with_versions(
    before: pd.DataFrame, now: pd.DataFrame, version_ids: Collection[str]
) -> pd.DataFrame | None:
    """The excerpts of ``before`` with those of some versions replaced by what they are ``now``.

    None where the two do not know the same transcripts, places and people, so that all has to be
    read again. Rows stay in the order of the versions, which is that of the category.
    """
    names = [str(name) for name in before.columns]
    same = [name for name in names if _is_category(before[name]) and name != "code_id"]
    if any(not before[name].cat.categories.equals(now[name].cat.categories) for name in same):
        return None
    parts = _parts(before, now, version_ids)
    columns: dict[str, Any] = {}
    for name in names:
        both = before[name], now[name]
        if name == "code_id":
            codes, known = _with_all_codes(*both)
            columns[name] = pd.Categorical.from_codes(_joined(codes, parts), categories=known)
        elif name in same:
            codes = both[0].cat.codes.to_numpy(), both[1].cat.codes.to_numpy()
            known = before[name].cat.categories
            columns[name] = pd.Categorical.from_codes(_joined(codes, parts), categories=known)
        elif isinstance(both[0].dtype, np.dtype):
            values = _joined((both[0].to_numpy(), both[1].to_numpy()), parts)
            # of a bare array of texts pandas would make another kind of column
            columns[name] = (
                pd.Series(values, dtype=values.dtype) if name == "excerpt_id" else values
            )
        else:
            columns[name] = pd.concat([both[which].iloc[part] for which, part in parts]).array
    new = np.concatenate([np.full(part.stop - part.start, which == 1) for which, part in parts])
    _numbered(columns, new, int(before["place"].max()) + 1 if len(before) else 0)
    return pd.DataFrame(columns, copy=False)


def _parts(
    before: pd.DataFrame, now: pd.DataFrame, version_ids: Collection[str]
) -> list[tuple[int, slice]]:
    """Rows of the first (0) and the second table (1), by turns, in the order of versions."""
    old, new = before["version_id"].cat.codes.to_numpy(), now["version_id"].cat.codes.to_numpy()
    places = before["version_id"].cat.categories.get_indexer(pd.Index(list(version_ids)))
    parts, at = [], 0
    for place in sorted(place for place in places.tolist() if place >= 0):
        first, last = np.searchsorted(old, [place, place + 1]).tolist()
        parts.append((0, slice(at, first)))
        parts.append((1, slice(*np.searchsorted(new, [place, place + 1]).tolist())))
        at = last
    return [*parts, (0, slice(at, len(before)))]


def _joined(
    both: tuple[NDArray[Any], NDArray[Any]], parts: list[tuple[int, slice]]
) -> NDArray[Any]:
    return np.concatenate([both[which][part] for which, part in parts])


def _numbered(columns: dict[str, Any], new: NDArray[np.bool_], beyond: int) -> None:
    """Number excerpts anew from 0 on, and give new stretches of text numbers from ``beyond`` on."""
    columns["place"] = np.where(new, columns["place"] + beyond, columns["place"])
    number = np.where(new, -1 - columns["excerpt"], columns["excerpt"])
    columns["excerpt"] = np.cumsum(np.diff(number, prepend=number[:1]) != 0)


def _is_category(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def _with_all_codes(
    before: pd.Series, now: pd.Series
) -> tuple[tuple[NDArray[Any], NDArray[Any]], pd.Index]:
    """The codes of both as places in one list of them."""
    known = pd.Index(sorted({*before.cat.categories, *now.cat.categories}), dtype=object)
    one, other = (
        np.append(known.get_indexer(each.cat.categories), -1)[each.cat.codes]
        for each in (before, now)
    )
    return (one, other), known
