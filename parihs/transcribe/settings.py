"""How one recording is to be transcribed: chosen by a person, kept with the job and the result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from parihs.errors import ParihsError

LONGEST_CHUNK_S = 30
"""Whisper hears 30 seconds at a time; anything longer would be cut off silently."""


@dataclass(frozen=True, slots=True)
class TranscriptionSettings:
    """Everything that decides what comes out; the defaults suit a laptop.

    Models are named by their folder inside the model folder, or by a path to any other folder.
    Raises ParihsError for a value that cannot work.
    """

    model: str | None = None
    """Recognition model; None takes the only one installed, or the first by name."""
    language: str | None = None
    """Two-letter code; None takes what is known of the recording, or else listens for it."""
    vocabulary: tuple[str, ...] = ()
    """Names and terms the recogniser should expect, most important first."""
    study_words: bool = True
    """Whether the study's own list and the names of its sites are added where none are given; a
    model that never met a prompt hears worse with one."""
    engine: str = "auto"
    """``whisperx``, ``faster_whisper``, ``auto`` (the first that is installed), or an engine of
    your own as ``module:Class``."""
    device: str = "auto"
    """``cpu``, ``cuda``, one of several cards as ``cuda:1``; ``auto`` is a card if there is one."""
    compute_type: str = "auto"
    """Number format of the weights; ``auto`` is int8 on a processor, float16 on a graphics card,
    as far as they can do it."""
    batch: int | None = None
    """Chunks recognised together: more is faster on a graphics card and needs more memory. None is
    4 on a processor and 16 on a card."""
    chunk_seconds: int = LONGEST_CHUNK_S
    beam: int = 5
    align: bool = True
    align_model: str | None = None
    """None takes the aligner installed for the language."""
    speakers: bool = True
    min_speakers: int | None = None
    max_speakers: int | None = None
    """The same number twice says how many voices there are, which helps more than anything."""
    diarise_model: str | None = None
    """None takes the installed speaker model, or else finds turns without one."""

    def __post_init__(self) -> None:
        language = self.language
        if language is not None and not (2 <= len(language) <= 3 and language.isascii()):
            raise ParihsError(
                f"“{language}” is not a language code.",
                "Give the code of the language spoken, for example en, de or fr, or leave it open.",
            )
        if not 1 <= self.chunk_seconds <= LONGEST_CHUNK_S:
            raise ParihsError(
                f"Pieces of {self.chunk_seconds} seconds cannot be recognised.",
                f"Choose 1 to {LONGEST_CHUNK_S} seconds.",
            )
        if self.beam < 1 or (self.batch is not None and self.batch < 1):
            raise ParihsError("Batch and beam have to be 1 or more.", "Leave them as they come.")
        if not re.fullmatch(r"auto|cpu|cuda(:\d+)?", self.device):
            raise ParihsError(
                f"“{self.device}” is not a device.",
                "Choose auto, cpu (processor), cuda (graphics card) or, of several cards, cuda:1.",
            )
        fewest, most = self.min_speakers or 1, self.max_speakers
        if fewest < 1 or (most is not None and most < fewest):
            raise ParihsError(
                "The numbers of speakers contradict each other.",
                "Give a smallest number of 1 or more and a largest that is not below it.",
            )

    def as_dict(self) -> dict[str, Any]:
        """Plain values that JSON gives back as they were."""
        return {**asdict(self), "vocabulary": list(self.vocabulary)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TranscriptionSettings:
        """Settings from plain values; names from an older or newer version are left out."""
        known = {field.name for field in fields(cls)}
        chosen = {name: value for name, value in values.items() if name in known}
        return cls(**{**chosen, "vocabulary": tuple(chosen.get("vocabulary", ()))})
