"""What the two Whisper engines share: the language they hear, and what they are told beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from parihs.errors import ParihsError
from parihs.transcribe.speech import Audio, Chunk
from parihs.transcribe.vocabulary import fitting

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

SPARE_TOKENS = 8
"""Left free in the room for a prompt: marks of the beginning, and a space."""


def hear_languages(
    model: WhisperModel, audio: Audio, chunks: Sequence[Chunk]
) -> list[dict[str, float]]:
    """For each chunk how likely each language is, 0–1; a model of English hears English only."""
    if not model.model.is_multilingual:
        return [{"en": 1.0} for _ in chunks]
    heard = []
    for chunk in chunks:
        _, _, likely = model.detect_language(audio.read(chunk.start_ms, chunk.end_ms))
        heard.append({code: float(likelihood) for code, likelihood in likely})
    return heard


def require_language(model: WhisperModel, name: str, language: str) -> None:
    """Raise ParihsError where the model cannot hear the language; it would not say so itself."""
    known = list(model.supported_languages) if model.model.is_multilingual else ["en"]
    if language not in known:
        only = " It hears English only." if known == ["en"] else ""
        raise ParihsError(
            f"The recognition model “{name}” does not know the language “{language}”.{only}",
            "Choose a model of several languages, or correct the language of the recording.",
        )


def prompt(model: WhisperModel, vocabulary: Sequence[str]) -> tuple[str | None, int]:
    """What to say to the model beforehand, and how many words of the vocabulary had no room."""
    room = model.max_length // 2 - SPARE_TOKENS
    line, left_out = fitting(
        vocabulary, lambda text: len(model.hf_tokenizer.encode(f" {text}").ids), room
    )
    return line or None, len(left_out)
