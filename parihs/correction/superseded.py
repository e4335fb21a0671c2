"""Coding on a text that has been corrected meanwhile: what was coded finds its place all the same.

A coder's browser may hold an older version for a while, or send what waited through a lost
connection. Positions in it are moved along the edit scripts; words that a correction took out are
coded on the version that has them and go on the review list. Nothing is refused for being late.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from parihs.correction.carrying import LOST, REVIEWED_FROM, put_on_review, trimmed_place
from parihs.correction.versions import script_between
from parihs.correction.word_diff import changed_share
from parihs.model import Coding, TranscriptVersion
from parihs.store import Transaction
from parihs.store.transcripts import latest_version, stretch, version_text


class Superseded:
    """The way from one version to the newest one, for the length of a transaction."""

    def __init__(self, tx: Transaction, old: TranscriptVersion, newest: TranscriptVersion) -> None:
        self._tx = tx
        self._old = old
        self.newest = newest
        self._script = script_between(tx.session, old, newest)
        self._after = version_text(tx.session, newest.id)

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a stretch of the old version stands in the newest one.

        None where its words are gone, or so different that a person should look at them first.
        """
        if not 0 <= start < end <= self._old.n_chars:
            return None
        found = trimmed_place(self._script, start, end, self._after)
        if found is None or self._script.keeps(start, end) is not None:
            return found
        quote = stretch(self._tx.session, self._old.id, start, end)
        changed = changed_share(quote, self._after[found[0] : found[1]])
        return found if changed <= REVIEWED_FROM else None

    def left_behind(self, coding_id: str) -> None:
        """Put a coding whose words are gone on the review list; it stands on the old version."""
        columns = (Coding.id, Coding.start, Coding.end, Coding.quote)
        row: Any = self._tx.session.execute(select(*columns).where(Coding.id == coding_id)).one()
        put_on_review(self._tx, self._old, self.newest, [(row, LOST)])


def superseded(tx: Transaction, version: TranscriptVersion) -> Superseded | None:
    """The way to the newest version; None where this is the newest one."""
    newest = latest_version(tx.session, version.transcript_id)
    if newest is None or newest.id == version.id:
        return None
    return Superseded(tx, version, newest)
