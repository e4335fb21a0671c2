"""Recognised chunks and voices put together into the turns of a transcript."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from parihs.model import ParsedTranscript, ParsedTurn, ParsedWord
from parihs.transcribe import doubts, word_times
from parihs.transcribe.speech import ChunkText, Voice

NEW_TURN_PAUSE_MS = 2_000
"""A pause as long as this begins a new turn, even of the same speaker."""
LONG_TURN_MS = 30_000
"""A turn as long as this ends with the chunk it is in, so that no turn is a wall of text."""
SLIVER_MS = 500
SLIVER_PAUSE_MS = 200
"""A voice heard for less than 0.5 s, with less than 0.2 s to its neighbour, is part of it."""
OVERLAP_MS = 300
"""Somebody else speaking this long within a turn is worth a mark."""
FAR_MS = 500
"""A word this far from every voice is given to the nearest, but that is a guess."""


def assemble(
    said: Sequence[ChunkText],
    voices: Sequence[Voice],
    *,
    language: str,
    warnings: Sequence[str] = (),
    provenance: dict[str, str] | None = None,
) -> ParsedTranscript:
    """The transcript of a recording; chunks in order, voices may be empty.

    Speakers are named ``Speaker 1``, ``Speaker 2`` … in order of first appearance. What a listener
    should doubt is marked on the turns, and how often is said in the warnings.
    """
    placed = [
        _Placed(chunk, word, marks)
        for chunk, marks in zip(said, doubts.marked(said), strict=True)
        for word in _words(chunk, language)
    ]
    heard = _Voices(voices)
    for item in placed:
        item.speaker, item.sure = heard.during(item.start_ms, item.end_ms)
    _join_slivers(placed)
    joint = "" if language in word_times.WITHOUT_SPACES else " "
    turns: list[_Turn] = []
    for item in placed:
        if not turns or turns[-1].ends_before(item):
            turns.append(_Turn(item.speaker, joint))
        turns[-1].add(item)
    parsed = _named(turns, heard)
    return ParsedTranscript(
        turns=parsed,
        format="transcription",
        language=language,
        warnings=(*warnings, *_counted(parsed)),
        provenance=provenance or {},
    )


@dataclass(slots=True)
class _Placed:
    """A word, the chunk it stands in, and who says it."""

    said: ChunkText
    word: ParsedWord
    marks: tuple[str, ...] = ()
    speaker: str | None = None
    sure: bool = True

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
        self.marks: tuple[str, ...] = ()
        self._unsure_ms = 0
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
        if item.start_ms - self.end_ms >= NEW_TURN_PAUSE_MS or item.marks != self.marks:
            return True
        return self._is_new_chunk(item) and self.end_ms - self.start_ms >= LONG_TURN_MS

    def add(self, item: _Placed) -> None:
        word, text = item.word, item.said.text
        if self._last is not None:
            same_chunk = not self._is_new_chunk(item)
            between = text[self._last.word.end : word.start] if same_chunk else self._joint
            self.text += between
        self.marks = item.marks
        if not item.sure:
            self._unsure_ms += item.end_ms - item.start_ms
        start = len(self.text)
        self.text += text[word.start : word.end]
        self.words.append(replace(word, start=start, end=len(self.text)))
        self._last = item

    def parsed(self, name: str | None, overlap_ms: int) -> ParsedTurn:
        spoken = sum((word.end_ms or 0) - (word.start_ms or 0) for word in self.words)
        marks = list(self.marks)
        if overlap_ms >= OVERLAP_MS:
            marks.append("overlap")
        if name is not None and 2 * self._unsure_ms > spoken:
            marks.append("unsure")
        return ParsedTurn(
            name, self.text, self.start_ms, self.end_ms, tuple(self.words), tuple(marks)
        )

    def _is_new_chunk(self, item: _Placed) -> bool:
        return self._last is None or self._last.said.chunk.index != item.said.chunk.index


def speaker_names(labels: Iterable[str | None]) -> dict[str, str]:
    """What the voices are called, from their labels in order of appearance."""
    known = dict.fromkeys(label for label in labels if label is not None)
    return {label: f"Speaker {number}" for number, label in enumerate(known, start=1)}


def _named(turns: list[_Turn], heard: _Voices) -> list[ParsedTurn]:
    names = speaker_names(turn.speaker for turn in turns)
    return [
        turn.parsed(
            None if turn.speaker is None else names[turn.speaker],
            heard.others_ms(turn.speaker, turn.start_ms, turn.end_ms),
        )
        for turn in turns
    ]


def _counted(turns: Sequence[ParsedTurn]) -> list[str]:
    """A sentence for every doubt about words that stands on some turns."""
    sentences = {
        doubts.REPETITION: "may come from a recogniser caught in a loop",
        doubts.NO_SPEECH: "with hardly any speech in the sound may be made up",
    }
    found = []
    for mark, sentence in sentences.items():
        if n_marked := sum(mark in turn.marks for turn in turns):
            turns_are = "1 turn" if n_marked == 1 else f"{n_marked} turns"
            found.append(f"{turns_are} {sentence}; look for the mark “{mark}” and listen there.")
    return found


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

    def during(self, start_ms: int, end_ms: int) -> tuple[str | None, bool]:
        """The label that speaks most of ``[start_ms, end_ms)``, and whether that is sure.

        Where nobody speaks it is the nearest voice; None where no voice is known at all.
        """
        if not self._voices:
            return None, True
        shares: dict[str, int] = {}
        sure_ms: dict[str, int] = {}
        for voice, share in self._overlapping(start_ms, end_ms):
            shares[voice.label] = shares.get(voice.label, 0) + share
            sure_ms[voice.label] = sure_ms.get(voice.label, 0) + (share if voice.sure else 0)
        if shares:
            label = max(shares, key=lambda label: shares[label])
            return label, 2 * sure_ms[label] >= shares[label]
        following = bisect_left(self._starts, max(end_ms, start_ms + 1))
        around = [
            *self._last_to_end[max(0, following - 1) : following],
            *self._voices[following : following + 1],
        ]
        gap_ms, nearest = min(
            ((max(v.start_ms - end_ms, start_ms - v.end_ms), v) for v in around),
            key=lambda found: found[0],
        )
        return nearest.label, nearest.sure and gap_ms <= FAR_MS

    def others_ms(self, label: str | None, start_ms: int, end_ms: int) -> int:
        """How much of ``[start_ms, end_ms)`` somebody speaks at the same time as ``label``."""
        mine: list[tuple[int, int]] = []
        others: list[tuple[int, int]] = []
        for voice, _ in self._overlapping(start_ms, end_ms):
            stretch = (max(voice.start_ms, start_ms), min(voice.end_ms, end_ms))
            (mine if voice.label == label else others).append(stretch)
        return sum(
            max(0, min(a_end, b_end) - max(a_start, b_start))
            for a_start, a_end in _united(mine)
            for b_start, b_end in _united(others)
        )

    def _overlapping(self, start_ms: int, end_ms: int) -> Iterator[tuple[Voice, int]]:
        """Voices within ``[start_ms, end_ms)``, latest first, and how long each is."""
        index = bisect_left(self._starts, max(end_ms, start_ms + 1)) - 1
        while index >= 0 and self._last_to_end[index].end_ms > start_ms:
            voice = self._voices[index]
            share = min(voice.end_ms, end_ms) - max(voice.start_ms, start_ms)
            if share > 0:
                yield voice, share
            index -= 1


def _united(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same time without counting any of it twice."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
