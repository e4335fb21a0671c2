"""What coders agree on: the stretches that at least two of them gave the same code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from parihs.model.terms import valence_number


@dataclass(frozen=True, slots=True)
class Span:
    """One coding reduced to what comparing needs; positions in code points of one version."""

    id: str
    version_id: str
    code_id: str
    coder_id: str
    start: int
    end: int
    valence: str


@dataclass(frozen=True, slots=True)
class SharedSpan:
    """A stretch that several coders gave one code, the codings behind it, their joint valence."""

    version_id: str
    code_id: str
    start: int
    end: int
    valence: str
    coding_ids: tuple[str, ...]
    coder_ids: tuple[str, ...]


def shared_spans(spans: Iterable[Span], *, at_least: int = 2) -> list[SharedSpan]:
    """Stretches of text that ``at_least`` different coders gave the same code.

    Stretches that touch are one. Used wherever no settled (adjudicated) coding exists yet.
    """
    groups: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for span in spans:
        groups[span.version_id, span.code_id].append(span)
    found = []
    for (version_id, code_id), members in groups.items():
        for start, end in _covered(members, at_least):
            behind = [m for m in members if m.start < end and m.end > start]
            found.append(
                SharedSpan(
                    version_id,
                    code_id,
                    start,
                    end,
                    joint_valence([m.valence for m in behind]),
                    tuple(m.id for m in behind),
                    tuple(dict.fromkeys(m.coder_id for m in behind)),
                )
            )
    return sorted(found, key=lambda s: (s.version_id, s.start, s.end, s.code_id))


def joint_valence(valences: list[str]) -> str:
    """One valence for codings that agree on the code.

    Unrated ones are left out; opposite signs, or any ``mixed``, give ``mixed``; otherwise the
    weaker rating holds, since only that much is shared.
    """
    rated = [valence for valence in valences if valence != "unrated"]
    if not rated:
        return "unrated"
    numbers = [valence_number(valence) for valence in rated]
    points = [number for number in numbers if number is not None]
    if len(points) < len(rated) or (min(points) < 0 < max(points)):
        return "mixed"
    return str(min(points, key=abs))


def _covered(members: list[Span], at_least: int) -> list[tuple[int, int]]:
    edges = sorted({edge for m in members for edge in (m.start, m.end)})
    stretches: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        coders = {m.coder_id for m in members if m.start <= start and m.end >= end}
        if len(coders) < at_least:
            continue
        if stretches and stretches[-1][1] == start:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    return stretches
