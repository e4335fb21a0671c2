"""What the study knows that helps to hear its recordings: their language, its names and terms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.model import Recording, Site, Study
from parihs.transcribe.journal import Journal
from parihs.transcribe.settings import TranscriptionSettings


def completed(
    session: Session, recording: Recording, settings: TranscriptionSettings, folder: Path
) -> TranscriptionSettings:
    """The settings with what they leave open taken from the recording and its study.

    The language is the recording's, or stays open to be listened for. The words are the study's
    vocabulary and then the names of its sites; a job whose ``folder`` holds recognised text already
    goes on with the words it began with.
    """
    language = settings.language or _code(recording.language)
    words = settings.vocabulary or _words_so_far(folder)
    if words is None:
        words = vocabulary(session, recording) if settings.study_words else ()
    return replace(settings, language=language, vocabulary=words)


def vocabulary(session: Session, recording: Recording) -> tuple[str, ...]:
    """Names and terms a recording's study expects to be spoken, the team's own list first."""
    study = session.get(Study, recording.study_id)
    if study is None:
        return ()
    chosen: list[Any] = study.settings.get("vocabulary", [])
    sites = session.scalars(
        select(Site.name).where(Site.study_id == study.id).order_by(Site.position, Site.name)
    )
    words = (" ".join(word.split()) for word in [*chosen, *sites] if isinstance(word, str))
    return tuple(dict.fromkeys(word for word in words if word))


def _code(language: str | None) -> str | None:
    """The part of a code that recognisers know: of en-GB only en."""
    return language.replace("_", "-").partition("-")[0].lower() or None if language else None


def _words_so_far(folder: Path) -> tuple[str, ...] | None:
    if not folder.exists():
        return None
    journal = Journal(folder)
    before = journal.settings()
    return before.vocabulary if before is not None and journal.recognised() else None
