"""Text without case and accents, in as many code points as before, so that places stay true."""

from __future__ import annotations

import unicodedata
from typing import Final

_ALIKE: Final = {"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-"}
COMBINING: Final = "\u0300-\u036f"
"""Accents written as code points of their own, which stay where they are."""


class _Folded(dict[int, str]):
    """Works out a character when it is first met."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        base = _ALIKE.get(char) or unicodedata.normalize("NFD", char)[0]
        # Some capitals have two small letters; one of them keeps the length.
        self[point] = base.lower()[0]
        return self[point]


_FOLDED: Final = _Folded()


def fold(text: str) -> str:
    """``text`` without case and accents; code point *n* of one is code point *n* of the other."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)
