"""A coefficient as two small pieces: what each unit contributes, and what the sums say.

Every coefficient here is ``1 - observed disagreement / expected disagreement``, and both are
functions of sums over units. So one description serves the point estimate (sum all units), the
cluster bootstrap (sum the clusters drawn), many codes at once (sum per code) and the analytic
variance (differentiate at the sums).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from parihs.agreement.result import Agreement
from parihs.agreement.table import FloatArray, IntArray, Label, Table, sorted_labels
from parihs.errors import ParihsError

Sums: TypeAlias = npt.NDArray[Any]
Finish: TypeAlias = Callable[[Sums], tuple[Sums, Sums]]
Measures: TypeAlias = Literal["agreement", "disagreement"]

NOT_PAIRED = "No unit was read by two coders, so there is nothing to compare."
NO_VARIATION = (
    "All readings that can be compared carry the same label, so chance alone would agree as well."
)
NO_CHANCE = "The expected disagreement is zero, so agreement beyond chance is not defined."


@dataclass(frozen=True)
class Statistic:
    """``contributions``: (patterns, S). ``finish``: sums (..., S) to (observed, expected)
    disagreement, each (...); it must accept complex sums, which the analytic variance uses.
    """

    contributions: FloatArray
    finish: Finish

    def values(self, sums: FloatArray) -> FloatArray:
        """The coefficient for each row of sums: (..., S) to (...), nan where not defined."""
        with np.errstate(divide="ignore", invalid="ignore"):
            observed, expected = self.finish(sums)
            value = 1.0 - observed / expected
        return np.where(np.broadcast_to(expected, value.shape) > 0, value, np.nan)


@dataclass(frozen=True)
class Analytic:
    """A published variance: its quantiles, where it is published, and how the influence of each
    pattern that it uses differs from the derivative: times ``scale``, plus ``extra``."""

    quantiles: Literal["t", "normal"]
    citation: str
    scale: float = 1.0
    extra: FloatArray | None = None


@dataclass(frozen=True)
class Coincidences:
    """Observed coder pairs for Krippendorff's bootstrap: each distinct pair of values with its
    weight, its difference, and whether both values are the same; ``n_cells`` counts the cells in
    use of the square matrix that these pairs come from."""

    weights: FloatArray
    differences: FloatArray
    diagonal: npt.NDArray[np.bool_]
    n_pairs: int
    n_cells: int
    expected: float


@dataclass(frozen=True)
class Source:
    """What an interval needs: the statistic, the units behind it, and which methods exist."""

    statistic: Statistic
    counts: FloatArray | None
    cluster_sums: Callable[[Sequence[Label]], FloatArray]
    analytic: Analytic | None = None
    coincidences: Callable[[], Coincidences] | None = None
    pairable: npt.NDArray[np.bool_] | None = None


def conclude(
    name: str,
    given: Table,
    used: Table,
    statistic: Statistic,
    *,
    measures: Measures,
    chance: bool = True,
    analytic: Analytic | None = None,
    coincidences: Callable[[], Coincidences] | None = None,
) -> Agreement:
    """The result object of a coefficient: its value, or why there is none.

    ``given`` is the table as it came, ``used`` the part that this coefficient can use.
    """
    sums = used.counts @ statistic.contributions
    observed, expected, value = _evaluate(statistic, sums)
    reason = _why_undefined(used, expected) if chance else _why_unpaired(used)
    if reason:
        value = None
        if reason == NOT_PAIRED:
            observed = expected = None
    if measures == "agreement":
        observed = None if observed is None else 1.0 - observed
        expected = None if expected is None or not chance else 1.0 - expected

    def cluster_sums(clusters: Sequence[Label]) -> FloatArray:
        return sums_by_cluster(given, used, statistic, clusters)

    paired = used.counts * used.pairable
    return Agreement(
        name=name,
        value=value,
        undefined=reason,
        observed=observed,
        expected=expected,
        measures=measures,
        n_units=float(given.counts.sum()),
        n_coders=given.n_coders,
        n_pairable=float(paired.sum()),
        n_values=float(paired @ used.readings),
        prevalence=used.prevalence(),
        _source=Source(statistic, used.counts, cluster_sums, analytic, coincidences, used.pairable),
    )


def _evaluate(
    statistic: Statistic, sums: FloatArray
) -> tuple[float | None, float | None, float | None]:
    with np.errstate(divide="ignore", invalid="ignore"):
        observed, expected = (float(x) for x in statistic.finish(sums))
    if np.isnan(observed) or np.isnan(expected):
        return None, None, None
    return observed, expected, 1.0 - observed / expected if expected > 0 else None


def _why_unpaired(table: Table) -> str | None:
    return None if (table.counts * table.pairable).any() else NOT_PAIRED


def _why_undefined(table: Table, expected: float | None) -> str | None:
    if reason := _why_unpaired(table):
        return reason
    if (table.paired_totals > 0).sum() < 2:
        return NO_VARIATION
    return None if expected is not None and expected > 0 else NO_CHANCE


def sums_by_cluster(
    given: Table, used: Table, statistic: Statistic, clusters: Sequence[Label]
) -> FloatArray:
    """Contributions summed within each cluster: (clusters, S); ``clusters`` has one per unit."""
    if len(clusters) != len(given.pattern_of):
        raise ParihsError(
            f"There are {len(given.pattern_of)} units but {len(clusters)} cluster names.",
            "Name the cluster of every unit, in the order of the units.",
        )
    cluster, number = cluster_numbers(clusters)
    if used is not given:
        cluster = cluster[given.whole[given.pattern_of]]
    cells = cluster * len(used.rows) + used.pattern_of
    weights = np.bincount(
        cells, weights=used.unit_counts, minlength=number * len(used.rows)
    ).reshape(number, len(used.rows))
    sums: FloatArray = weights @ statistic.contributions
    return sums


def cluster_numbers(clusters: Sequence[Label]) -> tuple[IntArray, int]:
    """Clusters by number in the order of their names, so that unit order does not change draws."""
    names = {name: i for i, name in enumerate(sorted_labels(set(clusters)))}
    return np.array([names[cluster] for cluster in clusters], dtype=np.int64), len(names)
