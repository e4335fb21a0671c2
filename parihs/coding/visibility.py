"""The one rule of who sees whose codings; every page, route, count and export asks here."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, or_, select

from parihs.model import Coding, Transcript


def may_see(viewer_id: str | None) -> ColumnElement[bool]:
    """Condition on a query that joins Coding and Transcript.

    A coder sees their own codings, and those of others once the transcript is released. ``None``
    is whoever holds the study folder itself (the command line, the lead's exports): all of it.
    """
    if viewer_id is None:
        return Coding.id.is_not(None)
    return or_(Coding.coder_id == viewer_id, Transcript.released)


def visible_codings(viewer_id: str | None) -> Select[Coding]:
    """Query for all codings the viewer may see, taken-back ones included."""
    return (
        select(Coding)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(may_see(viewer_id))
    )
