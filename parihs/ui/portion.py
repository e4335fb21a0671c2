"""A long list in portions: what a page shows of it, so that a thousand rows take no longer."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st

from parihs.ui.choose import choose

AT_ONCE = 50
"""Rows that are shown at once; a shorter list is shown whole."""
DRAWN = 15
"""Rows of a figure that are drawn at once."""

T = TypeVar("T")


def portion(
    rows: Sequence[T], name: Callable[[T], str], *, key: str, at_once: int = AT_ONCE
) -> Sequence[T]:
    """The rows to show: all of a short list, of a longer one the portion that a person chooses.

    A portion is called after the ``name`` of its first and its last row.
    """
    if len(rows) <= at_once:
        return rows
    options = {}
    for first in range(0, len(rows), at_once):
        last = min(first + at_once, len(rows))
        named = " – ".join(dict.fromkeys((name(rows[first]), name(rows[last - 1]))))
        options[str(first)] = f"{first + 1:,}–{last:,} of {len(rows):,}: {named}"
    place, _ = st.columns([3, 2])
    # Another list behind the same box is another box: the browser would keep the old words.
    listed = zlib.crc32("\n".join(options.values()).encode())
    first = int(choose(place, "Part of the list", options, key=f"{key}-{listed}"))
    return rows[first : first + at_once]


def rows_in_sight(frame: pd.DataFrame, *, key: str, at_once: int = DRAWN) -> pd.DataFrame:
    """The part of a figure's table that is drawn: of very many rows, those that a person chooses.

    ``row_id`` and ``row`` say which line belongs to which row.
    """
    rows = frame.drop_duplicates("row_id")
    known = list(zip(rows["row_id"], rows["row"], strict=True))
    shown = portion(known, lambda row: str(row[1]), key=key, at_once=at_once)
    if len(shown) == len(known):
        return frame
    return frame[frame["row_id"].isin([row_id for row_id, _ in shown])]
