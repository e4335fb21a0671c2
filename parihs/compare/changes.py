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
    kept = before[~before["version_id"].isin(version_ids).to_numpy()]
    versions = np.concatenate([kept["version_id"].cat.codes, now["version_id"].cat.codes])
    order = np.argsort(versions, kind="stable")
    columns: dict[str, Any] = {}
    for name in names:
        if name == "code_id":
            columns[name] = _with_all_codes(kept[name], now[name])[order]
        elif name in same:
            codes = np.concatenate([kept[name].cat.codes, now[name].cat.codes])[order]
            columns[name] = pd.Categorical.from_codes(codes, before[name].cat.categories)
        else:
            columns[name] = pd.concat([kept[name], now[name]], ignore_index=True).array[order]
    _numbered(columns, order >= len(kept), int(before["place"].max()) + 1 if len(before) else 0)
    return pd.DataFrame(columns, copy=False)


def _numbered(columns: dict[str, Any], new: NDArray[np.bool_], beyond: int) -> None:
    """Number excerpts anew from 0 on, and give new stretches of text numbers from ``beyond`` on."""
    columns["place"] = np.where(new, columns["place"] + beyond, columns["place"])
    number = np.where(new, -1 - columns["excerpt"], columns["excerpt"])
    columns["excerpt"] = np.cumsum(np.diff(number, prepend=number[:1]) != 0)


def _is_category(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def _with_all_codes(kept: pd.Series, now: pd.Series) -> pd.Categorical:
    known = pd.Index(sorted({*kept.cat.categories, *now.cat.categories}), dtype=object)
    codes = [
        np.append(known.get_indexer(one.cat.categories), -1)[one.cat.codes] for one in (kept, now)
    ]
    return pd.Categorical.from_codes(np.concatenate(codes), categories=known)
