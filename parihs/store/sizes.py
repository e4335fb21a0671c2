"""Letting SQLite know how large its tables are, so that it takes the right index.

Without that it takes an index that names nearly every coding of a study for as good as one that
names a single coding. PostgreSQL looks by itself.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPICursor

LARGE: Final = ("coding", "turn", "event")
"""Tables that grow; the others stay small."""
GROWN: Final = 2
"""How many times larger a table is when it is looked at again …"""
FEW: Final = 1_000
"""… once it has so many more rows."""


def look_at_sizes(engine: Engine) -> None:
    """Look where tables have grown since the last time, at most half a second for a large study.

    Where somebody is writing just now, another time will do.
    """
    if engine.dialect.name != "sqlite":
        return
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout=0")
        with suppress(sqlite3.OperationalError):
            if any(_has_grown(cursor, table) for table in LARGE):
                cursor.execute("ANALYZE")
        cursor.execute(f"PRAGMA busy_timeout={patience}")


def _has_grown(cursor: DBAPICursor, table: str) -> bool:
    rows = cursor.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0
    return bool(rows > GROWN * _known(cursor, table) + FEW)


def _known(cursor: DBAPICursor, table: str) -> int:
    """How many rows it had when it was last looked at; none where an index is new since."""
    if not cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
        return 0
    query = (
        "SELECT min(CAST(coalesce(stat, '0') AS INTEGER)) FROM pragma_index_list(?) AS i "
        "LEFT JOIN sqlite_stat1 AS s ON s.tbl = ? AND s.idx = i.name"
    )
    return int(cursor.execute(query, (table, table)).fetchone()[0] or 0)
