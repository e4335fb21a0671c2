"""Finding a coding again by its words, where that can hardly be wrong."""

from __future__ import annotations

from typing import Final

from parihs.correction.word_diff import tokens

FEWEST_WORDS: Final = 8
"""Shorter quotes are found in wrong places too easily."""


class QuoteFinder:
    """Looks quotes up in one text, comparing words without capitals and punctuation."""

    def __init__(self, text: str) -> None:
        self._words = tokens(text)
        self._line = f" {' '.join(word.key for word in self._words)} "

    def find(self, quote: str) -> tuple[int, int] | None:
        """Where the quote stands; None where it is short, is not there, or is there twice."""
        keys = [token.key for token in tokens(quote)]
        wanted = f" {' '.join(keys)} "
        at = self._line.find(wanted)
        if len(keys) < FEWEST_WORDS or at < 0 or self._line.find(wanted, at + 1) >= 0:
            return None
        first = self._line.count(" ", 0, at)
        return self._words[first].start, self._words[first + len(keys) - 1].end
