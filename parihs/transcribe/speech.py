"""What passes between the stages: stretches of audio, their words, and who was speaking when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from parihs.model import ParsedWord

if TYPE_CHECKING:
    import numpy as np

SAMPLE_RATE = 16_000
"""Samples per second in everything the engines see."""

Progress = Callable[[int, int], None]
"""Called with milliseconds of the recording done, and in all."""


class Audio(Protocol):
    """A recording as samples on disk, of which only the part asked for is in memory."""

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds."""
        ...

    def read(self, start_ms: int, end_ms: int) -> np.ndarray:
        """Samples of ``[start_ms, end_ms)`` as float32 between −1 and 1, 16,000 a second."""
        ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch with speech in it, cut in silence and short enough to be recognised at once."""

    index: int
    start_ms: int
    end_ms: int
    speech_ms: int | None = None
    """How much of it is speech, as far as voice activity can tell; None where nobody looked."""


@dataclass(frozen=True, slots=True)
class ChunkText:
    """What was said in a chunk; word positions count code points of ``text``, times are absolute.

    ``words`` is empty until they have been aligned.
    """

    chunk: Chunk
    text: str
    words: tuple[ParsedWord, ...] = ()
    marks: tuple[str, ...] = ()
    """What the engine itself doubts, of ``terms.TURN_MARKS``."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody, known only by a label, speaks during ``[start_ms, end_ms)``."""

    start_ms: int
    end_ms: int
    label: str
    sure: bool = True
    """False where another voice fits nearly as well."""


def in_batches(chunks: Sequence[Chunk], most: int, most_ms: int) -> list[Sequence[Chunk]]:
    """Neighbouring chunks put together: at most ``most``, and ``most_ms`` of sound unless one
    chunk alone is longer."""
    batches: list[Sequence[Chunk]] = []
    first = length = 0
    for place, chunk in enumerate(chunks):
        sound = chunk.end_ms - chunk.start_ms
        if place > first and (place - first == most or length + sound > most_ms):
            batches.append(chunks[first:place])
            first, length = place, 0
        length += sound
    return [*batches, chunks[first:]] if chunks else []
