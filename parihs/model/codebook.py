"""Codebooks: identities of codes that last, definitions that change by version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parihs.model.base import Base, new_id, utc_now


class Codebook(Base):
    """A framework as used in one study."""

    __tablename__ = "codebook"
    __table_args__ = (UniqueConstraint("study_id", "key"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    key: Mapped[str]
    name: Mapped[str]
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class CodebookVersion(Base):
    """The codebook as it stood at one time, with the reason for the change."""

    __tablename__ = "codebook_version"
    __table_args__ = (UniqueConstraint("codebook_id", "number"),)

    codebook_id: Mapped[str] = mapped_column(ForeignKey("codebook.id"), index=True)
    number: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    about: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)
    """Everything of the file that is not a code: licence, rules, sources, crosswalk."""
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Code(Base):
    """The lasting identity of a code; codings point here, so they survive a new definition."""

    __tablename__ = "code"
    __table_args__ = (UniqueConstraint("codebook_id", "key"),)

    codebook_id: Mapped[str] = mapped_column(ForeignKey("codebook.id"), index=True)
    key: Mapped[str]
    """Dotted id from the codebook file, for example ``innovation.fit``."""
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class CodeDefinition(Base):
    """What a code means in one codebook version, and where it stands in the tree."""

    __tablename__ = "code_definition"
    __table_args__ = (UniqueConstraint("codebook_version_id", "code_id"),)

    codebook_version_id: Mapped[str] = mapped_column(ForeignKey("codebook_version.id"), index=True)
    code_id: Mapped[str] = mapped_column(ForeignKey("code.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    parent_code_id: Mapped[str | None] = mapped_column(ForeignKey("code.id"), default=None)
    origin: Mapped[str] = mapped_column(default="framework")
    definition: Mapped[str] = mapped_column(Text, default="")
    when_to_use: Mapped[str] = mapped_column(Text, default="")
    when_not: Mapped[str] = mapped_column(Text, default="")
    example: Mapped[str] = mapped_column(Text, default="")
    enabling: Mapped[list[Any]] = mapped_column(JSON, default_factory=list)
    constraining: Mapped[list[Any]] = mapped_column(JSON, default_factory=list)
    source: Mapped[list[Any]] = mapped_column(JSON, default_factory=list)
    colour: Mapped[str | None] = mapped_column(default=None)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)
