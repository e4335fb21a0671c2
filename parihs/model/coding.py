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
    role: Mapped[str] = mapped_column(default="coder")
    """Of ``terms.CODER_ROLES``."""
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Assignment(Base):
    """A coder is to code a transcript; ``finished_at`` says when they had read all of it."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("transcript_id", "coder_id"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"))
    coder_id: Mapped[str] = mapped_column(ForeignKey("coder.id"), index=True)
    assigned_by: Mapped[str]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class CodeChoice(Base):
    """How one coder keeps a code at hand: pinned, and found under words of their own."""

    __tablename__ = "code_choice"

    coder_id: Mapped[str] = mapped_column(ForeignKey("coder.id"), primary_key=True)
    code_id: Mapped[str] = mapped_column(ForeignKey("code.id"), primary_key=True)
    pinned: Mapped[bool] = mapped_column(default=False)
    synonyms: Mapped[list[Any]] = mapped_column(default_factory=list)


class ReviewItem(Base):
    """A coding that was carried to another text and should be looked at by a person."""

    __tablename__ = "review_item"
    __table_args__ = (Index("ix_review_item_transcript_decided", "transcript_id", "decided_at"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"))
    coding_id: Mapped[str] = mapped_column(ForeignKey("coding.id"), index=True)
    from_version_id: Mapped[str] = mapped_column(ForeignKey("transcript_version.id"))
    to_version_id: Mapped[str] = mapped_column(ForeignKey("transcript_version.id"))
    reason: Mapped[str]
    """``changed`` (its words are different now), ``found again`` (by its quote elsewhere),
    ``lost`` (no place was found; it still stands on the earlier version)."""
    old_start: Mapped[int]
    old_end: Mapped[int]
    old_quote: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(default="")
    """``kept``, ``moved`` or ``uncoded``; empty until somebody looked."""
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class TrainingTest(Base):
    """Excerpts a lead picked, with the codes that are right, for new coders to code blind."""

    __tablename__ = "training_test"

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    title: Mapped[str]
    codebook_version_id: Mapped[str] = mapped_column(ForeignKey("codebook_version.id"))
    author: Mapped[str]
    excerpts: Mapped[list[Any]]
    """``{version_id, start, end, codes, why}`` each; ``codes`` maps code ids to valences."""
    withdrawn: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class TrainingAnswer(Base):
    """How one coder coded one excerpt of a training test."""

    __tablename__ = "training_answer"
    __table_args__ = (UniqueConstraint("test_id", "coder_id", "position"),)

    test_id: Mapped[str] = mapped_column(ForeignKey("training_test.id"), index=True)
    coder_id: Mapped[str] = mapped_column(ForeignKey("coder.id"), index=True)
    position: Mapped[int]
    codes: Mapped[dict[str, Any]]
    """Code ids to valences; empty where the coder gave none."""
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Coding(Base):
    """A code on ``[start, end)`` of a transcript version by one coder.

    Codings are never deleted: ``uncoded`` marks one as taken back, and it can be restored.
    """

    __tablename__ = "coding"
    __table_args__ = (
        Index("ix_coding_transcript_rev", "transcript_id", "rev"),
        # What is counted everywhere, whole: how many codings by coder, transcript and code.
        Index(
            "ix_coding_counted",
            *("study_id", "uncoded", "transcript_id", "coder_id", "code_id"),
        ),
        Index("ix_coding_code_transcript", "code_id", "transcript_id"),
    )

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"))
    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"))
    version_id: Mapped[str] = mapped_column(ForeignKey("transcript_version.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    code_id: Mapped[str] = mapped_column(ForeignKey("code.id"))
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
    links: Mapped[list[Any]] = mapped_column(JSON, default_factory=list)
    """Other things it speaks of: ``[type, id]`` each."""
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
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
