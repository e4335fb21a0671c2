"""Times for words that have none, shared out between the neighbours that have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parihs.model import ParsedWord


def fill_times(
    words: Sequence[ParsedWord], start_ms: int | None, end_ms: int | None
) -> tuple[ParsedWord, ...]:
    """Give every untimed word a share of the gap it stands in, and mark it ``interpolated``.

    A gap runs from the end of the last timed word (or ``start_ms``) to the start of the next (or
    ``end_ms``) and is shared by length. Where a bound is unknown the words stay untimed.
    """
    filled = list(words)
    at = 0
    while at < len(filled):
        if _is_timed(filled[at]):
            at += 1
            continue
        stop = next((i for i in range(at, len(filled)) if _is_timed(filled[i])), len(filled))
        low = filled[at - 1].end_ms if at else start_ms
        high = filled[stop].start_ms if stop < len(filled) else end_ms
        if low is not None and high is not None:
            filled[at:stop] = _share(filled[at:stop], low, max(low, high))
        at = stop
    return tuple(filled)


def _is_timed(word: ParsedWord) -> bool:
    return word.start_ms is not None and word.end_ms is not None


def _share(words: list[ParsedWord], low: int, high: int) -> list[ParsedWord]:
    lengths = [max(1, word.end - word.start) for word in words]
    total, passed, shared = sum(lengths), 0, []
    for word, length in zip(words, lengths, strict=True):
        first = low + (high - low) * passed // total
        passed += length
        last = low + (high - low) * passed // total
        shared.append(replace(word, start_ms=first, end_ms=last, interpolated=True))
    return shared
