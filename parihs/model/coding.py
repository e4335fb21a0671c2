"""Who gave which code to which stretch of text, and what they thought about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parihs.model.base import Base, new_id, utc_now


class Coder(Base):
    """A person who codes."""

    __tablename__ = "coder"
    __table_args__ = (UniqueConstraint("study_id", "key"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    key: Mapped[str]
    name: Mapped[str]
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Coding(Base):
    """A code on ``[start, end)`` of a transcript version by one coder.

    Codings are never deleted: ``uncoded`` marks one as taken back, and it can be restored.
    """

    __tablename__ = "coding"
    __table_args__ = (
        Index("ix_coding_transcript_rev", "transcript_id", "rev"),
        Index("ix_coding_study_uncoded", "study_id", "uncoded"),
    )

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"))
    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"))
    version_id: Mapped[str] = mapped_column(ForeignKey("transcript_version.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    code_id: Mapped[str] = mapped_column(ForeignKey("code.id"), index=True)
    codebook_version_id: Mapped[str] = mapped_column(ForeignKey("codebook_version.id"))
    coder_id: Mapped[str] = mapped_column(ForeignKey("coder.id"), index=True)
    quote: Mapped[str] = mapped_column(Text)
    prefix: Mapped[str] = mapped_column(default="")
    suffix: Mapped[str] = mapped_column(default="")
    valence: Mapped[str] = mapped_column(default="unrated")
    memo: Mapped[str] = mapped_column(Text, default="")
    uncoded: Mapped[bool] = mapped_column(default=False)
    rev: Mapped[int] = mapped_column(default=0)
    """Sequence number of the last event that touched it."""
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Memo(Base):
    """A dated note on anything in the study: a code, a transcript, a site, the study itself."""

    __tablename__ = "memo"

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    author: Mapped[str]
    kind: Mapped[str]
    """``analytic``, ``methodological``, ``positional``, ``decision``; ``discussion`` of a
    disagreement; ``clarification`` proposed for a code."""
    target_type: Mapped[str]
    target_id: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Settlement(Base):
    """What a team decided about one disagreement; the codings it settles stay as they are.

    It is in force until it is reopened. A later decision about the same codings is a new row.
    """

    __tablename__ = "settlement"
    __table_args__ = (Index("ix_settlement_study_reopened", "study_id", "reopened_at"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"))
    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"), index=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("transcript_version.id"), index=True)
    disagreement_id: Mapped[str]
    kind: Mapped[str]
    """How the coders differed: the kind of the disagreement."""
    start: Mapped[int]
    end: Mapped[int]
    codings: Mapped[list[Any]]
    """The codings it settles as they stood then: ``{id, coder_id, code_id, start, end, valence}``
    each."""
    outcome: Mapped[str]
    """``coder:<id>`` (that coder's codings hold), ``both`` (everybody's hold), ``neither`` or
    ``edited``."""
    result: Mapped[list[Any]]
    """What holds instead of the codings: ``{start, end, code_id, valence}`` each; may be empty."""
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str]
    """Id of the coder, or the name of whoever else decided."""
    rev: Mapped[int] = mapped_column(default=0)
    """Sequence number of the last event that touched it."""
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    reopened_at: Mapped[datetime | None] = mapped_column(default=None)
    reopened_because: Mapped[str] = mapped_column(Text, default="")
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Event(Base):
    """One line of the audit trail; written in the transaction of the change, never altered."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_object", "object_type", "object_id"),)

    study_id: Mapped[str | None] = mapped_column(ForeignKey("study.id"), index=True)
    actor: Mapped[str]
    verb: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)
    op_id: Mapped[str | None] = mapped_column(default=None, unique=True)
    """Id the browser gave the operation, so that sending it twice does it once."""
    at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)
