"""Finding the edit script between two texts word by word, and how much of a quote has changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import Levenshtein

from parihs.correction.script import Change, Kept, Script

_JOINERS: Final = "\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff\ufe0e\ufe0f\u200d"
"""Marks that belong to the character before them."""
_WORD: Final = re.compile(rf"[\w{_JOINERS}]+")
_PART: Final = re.compile(rf"[\w{_JOINERS}]")


class Token(NamedTuple):
    """A word in a text, and what it is compared by."""

    start: int
    end: int
    key: str


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without capitals, blanks and punctuation."""
    return [found.group().casefold() for found in _WORD.finditer(text)]


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Words between two positions of a text."""
    stop = len(text) if end is None else end
    return [
        Token(found.start(), found.end(), found.group().casefold())
        for found in _WORD.finditer(text, start, stop)
    ]


def difference(old: str, new: str, kept: Iterable[Kept] = ()) -> Script:
    """The script from one text to another one, in whole words.

    ``kept`` are blocks known to have stayed (what an editor saw being typed); they decide where
    the words alone could not, as when one of two equal words was deleted. A block that does not
    hold is left out. A word that was changed anywhere counts as replaced.
    """
    known = _sound(old, new, kept)
    whole = [block for each in known if (block := _whole_words(old, new, each))[2] > 0]
    script = Script.of(whole, len(old), len(new))
    blocks = list(script.kept)
    for change in script.changes():
        blocks += _inside(old, new, change)
    return Script.of(sorted(blocks), len(old), len(new))


def changed_share(old: str, new: str) -> float:
    """How much of a quote is different now, by its letters: 0 nothing … 1 everything."""
    return float(Levenshtein.normalized_distance(old, new))


def _sound(old: str, new: str, kept: Iterable[Kept]) -> list[Kept]:
    found = []
    reach_old = reach_new = 0
    for start, there, length in kept:
        fits = length > 0 and start >= reach_old and there >= reach_new
        if fits and old[start : start + length] == new[there : there + length]:
            reach_old, reach_new = start + length, there + length
            if reach_old <= len(old):
                found.append((start, there, length))
    return found


def _whole_words(old: str, new: str, block: Kept) -> Kept:
    """A kept block without the words at its edges that go on beyond it."""
    start, there, length = block
    end, end_there = start + length, there + length
    if _within_word(old, start) or _within_word(new, there):
        while start < end and _PART.match(old, start):
            start, there = start + 1, there + 1
    if _within_word(old, end) or _within_word(new, end_there):
        while end > start and _PART.match(old, end - 1):
            end -= 1
    return start, there, end - start


def _within_word(text: str, position: int) -> bool:
    return (
        0 < position < len(text)
        and _PART.match(text, position - 1) is not None
        and _PART.match(text, position) is not None
    )


def _inside(old: str, new: str, change: Change) -> Iterator[Kept]:
    """What a change has kept after all: words, and the blanks and signs between them.

    Words decide what belongs together; a comma more or less never takes a word's place.
    """
    here = tokens(old, change.old_start, change.old_end)
    there = tokens(new, change.new_start, change.new_end)
    at_old, at_new = change.old_start, change.new_start
    for i, j in _paired([token.key for token in here], [token.key for token in there]):
        one, other = here[i], there[j]
        yield from _between(old, new, Change(at_old, one.start, at_new, other.start))
        if old[one.start : one.end] == new[other.start : other.end]:
            yield one.start, other.start, one.end - one.start
        at_old, at_new = one.end, other.end
    yield from _between(old, new, Change(at_old, change.old_end, at_new, change.new_end))


def _between(old: str, new: str, change: Change) -> Iterator[Kept]:
    """Blanks and signs that both texts have at the beginning and at the end of a stretch.

    Where there are none, a border stands (a block of length 0): no change reaches over it.
    """
    start, end, there, end_there = change
    most = min(end - start, end_there - there)
    head = 0
    while head < most and _alike(old[start + head], new[there + head]):
        head += 1
    tail = 0
    while tail < most - head and _alike(old[end - 1 - tail], new[end_there - 1 - tail]):
        tail += 1
    yield start, there, head
    yield end - tail, end_there - tail, tail


def _alike(one: str, other: str) -> bool:
    return one == other and _PART.match(one) is None


def _paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Numbers of the words that stand for each other: the same, or one in place of one."""
    found: list[tuple[int, int]] = []
    steps = list(Levenshtein.opcodes(old, new))
    for number, step in enumerate(steps):
        if step.tag == "replace":
            beside = [*steps[max(0, number - 1) : number], *steps[number + 1 : number + 2]]
            if any(other.tag in ("insert", "delete") for other in beside):
                continue
        if step.tag in ("equal", "replace"):
            found += zip(
                range(step.src_start, step.src_end),
                range(step.dest_start, step.dest_end),
                strict=True,
            )
    return found
