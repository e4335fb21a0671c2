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
    """``analytic``, ``methodological``, ``positional`` or ``decision``."""
    target_type: Mapped[str]
    target_id: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Event(Base):
    """One line of the audit trail; written in the transaction of the change, never altered."""

    __tablename__ = "event"

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
