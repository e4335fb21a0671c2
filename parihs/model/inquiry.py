"""What a team makes of its codings: summaries, ratings and findings, each resting on excerpts.

An excerpt id is the id of a coding or of a consensus stretch, as comparisons give them. Every
change is also an event that holds the whole new text, so any earlier one can be read and restored.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parihs.model.base import Base, new_id, utc_now


class GridCell(Base):
    """A written summary of what one case says about one code, in the framework grid."""

    __tablename__ = "grid_cell"
    __table_args__ = (UniqueConstraint("study_id", "case_type", "case_id", "code_id"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"))
    case_type: Mapped[str]
    """``site``, ``workshop``, ``role``, ``participant`` or ``cycle``."""
    case_id: Mapped[str]
    code_id: Mapped[str] = mapped_column(ForeignKey("code.id"))
    summary: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(default="empty")
    """``empty``, ``drafted`` or ``agreed``."""
    excerpt_ids: Mapped[list[Any]] = mapped_column(default_factory=list)
    author: Mapped[str] = mapped_column(default="")
    """Id of the coder, or the name of whoever else wrote the present text."""
    seen_rev: Mapped[int] = mapped_column(default=0)
    """The last event whose codings its author can have seen."""
    rev: Mapped[int] = mapped_column(default=0)
    """Sequence number of the event that saved the present text."""
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Rating(Base):
    """One rater's judgement of how a construct bears on the work at one site."""

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("site_id", "code_id", "rater_id"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    code_id: Mapped[str] = mapped_column(ForeignKey("code.id"))
    rater_id: Mapped[str] = mapped_column(ForeignKey("coder.id"))
    value: Mapped[str]
    """``-2`` … ``2``, ``mixed``, ``not asked`` or ``nothing said``."""
    rationale: Mapped[str] = mapped_column(Text, default="")
    excerpt_ids: Mapped[list[Any]] = mapped_column(default_factory=list)
    blind_value: Mapped[str | None] = mapped_column(default=None)
    """The last value given without sight of other ratings, for agreement; None: never blind."""
    rev: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class SiteRating(Base):
    """What the team made of its raters' values for one site and construct."""

    __tablename__ = "site_rating"
    __table_args__ = (UniqueConstraint("site_id", "code_id"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    code_id: Mapped[str] = mapped_column(ForeignKey("code.id"))
    opened: Mapped[bool] = mapped_column(default=False)
    """Whether the team has opened the raters' values to everybody."""
    value: Mapped[str | None] = mapped_column(default=None)
    """The agreed value; None while there is none."""
    rationale: Mapped[str] = mapped_column(Text, default="")
    excerpt_ids: Mapped[list[Any]] = mapped_column(default_factory=list)
    decided_by: Mapped[str] = mapped_column(default="")
    rev: Mapped[int] = mapped_column(default=0)
    """Sequence number of the event that agreed on the present value; 0 while there is none."""
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class SiteGrouping(Base):
    """Which sites did well and which did not, and the rule that compares them: one per study."""

    __tablename__ = "site_grouping"

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(Text)
    """What the sites were grouped by, in the team's words."""
    high: Mapped[list[Any]]
    low: Mapped[list[Any]]
    rule: Mapped[str]
    """Name of the rule for distinguishing constructs."""
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)


class Finding(Base):
    """A claim of the study; ``[[excerpt:ID]]`` in its text stands for a quote."""

    __tablename__ = "finding"

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    title: Mapped[str]
    position: Mapped[int]
    claim: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(default="draft")
    """``draft`` or ``agreed``."""
    author: Mapped[str] = mapped_column(default="")
    """Who wrote the present text."""
    withdrawn: Mapped[bool] = mapped_column(default=False)
    rev: Mapped[int] = mapped_column(default=0)
    """Sequence number of the event that saved the present text."""
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class FindingExcerpt(Base):
    """How an excerpt bears on a finding."""

    __tablename__ = "finding_excerpt"

    finding_id: Mapped[str] = mapped_column(ForeignKey("finding.id"), primary_key=True)
    excerpt_id: Mapped[str] = mapped_column(primary_key=True)
    stance: Mapped[str] = mapped_column(default="supports")
    """``supports``, ``contradicts`` or ``nuance``."""
    note: Mapped[str] = mapped_column(Text, default="")
    rev: Mapped[int] = mapped_column(default=0)
