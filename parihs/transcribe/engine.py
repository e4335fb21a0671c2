"""What a transcription engine has to do, and which one is used."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

from parihs.errors import ParihsError
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.speech import Audio, Chunk, ChunkText, Progress, Voice

ENGINES = {
    "whisperx": "parihs.transcribe.whisperx_engine:WhisperXEngine",
    "faster_whisper": "parihs.transcribe.faster_whisper_engine:FasterWhisperEngine",
}


TURN_FINDER = "turns found without a speaker model"
"""A way of telling speakers apart that finds where turns begin, but only guesses whose they are."""


class Engine(Protocol):
    """Turns chunks of audio into words; made once per job as ``Engine(settings, models)``.

    ``models`` is the model folder. Nothing is downloaded, and models are loaded when first needed,
    so that a job resumed late never loads what it has finished with.
    """

    def batches(self, chunks: Sequence[Chunk]) -> list[Sequence[Chunk]]:
        """Chunks worth recognising together on the device that was found, always cut alike.

        What a batch has heard is written down when all of it is done, so a batch that takes long
        should be small.
        """
        ...

    def about(self) -> dict[str, str]:
        """Name and version of engine and models, and what they really run on: provenance."""
        ...

    def hear_languages(self, audio: Audio, chunks: Sequence[Chunk]) -> list[dict[str, float]]:
        """For each chunk how likely each language code is, 0–1."""
        ...

    def use_language(self, language: str) -> None:
        """Go on in this language; called before anything is recognised where none was chosen."""
        ...

    def words_left_out(self) -> int:
        """How many words of the vocabulary had no room in what the recogniser can be told."""
        ...

    def recognise(self, audio: Audio, chunks: Sequence[Chunk]) -> list[ChunkText]:
        """The text of a batch of chunks, one answer for each, in order."""
        ...

    def aligner(self) -> str | None:
        """Name of what times the words, or None where nothing installed can for this language."""
        ...

    def align(self, audio: Audio, said: ChunkText) -> ChunkText:
        """The same text with the time of each word that could be found in the sound.

        ``said`` itself where recognition timed the words already.
        """
        ...

    def speaker_method(self) -> str | None:
        """How speakers are told apart, or None where this engine cannot."""
        ...

    def find_voices(self, audio: Audio, folder: Path, progress: Progress) -> list[Voice]:
        """Who speaks when in the whole recording, in order of time; overlaps are possible.

        ``folder`` is the job's: what was heard is kept there, so an interrupted search goes on.
        """
        ...


def engine_name(settings: TranscriptionSettings) -> str:
    """The engine these settings lead to on this machine.

    Raises ParihsError where no engine is installed or the name is unknown.
    """
    if settings.engine != "auto":
        if settings.engine not in ENGINES and ":" not in settings.engine:
            raise ParihsError(
                f"There is no transcription engine “{settings.engine}”.",
                f"Choose one of: auto, {', '.join(ENGINES)}.",
            )
        return settings.engine
    for name in ENGINES:
        if is_installed(name):
            return name
    raise ParihsError(
        "Transcription is not installed here; importing transcripts works all the same.",
        "Install it with: pip install 'parihs[transcribe]'.",
    )


def is_installed(name: str) -> bool:
    """Whether the package behind an engine is there, without importing it."""
    return importlib.util.find_spec(name) is not None


def load_engine(settings: TranscriptionSettings, models: Path) -> Engine:
    """Make the engine; imports heavy libraries, so only ever in a child process."""
    name = engine_name(settings)
    module, _, attribute = ENGINES.get(name, name).partition(":")
    try:
        factory = getattr(importlib.import_module(module), attribute)
    except ImportError as problem:
        raise ParihsError(
            f"The transcription engine {name} is not fully installed: {problem.name or problem}.",
            "Install it with: pip install 'parihs[transcribe]'. The recording is untouched.",
        ) from problem
    return cast(Engine, factory(settings, models))
