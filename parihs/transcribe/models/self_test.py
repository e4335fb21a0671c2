"""Trying the models out on a minute of sound, the way a real job uses them, and timing it.

The minute runs through the whole pipeline in its own process, without network. From the moments at
which chunks are done follows how long an hour takes here; loading the models is counted apart.
"""

from __future__ import annotations

import json
import tempfile
import time
import wave
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from parihs.transcribe.messages import (
    STAGES,
    Message,
    Stage,
    StageProgress,
    StageStarted,
)
from parihs.transcribe.settings import TranscriptionSettings

SECONDS = 75
"""Length of the sound: three chunks, of which the first one also waits for the model to load."""

RATE = 16_000
KEPT = "self-test.json"
MOST_WORDS_SHOWN = 25
MOST_LETTERS_SHOWN = 160
SLOWEST_TALK = 20
"""Words a minute; the sound has about 150."""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """How a minute of sound went through."""

    model: str
    engine: str
    moment: str
    """UTC, ISO 8601."""
    sound_s: float
    starting_s: float
    """Seconds for starting the software and loading the models, once per recording."""
    rates: dict[Stage, float]
    """Seconds of work for each second of sound, by stage."""
    n_words: int
    heard: str
    """The first words; the sound is made up, so they may be shown."""
    warnings: tuple[str, ...]

    @property
    def reached_for_network(self) -> bool:
        """Whether anything tried to leave the machine; it was refused."""
        return any("network" in text for text in self.warnings)

    @property
    def heard_next_to_nothing(self) -> bool:
        """Whether far fewer words came out than were spoken."""
        return self.n_words < self.sound_s / 60 * SLOWEST_TALK

    def minutes(self, hours: float) -> float:
        """Minutes that a recording of so many hours is likely to take here."""
        return (self.starting_s + hours * 3600 * sum(self.rates.values())) / 60


def try_out(
    sound: Path,
    models: Path,
    settings: TranscriptionSettings,
    *,
    seconds: int = SECONDS,
    listen: Callable[[Message], None] = lambda message: None,
) -> SelfTest:
    """Transcribe the first ``seconds`` of ``sound`` as a job would, and say how long it took.

    Raises ParihsError where a transcript could not be made.
    """
    from parihs.transcribe.runner import transcribe

    with tempfile.TemporaryDirectory(prefix="parihs-self-test-") as place:
        folder = Path(place)
        length = _cut(sound, folder / "minute.wav", folder / "whole.wav", seconds)
        watch = _Watch(listen)
        # one chunk at a time: the moments between them are what is measured
        one_by_one = replace(settings, batch=1)
        done = transcribe(
            folder / "minute.wav", folder / "job", models, one_by_one, listen=watch.hear
        )
        took = watch.stop()
    rates = {stage: watch.rate(stage, length) for stage in STAGES}
    words = " ".join(turn.text for turn in done.turns).split()
    return SelfTest(
        model=done.provenance.get("model", ""),
        engine=done.provenance.get("engine", ""),
        moment=datetime.now(UTC).isoformat(timespec="seconds"),
        sound_s=length,
        starting_s=max(took - sum(rates.values()) * length, 0),
        rates=rates,
        n_words=len(words),
        heard=" ".join(words[:MOST_WORDS_SHOWN])[:MOST_LETTERS_SHOWN],
        warnings=tuple(done.warnings),
    )


def keep(test: SelfTest, home: Path) -> None:
    """Remember the last self-test of this machine in the home folder."""
    draft = home / f"{KEPT}.new"
    draft.write_text(json.dumps(asdict(test), ensure_ascii=False), encoding="utf-8")
    draft.replace(home / KEPT)


def last(home: Path) -> SelfTest | None:
    """The last self-test of this machine; None where there was none."""
    try:
        found = json.loads((home / KEPT).read_text(encoding="utf-8"))
        return SelfTest(**{**found, "warnings": tuple(found["warnings"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


class _Watch:
    """Notes when each stage began and how far it was when."""

    def __init__(self, listen: Callable[[Message], None]) -> None:
        self._listen = listen
        self._began = time.monotonic()
        self._starts: dict[Stage, float] = {}
        self._ends: dict[Stage, float] = {}
        self._points: dict[Stage, list[tuple[float, int]]] = {}
        self._stage: Stage | None = None

    def hear(self, message: Message) -> None:
        now = time.monotonic()
        if isinstance(message, StageStarted):
            self._end_stage(now)
            self._stage = message.stage
            self._starts[message.stage] = now
        elif isinstance(message, StageProgress) and message.done > 0:
            self._points.setdefault(message.stage, []).append((now, message.done))
        self._listen(message)

    def stop(self) -> float:
        """Seconds since the beginning."""
        now = time.monotonic()
        self._end_stage(now)
        return now - self._began

    def rate(self, stage: Stage, length_s: float) -> float:
        """Seconds of work per second of sound; without loading where that can be told apart."""
        if stage not in self._starts:
            return 0.0
        whole = (self._ends[stage] - self._starts[stage]) / length_s
        points = self._points.get(stage, [])
        # the first sign of progress came after the model was loaded
        if stage != "decode" and len(points) > 1 and points[-1][1] - points[0][1] > 1000:
            (first, done_then), (last_seen, done_now) = points[0], points[-1]
            return min(whole, (last_seen - first) / (done_now - done_then) * 1000)
        return whole

    def _end_stage(self, now: float) -> None:
        if self._stage is not None:
            self._ends[self._stage] = now


def _cut(sound: Path, to: Path, whole: Path, seconds: int) -> float:
    """Write the beginning of a recording as a WAV; returns its length in seconds."""
    from parihs.media import decode_to_pcm

    samples = decode_to_pcm(sound, whole).samples[: seconds * RATE]
    with wave.open(str(to), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.astype("<i2").tobytes())
    return len(samples) / RATE
