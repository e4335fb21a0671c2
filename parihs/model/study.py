"""The study and the people and places in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parihs.model.base import Base, new_id, utc_now


class Study(Base):
    """One participatory-action-research study."""

    __tablename__ = "study"

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    fictional: Mapped[bool] = mapped_column(default=False)
    """True for the demo study, so that no page or export passes it off as data."""
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)
    """What the team chose for the whole study, for example ``vocabulary``: names that recognition
    should expect."""
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Site(Base):
    """A place where implementation happens and which is compared with others."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("study_id", "key"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    key: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="other")
    position: Mapped[int] = mapped_column(default=0)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Workshop(Base):
    """One occasion on which data were gathered: a workshop, interview, observation or document."""

    __tablename__ = "workshop"
    __table_args__ = (UniqueConstraint("study_id", "key"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), index=True)
    key: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str] = mapped_column(default="workshop")
    held_on: Mapped[date | None] = mapped_column(default=None)
    cycle: Mapped[int | None] = mapped_column(default=None)
    """Number of the PAR cycle it belongs to."""
    position: Mapped[int] = mapped_column(default=0)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Participant(Base):
    """Someone who speaks, under a pseudonym; real names never enter the study database."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("study_id", "pseudonym"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    pseudonym: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    """Role band used for filters and quotes, for example ``doctor``."""
    description: Mapped[str] = mapped_column(default="")
    """Longer role, for example ``consultant, acute medicine``."""
    site_id: Mapped[str | None] = mapped_column(ForeignKey("site.id"), default=None)
    facilitator: Mapped[bool] = mapped_column(default=False)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Attendance(Base):
    """A participant took part in a workshop."""

    __tablename__ = "attendance"

    workshop_id: Mapped[str] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"), primary_key=True)
