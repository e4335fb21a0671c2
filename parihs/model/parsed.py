"""A transcript as read from a file or an engine, before it belongs to a study.

Importers and transcription engines both end here, so everything after this point (preview, saving,
coding) is the same wherever the words came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ParsedWord:
    """One word inside a turn's text: ``[start, end)`` in code points of that text, times in ms."""

    start: int
    end: int
    start_ms: int | None = None
    end_ms: int | None = None
    confidence: float | None = None
    """0–1 as the recogniser or aligner gave it; None where it gave none."""
    interpolated: bool = False
    """True where the time was guessed from the neighbouring words."""


@dataclass(frozen=True, slots=True)
class ParsedTurn:
    """What one speaker said without a break; ``speaker`` and times are None where unknown."""

    speaker: str | None
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    words: tuple[ParsedWord, ...] = ()
    marks: tuple[str, ...] = ()
    """Of ``terms.TURN_MARKS``: why this turn should be listened to."""


@dataclass(frozen=True, slots=True)
class ParsedTranscript:
    """Turns in order of speech, with what the reader noticed on the way."""

    turns: Sequence[ParsedTurn]
    format: str
    """Short name of the format that was recognised, for example ``webvtt``."""
    language: str | None = None
    warnings: tuple[str, ...] = ()
    """Plain sentences about anything skipped, guessed or repaired."""
    provenance: dict[str, str] = field(default_factory=dict)
    """Where the words came from: encoding, engine, model, settings."""

    @property
    def speakers(self) -> list[str]:
        """Distinct speaker names in order of first appearance."""
        return list(dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker is not None))

    @property
    def n_words(self) -> int:
        """Number of whitespace-separated words."""
        return sum(len(turn.text.split()) for turn in self.turns)

    @property
    def duration_ms(self) -> int | None:
        """End of the last timed turn, or None when nothing is timed."""
        ends = [t.end_ms if t.end_ms is not None else t.start_ms for t in self.turns]
        timed = [end for end in ends if end is not None]
        return max(timed) if timed else None
