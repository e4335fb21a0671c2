"""Which constructs tell sites that did well from sites that did not, by a rule one can read.

Papers use different rules, so a rule is a named setting whose words are printed with its results.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from parihs.errors import ParihsError
from parihs.inquiry.rating_values import MIXED, number

STRONG: Final = "strong"
WEAK: Final = "weak"
NONE: Final = "none"
NO_DATA: Final = "no data"

Points = Sequence[int]


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to judge one construct from the points of the high and of the low sites."""

    name: str
    title: str
    text: str
    """The whole rule in words, for printing under the table."""
    mixed: int | None
    """What a mixed rating counts as; None leaves it out."""
    judge: Callable[[Points, Points], str]
    """Label from the points of both groups, neither of them empty."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One construct under one rule."""

    construct_id: str
    high: tuple[str | None, ...]
    """Rating of each high site, in the order of the sites; None where nothing is agreed."""
    low: tuple[str | None, ...]
    label: str
    """``strong``, ``weak``, ``none``, or ``no data`` where a group has no rating that counts."""
    gap: int | None
    """Lowest high point minus highest low point."""
    mean_difference: float | None
    """Mean of the high points minus mean of the low points."""

    @property
    def higher(self) -> str:
        """The group with the higher mean: ``high``, ``low``, or empty where they are equal."""
        if not self.mean_difference:
            return ""
        return "high" if self.mean_difference > 0 else "low"


@dataclass(frozen=True, slots=True)
class Distinguishing:
    """All constructs under one rule, with the groups and the rule's words."""

    rule: Rule
    high: tuple[str, ...]
    """Site ids."""
    low: tuple[str, ...]
    rows: tuple[Judgement, ...]

    def n(self, label: str) -> int:
        """How many constructs have a label."""
        return sum(row.label == label for row in self.rows)

    def caption(self) -> str:
        """What stands under the table: the rule, the groups and how many constructs they judge."""
        return (
            f"{self.rule.title}: {self.rule.text} {len(self.high)} high and {len(self.low)} low"
            f" sites; of {len(self.rows)} constructs {self.n(STRONG)} distinguish strongly,"
            f" {self.n(WEAK)} weakly, {self.n(NONE)} not, and {self.n(NO_DATA)} cannot be judged."
        )


def distinguishing(
    ratings: Mapping[str, Mapping[str, str]],
    high: Sequence[str],
    low: Sequence[str],
    rule: str = "varsi-2015",
) -> Distinguishing:
    """Judge every construct.

    ``ratings``: construct id → site id → rating (a key of ``RATINGS``); a site that is absent has
    no rating. ``high`` and ``low``: site ids. Raises ParihsError for an unknown rule, an empty
    group or a site in both.
    """
    if rule not in RULES:
        raise ParihsError(f"There is no rule called “{rule}”.", f"Use one of: {', '.join(RULES)}.")
    if not high or not low:
        raise ParihsError(
            "There must be sites in both groups before they can be compared.",
            "Say which sites did well and which did not.",
        )
    if set(high) & set(low):
        raise ParihsError("A site cannot be in both groups.", "Leave it in one, or in neither.")
    chosen = RULES[rule]
    rows = tuple(
        _judged(
            chosen,
            construct_id,
            tuple(given.get(site) for site in high),
            tuple(given.get(site) for site in low),
        )
        for construct_id, given in ratings.items()
    )
    return Distinguishing(chosen, tuple(high), tuple(low), rows)


def _judged(
    rule: Rule, construct_id: str, high: tuple[str | None, ...], low: tuple[str | None, ...]
) -> Judgement:
    above, below = _points(rule, high), _points(rule, low)
    if not above or not below:
        return Judgement(construct_id, high, low, NO_DATA, None, None)
    gap = min(above) - max(below)
    difference = fmean(above) - fmean(below)
    return Judgement(construct_id, high, low, rule.judge(above, below), gap, difference)


def _points(rule: Rule, ratings: Sequence[str | None]) -> list[int]:
    given = [rule.mixed if r == MIXED else number(r) for r in ratings if r is not None]
    return [point for point in given if point is not None]


def _varsi(high: Points, low: Points) -> str:
    gap = min(high) - max(low)
    # Means of whole numbers, compared without division so that rounding decides nothing.
    apart = sum(high) * len(low) - sum(low) * len(high) >= len(high) * len(low)
    if gap >= 2:
        return STRONG
    return WEAK if gap >= 0 and apart else NONE


def _means(high: Points, low: Points) -> str:
    difference = abs(sum(high) * len(low) - sum(low) * len(high))
    one = len(high) * len(low)
    return STRONG if difference >= 2 * one else WEAK if difference >= one else NONE


RULES: Final = {
    rule.name: rule
    for rule in (
        Rule(
            "varsi-2015",
            "Gap between the groups (after Varsi 2015)",
            "A construct distinguishes strongly if the lowest rating among the high sites is at"
            " least 2 points above the highest among the low sites; weakly if it is not below it"
            " and the means differ by at least 1 point. Mixed counts as 0, missing ratings are left"
            " out.",
            0,
            _varsi,
            "Our wording of the labels printed in Varsi et al. 2015, J Med Internet Res"
            " 17(11):e262, Table 2; it gives all 22 of them.",
        ),
        Rule(
            "difference-of-means",
            "Difference of the means",
            "A construct distinguishes strongly if the mean ratings of the groups differ by at"
            " least 2 points, weakly if by at least 1, whichever group is higher. Mixed and missing"
            " ratings are left out.",
            None,
            _means,
        ),
    )
}
"""Rules by name."""
