"""What the two Whisper engines share: loading the model, what it is told beforehand, languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from parihs.errors import ParihsError
from parihs.transcribe import models
from parihs.transcribe.computing import find_device
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.speech import Audio, Chunk, in_batches
from parihs.transcribe.vocabulary import fitting

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

SPARE_TOKENS = 8
"""Left free in the room for a prompt: marks of the beginning, and a space."""


class WhisperEngine:
    """Half of an engine: all that depends on the recognition model alone.

    See :class:`parihs.transcribe.engine.Engine` for what the methods promise.
    """

    package: ClassVar[str]
    """The package that recognises, as it is installed."""
    model_class: ClassVar[type[WhisperModel]]

    def __init__(self, settings: TranscriptionSettings, folder: Path) -> None:
        self._settings = settings
        self._recogniser = models.require_recogniser(settings, folder)
        self._device = find_device(settings)
        self._loaded: WhisperModel | None = None
        self._prompt: tuple[str | None, int] | None = None

    @property
    def _language(self) -> str:
        return self._settings.language or "en"

    @property
    def model(self) -> WhisperModel:
        """The recognition model, loaded when it is first asked for."""
        if self._loaded is None:
            self._loaded = self.model_class(
                str(self._recogniser.path),
                device=self._device.kind,
                device_index=self._device.index,
                compute_type=self._device.compute_type,
                cpu_threads=self._device.threads,
                local_files_only=True,
            )
        return self._loaded

    def batches(self, chunks: Sequence[Chunk]) -> list[Sequence[Chunk]]:
        return in_batches(chunks, self._device.batch, self._device.batch_ms)

    def about(self) -> dict[str, str]:
        model = self.model.model
        return {
            "engine": f"{self.package} {version(self.package)}",
            "model": self._recogniser.name,
            "model_sha256": models.fingerprint(self._recogniser),
            "device": model.device,
            "compute_type": model.compute_type,
            "batch": str(self._device.batch),
        }

    def hear_languages(self, audio: Audio, chunks: Sequence[Chunk]) -> list[dict[str, float]]:
        if not self.model.model.is_multilingual:
            return [{"en": 1.0} for _ in chunks]
        heard = []
        for chunk in chunks:
            _, _, likely = self.model.detect_language(audio.read(chunk.start_ms, chunk.end_ms))
            heard.append({code: float(likelihood) for code, likelihood in likely})
        return heard

    def use_language(self, language: str) -> None:
        self._settings = replace(self._settings, language=language)

    def words_left_out(self) -> int:
        return self._told()[1]

    def _told(self) -> tuple[str | None, int]:
        """What is said to the model beforehand, and how many words had no room in it."""
        if self._prompt is None:
            model = self.model
            line, left_out = fitting(
                self._settings.vocabulary,
                lambda text: len(model.hf_tokenizer.encode(f" {text}").ids),
                model.max_length // 2 - SPARE_TOKENS,
            )
            self._prompt = line or None, len(left_out)
        return self._prompt

    def require_language(self) -> None:
        """Raise ParihsError where the model cannot hear the language; it would not say so."""
        model, language = self.model, self._language
        known = list(model.supported_languages) if model.model.is_multilingual else ["en"]
        if language not in known:
            name = self._recogniser.name
            only = " It hears English only." if known == ["en"] else ""
            raise ParihsError(
                f"The recognition model “{name}” does not know the language “{language}”.{only}",
                "Choose a model of several languages, or correct the language of the recording.",
            )
