"""The light engine: faster-whisper alone, without torch, on the same model folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from parihs.transcribe import models, word_times
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.speech import SAMPLE_RATE, Audio, Chunk, ChunkText, Progress, Voice
from parihs.transcribe.word_times import Measured


class FasterWhisperEngine:
    """Words and their times from the recogniser itself; it cannot tell speakers apart."""

    def __init__(self, settings: TranscriptionSettings, folder: Path) -> None:
        self._settings = settings
        self._recogniser = models.require_recogniser(settings, folder)
        self._device = settings.device
        if settings.device == "auto":
            self._device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        self._pipeline: BatchedInferencePipeline | None = None

    def about(self) -> dict[str, str]:
        return {
            "engine": f"faster-whisper {version('faster-whisper')}",
            "model": self._recogniser.name,
            "model_sha256": models.fingerprint(self._recogniser),
        }

    def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
        pieces = [audio.read(chunk.start_ms, chunk.end_ms) for chunk in chunks]
        ends = np.cumsum([len(piece) for piece in pieces]) / SAMPLE_RATE
        starts = [end - len(piece) / SAMPLE_RATE for piece, end in zip(pieces, ends, strict=True)]
        segments, _ = self._load().transcribe(
            np.concatenate(pieces),
            language=self._settings.language,
            beam_size=self._settings.beam,
            batch_size=self._settings.batch,
            temperature=[0.0],
            vad_filter=False,
            # two samples short of the end, or rounding makes the clips longer than the sound
            clip_timestamps=[
                {"start": start, "end": end - 1e-4} for start, end in zip(starts, ends, strict=True)
            ],
            without_timestamps=True,
            word_timestamps=True,
        )
        heard: list[list[Any]] = [[] for _ in chunks]
        for segment in segments:
            # a segment belongs to the chunk that its middle lies in
            middle = (segment.start + segment.end) / 2
            heard[min(int(np.searchsorted(ends, middle)), len(chunks) - 1)].append(segment)
        return [
            self._text(chunk, segments_of, start)
            for chunk, segments_of, start in zip(chunks, heard, starts, strict=True)
        ]

    def _text(self, chunk: Chunk, segments: list[Any], start: float) -> ChunkText:
        text = " ".join(" ".join(segment.text for segment in segments).split())
        places = word_times.spans(text, self._settings.language)
        measured: list[Measured | None] = [None] * len(places)
        words = [word for segment in segments for word in segment.words or []]
        if len(words) == len(places):
            measured = [
                Measured(
                    chunk.start_ms + round((word.start - start) * 1000),
                    chunk.start_ms + round((word.end - start) * 1000),
                    float(word.probability),
                )
                for word in words
            ]
        timed = word_times.timed_words(places, measured, chunk.start_ms, chunk.end_ms)
        return ChunkText(chunk, text, timed)

    def _load(self) -> BatchedInferencePipeline:
        if self._pipeline is None:
            compute = self._settings.compute_type
            if compute == "auto":
                compute = "float16" if self._device == "cuda" else "int8"
            model = WhisperModel(
                str(self._recogniser.path),
                device=self._device,
                compute_type=compute,
                cpu_threads=os.cpu_count() or 1,
                local_files_only=True,
            )
            self._pipeline = BatchedInferencePipeline(model)
        return self._pipeline

    def aligner(self) -> str | None:
        return "the recogniser's own attention"

    def align(self, audio: Audio, said: ChunkText) -> ChunkText:
        return said

    def speaker_method(self) -> str | None:
        return None

    def find_voices(self, audio: Audio, progress: Progress) -> list[Voice]:
        raise NotImplementedError("this engine cannot tell speakers apart")
