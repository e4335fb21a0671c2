"""A coding in its text, as the desks show it where codings are looked at again."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from parihs.coding.around import neighbourhood
from parihs.store.transcripts import stretch
from parihs.ui.widgets.review import Words

AROUND: Final = 220
"""Code points of talk shown on either side of a coding."""


def words_around(session: Session, version_id: str, start: int, end: int) -> Words:
    """The words at ``[start, end)`` of a version with whole words around them."""
    near = neighbourhood(session, version_id, start, end, AROUND)
    text = near.before + stretch(session, version_id, start, end) + near.after
    return Words(text, near.first, start - near.first, end - near.first, near.goes_on)
