"""An edit script: which characters of one text stand in another one, and where.

Everything that moves with a corrected text is moved by one of these: codings, settlements, word
times. Positions are Unicode code points, ends are exclusive. What is between two kept blocks was
replaced by what is between them in the other text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

Kept: TypeAlias = tuple[int, int, int]
"""Where a block stands in the old text, where in the new one, and how long it is."""


class Change(NamedTuple):
    """``[old_start, old_end)`` was replaced by ``[new_start, new_end)``; either may be empty."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


@dataclass(frozen=True)
class Script:
    """From a text of ``n_old`` code points to one of ``n_new``; ``kept`` rises in both."""

    kept: tuple[Kept, ...]
    n_old: int
    n_new: int

    @classmethod
    def of(cls, kept: Iterable[Kept], n_old: int, n_new: int) -> Script:
        """A script from blocks in order; those that follow on each other become one.

        A block of length 0 is a border: two changes meet there, and neither reaches over it.
        """
        joined: list[Kept] = []
        for old, new, length in kept:
            if length == 0 and (old, new) in ((0, 0), (n_old, n_new)):
                continue
            if joined:
                before = joined[-1]
                if before[0] + before[2] == old and before[1] + before[2] == new:
                    joined[-1] = (before[0], before[1], before[2] + length)
                    continue
            joined.append((old, new, length))
        return cls(tuple(joined), n_old, n_new)

    @classmethod
    def same(cls, length: int) -> Script:
        """The script that changes nothing."""
        return cls.of([(0, 0, length)], length, length)

    @cached_property
    def _old_starts(self) -> list[int]:
        return [old for old, _, _ in self.kept]

    def _at(self, position: int) -> tuple[int | None, int, int]:
        """New position of an old character where it was kept, and the change around it if not."""
        at = bisect_right(self._old_starts, position) - 1
        if at >= 0:
            old, new, length = self.kept[at]
            if position < old + length:
                return new + position - old, 0, 0
            from_ = new + length
        else:
            from_ = 0
        to = self.kept[at + 1][1] if at + 1 < len(self.kept) else self.n_new
        return None, from_, to

    def start(self, position: int) -> int:
        """Where a stretch begins in the new text that began here in the old one."""
        if position >= self.n_old:
            return self.n_new
        moved, from_, _ = self._at(position)
        return from_ if moved is None else moved

    def end(self, position: int) -> int:
        """Where a stretch ends in the new text that ended here in the old one."""
        if position <= 0:
            return 0
        moved, _, to = self._at(position - 1)
        return to if moved is None else moved + 1

    def place(self, start: int, end: int) -> tuple[int, int]:
        """A stretch in the new text. Words put in place of some of its own belong to it; words
        put in beside it do not. Empty where nothing is left."""
        first, last = self.start(start), self.end(end)
        return (first, last) if first < last else (first, first)

    def changes(self) -> list[Change]:
        """Everything that was replaced, put in or taken out, in order."""
        found = []
        old = new = 0
        for block_old, block_new, length in (*self.kept, (self.n_old, self.n_new, 0)):
            if block_old > old or block_new > new:
                found.append(Change(old, block_old, new, block_new))
            old, new = block_old + length, block_new + length
        return found

    def keeps(self, start: int, end: int) -> int | None:
        """Where an unbroken stretch begins in the new text; None where any of it changed."""
        at = bisect_right(self._old_starts, start) - 1
        if at < 0 or start >= end:
            return None
        old, new, length = self.kept[at]
        return new + start - old if end <= old + length else None

    def inverse(self) -> Script:
        """The way back."""
        return Script(tuple((new, old, n) for old, new, n in self.kept), self.n_new, self.n_old)

    def then(self, after: Script) -> Script:
        """This script and the next one, as one."""
        found: list[Kept] = []
        i = j = 0
        while i < len(self.kept) and j < len(after.kept):
            old, middle, length = self.kept[i]
            middle_too, new, length_too = after.kept[j]
            start = max(middle, middle_too)
            end = min(middle + length, middle_too + length_too)
            if start < end:
                found.append((old + start - middle, new + start - middle_too, end - start))
            if middle + length <= middle_too + length_too:
                i += 1
            else:
                j += 1
        return Script.of(found, self.n_old, after.n_new)
