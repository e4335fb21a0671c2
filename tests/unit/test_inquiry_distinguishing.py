"""Distinguishing constructs: the published table, and rules that are visible settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parihs.errors import ParihsError
from parihs.inquiry import RATINGS, RULES, distinguishing
from parihs.inquiry.distinguishing import NO_DATA, NONE, STRONG, WEAK

EXAMPLES = json.loads(
    (Path(__file__).parents[1] / "data" / "comparison_examples.json").read_text(encoding="utf-8")
)["site_comparison"]["rows"]
HIGH = ("h1", "h2", "h3", "h4")
LOW = ("l1",)


def given_ratings(row: dict[str, Any]) -> dict[str, str]:
    values = zip((*HIGH, *LOW), (*row["high"], *row["low"]), strict=True)
    return {site: "not asked" if value is None else str(value) for site, value in values}


def test_the_published_table_comes_back_whole() -> None:
    ratings = {row["construct"]: given_ratings(row) for row in EXAMPLES}
    found = distinguishing(ratings, HIGH, LOW)
    labels = [row.label if row.label in (STRONG, WEAK) else None for row in found.rows]
    assert labels == [row["published"] for row in EXAMPLES]
    assert len(labels) == 22


def test_an_absent_rating_is_a_missing_one_and_a_group_without_any_cannot_be_judged() -> None:
    ratings = {"cost": {"h1": "2", "l1": "nothing said"}, "fit": {"h1": "2", "l1": "mixed"}}
    cost, fit = distinguishing(ratings, HIGH, LOW).rows
    assert (cost.label, cost.gap, cost.mean_difference) == (NO_DATA, None, None)
    assert (fit.label, fit.gap, fit.high) == (STRONG, 2, ("2", None, None, None))


def test_another_rule_gives_another_answer_and_says_so() -> None:
    ratings = {"fit": {"h1": "-1", "h2": "mixed", "l1": "1"}}
    varsi = distinguishing(ratings, ("h1", "h2"), LOW)
    means = distinguishing(ratings, ("h1", "h2"), LOW, "difference-of-means")
    assert (varsi.rows[0].label, means.rows[0].label) == (NONE, STRONG)
    assert means.rows[0].higher == "low"
    for found in (varsi, means):
        assert found.rule.text in found.caption()
        assert "2 high and 1 low" in found.caption()
    assert varsi.caption() != means.caption()


rating = st.sampled_from(list(RATINGS))
group = st.lists(rating, min_size=1, max_size=5)


@given(high=group, low=group, rule=st.sampled_from(list(RULES)), dice=st.randoms())
def test_the_order_of_sites_and_missing_sites_decide_nothing(
    high: list[str], low: list[str], rule: str, dice: Any
) -> None:
    def label(above: list[str], below: list[str]) -> str:
        sites = [f"h{n}" for n in range(len(above))], [f"l{n}" for n in range(len(below))]
        ratings = dict(zip(sites[0] + sites[1], above + below, strict=True))
        return distinguishing({"c": ratings}, *sites, rule).rows[0].label

    shuffled = dice.sample(high, len(high)), dice.sample(low, len(low))
    assert label(*shuffled) == label(high, low)
    assert label([*high, "not asked"], [*low, "nothing said"]) == label(high, low)


@pytest.mark.parametrize(
    ("high", "low", "rule", "says"),
    [
        (("a",), ("b",), "best", "no rule called"),
        ((), ("b",), "varsi-2015", "both groups"),
        (("a",), ("a",), "varsi-2015", "both groups"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    high: tuple[str, ...], low: tuple[str, ...], rule: str, says: str
) -> None:
    with pytest.raises(ParihsError, match=says):
        distinguishing({}, high, low, rule)
