"""Which voices of different recordings sound alike: pairs that are each other's best match."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

ALIKE: Final = 0.7
"""Cosine similarity from which two voices are shown as alike; ``benchmarks/same_voice.py``."""
AHEAD: Final = 0.1
"""How much likelier a pair must be than the second best of either."""
LEAST_VOICES: Final = 4
"""With fewer, it cannot be told what is common and what is special."""
CEPSTRAL_MEANS: Final = 20
"""As many leading numbers of a print are coloured by the room and the microphone."""
PITCH_COUNTS: Final = 3.0
"""Weight of the last two numbers, pitch and its spread: two among forty would not be heard."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two voices by their places in the list, and how alike they are (cosine, −1 to 1)."""

    one: int
    other: int
    similarity: float


def alike(prints: Sequence[Sequence[float]], rooms: Sequence[Hashable]) -> list[Alike]:
    """Pairs of voices from different rooms that sound alike, the likest first.

    A pair counts where each is the other's best match in the other's room, where it reaches
    ``ALIKE``, and where it is ahead of every other match of the two by ``AHEAD``. ``rooms`` says
    which recording each print is from.
    """
    if len(prints) < LEAST_VOICES or len(set(rooms)) < 2:
        return []
    similar = _similarities(np.array(prints, dtype=np.float64), rooms)
    places: dict[Hashable, list[int]] = {}
    for place, room in enumerate(rooms):
        places.setdefault(room, []).append(place)
    found = []
    for mine, theirs in combinations(places.values(), 2):
        table = similar[np.ix_(mine, theirs)]
        for row, best in enumerate(table.argmax(axis=1)):
            value = table[row, best]
            rivals = np.append(np.delete(table[row], best), np.delete(table[:, best], row))
            if value >= ALIKE and value - rivals.max(initial=-1.0) >= AHEAD:
                found.append(Alike(mine[row], theirs[int(best)], float(value)))
    return sorted(found, key=lambda pair: -pair.similarity)


def _similarities(numbers: Floats, rooms: Sequence[Hashable]) -> Floats:
    """Cosine of every two prints, after taking off what the voices of a room have in common."""
    numbers = numbers.copy()
    for room in set(rooms):
        here = [place for place, each in enumerate(rooms) if each == room]
        common = numbers[here, :CEPSTRAL_MEANS].mean(axis=0)
        numbers[np.ix_(here, range(CEPSTRAL_MEANS))] -= common
    scaled = (numbers - numbers.mean(axis=0)) / (numbers.std(axis=0) + 1e-6)
    scaled[:, -2:] *= PITCH_COUNTS
    lengths = np.linalg.norm(scaled, axis=1, keepdims=True)
    unit = scaled / np.maximum(lengths, 1e-9)
    result: Floats = unit @ unit.T
    return result
