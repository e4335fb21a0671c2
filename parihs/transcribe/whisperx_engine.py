"""WhisperX from local folders only: recognition in batches, word alignment, speakers."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from parihs.transcribe import environment, models, word_times
from parihs.transcribe.engine import TURN_FINDER
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.speech import SAMPLE_RATE, Audio, Chunk, ChunkText, Progress, Voice
from parihs.transcribe.word_times import Measured

environment.repair_torchaudio()

import numpy as np  # noqa: E402
import torch  # noqa: E402
import whisperx.alignment  # noqa: E402
from whisperx.asr import load_model  # noqa: E402
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


class WhisperXEngine:
    """The default engine; see :class:`parihs.transcribe.engine.Engine` for what it promises."""

    def __init__(self, settings: TranscriptionSettings, folder: Path) -> None:
        self._settings = settings
        self._recogniser = models.require_recogniser(settings, folder)
        self._aligner = models.choose("align", settings.align_model, folder, settings.language)
        self._speaker_model = models.choose("diarise", settings.diarise_model, folder)
        self._device = settings.device
        if settings.device == "auto":
            self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._planned = PlannedSpeech()
        self._pipeline: Any = None
        self._alignment: tuple[Any, dict[str, Any]] | None = None
        whisperx.alignment.nltk_load = lambda _: OneSentence()

    def about(self) -> dict[str, str]:
        about = {
            "engine": f"whisperx {version('whisperx')}",
            "model": self._recogniser.name,
            "model_sha256": models.fingerprint(self._recogniser),
        }
        if self._aligner is not None:
            about["aligner"] = self._aligner.name
            about["aligner_sha256"] = models.fingerprint(self._aligner)
        return about

    def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
        pipeline = self._load_recogniser()
        # only the speech itself, one chunk after the other, is ever in memory
        pieces = [audio.read(chunk.start_ms, chunk.end_ms) for chunk in chunks]
        ends = np.cumsum([len(piece) for piece in pieces])
        self._planned.stretches = [
            ((end - len(piece)) / SAMPLE_RATE, end / SAMPLE_RATE)
            for piece, end in zip(pieces, ends, strict=True)
        ]
        answer = pipeline.transcribe(np.concatenate(pieces), batch_size=self._settings.batch)
        texts = [" ".join(segment["text"].split()) for segment in answer["segments"]]
        return [ChunkText(chunk, text) for chunk, text in zip(chunks, texts, strict=True)]

    def _load_recogniser(self) -> Any:
        if self._pipeline is None:
            compute = self._settings.compute_type
            if compute == "auto":
                compute = "float16" if self._device == "cuda" else "int8"
            with contextlib.redirect_stdout(io.StringIO()):
                self._pipeline = load_model(
                    str(self._recogniser.path),
                    self._device,
                    compute_type=compute,
                    language=self._settings.language,
                    asr_options={"beam_size": self._settings.beam},
                    vad_model=self._planned,
                    local_files_only=True,
                    threads=os.cpu_count() or 1,
                )
        return self._pipeline

    def aligner(self) -> str | None:
        return None if self._aligner is None else self._aligner.name

    def align(self, audio: Audio, said: ChunkText) -> ChunkText:
        model, about = self._load_aligner()
        language, chunk = self._settings.language, said.chunk
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
            found = whisperx.alignment.align([segment], model, about, samples, self._device)
            words = found["word_segments"]
            if len(words) == len(sounded):
                for index, word in zip(sounded, words, strict=True):
                    measured[index] = _measured(word, chunk.start_ms)
        words_timed = word_times.timed_words(places, measured, chunk.start_ms, chunk.end_ms)
        return ChunkText(chunk, said.text, words_timed)

    def _load_aligner(self) -> tuple[Any, dict[str, Any]]:
        if self._alignment is None:
            if self._aligner is None:
                raise RuntimeError("no aligner for this language")
            folder, language = self._aligner.path, self._settings.language
            with contextlib.redirect_stdout(io.StringIO()):
                self._alignment = _load_aligner(folder, language, self._device)
        return self._alignment

    def speaker_method(self) -> str | None:
        return TURN_FINDER if self._speaker_model is None else self._speaker_model.name

    def find_voices(self, audio: Audio, progress: Progress) -> list[Voice]:
        samples, duration = audio.read(0, audio.duration_ms), audio.duration_ms
        bounds = {
            "min_speakers": self._settings.min_speakers,
            "max_speakers": self._settings.max_speakers,
        }
        if self._speaker_model is None:
            from parihs.transcribe.turn_finder import find_turns

            return find_turns(samples, duration, progress, **bounds)
        from whisperx.diarize import DiarizationPipeline

        pipeline = DiarizationPipeline(
            model_name=str(self._speaker_model.path), device=self._device
        )
        table = pipeline(
            samples,
            progress_callback=lambda percent: progress(int(duration * percent / 100), duration),
            **bounds,
        )
        return [
            Voice(round(start * 1000), round(end * 1000), label)
            for start, end, label in zip(
                table["start"], table["end"], table["speaker"], strict=True
            )
        ]


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
