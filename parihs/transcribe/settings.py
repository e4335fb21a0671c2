"""How one recording is to be transcribed: chosen by a person, kept with the job and the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from parihs.errors import ParihsError

LONGEST_CHUNK_S = 30
"""Whisper hears 30 seconds at a time; anything longer would be cut off silently."""

Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True, slots=True)
class TranscriptionSettings:
    """Everything that decides what comes out; the defaults suit a laptop.

    Models are named by their folder inside the model folder, or by a path to any other folder.
    Raises ParihsError for a value that cannot work.
    """

    model: str | None = None
    """Recognition model; None takes the only one installed, or the first by name."""
    language: str = "en"
    """Two-letter code. Never guessed: the guess would hear only the first 30 seconds."""
    engine: str = "auto"
    """``whisperx``, ``faster_whisper``, ``auto`` (the first that is installed), or an engine of
    your own as ``module:Class``."""
    device: Device = "auto"
    compute_type: str = "auto"
    """Number format of the weights; ``auto`` is int8 on a processor, float16 on a graphics card."""
    batch: int = 4
    """Chunks recognised together: more is a little faster and needs more memory."""
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
        if not 2 <= len(self.language) <= 3 or not self.language.isascii():
            raise ParihsError(
                f"“{self.language}” is not a language code.",
                "Give the code of the language spoken, for example en, de or fr.",
            )
        if not 1 <= self.chunk_seconds <= LONGEST_CHUNK_S:
            raise ParihsError(
                f"Pieces of {self.chunk_seconds} seconds cannot be recognised.",
                f"Choose 1 to {LONGEST_CHUNK_S} seconds.",
            )
        if self.batch < 1 or self.beam < 1:
            raise ParihsError("Batch and beam have to be 1 or more.", "Use the defaults, 4 and 5.")
        if self.device not in ("auto", "cpu", "cuda"):
            raise ParihsError(
                f"“{self.device}” is not a device.", "Choose auto, cpu (processor) or cuda."
            )
        fewest, most = self.min_speakers or 1, self.max_speakers
        if fewest < 1 or (most is not None and most < fewest):
            raise ParihsError(
                "The numbers of speakers contradict each other.",
                "Give a smallest number of 1 or more and a largest that is not below it.",
            )

    def as_dict(self) -> dict[str, Any]:
        """Plain values that survive JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TranscriptionSettings:
        """Settings from plain values; names from an older or newer version are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})
