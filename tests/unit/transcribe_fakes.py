"""Engines for tests; the settings name them as ``module:Name``, so that a child finds them.

All of them hear "This is chunk N." in chunk N, at once and without any speech library.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from parihs.errors import ParihsError
from parihs.transcribe import word_times
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.speech import Audio, Chunk, ChunkText, Progress, Voice, in_batches


class Echo:
    """Works; keeps a list of the chunks it was asked for in the model folder."""

    def __init__(self, settings: TranscriptionSettings, models: Path) -> None:
        self._settings = settings
        self._models = models

    def batches(self, chunks: Sequence[Chunk]) -> list[Sequence[Chunk]]:
        return in_batches(chunks, self._settings.batch or 4, 60_000)

    def hear_languages(self, audio: Audio, chunks: Sequence[Chunk]) -> list[dict[str, float]]:
        return [{"en": 0.9, "cy": 0.1} for _ in chunks]

    def use_language(self, language: str) -> None:
        self._settings = replace(self._settings, language=language)

    def words_left_out(self) -> int:
        return 0

    def about(self) -> dict[str, str]:
        return {"engine": "echo 1", "model": "none"}

    def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
        with (self._models / "heard.txt").open("a") as heard:
            heard.writelines(f"{chunk.index}\n" for chunk in chunks)
        return [ChunkText(chunk, f"This is chunk {chunk.index}.") for chunk in chunks]

    def aligner(self) -> str | None:
        return "echo"

    def align(self, audio: Audio, said: ChunkText) -> ChunkText:
        places = word_times.spans(said.text, "en")
        start, end = said.chunk.start_ms, said.chunk.end_ms
        step = (end - start) // len(places)
        measured = [
            word_times.Measured(start + step * i, start + step * (i + 1), 0.9)
            for i in range(len(places))
        ]
        return ChunkText(
            said.chunk, said.text, word_times.timed_words(places, measured, start, end)
        )

    def speaker_method(self) -> str | None:
        return "echo"

    def find_voices(self, audio: Audio, folder: Path, progress: Progress) -> list[Voice]:
        middle = audio.duration_ms // 2
        return [Voice(0, middle, "B"), Voice(middle, audio.duration_ms, "A")]


class Slow(Echo):
    """Takes a moment for every batch, so that there is time to interrupt it."""

    def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
        time.sleep(0.4)
        return super().recognise(audio, chunks)


class CannotAlign(Echo):
    """Fails where words are timed."""

    def align(self, audio: Audio, said: ChunkText) -> ChunkText:
        raise ValueError(f"the secret words were: {said.text}")


class DiesOfSpeakers(Echo):
    """Is killed where speakers are told apart, as when memory runs out."""

    def find_voices(self, audio: Audio, folder: Path, progress: Progress) -> list[Voice]:
        os.kill(os.getpid(), signal.SIGKILL)
        return []


class DiesAtOnce(Echo):
    """Is killed as soon as it is to hear anything."""

    def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
        os.kill(os.getpid(), signal.SIGKILL)
        return []


class FailsOnce(Echo):
    """Fails at the first attempt and works at the second."""

    def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
        trace = self._models / "failed-once"
        if not trace.exists():
            trace.touch()
            raise ParihsError("The engine is out of order.", "Try again.")
        return super().recognise(audio, chunks)


class CallsHome(Echo):
    """Tries to reach the network, as some speech libraries do."""

    def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
        for reach in (
            lambda: socket.getaddrinfo("telemetry.example", 443),
            lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
        ):
            try:
                reach()
            except OSError:
                continue
            raise AssertionError("the network was reached")
        return super().recognise(audio, chunks)


class Stutters(Echo):
    """Repeats itself, as recognisers do on music and laughter."""

    def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
        return [ChunkText(chunk, "thank you very much " * 20) for chunk in chunks]


def slow_faster_whisper(settings: TranscriptionSettings, models: Path) -> Any:
    """The real light engine, slowed down enough to be killed half-way."""
    from parihs.transcribe.faster_whisper_engine import FasterWhisperEngine

    class SlowReal(FasterWhisperEngine):
        def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
            time.sleep(0.3)
            return super().recognise(audio, chunks)

    return SlowReal(settings, models)
