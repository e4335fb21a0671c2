"""What in recognised text may have been made up: marked for a listener, never deleted.

Recognisers invent words where nobody speaks, and get caught in loops. Neither can be told for sure
from the text, so both are only said.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from parihs.transcribe.speech import ChunkText

REPETITION, NO_SPEECH = "repetition", "no speech"

PACKS_TOO_WELL = 2.4
"""A text that shrinks more than this when packed says the same again and again; the threshold that
Whisper's authors use."""
LEAST_SHARE = 0.15
"""A chunk with less speech than this is nearly all something else."""
FASTEST = 45
"""Characters per second of speech; fast talkers reach 25."""
SAME_SENTENCE_WORDS = 4
SAME_SENTENCE_TIMES = 4
NEIGHBOURS = 10
"""A sentence this long, this often, in so many chunks in a row, is more likely a loop than talk."""

_SENTENCE = re.compile(r"[^.!?…。！？]+")


def repeats_itself(text: str) -> bool:
    """Whether a text looks like a recogniser caught in a loop."""
    data = text.encode()
    return len(data) > 80 and len(data) / len(zlib.compress(data)) > PACKS_TOO_WELL


def hardly_any_speech(said: ChunkText) -> bool:
    """Whether there are more words in a chunk than the speech heard in it could hold."""
    speech_ms = said.chunk.speech_ms
    if speech_ms is None or not said.text:
        return False
    length_ms = said.chunk.end_ms - said.chunk.start_ms
    return speech_ms < LEAST_SHARE * length_ms or len(said.text) * 1000 > FASTEST * speech_ms


def marked(said: Sequence[ChunkText]) -> list[tuple[str, ...]]:
    """The marks of each chunk, of ``terms.TURN_MARKS``; chunks in order of time."""
    again = _again_and_again(said)
    marks = []
    for one in said:
        found = dict.fromkeys(one.marks)
        if one.chunk.index in again or repeats_itself(one.text):
            found[REPETITION] = None
        if hardly_any_speech(one):
            found[NO_SPEECH] = None
        marks.append(tuple(found))
    return marks


def _again_and_again(said: Iterable[ChunkText]) -> set[int]:
    """Chunks with a sentence that the chunks around them have too, letter for letter."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for one in said:
        sentences = (" ".join(s.lower().split()) for s in _SENTENCE.findall(one.text))
        for sentence in dict.fromkeys(sentences):
            if _n_words(sentence) >= SAME_SENTENCE_WORDS:
                places[sentence].append(one.chunk.index)
    found: set[int] = set()
    for indexes in places.values():
        for first in range(len(indexes) - SAME_SENTENCE_TIMES + 1):
            run = indexes[first : first + SAME_SENTENCE_TIMES]
            if run[-1] - run[0] < NEIGHBOURS:
                found.update(run)
        # three chunks in a row are enough
        found.update(
            index
            for (a, b), (_, c) in pairwise(pairwise(indexes))
            if c - a == 2
            for index in (a, b, c)
        )
    return found


def _n_words(sentence: str) -> int:
    """Words, or for languages without spaces what would be about as much."""
    return max(len(sentence.split()), len(sentence) // 12 if not sentence.isascii() else 0)
