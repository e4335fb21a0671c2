"""The words of a text and when each was said, measured where possible and estimated elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from parihs.model import ParsedWord

WITHOUT_SPACES = frozenset({"ja", "zh", "yue", "th", "lo", "my", "km"})
"""Languages whose words are not set apart by spaces; each character counts as a word."""

_WORD = re.compile(r"\S+")
_CHARACTER = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Measured:
    """Time and certainty (0–1) an aligner gave one word."""

    start_ms: int
    end_ms: int
    confidence: float | None


def spans(text: str, language: str) -> list[tuple[int, int]]:
    """Where the words of a text stand, as ``[start, end)`` in code points."""
    pattern = _CHARACTER if language in WITHOUT_SPACES else _WORD
    return [match.span() for match in pattern.finditer(text)]


def alignable(word: str, alphabet: Collection[str]) -> str:
    """What of a word an aligner knows: its letters, in lower case.

    Signs would pull their neighbours' times with them, so they are left out. A number is spoken in
    letters that are not written, so a word with a digit in it is empty: its time is estimated.
    """
    if any(letter.isdigit() for letter in word):
        return ""
    return "".join(letter for letter in word.lower() if letter in alphabet and letter not in "|-")


def measured_by_pieces(
    text: str, places: Sequence[tuple[int, int]], pieces: Sequence[tuple[str, Measured]]
) -> list[Measured | None]:
    """Times of words from a recogniser's own pieces, which are cut differently.

    Recognisers cut at signs ("£13" and ".60") where we cut at spaces. ``pieces`` hold the text in
    order; a word takes the time from the first to the last piece it shares a letter with, and the
    lowest confidence of them. All are None where the pieces do not spell the text.
    """
    owner = [index for index, (piece, _) in enumerate(pieces) for _ in "".join(piece.split())]
    spelled = "".join("".join(piece.split()) for piece, _ in pieces)
    if spelled != "".join("".join(text[start:end].split()) for start, end in places):
        return [None] * len(places)
    measured: list[Measured | None] = []
    position = 0
    for start, end in places:
        letters = end - start
        of_word = [pieces[i][1] for i in dict.fromkeys(owner[position : position + letters])]
        certain = [piece.confidence for piece in of_word if piece.confidence is not None]
        measured.append(
            Measured(of_word[0].start_ms, of_word[-1].end_ms, min(certain) if certain else None)
        )
        position += letters
    return measured


def timed_words(
    places: Sequence[tuple[int, int]],
    measured: Sequence[Measured | None],
    start_ms: int,
    end_ms: int,
) -> tuple[ParsedWord, ...]:
    """Words with times; those not measured share the time between their neighbours by length.

    ``places`` and ``measured`` run in parallel. The result never runs backwards and stays within
    ``[start_ms, end_ms]``; estimated words are marked ``interpolated``.
    """
    words: list[ParsedWord] = []
    position, index = start_ms, 0
    while index < len(places):
        found = measured[index]
        if found is not None:
            begin = min(max(found.start_ms, position), end_ms)
            finish = min(max(found.end_ms, begin), end_ms)
            sure = found.confidence
            sure = None if sure is None else min(max(sure, 0.0), 1.0)
            words.append(ParsedWord(*places[index], begin, finish, sure))
            position, index = finish, index + 1
            continue
        gap = index
        while gap < len(places) and measured[gap] is None:
            gap += 1
        following = measured[gap] if gap < len(places) else None
        until = end_ms if following is None else min(max(following.start_ms, position), end_ms)
        words += _share(places[index:gap], position, until)
        position, index = until, gap
    return tuple(words)


def _share(places: Sequence[tuple[int, int]], start_ms: int, end_ms: int) -> list[ParsedWord]:
    total = sum(end - start for start, end in places)
    words, before = [], 0
    for start, end in places:
        begin = start_ms + (end_ms - start_ms) * before // total
        before += end - start
        finish = start_ms + (end_ms - start_ms) * before // total
        words.append(ParsedWord(start, end, begin, finish, None, True))
    return words
