"""Places in the text where coders gave one code: the geometry under agreement and disagreement.

Positions are code points of one transcript version. Before anything is compared, each coding is
trimmed to its words, so that a blank or a full stop more or less never counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from parihs.coding.consensus import Span
from parihs.coding.levels import CodeLevels

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """One code where at least one coder gave it: their stretches overlap one another."""

    code_id: str
    """The code at the level of comparison."""
    start: int
    end: int
    codings: tuple[Span, ...]
    """In text order, as they were given."""
    covered: dict[str, tuple[Stretch, ...]]
    """Coder id → the words this coder gave the code, trimmed, in order."""

    @property
    def coder_ids(self) -> frozenset[str]:
        """Who gave the code here."""
        return frozenset(self.covered)


def parts(spans: Iterable[Span], text: str, levels: CodeLevels) -> list[Part]:
    """Gather the codings of one version into parts, in text order.

    Codings of one code belong together where their words overlap, whoever made them. Two codings by
    the same coder also belong together when no word stands between them within a turn: two
    sentences coded one after the other are one stretch.
    """
    lines: dict[str, list[tuple[int, int, Span]]] = defaultdict(list)
    for span in spans:
        lines[levels[span.code_id]].append((*trimmed(text, span.start, span.end), span))
    found = []
    for code_id, members in lines.items():
        members.sort(key=lambda m: (m[0], m[1], m[2].coder_id, m[2].id))
        gathered: list[tuple[int, int, Span]] = []
        reach = -1
        last: dict[str, int] = {}
        for start, end, span in members:
            before = last.get(span.coder_id)
            goes_on = before is not None and _no_word_between(text, before, start)
            if gathered and start >= reach and not goes_on:
                found.append(_part(code_id, gathered, text))
                gathered, last = [], {}
            gathered.append((start, end, span))
            reach = max(reach, end)
            last[span.coder_id] = max(end, last.get(span.coder_id, end))
        found.append(_part(code_id, gathered, text))
    return sorted(found, key=lambda p: (p.start, p.end, levels.order(p.code_id), p.code_id))


def trimmed(text: str, start: int, end: int) -> Stretch:
    """The stretch without blanks, punctuation and signs at its edges; unchanged if that is all."""
    first, last = start, end
    while first < last and not text[first].isalnum():
        first += 1
    while last > first and not text[last - 1].isalnum():
        last -= 1
    return (first, last) if first < last else (start, end)


def overlap_share(covered: Iterable[tuple[Stretch, ...]]) -> float:
    """Characters that all of these coders coded, as a share of those that any of them coded.

    Takes each coder's stretches, which must not overlap one another. 1.0 for a single coder.
    """
    coders = list(covered)
    steps: dict[int, int] = defaultdict(int)
    for stretches in coders:
        for start, end in stretches:
            steps[start] += 1
            steps[end] -= 1
    depth = by_all = by_any = 0
    for at, to in pairwise(sorted(steps)):
        depth += steps[at]
        by_any += (to - at) * (depth > 0)
        by_all += (to - at) * (depth == len(coders))
    return by_all / by_any if by_any else 0.0


def joined(stretches: Iterable[Stretch], text: str) -> tuple[Stretch, ...]:
    """Stretches that overlap or have no word between them, made one, in order."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and (start <= found[-1][1] or _no_word_between(text, found[-1][1], start)):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _part(code_id: str, members: list[tuple[int, int, Span]], text: str) -> Part:
    own: dict[str, list[Stretch]] = defaultdict(list)
    for start, end, span in members:
        own[span.coder_id].append((start, end))
    return Part(
        code_id,
        members[0][0],
        max(end for _, end, _ in members),
        tuple(span for _, _, span in members),
        {coder: joined(stretches, text) for coder, stretches in own.items()},
    )


def _no_word_between(text: str, start: int, end: int) -> bool:
    """Whether only blanks and punctuation of one turn stand between; turns end in a line feed."""
    for position in range(start, end):
        if text[position].isalnum() or text[position] == "\n":
            return False
    return True
