"""WhisperX from local folders only: recognition in batches, word alignment, speakers."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from parihs.errors import ParihsError
from parihs.transcribe import environment, models, word_times
from parihs.transcribe.engine import TURN_FINDER
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.speech import (
    SAMPLE_RATE,
    Audio,
    Chunk,
    ChunkText,
    Progress,
    Voice,
)
from parihs.transcribe.whisper_engine import WhisperEngine
from parihs.transcribe.word_times import Measured

environment.repair_torchaudio()

import numpy as np  # noqa: E402
import torch  # noqa: E402
import whisperx.alignment  # noqa: E402
from whisperx.asr import WhisperModel, load_model  # noqa: E402
from whisperx.vads.vad import Vad  # noqa: E402


class PlannedSpeech(Vad):  # type: ignore[misc]
    """Hands WhisperX the chunks we planned in place of its own voice activity detection."""

    def __init__(self) -> None:
        super().__init__(0.5)
        self.stretches: list[tuple[float, float]] = []

    def __call__(self, _: Any) -> list[tuple[float, float]]:
        return self.stretches

    @staticmethod
    def preprocess_audio(audio: Any) -> Any:
        return audio

    @staticmethod
    def merge_chunks(
        segments: list[tuple[float, float]], *_: Any, **__: Any
    ) -> list[dict[str, Any]]:
        return [{"start": a, "end": b, "segments": [(a, b)]} for a, b in segments]


class OneSentence:
    """Stands in for the sentence splitter WhisperX would download; sentences do not matter here."""

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


class WhisperXEngine(WhisperEngine):
    """The default engine; see :class:`parihs.transcribe.engine.Engine` for what it promises."""

    package = "whisperx"
    model_class = WhisperModel

    def __init__(self, settings: TranscriptionSettings, folder: Path) -> None:
        super().__init__(settings, folder)
        self._folder = folder
        self._planned = PlannedSpeech()
        self._pipeline: Any = None
        self._alignment: tuple[Any, dict[str, Any]] | None = None
        torch.set_num_threads(self._device.threads)
        whisperx.alignment.nltk_load = lambda _: OneSentence()

    def about(self) -> dict[str, str]:
        about = super().about()
        # what cannot be used is said where it would have been used, and costs no text
        with contextlib.suppress(ParihsError):
            if self._settings.align and (aligner := self._aligner()) is not None:
                about["aligner"] = aligner.name
                about["aligner_sha256"] = models.fingerprint(aligner)
        return about

    def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
        pipeline = self._load_pipeline()
        # only the speech itself, one chunk after the other, is ever in memory
        pieces = [audio.read(chunk.start_ms, chunk.end_ms) for chunk in chunks]
        ends = np.cumsum([len(piece) for piece in pieces])
        self._planned.stretches = [
            ((end - len(piece)) / SAMPLE_RATE, end / SAMPLE_RATE)
            for piece, end in zip(pieces, ends, strict=True)
        ]
        answer = pipeline.transcribe(np.concatenate(pieces), batch_size=self._device.batch)
        texts = [" ".join(segment["text"].split()) for segment in answer["segments"]]
        return [ChunkText(chunk, text) for chunk, text in zip(chunks, texts, strict=True)]

    def _aligner(self) -> models.Model | None:
        return models.choose("align", self._settings.align_model, self._folder, self._language)

    def _load_pipeline(self) -> Any:
        if self._pipeline is None:
            self.require_language()
            with contextlib.redirect_stdout(io.StringIO()):
                self._pipeline = load_model(
                    str(self._recogniser.path),
                    self._device.kind,
                    device_index=self._device.index,
                    model=self.model,
                    language=self._language,
                    asr_options={"beam_size": self._settings.beam, "hotwords": self._told()[0]},
                    vad_model=self._planned,
                )
        return self._pipeline

    def aligner(self) -> str | None:
        aligner = self._aligner()
        return None if aligner is None else aligner.name

    def align(self, audio: Audio, said: ChunkText) -> ChunkText:
        model, about = self._load_aligner()
        language, chunk = self._language, said.chunk
        places = word_times.spans(said.text, language)
        letters = [word_times.alignable(said.text[a:b], about["dictionary"]) for a, b in places]
        sounded = [index for index, word in enumerate(letters) if word]
        measured: list[Measured | None] = [None] * len(places)
        if sounded:
            between = "" if language in word_times.WITHOUT_SPACES else " "
            segment = {
                "text": between.join(letters[index] for index in sounded),
                "start": 0.0,
                "end": (chunk.end_ms - chunk.start_ms) / 1000,
            }
            samples = audio.read(chunk.start_ms, chunk.end_ms)
            found = whisperx.alignment.align(
                [segment], model, about, samples, self._device.torch_name
            )
            words = found["word_segments"]
            if len(words) == len(sounded):
                for index, word in zip(sounded, words, strict=True):
                    measured[index] = _measured(word, chunk.start_ms)
        words_timed = word_times.timed_words(places, measured, chunk.start_ms, chunk.end_ms)
        return replace(said, words=words_timed)

    def _load_aligner(self) -> tuple[Any, dict[str, Any]]:
        if self._alignment is None:
            aligner, language = self._aligner(), self._language
            if aligner is None:
                raise RuntimeError("no aligner for this language")
            folder = aligner.path
            with contextlib.redirect_stdout(io.StringIO()):
                self._alignment = _load_aligner(folder, language, self._device.torch_name)
        return self._alignment

    def speaker_method(self) -> str | None:
        model = self._speaker_model()
        return TURN_FINDER if model is None else model.name

    def _speaker_model(self) -> models.Model | None:
        return models.choose("diarise", self._settings.diarise_model, self._folder)

    def find_voices(self, audio: Audio, folder: Path, progress: Progress) -> list[Voice]:
        from parihs.transcribe import speaker_windows, voice_clusters

        model = self._speaker_model()
        people = speaker_windows.load(
            None if model is None else model.path, self._device.torch_name
        )
        heard = speaker_windows.listen(audio, people, folder, progress)
        return voice_clusters.tell_apart(
            heard,
            people,
            audio.duration_ms,
            self._settings.min_speakers,
            self._settings.max_speakers,
        )


def _load_aligner(folder: Path, language: str, device: str) -> tuple[Any, dict[str, Any]]:
    if (folder / models.CTC_ALIGNER).is_file():
        from parihs.transcribe import ctc_aligner

        return ctc_aligner.load(folder, language, device)
    single_file = models.TORCHAUDIO_ALIGNERS.get(language)
    if single_file and (folder / single_file).is_file():
        loaded = whisperx.alignment.load_align_model(language, device, model_dir=str(folder))
    else:
        loaded = whisperx.alignment.load_align_model(
            language, device, model_name=str(folder), model_cache_only=True
        )
    model, about = loaded
    return model, about


def _measured(word: dict[str, Any], offset_ms: int) -> Measured | None:
    if "start" not in word or "end" not in word:
        return None
    score = word.get("score")
    return Measured(
        offset_ms + round(word["start"] * 1000),
        offset_ms + round(word["end"] * 1000),
        None if score is None else min(max(float(score), 0.0), 1.0),
    )
