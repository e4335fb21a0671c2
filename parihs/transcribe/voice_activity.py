"""Where there is speech, cut in silence into chunks short enough for recognition.

Uses the small voice-activity network inside the faster-whisper package, block by block, so a
three-hour recording needs no more memory than ten minutes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from parihs.transcribe.speech import SAMPLE_RATE, Audio, Chunk, Progress

BLOCK_MS = 10 * 60_000
PADDING_MS = 150
SHORTEST_PAUSE_MS = 300
SHORTEST_SPEECH_MS = 100
"""Shorter sounds are speech only where the network is nearly certain of them."""
LONGEST_BRIDGE_MS = 1_500
"""Silences up to this long are kept inside a chunk, which saves time: every chunk costs the
recogniser as much as thirty seconds, however short it is."""

BEGINS, ENDS, CERTAIN = 0.5, 0.35, 0.8
"""Likelihood of speech at which a stretch begins, below which it ends, and that is certain."""
FRAME = 512
"""Samples that the network judges at once."""
FRAME_MS = FRAME * 1000 // SAMPLE_RATE
QUIETEST = 0.0005
"""A block that never gets louder, 66 dB below full scale, is silence; nobody needs to ask."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech without a pause worth the name, with the time that really is speech."""

    start_ms: int
    end_ms: int
    speech_ms: int


def plan_chunks(audio: Audio, longest_ms: int, progress: Progress) -> list[Chunk]:
    """Chunks of at most ``longest_ms`` that hold all speech of the recording, in order."""
    return join(_speech(audio, longest_ms, progress), longest_ms)


def join(speech: Iterable[Stretch], longest_ms: int) -> list[Chunk]:
    """Neighbouring stretches put together up to ``longest_ms``."""
    joined: list[Stretch] = []
    for new in speech:
        if joined:
            last = joined[-1]
            near = new.start_ms - last.end_ms <= LONGEST_BRIDGE_MS
            if near and new.end_ms - last.start_ms <= longest_ms:
                both = last.speech_ms + new.speech_ms
                joined[-1] = Stretch(last.start_ms, new.end_ms, both)
                continue
        joined.append(new)
    return [Chunk(i, one.start_ms, one.end_ms, one.speech_ms) for i, one in enumerate(joined)]


def _speech(audio: Audio, longest_ms: int, progress: Progress) -> list[Stretch]:
    found: list[Stretch] = []
    start, duration = 0, audio.duration_ms
    while start < duration:
        end = min(start + BLOCK_MS, duration)
        block = [
            Stretch(start + one.start_ms, min(start + one.end_ms, end), one.speech_ms)
            for one in stretches(_likelihoods(audio, start, end), longest_ms)
        ]
        if end < duration and block and block[-1].end_ms > end - SHORTEST_PAUSE_MS:
            # the block ends inside this stretch: leave it to the next block, which sees all of it
            unfinished = block.pop()
            end = max(unfinished.start_ms, start + BLOCK_MS // 2)
        found += block
        progress(end, duration)
        start = end
    return found


def _likelihoods(audio: Audio, start_ms: int, end_ms: int) -> np.ndarray:
    """How likely each frame of ``[start_ms, end_ms)`` is speech, 0–1."""
    samples = audio.read(start_ms, end_ms)
    if samples.size == 0 or max(samples.max(), -samples.min()) < QUIETEST:
        return np.zeros(0, np.float32)
    from faster_whisper.vad import get_vad_model

    whole = np.pad(samples, (0, -len(samples) % FRAME))
    likelihoods: np.ndarray = get_vad_model()(whole).ravel()
    return likelihoods


def stretches(likelihoods: np.ndarray, longest_ms: int) -> list[Stretch]:
    """Speech in a run of frames, with a little padding, none longer than ``longest_ms``.

    What is too long is cut where speech is least likely.
    """
    longest = (longest_ms - 2 * PADDING_MS) // FRAME_MS
    runs = [
        part
        for run in _runs(likelihoods)
        if _is_speech(likelihoods[slice(*run)])
        for part in _cut(likelihoods, *run, longest)
    ]
    found, before = [], 0
    for (first, last), (following, _) in pairwise([*runs, (2 * len(likelihoods), 0)]):
        # padding ends half-way to the next stretch, and never outside the block
        until = min((last + following) // 2, len(likelihoods)) * FRAME_MS
        start = max(first * FRAME_MS - PADDING_MS, before)
        end = min(last * FRAME_MS + PADDING_MS, until)
        spoken = int((likelihoods[first:last] >= BEGINS).sum()) * FRAME_MS
        found.append(Stretch(start, end, spoken))
        before = end
    return found


def _runs(likelihoods: np.ndarray) -> Iterator[tuple[int, int]]:
    """``[first, last)`` frames of speech; pauses too short to count are inside."""
    shortest_pause = SHORTEST_PAUSE_MS // FRAME_MS
    first = last = -1
    for frame in np.flatnonzero(likelihoods >= ENDS).tolist():
        if first >= 0 and frame - last > shortest_pause:
            yield first, last
            first = -1
        # a doubtful frame carries on what is being said, and begins nothing
        if likelihoods[frame] >= BEGINS or (first >= 0 and frame == last):
            first = frame if first < 0 else first
            last = frame + 1
    if first >= 0:
        yield first, last


def _is_speech(likelihoods: np.ndarray) -> bool:
    return len(likelihoods) * FRAME_MS >= SHORTEST_SPEECH_MS or likelihoods.max() >= CERTAIN


def _cut(likelihoods: np.ndarray, first: int, last: int, longest: int) -> list[tuple[int, int]]:
    parts = []
    while last - first > longest:
        # not so early that a chunk is hardly worth the recogniser's time
        earliest = first + longest // 2
        end = earliest + int(np.argmin(likelihoods[earliest : first + longest]))
        end = max(end, first + 1)
        parts.append((first, end))
        first = end
    return [*parts, (first, last)]
