"""Recordings and what was said in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parihs.model.base import Base, new_id, utc_now


class Recording(Base):
    """An audio or video file, kept once under its content hash."""

    __tablename__ = "recording"
    __table_args__ = (UniqueConstraint("study_id", "sha256"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    workshop_id: Mapped[str] = mapped_column(ForeignKey("workshop.id"), index=True)
    filename: Mapped[str]
    """The name it was uploaded under."""
    sha256: Mapped[str]
    n_bytes: Mapped[int] = mapped_column(BigInteger)
    duration_ms: Mapped[int]
    container: Mapped[str]
    codec: Mapped[str]
    sample_rate: Mapped[int]
    channels: Mapped[int]
    language: Mapped[str | None] = mapped_column(default=None)
    """Code of the language spoken; None where nobody said, so it is detected."""
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Transcript(Base):
    """The words of one recording or document, through all their versions."""

    __tablename__ = "transcript"

    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    workshop_id: Mapped[str] = mapped_column(ForeignKey("workshop.id"), index=True)
    title: Mapped[str]
    recording_id: Mapped[str | None] = mapped_column(
        ForeignKey("recording.id"), default=None, index=True
    )
    language: Mapped[str | None] = mapped_column(default=None)
    released: Mapped[bool] = mapped_column(default=False)
    """Whether coders may see each other's codings of it; until then everyone codes blind."""
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class TranscriptVersion(Base):
    """One immutable text of a transcript.

    Its text is the turns' texts joined by a line feed; every position in it counts Unicode code
    points.
    """

    __tablename__ = "transcript_version"
    __table_args__ = (UniqueConstraint("transcript_id", "number"),)

    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"), index=True)
    number: Mapped[int]
    reason: Mapped[str]
    """Why this version exists: ``import``, ``transcription``, ``correction``, ``restored``."""
    author: Mapped[str]
    sha256: Mapped[str]
    n_turns: Mapped[int]
    n_words: Mapped[int]
    n_chars: Mapped[int]
    provenance: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("transcript_version.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class Speaker(Base):
    """A voice in one transcript, linked to a participant once somebody knows who it is."""

    __tablename__ = "speaker"
    __table_args__ = (UniqueConstraint("transcript_id", "label"),)

    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"), index=True)
    label: Mapped[str]
    participant_id: Mapped[str | None] = mapped_column(
        ForeignKey("participant.id"), default=None, index=True
    )
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)


class VoicePrint(Base):
    """What a voice sounds like, in numbers: only kept where the study asks for it, never exported.

    Two prints can be compared only where the same method made them.
    """

    __tablename__ = "voice_print"

    speaker_id: Mapped[str] = mapped_column(ForeignKey("speaker.id"), primary_key=True)
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    method: Mapped[str]
    vector: Mapped[list[Any]]
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)


class Turn(Base):
    """What one speaker said without a break, at ``[start, end)`` of its version's text."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        Index("ix_turn_place", "version_id", "start", "end"),
    )

    version_id: Mapped[str] = mapped_column(ForeignKey("transcript_version.id"))
    position: Mapped[int]
    """0-based order in the version."""
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    n_words: Mapped[int]
    speaker_id: Mapped[str | None] = mapped_column(
        ForeignKey("speaker.id"), default=None, index=True
    )
    start_ms: Mapped[int | None] = mapped_column(default=None)
    end_ms: Mapped[int | None] = mapped_column(default=None)
    words: Mapped[list[Any] | None] = mapped_column(JSON, default=None)
    """``[start, end, start_ms, end_ms, confidence, interpolated]`` per word, positions within the
    turn's text; None where the source timed no words."""
    marks: Mapped[list[Any]] = mapped_column(JSON, default_factory=list)
    """Of ``terms.TURN_MARKS``: why this turn should be listened to."""
    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)
