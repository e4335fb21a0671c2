"""What is said around an excerpt, in whole words."""

from __future__ import annotations

from sqlalchemy.orm import Session

from parihs.store.transcripts import stretch


def around(
    session: Session, version_id: str, start: int, end: int, within: tuple[int, int], reach: int
) -> tuple[str, str]:
    """The talk before and after ``[start, end)``, ``reach`` code points at most on either side.

    Nothing from outside ``within``. Where more was said there, the words begin or end with “…”.
    """
    first, last = max(within[0], start - reach), min(within[1], end + reach)
    before = stretch(session, version_id, min(first, start), start)
    after = stretch(session, version_id, end, max(last, end))
    if first > within[0]:
        # From the next word on; one that fills the reach alone stays as it is.
        before = "… " + (before.partition(" ")[2] or before)
    if last < within[1]:
        after = (after.rpartition(" ")[0] or after) + " …"
    return before, after
