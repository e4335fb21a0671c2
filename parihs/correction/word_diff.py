"""Finding the edit script between two texts word by word, and how much of a quote has changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import Levenshtein

from parihs.correction.script import Change, Kept, Script

_JOINERS: Final = "\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff\ufe0e\ufe0f\u200d"
"""Marks that belong to the character before them."""
_TOKEN: Final = re.compile(rf"[\w{_JOINERS}]+|[^\w\s]")
_WORD: Final = re.compile(rf"[\w{_JOINERS}]+")
_PART: Final = re.compile(rf"[\w{_JOINERS}]")


class Token(NamedTuple):
    """A word or a sign in a text, and what it is compared by."""

    start: int
    end: int
    key: str


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without capitals, blanks and punctuation."""
    return [found.group().casefold() for found in _WORD.finditer(text)]


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Words and signs between two positions of a text."""
    stop = len(text) if end is None else end
    return [
        Token(found.start(), found.end(), found.group().casefold())
        for found in _TOKEN.finditer(text, start, stop)
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
    script = Script.of(sorted(blocks), len(old), len(new))
    blocks = list(script.kept)
    for change in script.changes():
        blocks += _blanks(old, new, change)
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
    """Blocks that a change has kept after all, word for word."""
    here = tokens(old, change.old_start, change.old_end)
    there = tokens(new, change.new_start, change.new_end)
    pairs = _paired([token.key for token in here], [token.key for token in there])
    at_old, at_new = change.old_start, change.new_start
    next_old = next_new = 0
    for i, j in (*pairs, (len(here), len(there))):
        to_old = here[i].start if i < len(here) else change.old_end
        to_new = there[j].start if j < len(there) else change.new_end
        # Blanks stay where the words on both sides of them are partners.
        if (i, j) == (next_old, next_new) and old[at_old:to_old] == new[at_new:to_new]:
            yield at_old, at_new, to_old - at_old
        if i < len(here) and j < len(there):
            one, other = here[i], there[j]
            if old[one.start : one.end] == new[other.start : other.end]:
                yield one.start, other.start, one.end - one.start
            at_old, at_new = one.end, other.end
            next_old, next_new = i + 1, j + 1


def _blanks(old: str, new: str, change: Change) -> Iterator[Kept]:
    """The blanks that both sides of a change begin or end with."""
    start, end, there, end_there = change
    while start < end and there < end_there and old[start] == new[there] and old[start].isspace():
        yield start, there, 1
        start, there = start + 1, there + 1
    while start < end and there < end_there and old[end - 1] == new[end_there - 1]:
        if not old[end - 1].isspace():
            return
        end, end_there = end - 1, end_there - 1
        yield end, end_there, 1


def _paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Numbers of the tokens that stand for each other: the same, or one in place of one."""
    found: list[tuple[int, int]] = []
    steps = list(Levenshtein.opcodes(old, new))
    for number, step in enumerate(steps):
        if step.tag == "replace":
            beside = [*steps[max(0, number - 1) : number], *steps[number + 1 : number + 2]]
            if any(other.tag in ("insert", "delete") for other in beside):
                continue
        if step.tag in ("equal", "replace"):
            here, there = (
                range(step.src_start, step.src_end),
                range(step.dest_start, step.dest_end),
            )
            found += [
                (i, j)
                for i, j in zip(here, there, strict=True)
                if old[i][0].isalnum() == new[j][0].isalnum()
            ]
    return found
