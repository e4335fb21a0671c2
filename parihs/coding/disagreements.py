"""Where coders differ, place by place, in the order of the text: what a team talks about first.

The rule, in plain words. Take the codings of one transcript by the coders chosen, at one level of
the codebook, trimmed to their words.

1. *Same code first.* Stretches of one code that overlap belong together, whoever gave them. A code
   that all coders gave is agreed on, even where somebody gave a further code to the same words:
   codings are multi-label, so the further code is looked at on its own. What remains for an agreed
   code is where it ends (``different boundary``) and which way it bears (``different valence``).
2. *Then what is left over.* Only codes that some of the coders gave, and others did not, can stand
   against each other. Two of them are ``different code`` when each was given by somebody who did
   not give the other, and when they share at least half of the shorter one's text: one statement,
   named in two ways. Each is set against one counterpart at most, the one whose stretch fits best
   (between equals, the nearest in the code tree): one coder's code is not counted as confused with
   each of another's codes in the same turn.
3. *What is left after that* is ``one coded``: some coders gave the code, and the others have
   nothing left there that would stand against it.

So every coding is in exactly one place, and each place is one thing to decide. A place can differ
in several ways; the gravest is its kind and the others are named too.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import Final

from parihs.coding.consensus import Span, joint_valence
from parihs.coding.levels import CodeLevels, CodePlace, Level
from parihs.coding.places import Part, Stretch, joined, overlap_share, parts
from parihs.model import Turn
from parihs.model.terms import valence_direction
from parihs.store.transcripts import SEPARATOR

DIFFERENT_CODE: Final = "different code"
ONE_CODED: Final = "one coded"
DIFFERENT_VALENCE: Final = "different valence"
DIFFERENT_BOUNDARY: Final = "different boundary"
KINDS: Final = (DIFFERENT_CODE, ONE_CODED, DIFFERENT_VALENCE, DIFFERENT_BOUNDARY)
"""Gravest first: what it is, whether it is there, which way it bears, where it ends."""

OPPOSITE: Final = "opposite"
DIRECTION: Final = "direction"
STRENGTH: Final = "strength"
VALENCE_GAPS: Final = (OPPOSITE, DIRECTION, STRENGTH)
"""Enabling against constraining; mixed or neutral against either; the same way, but how strongly.
A valence left unrated contradicts nobody."""


@dataclass(frozen=True)
class Place:
    """A place in the text that coders agree or disagree about; agreed when ``kinds`` is empty."""

    id: str
    """The same whenever and at whatever level the same codings meet in one place."""
    version_id: str
    start: int
    """From here to ``end`` its codings reach, as they were made."""
    end: int
    turns: tuple[int, ...]
    """Positions of the turns it touches."""
    kinds: tuple[str, ...]
    """All ways in which it differs, gravest first."""
    parts: tuple[Part, ...]
    """The codes in question: several only where different codes stand against each other."""
    coder_ids: tuple[str, ...]
    """Everyone compared, also those who coded nothing here."""
    overlap: float
    """Share of the coded text that all coders who coded here have in common."""
    valence_gap: str | None
    """One of ``VALENCE_GAPS``, or None."""

    @property
    def kind(self) -> str | None:
        """The gravest way in which it differs; None where it is agreed."""
        return self.kinds[0] if self.kinds else None

    @cached_property
    def codings(self) -> tuple[Span, ...]:
        """The codings behind it, in text order."""
        spans = (span for part in self.parts for span in part.codings)
        return tuple(sorted(spans, key=lambda s: (s.start, s.end, s.coder_id, s.id)))

    @property
    def coding_ids(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(span.id for span in self.codings)

    @property
    def code_ids(self) -> tuple[str, ...]:
        """The codes in question, at the level of comparison."""
        return tuple(part.code_id for part in self.parts)

    @property
    def by_coder(self) -> dict[str, tuple[Span, ...]]:
        """Each compared coder's codings here; empty for those who coded nothing."""
        return {
            coder: tuple(span for span in self.codings if span.coder_id == coder)
            for coder in self.coder_ids
        }


def compare(
    codings: Iterable[Span],
    turns: Sequence[Turn],
    codes: Iterable[CodePlace],
    *,
    level: Level = "code",
    coders: Collection[str] | None = None,
) -> list[Place]:
    """Every place where somebody coded, agreed or not, in text order; see the module for the rule.

    ``codings`` are the present codings of one transcript version, ``turns`` all its turns.
    ``coders`` are those compared: everyone who has read the transcript, since coding nothing is a
    statement too; by default those who coded. Codings of others are left out.
    Raises ParihsError for an unknown level, ValueError for codings of several versions.
    """
    spans = [span for span in codings if coders is None or span.coder_id in coders]
    if len({span.version_id for span in spans}) > 1:
        raise ValueError("codings of several transcript versions cannot be compared")
    everyone = frozenset(coders if coders is not None else (span.coder_id for span in spans))
    turns = sorted(turns, key=lambda turn: turn.start)
    text = SEPARATOR.join(turn.text for turn in turns)
    levels = CodeLevels(codes, level)
    found = parts(spans, text, levels)
    shared = [part for part in found if part.coder_ids == everyone]
    rest = [part for part in found if part.coder_ids != everyone]
    groups = [[part] for part in shared] + _set_against(rest, levels)
    places = [_place(group, text, turns, everyone) for group in groups]
    return sorted(places, key=lambda p: (p.start, p.end, [levels.order(c) for c in p.code_ids]))


def disagreements(
    codings: Iterable[Span],
    turns: Sequence[Turn],
    codes: Iterable[CodePlace],
    *,
    level: Level = "code",
    coders: Collection[str] | None = None,
) -> list[Place]:
    """The places of ``compare`` where coders differ."""
    return [p for p in compare(codings, turns, codes, level=level, coders=coders) if p.kinds]


