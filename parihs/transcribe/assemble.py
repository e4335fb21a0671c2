"""Recognised chunks and voices put together into the turns of a transcript."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from parihs.model import ParsedTranscript, ParsedTurn, ParsedWord
from parihs.transcribe import word_times
from parihs.transcribe.speech import ChunkText, Voice

NEW_TURN_PAUSE_MS = 2_000
"""A pause as long as this begins a new turn, even of the same speaker."""
LONG_TURN_MS = 30_000
"""A turn as long as this ends with the chunk it is in, so that no turn is a wall of text."""
SLIVER_MS = 500
SLIVER_PAUSE_MS = 200
"""A voice heard for less than 0.5 s, with less than 0.2 s to its neighbour, is part of it."""


def assemble(
    said: Iterable[ChunkText],
    voices: Sequence[Voice],
    *,
    language: str,
    warnings: Sequence[str] = (),
    provenance: dict[str, str] | None = None,
) -> ParsedTranscript:
    """The transcript of a recording; chunks in order, voices may be empty.

    Speakers are named ``Speaker 1``, ``Speaker 2`` … in order of first appearance.
    """
    placed = [_Placed(chunk, word) for chunk in said for word in _words(chunk, language)]
    heard = _Voices(voices)
    for item in placed:
        item.speaker = heard.during(item.start_ms, item.end_ms)
    _join_slivers(placed)
    joint = "" if language in word_times.WITHOUT_SPACES else " "
    turns: list[_Turn] = []
    for item in placed:
        if not turns or turns[-1].ends_before(item):
            turns.append(_Turn(item.speaker, joint))
        turns[-1].add(item)
    return ParsedTranscript(
        turns=_named(turns),
        format="transcription",
        language=language,
        warnings=tuple(warnings),
        provenance=provenance or {},
    )


@dataclass(slots=True)
class _Placed:
    """A word, the chunk it stands in, and who says it."""

    said: ChunkText
    word: ParsedWord
    speaker: str | None = None

    @property
    def start_ms(self) -> int:
        return self.word.start_ms or 0

    @property
    def end_ms(self) -> int:
        return self.word.end_ms or 0


def _join_slivers(placed: list[_Placed]) -> None:
    """Give a moment of another voice, cut from running speech, to the speech it was cut from.

    Where a voice begins is known to a few tenths of a second only, so the first or last word of a
    turn is easily heard as somebody else's. A short answer with a pause around it is left alone.
    """
    start = 0
    while start < len(placed):
        end = start + 1
        while end < len(placed) and placed[end].speaker == placed[start].speaker:
            if placed[end].start_ms - placed[end - 1].end_ms >= SLIVER_PAUSE_MS:
                break
            end += 1
        if placed[end - 1].end_ms - placed[start].start_ms < SLIVER_MS:
            gaps = []
            if start > 0:
                gaps.append((placed[start].start_ms - placed[start - 1].end_ms, start - 1))
            if end < len(placed):
                gaps.append((placed[end].start_ms - placed[end - 1].end_ms, end))
            gap, neighbour = min(gaps, default=(SLIVER_PAUSE_MS, 0))
            if gap < SLIVER_PAUSE_MS:
                for item in placed[start:end]:
                    item.speaker = placed[neighbour].speaker
        start = end


def _words(said: ChunkText, language: str) -> tuple[ParsedWord, ...]:
    if said.words:
        return said.words
    places = word_times.spans(said.text, language)
    unknown = [None] * len(places)
    return word_times.timed_words(places, unknown, said.chunk.start_ms, said.chunk.end_ms)


class _Turn:
    """A turn being built from words and the text between them."""

    def __init__(self, speaker: str | None, joint: str) -> None:
        self.speaker = speaker
        self.text = ""
        self.words: list[ParsedWord] = []
        self._joint = joint
        self._last: _Placed | None = None

    @property
    def start_ms(self) -> int:
        return self.words[0].start_ms or 0

    @property
    def end_ms(self) -> int:
        return self.words[-1].end_ms or 0

    def ends_before(self, item: _Placed) -> bool:
        if item.speaker != self.speaker:
            return True
        if item.start_ms - self.end_ms >= NEW_TURN_PAUSE_MS:
            return True
        return self._is_new_chunk(item) and self.end_ms - self.start_ms >= LONG_TURN_MS

    def add(self, item: _Placed) -> None:
        word, text = item.word, item.said.text
        if self._last is not None:
            same_chunk = not self._is_new_chunk(item)
            between = text[self._last.word.end : word.start] if same_chunk else self._joint
            self.text += between
        start = len(self.text)
        self.text += text[word.start : word.end]
        self.words.append(replace(word, start=start, end=len(self.text)))
        self._last = item

    def parsed(self, name: str | None) -> ParsedTurn:
        return ParsedTurn(name, self.text, self.start_ms, self.end_ms, tuple(self.words))

    def _is_new_chunk(self, item: _Placed) -> bool:
        return self._last is None or self._last.said.chunk.index != item.said.chunk.index


def _named(turns: list[_Turn]) -> list[ParsedTurn]:
    labels = dict.fromkeys(turn.speaker for turn in turns if turn.speaker is not None)
    names: dict[str | None, str] = {
        label: f"Speaker {number}" for number, label in enumerate(labels, start=1)
    }
    return [turn.parsed(names.get(turn.speaker)) for turn in turns]


class _Voices:
    """Looks up which voice speaks most of a stretch, or else which spoke nearest to it."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        self._voices = sorted(voices, key=lambda voice: (voice.start_ms, voice.end_ms))
        self._starts = [voice.start_ms for voice in self._voices]
        # for each voice, the one among it and all before it that speaks longest
        self._last_to_end: list[Voice] = []
        for voice in self._voices:
            last = self._last_to_end[-1] if self._last_to_end else voice
            self._last_to_end.append(voice if voice.end_ms >= last.end_ms else last)

    def during(self, start_ms: int, end_ms: int) -> str | None:
        """The label that speaks most of ``[start_ms, end_ms)``; None where nobody is known."""
        if not self._voices:
            return None
        following = bisect_left(self._starts, max(end_ms, start_ms + 1))
        shares: dict[str, int] = {}
        index = following - 1
        while index >= 0 and self._last_to_end[index].end_ms > start_ms:
            voice = self._voices[index]
            share = min(voice.end_ms, end_ms) - max(voice.start_ms, start_ms)
            if share > 0:
                shares[voice.label] = shares.get(voice.label, 0) + share
            index -= 1
        if shares:
            return max(shares, key=lambda label: shares[label])
        around = [
            *self._last_to_end[max(0, following - 1) : following],
            *self._voices[following : following + 1],
        ]
        return min(around, key=lambda v: max(v.start_ms - end_ms, start_ms - v.end_ms)).label
