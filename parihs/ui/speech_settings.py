"""How recordings are to be heard: model, language, number of speakers; remembered."""

from __future__ import annotations

from typing import Any

import streamlit as st

from parihs.model import Recording, Transcript
from parihs.transcribe import TranscriptionSettings, find_models
from parihs.ui.choose import choose
from parihs.ui.state import Current, remember, remembered

LANGUAGES = {
    "": "Find out by listening",
    "en": "English",
    "cy": "Welsh",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
}
KEPT = "transcription"
STUDY_WORDS = "tell-study-words"


def recognisers(now: Current) -> list[str]:
    """Names of the recognition models that lie whole in the models folder."""
    return [m.name for m in find_models(now.app.home.models) if m.kind == "asr" and m.whole]


def settings_form(now: Current) -> TranscriptionSettings:
    """Model, language and number of speakers, remembered."""
    kept = remembered(KEPT, {})
    models = recognisers(now)
    *one, two, three = st.columns(3 if models else 2)
    model = None
    if models:
        model = one[0].selectbox(
            "Model",
            models,
            index=models.index(kept["model"]) if kept.get("model") in models else 0,
            help="Larger models are slower and hear better.",
        )
    language = choose(
        two,
        "Language spoken",
        LANGUAGES,
        wanted=kept.get("language", "en"),
        help="If you say it, nothing has to be guessed.",
    )
    people = three.number_input(
        "How many people speak?",
        min_value=1,
        max_value=40,
        value=None,
        placeholder="not known",
        help="Leave empty if you do not know. Knowing it helps more than anything else.",
    )
    remember(KEPT, {**kept, "model": model, "language": language})
    return _settings(kept, model, language or None, people)


def settings_again(
    recording: Recording, transcript: Transcript, model: str, people: int | None
) -> TranscriptionSettings:
    """For hearing a recording once more with another model, all else as chosen before."""
    language = recording.language or transcript.language
    return _settings(remembered(KEPT, {}), model, language, people)


def _settings(
    kept: dict[str, Any], model: str | None, language: str | None, people: int | None
) -> TranscriptionSettings:
    number = int(people) if people else None
    return TranscriptionSettings(
        model=model,
        language=language,
        min_speakers=number,
        max_speakers=number,
        chunk_seconds=int(kept.get("chunk_seconds", 30)),
        study_words=bool(remembered(STUDY_WORDS, True)),
    )
