"""Where there is speech, cut in silence into chunks short enough for recognition.

Uses the small voice-activity network inside the faster-whisper package, block by block, so a
three-hour recording needs no more memory than ten minutes of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from parihs.transcribe.speech import SAMPLE_RATE, Audio, Chunk, Progress

BLOCK_MS = 10 * 60_000
PADDING_MS = 150
SHORTEST_PAUSE_MS = 300
LONGEST_BRIDGE_MS = 1_500
"""Silences up to this long are kept inside a chunk, which saves time: every chunk costs the
recogniser as much as thirty seconds, however short it is."""


def plan_chunks(audio: Audio, longest_ms: int, progress: Progress) -> list[Chunk]:
    """Chunks of at most ``longest_ms`` that hold all speech of the recording, in order."""
    return join(_speech(audio, longest_ms, progress), longest_ms)


def join(speech: Iterable[tuple[int, int]], longest_ms: int) -> list[Chunk]:
    """Neighbouring ``(start_ms, end_ms)`` stretches put together up to ``longest_ms``."""
    joined: list[tuple[int, int]] = []
    for start, end in speech:
        if joined:
            first, last = joined[-1]
            if start - last <= LONGEST_BRIDGE_MS and end - first <= longest_ms:
                joined[-1] = (first, end)
                continue
        joined.append((start, end))
    return [Chunk(index, start, end) for index, (start, end) in enumerate(joined)]


def _speech(audio: Audio, longest_ms: int, progress: Progress) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start, duration = 0, audio.duration_ms
    while start < duration:
        end = min(start + BLOCK_MS, duration)
        block = [(start + a, start + b) for a, b in _speech_in(audio, start, end, longest_ms)]
        if end < duration and block and block[-1][1] > end - SHORTEST_PAUSE_MS:
            # the block ends inside this stretch: leave it to the next block, which sees all of it
            unfinished = block.pop()
            end = max(unfinished[0], start + BLOCK_MS // 2)
        found += block
        progress(end, duration)
        start = end
    return found


def _speech_in(audio: Audio, start: int, end: int, longest_ms: int) -> list[tuple[int, int]]:
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    samples = audio.read(start, end)
    if samples.size == 0:
        return []
    options = VadOptions(
        min_silence_duration_ms=SHORTEST_PAUSE_MS,
        speech_pad_ms=PADDING_MS,
        max_speech_duration_s=longest_ms / 1000,
    )
    per_ms = SAMPLE_RATE // 1000
    return [
        (stretch["start"] // per_ms, min(stretch["end"] // per_ms, end - start))
        for stretch in get_speech_timestamps(samples, options)
    ]
