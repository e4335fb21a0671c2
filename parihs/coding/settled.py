"""The consensus layer: what coders agree on by themselves, and what was settled where they did not.

One rule for every count, chart and export. Codings that a settlement in force covers do not count
by themselves any more; the settlement's result stands in their place, stale or not (see
``adjudication``). All other codings count where enough coders agree, as in ``consensus``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from parihs.coding.adjudication import recorded
from parihs.coding.consensus import SharedSpan, Span, joint_valence, shared_spans
from parihs.model import Settlement


@dataclass(frozen=True, slots=True)
class ConsensusSpan(SharedSpan):
    """A stretch of the consensus layer with the codings and the decisions behind it."""

    settlement_ids: tuple[str, ...] = ()
    """Empty where coders agreed by themselves."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Settlements in force, as the consensus layer needs them."""

    covered: frozenset[str]
    """Ids of codings that do not count by themselves any more."""
    results: tuple[ConsensusSpan, ...]
    """What stands instead, each with all codings that its settlement settled."""


def decisions(given: Iterable[Settlement]) -> Decisions:
    """The settlements in force among these, taken apart."""
    covered: set[str] = set()
    results = []
    for settlement in given:
        if settlement.reopened_at is not None:
            continue
        behind = tuple(coding["id"] for coding in settlement.codings)
        coders = tuple(dict.fromkeys(coding["coder_id"] for coding in settlement.codings))
        covered.update(behind)
        results += [
            ConsensusSpan(
                version_id=settlement.version_id,
                code_id=item["code_id"],
                start=item["start"],
                end=item["end"],
                valence=item["valence"],
                coding_ids=behind,
                coder_ids=coders,
                settlement_ids=(settlement.id,),
            )
            for item in settlement.result
        ]
    return Decisions(frozenset(covered), tuple(results))


def load_decisions(
    session: Session,
    study_id: str,
    *,
    viewer_id: str | None = None,
    transcript_ids: Collection[str] | None = None,
) -> Decisions:
    """The study's settlements in force that a viewer may see (None sees all)."""
    return decisions(
        recorded(session, study_id, viewer_id=viewer_id, transcript_ids=transcript_ids)
    )


def consensus(
    codings: Iterable[Span], settlements: Iterable[Settlement], *, at_least: int = 2
) -> list[ConsensusSpan]:
    """Stretches that ``at_least`` coders gave one code, and the results of settlements in force.

    Stretches of one code that overlap or touch are one, so no words count twice for a code; where
    their valences differ, ``joint_valence`` says what they share. Sorted by version and position.
    """
    decided = decisions(settlements)
    free = [span for span in codings if span.id not in decided.covered]
    agreed = [
        ConsensusSpan(s.version_id, s.code_id, s.start, s.end, s.valence, s.coding_ids, s.coder_ids)
        for s in shared_spans(free, at_least=at_least)
    ]
    lines: dict[tuple[str, str], list[ConsensusSpan]] = defaultdict(list)
    for span in [*agreed, *decided.results]:
        lines[span.version_id, span.code_id].append(span)
    found = [_one(touching) for spans in lines.values() for touching in _touching(spans)]
    return sorted(found, key=lambda s: (s.version_id, s.start, s.end, s.code_id))


def _touching(spans: list[ConsensusSpan]) -> list[list[ConsensusSpan]]:
    groups: list[list[ConsensusSpan]] = []
    reach = -1
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if span.start > reach or not groups:
            groups.append([])
        groups[-1].append(span)
        reach = max(reach, span.end)
    return groups


def _one(spans: Sequence[ConsensusSpan]) -> ConsensusSpan:
    if len(spans) == 1:
        return spans[0]
    return ConsensusSpan(
        version_id=spans[0].version_id,
        code_id=spans[0].code_id,
        start=spans[0].start,
        end=max(span.end for span in spans),
        valence=joint_valence([span.valence for span in spans]),
        coding_ids=_distinct(span.coding_ids for span in spans),
        coder_ids=_distinct(span.coder_ids for span in spans),
        settlement_ids=_distinct(span.settlement_ids for span in spans),
    )


def _distinct(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))
