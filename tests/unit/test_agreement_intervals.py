"""Intervals: named, repeatable, and the same as drawing units by hand."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

from parihs import agreement
from parihs.agreement.student import t_cdf, t_quantile
from parihs.errors import ParihsError


def some_units(seed: int = 1, units: int = 60, coders: int = 3) -> list[list[int | None]]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, 4, (units, 1))
    table = np.where(rng.random((units, coders)) < 0.7, truth, rng.integers(1, 4, (units, coders)))
    missing = rng.random(table.shape) < 0.1
    return [
        [None if gone else int(x) for x, gone in zip(row, gaps, strict=True)]
        for row, gaps in zip(table, missing, strict=True)
    ]


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_cluster_bootstrap_equals_recomputing_on_the_units_drawn(level: str) -> None:
    units = some_units()
    clusters = [i // 6 for i in range(60)]
    result = agreement.krippendorff_alpha(units, level)
    found = result.interval(clusters=clusters, b=400, seed=11)
    rng = np.random.default_rng(11)
    values = []
    for drawn in rng.multinomial(10, np.full(10, 0.1), size=400):
        again = [units[i] for i in range(60) for _ in range(drawn[clusters[i]])]
        values.append(agreement.krippendorff_alpha(again, level).value)
    low, high = np.quantile(values, [0.025, 0.975])
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(
    "coefficient",
    [
        agreement.fleiss_kappa,
        agreement.conger_kappa,
        agreement.gwet_ac1,
        agreement.percent_agreement,
    ],
)
def test_other_coefficients_too(coefficient: object) -> None:
    units = some_units(2)
    clusters = ["xyz"[i % 3] + str(i // 20) for i in range(60)]
    found = coefficient(units).interval(clusters=clusters, b=100, seed=5)
    names = sorted(set(clusters))
    rng = np.random.default_rng(5)
    values = []
    for drawn in rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=100):
        times = dict(zip(names, drawn, strict=True))
        again = [row for row, c in zip(units, clusters, strict=True) for _ in range(times[c])]
        values.append(coefficient(again, categories=[1, 2, 3]).value)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(values, [0.025, 0.975])))


def test_the_interval_says_how_it_was_made() -> None:
    result = agreement.fleiss_kappa(some_units())
    interval = result.interval(
        "cluster", clusters=["a", "b", "c", "d"] * 15, b=50, seed=9, level=0.9
    )
    assert (interval.method, interval.b, interval.seed, interval.level) == ("cluster", 50, 9, 0.9)
    assert interval.n_clusters == 4
    assert "Only 4 clusters" in interval.warning
    assert interval == result.interval(clusters=["a", "b", "c", "d"] * 15, b=50, seed=9, level=0.9)
    wide = result.interval(b=300, level=0.99)
    narrow = result.interval(b=300, level=0.5)
    assert wide.low < narrow.low < result.value < narrow.high < wide.high
    assert wide.warning is None


def test_replicates_without_variation_are_counted_not_used() -> None:
    units = [["a", "a"], ["b", "b"], ["a", "a"], ["a", "b"]]
    interval = agreement.krippendorff_alpha(units).interval(b=500, seed=3)
    assert 0 < interval.n_undefined < 500
    assert not math.isnan(interval.low)


def test_methods_that_do_not_exist_are_refused() -> None:
    units = some_units()
    with pytest.raises(ParihsError, match="belongs to Krippendorff"):
        agreement.fleiss_kappa(units).interval("coincidence")
    with pytest.raises(ParihsError, match="No analytic"):
        agreement.krippendorff_alpha(units, "ordinal").interval("analytic")
    with pytest.raises(ParihsError, match="No analytic"):
        agreement.mvalpha([[frozenset("a"), frozenset()]] * 3).interval("analytic")
    with pytest.raises(ParihsError, match="cluster names"):
        agreement.fleiss_kappa(units).interval(clusters=["a"])
    with pytest.raises(ParihsError, match="level"):
        agreement.fleiss_kappa(units).interval(level=95)
    with pytest.raises(ParihsError, match="no interval method"):
        agreement.fleiss_kappa(units).interval("jackknife")


def test_coincidence_bootstrap_is_repeatable_and_named() -> None:
    result = agreement.krippendorff_alpha(some_units())
    first, second = (result.interval("coincidence", b=200, seed=4) for _ in range(2))
    assert first == second
    assert first.method == "coincidence"
    assert "too narrow" in first.warning


def test_analytic_interval_covers_like_the_bootstrap_on_many_units() -> None:
    result = agreement.fleiss_kappa(some_units(3, units=600))
    analytic, bootstrap = result.interval("analytic"), result.interval(b=2000)
    assert (analytic.low, analytic.high) == pytest.approx((bootstrap.low, bootstrap.high), abs=0.01)
    assert analytic.seed is None
    assert "Gwet" in analytic.source


@pytest.mark.parametrize(
    ("probability", "df", "quantile"),
    [(0.975, 1, 12.7062), (0.975, 2, 4.30265), (0.95, 11, 1.79588), (0.995, 30, 2.75000)],
)
def test_student_quantiles_of_the_printed_tables(
    probability: float, df: int, quantile: float
) -> None:
    assert t_quantile(probability, df) == pytest.approx(quantile, abs=6e-5)


def test_student_quantile_inverts_the_distribution_and_meets_the_normal() -> None:
    for df in (1, 2, 3, 4, 7, 50, 501, 9999):
        assert t_cdf(t_quantile(0.9, df), df) == pytest.approx(0.9, abs=1e-12)
    assert t_quantile(0.975, 9999) == pytest.approx(t_quantile(0.975, 10_000), abs=1e-6)


def test_clusters_with_units_that_one_of_two_coders_did_not_read() -> None:
    units = [row[:2] for row in some_units(4)]
    clusters = [i % 7 for i in range(60)]
    found = agreement.cohen_kappa(units).interval(clusters=clusters, b=100, seed=6)
    kept = [(row, c) for row, c in zip(units, clusters, strict=True) if None not in row]
    assert len(kept) < 60
    wanted = agreement.cohen_kappa([row for row, _ in kept])
    assert found == wanted.interval(clusters=[c for _, c in kept], b=100, seed=6)


def test_a_new_seed_is_named() -> None:
    result = agreement.fleiss_kappa(some_units())
    fresh = result.interval(b=50, seed=None)
    assert isinstance(fresh.seed, int)
    assert fresh == result.interval(b=50, seed=fresh.seed)


def test_a_stored_result_keeps_its_numbers_and_not_the_readings() -> None:
    result = agreement.fleiss_kappa(some_units())
    stored = pickle.loads(pickle.dumps(result))
    assert stored == result
    with pytest.raises(ParihsError, match="does not carry the readings"):
        stored.interval()
