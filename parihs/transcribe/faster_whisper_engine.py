"""The light engine: faster-whisper alone, without torch, on the same model folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from parihs.transcribe import word_times
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

NO_SPEECH, UNLIKELY = 0.6, -1.0
"""Where the recogniser itself hears no speech and finds its own words unlikely, both as Whisper's
authors chose them."""


class FasterWhisperEngine(WhisperEngine):
    """Words and their times from the recogniser itself; it cannot tell speakers apart."""

    package = "faster-whisper"
    model_class = WhisperModel

    def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
        self.require_language()
        pieces = [audio.read(chunk.start_ms, chunk.end_ms) for chunk in chunks]
        ends = np.cumsum([len(piece) for piece in pieces]) / SAMPLE_RATE
        starts = np.array([0.0, *ends[:-1]])
        segments, _ = BatchedInferencePipeline(self.model).transcribe(
            np.concatenate(pieces),
            language=self._language,
            beam_size=self._settings.beam,
            batch_size=self._device.batch,
            temperature=[0.0],
            vad_filter=False,
            # two samples short of the end, or rounding makes the clips longer than the sound
            clip_timestamps=[
                {"start": start, "end": end - 1e-4} for start, end in zip(starts, ends, strict=True)
            ],
            without_timestamps=True,
            word_timestamps=True,
            hotwords=self._told()[0],
        )
        heard: list[list[Any]] = [[] for _ in chunks]
        for segment in segments:
            # "seek" is where its chunk began, in hundredths of a second
            heard[int(np.argmin(np.abs(starts - segment.seek / 100)))].append(segment)
        return [
            self._text(chunk, segments_of, float(start))
            for chunk, segments_of, start in zip(chunks, heard, starts, strict=True)
        ]

    def _text(self, chunk: Chunk, segments: list[Any], start: float) -> ChunkText:
        text = " ".join(" ".join(segment.text for segment in segments).split())
        places = word_times.spans(text, self._language)
        pieces = [
            (
                word.word,
                Measured(
                    chunk.start_ms + round((word.start - start) * 1000),
                    chunk.start_ms + round((word.end - start) * 1000),
                    float(word.probability),
                ),
            )
            for segment in segments
            for word in segment.words or []
        ]
        measured = word_times.measured_by_pieces(text, places, pieces)
        timed = word_times.timed_words(places, measured, chunk.start_ms, chunk.end_ms)
        doubtful = any(
            segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < UNLIKELY
            for segment in segments
        )
        return ChunkText(chunk, text, timed, ("no speech",) if doubtful else ())

    def aligner(self) -> str | None:
        return "the recogniser's own attention"

    def align(self, audio: Audio, said: ChunkText) -> ChunkText:
        return said

    def speaker_method(self) -> str | None:
        return None

    def find_voices(self, audio: Audio, folder: Path, progress: Progress) -> list[Voice]:
        raise NotImplementedError("this engine cannot tell speakers apart")
