"""The turns at many places of texts, found with one query.

As a table of places that turns are joined to: a condition for each place would take longer to put
into words than to answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import CTE, ColumnElement, Integer, String, and_, column, values

from parihs.model import Turn

AT_ONCE: Final = 200
"""Places that are worth asking for in one query."""

Place = tuple[str, int, int]
"""A version's id, and where something begins and ends in it, in code points, end-exclusive."""


def as_table(places: Sequence[Place]) -> CTE:
    """The places as a table: ``number`` (from 0 on), ``version_id``, ``first``, ``last``."""
    rows = [(number, *place) for number, place in enumerate(places)]
    columns = (
        column("number", Integer),
        column("version_id", String),
        column("first", Integer),
        column("last", Integer),
    )
    return values(*columns, name="places").data(rows).cte("wanted")


def touched(wanted: CTE) -> ColumnElement[bool]:
    """Whether a turn touches a place of the table, if only at its edge."""
    return and_(
        Turn.version_id == wanted.c.version_id,
        Turn.start <= wanted.c.last,
        Turn.end >= wanted.c.first,
    )
