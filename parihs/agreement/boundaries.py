"""The unit ladder: turns, sentences, tokens and characters as ranges of a document's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from parihs.agreement.table import IntArray, Label
from parihs.errors import ParihsError

Range: TypeAlias = tuple[int, int]

# A word keeps its inner apostrophes and hyphens; any other mark that is not a space is a token.
_TOKEN = re.compile(r"\w+(?:[’'\-]\w+)*|[^\w\s]")
# A sentence ends after closing punctuation (and quotes) before a space, or with its line.
_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[\"'”’)\]]*(?=\s)|$)", re.MULTILINE)


def token_boundaries(text: str) -> list[Range]:
    """Where each word or punctuation mark of a text begins and ends, in code points."""
    return [match.span() for match in _TOKEN.finditer(text)]


def sentence_boundaries(text: str, turns: Iterable[Range] | None = None) -> list[Range]:
    """Where each sentence begins and ends, in code points; none crosses a turn or a line.

    A plain rule of punctuation, the same on every machine: abbreviations such as "Dr." end a
    sentence too.
    """
    ranges = [(0, len(text))] if turns is None else turns
    return [
        (start + match.start(), start + match.end())
        for start, end in ranges
        for match in _SENTENCE.finditer(text[start:end])
    ]


@dataclass(frozen=True)
class Level:
    """One rung of the unit ladder: for each document, its units as ranges of its text.

    A span covers a unit when they share a character. For characters no ranges are kept, only the
    length: a position is its own unit.
    """

    name: str
    documents: tuple[Label, ...]
    sizes: IntArray
    starts: tuple[IntArray, ...] | None = None
    ends: tuple[IntArray, ...] | None = None

    @classmethod
    def of(cls, name: str, boundaries: Mapping[Any, Sequence[Range]]) -> Level:
        """Units from each document's ranges, which must be in order and apart."""
        starts, ends = [], []
        for document, ranges in boundaries.items():
            table = np.asarray(ranges, dtype=np.int64).reshape(-1, 2)
            if (table[:, 0] >= table[:, 1]).any() or (table[1:, 0] < table[:-1, 1]).any():
                raise ParihsError(
                    f"The {name} ranges of document {document!r} overlap or are out of order.",
                    "Give ranges in the order of the text, each ending before the next begins.",
                )
            starts.append(table[:, 0])
            ends.append(table[:, 1])
        sizes = np.array([len(one) for one in starts], dtype=np.int64)
        return cls(name, tuple(boundaries), sizes, tuple(starts), tuple(ends))

    @classmethod
    def characters(cls, lengths: Mapping[Any, int]) -> Level:
        """Every character a unit, from the length of each document in code points."""
        sizes = np.array(list(lengths.values()), dtype=np.int64)
        return cls("character", tuple(lengths), sizes)

    def locate(
        self, document: IntArray, start: IntArray, end: IntArray
    ) -> tuple[IntArray, IntArray]:
        """Which units each span covers: from the first up to, not including, the last."""
        if self.starts is None or self.ends is None:
            return start, np.minimum(end, self.sizes[document])
        first, last = np.zeros_like(start), np.zeros_like(end)
        for number in range(len(self.documents)):
            (mine,) = np.nonzero(document == number)
            first[mine] = np.searchsorted(self.ends[number], start[mine], side="right")
            last[mine] = np.searchsorted(self.starts[number], end[mine], side="left")
        return first, last
