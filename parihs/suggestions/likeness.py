"""How alike two stretches of talk are: the cosine of their words, rare words weighing more.

Plain TF-IDF, on purpose: a coder can see in the two texts why they were called alike.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
COMMON: Final = 0.1
"""A word in more than this share of the texts says nothing about likeness."""


class Likeness:
    """Texts that others can be compared with."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        """``texts``: the words of each, in lower case."""
        self.size = len(texts)
        counted = [Counter(_terms(text)) for text in texts]
        seen = Counter(term for terms in counted for term in terms)
        most = max(COMMON * self.size, 3)
        self.weight = {
            term: math.log((1 + self.size) / (1 + n)) for term, n in seen.items() if n <= most
        }
        entries: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, terms in enumerate(counted):
            for term, value in self._unit(terms).items():
                entries[term].append((number, value))
        self._entries: dict[str, tuple[npt.NDArray[np.int64], FloatArray]] = {
            term: (np.array([n for n, _ in rows]), np.array([v for _, v in rows]))
            for term, rows in entries.items()
        }

    def to(self, text: Sequence[str]) -> FloatArray:
        """Cosine, 0 to 1, of a text to each of these texts: ``(size,)``."""
        found = np.zeros(self.size)
        for term, value in self._unit(Counter(_terms(text))).items():
            rows, values = self._entries.get(term, (None, None))
            if rows is not None and values is not None:
                found[rows] += value * values
        return found

    def weight_of(self, text: Sequence[str]) -> float:
        """How much a text says that could be shared at all: the length of its weighted words."""
        terms = Counter(_terms(text))
        known = ((1 + math.log(n)) * self.weight.get(term, 0.0) for term, n in terms.items())
        return math.sqrt(sum(value * value for value in known))

    def _unit(self, terms: Counter[str]) -> dict[str, float]:
        known = {
            t: (1 + math.log(n)) * self.weight[t] for t, n in terms.items() if t in self.weight
        }
        length = math.sqrt(sum(value * value for value in known.values()))
        return {term: value / length for term, value in known.items()} if length else {}


def closest(values: FloatArray, allowed: Iterable[Any], most: int, at_least: float) -> list[int]:
    """Numbers of the greatest values among those allowed, the greatest first."""
    masked = np.where(np.fromiter(allowed, dtype=bool, count=len(values)), values, -1.0)
    order = np.argsort(-masked, kind="stable")[:most]
    return [int(number) for number in order if masked[number] >= at_least]


def _terms(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]
