"""The real light engine, slowed down enough to be killed at any moment of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.speech import Audio, Chunk, ChunkText

PER_CHUNK_S = 0.25


def slow_and_noted(settings: TranscriptionSettings, models: Path) -> Any:
    """faster-whisper that notes each chunk it is asked for in the model folder."""
    from parihs.transcribe.faster_whisper_engine import FasterWhisperEngine

    class SlowAndNoted(FasterWhisperEngine):
        def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
            with (models / "heard.txt").open("a") as heard:
                heard.writelines(f"{chunk.index}\n" for chunk in chunks)
            time.sleep(PER_CHUNK_S)
            return super().recognise(audio, chunks)

    return SlowAndNoted(settings, models)