def agreed(
    codings: Iterable[Span],
    turns: Sequence[Turn],
    codes: Iterable[CodePlace],
    *,
    level: Level = "code",
    coders: Collection[str] | None = None,
) -> list[Place]:
    """The places of ``compare`` where all coders gave the same code, valence and boundaries."""
    return [p for p in compare(codings, turns, codes, level=level, coders=coders) if not p.kinds]


def counts_by_kind(places: Iterable[Place]) -> dict[str, int]:
    """Disagreements by their (gravest) kind, in the order of ``KINDS``; they add up to all."""
    counts = Counter(place.kind for place in places)
    return {kind: counts[kind] for kind in KINDS}


def confusion(
    places: Iterable[Place], one: str, other: str
) -> Counter[tuple[str | None, str | None]]:
    """How often one coder's code met which code of another coder's, agreed places included.

    Keys are ``(code of one, code of other)`` at the level of comparison. Equal codes are the
    diagonal; None stands for having given no code there. Places where neither coded are left out.
    """
    counts: Counter[tuple[str | None, str | None]] = Counter()
    nothing: set[str | None] = {None}
    for place in places:
        first, second = (
            {part.code_id for part in place.parts if coder in part.covered}
            for coder in (one, other)
        )
        counts.update((code, code) for code in first & second)
        if first != second:
            counts.update(product(first - second or nothing, second - first or nothing))
    return counts


def confused_codes(places: Iterable[Place]) -> Counter[tuple[str, str]]:
    """Pairs of codes that stood against each other, over all pairs of coders, commonest first."""
    counts: Counter[tuple[str, str]] = Counter()
    for place in places:
        for one, other in combinations(place.parts, 2):
            first, second = one.coder_ids - other.coder_ids, other.coder_ids - one.coder_ids
            a, b = sorted((one.code_id, other.code_id))
            counts[a, b] += len(first) * len(second)
    return Counter(dict(counts.most_common()))


def _set_against(rest: list[Part], levels: CodeLevels) -> list[list[Part]]:
    """Groups of parts that stand against each other; a part without a counterpart is alone."""
    pairs = []
    near: list[int] = []
    for number, part in enumerate(rest):
        near = [other for other in near if rest[other].end > part.start]
        for other in near:
            before = rest[other]
            common = min(before.end, part.end) - part.start
            if 2 * common < min(before.end - before.start, part.end - part.start):
                continue
            if _each_brings_somebody(before.coder_ids, part.coder_ids):
                fit = common / (max(before.end, part.end) - before.start)
                away = levels.distance(before.code_id, part.code_id)
                pairs.append((-fit, away, other, number))
        near.append(number)
    group = {number: [number] for number in range(len(rest))}
    who = {number: rest[number].coder_ids for number in range(len(rest))}
    for _, _, one, other in sorted(pairs):
        a, b = group[one], group[other]
        if a is b or not _each_brings_somebody(who[one], who[other]):
            continue
        a.extend(b)
        both = who[one] | who[other]
        for number in a:
            group[number], who[number] = a, both
    distinct = {id(numbers): numbers for numbers in group.values()}
    return [[rest[number] for number in sorted(numbers)] for numbers in distinct.values()]


def _each_brings_somebody(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one - other) and bool(other - one)


def _place(group: list[Part], text: str, turns: Sequence[Turn], everyone: frozenset[str]) -> Place:
    gap = _valence_gap(group)
    kinds = []
    if len(group) > 1:
        kinds.append(DIFFERENT_CODE)
    elif group[0].coder_ids != everyone:
        kinds.append(ONE_CODED)
    if gap is not None:
        kinds.append(DIFFERENT_VALENCE)
    if any(len(set(part.covered.values())) > 1 for part in group):
        kinds.append(DIFFERENT_BOUNDARY)
    covered: dict[str, list[Stretch]] = {}
    for part in group:
        for coder, stretches in part.covered.items():
            covered.setdefault(coder, []).extend(stretches)
    spans = [span for part in group for span in part.codings]
    version_id = spans[0].version_id
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    first = bisect_right(turns, start, key=lambda turn: turn.start) - 1
    last = bisect_left(turns, end, key=lambda turn: turn.start)
    return Place(
        id=place_id(version_id, (span.id for span in spans)),
        version_id=version_id,
        start=start,
        end=end,
        turns=tuple(turn.position for turn in turns[max(0, first) : last]),
        kinds=tuple(kinds),
        parts=tuple(group),
        coder_ids=tuple(sorted(everyone)),
        overlap=overlap_share(joined(stretches, text) for stretches in covered.values()),
        valence_gap=gap,
    )


def _valence_gap(group: list[Part]) -> str | None:
    gaps = []
    for part in group:
        if len(part.covered) < 2:
            continue
        given = {
            coder: joint_valence([s.valence for s in part.codings if s.coder_id == coder])
            for coder in part.covered
        }
        rated = {valence for valence in given.values() if valence != "unrated"}
        directions = {valence_direction(valence) for valence in rated}
        if {"enabling", "constraining"} <= directions:
            gaps.append(OPPOSITE)
        elif len(directions) > 1:
            gaps.append(DIRECTION)
        elif len(rated) > 1:
            gaps.append(STRENGTH)
    return min(gaps, key=VALENCE_GAPS.index, default=None)


def place_id(version_id: str, coding_ids: Iterable[str]) -> str:
    """The id of the place where these codings of a version are compared."""
    named = "\n".join([version_id, *sorted(coding_ids)])
    return hashlib.sha256(named.encode()).hexdigest()[:24]
