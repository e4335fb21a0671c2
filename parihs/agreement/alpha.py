"""Krippendorff's alpha for one reading per coder and unit: nominal to ratio, or any distance.

alpha = 1 - Do / De, with n pairable readings, n_c of them the value c, m_u coders on unit u, and
coincidences o_ck = sum_u (pairs c-k within u) / (m_u - 1):
Do = sum o_ck d_ck / n, De = sum n_c n_k d_ck / (n (n - 1)).
Source: Krippendorff 2019, *Content Analysis*, 4th ed., chapter 12.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np

from parihs.agreement.distances import Distance, distance_matrix, level_matrix
from parihs.agreement.result import Agreement
from parihs.agreement.statistic import Analytic, Coincidences, Statistic, Sums, conclude
from parihs.agreement.table import FloatArray, IntArray, Label, Table, Units, read_table
from parihs.errors import ParihsError

Level = Literal["nominal", "ordinal", "interval", "ratio"]
GWET_ALPHA = "Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed."


def krippendorff_alpha(
    units: Units,
    level: Level = "nominal",
    *,
    distance: Distance | None = None,
    categories: Iterable[Label] | None = None,
    counts: Any = None,
) -> Agreement:
    """Krippendorff's alpha for any number of coders, with missing readings.

    ``level``: nominal d = 1; ordinal d = (sum of n_g from c to k - (n_c + n_k) / 2)^2, in the order
    of ``categories`` (or sorted); interval d = (c - k)^2; ratio d = ((c - k) / (c + k))^2.
    ``distance``: ``masi_distance``, ``jaccard_distance`` or any symmetric function of two readings,
    taken as it is, not squared. Units read by one coder drop out. Raises ``ParihsError`` for a
    level that the readings do not have.
    """
    table = read_table(units, categories=categories, counts=counts)
    if distance is not None:
        name = f"krippendorff_alpha_{getattr(distance, '__name__', 'distance')}"
        matrix: FloatArray | None = distance_matrix(table.categories, distance)
    elif level in ("interval", "ratio"):
        name, matrix = f"krippendorff_alpha_{level}", level_matrix(table.categories, level)
    elif level in ("nominal", "ordinal"):
        name, matrix = f"krippendorff_alpha_{level}", None
    else:
        raise ParihsError(
            f"There is no level of measurement called {level!r}.",
            "Use 'nominal', 'ordinal', 'interval' or 'ratio', or give a distance.",
        )
    ordinal = distance is None and level == "ordinal"
    if ordinal:
        _check_order(table, categories)
        statistic = ordinal_statistic(table)
    elif matrix is None:
        statistic = nominal_statistic(table)
    else:
        statistic = distance_statistic(table, matrix)

    def coincidences() -> Coincidences:
        return _coincidences(table, statistic, matrix, ordinal=ordinal)

    return conclude(
        name,
        table,
        table,
        statistic,
        measures="disagreement",
        analytic=None if ordinal else _gwet(table, statistic),
        coincidences=coincidences,
    )


def nominal_statistic(table: Table) -> Statistic:
    """Every two different labels are equally far apart."""
    tallies, others = _paired_tallies(table)
    readings = tallies.sum(axis=1)
    differing = (readings**2 - (tallies**2).sum(axis=1)) / others

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        values = sums[..., 1:]
        n = values.sum(axis=-1)
        return sums[..., 0] / n, (n**2 - (values**2).sum(axis=-1)) / (n**2 * _shrink(n))

    return Statistic(np.column_stack([differing, tallies]), finish)


def distance_statistic(table: Table, matrix: FloatArray) -> Statistic:
    """Labels are as far apart as the matrix (categories, categories) says."""
    tallies, others = _paired_tallies(table)
    differing = ((tallies @ matrix) * tallies).sum(axis=1) / others

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        values = sums[..., 1:]
        n = values.sum(axis=-1)
        expected = ((values @ matrix) * values).sum(axis=-1) / (n**2 * _shrink(n))
        return sums[..., 0] / n, expected

    return Statistic(np.column_stack([differing, tallies]), finish)


def ordinal_statistic(table: Table) -> Statistic:
    """Labels are as far apart as their mean ranks, so the distance moves with the readings.

    With R_c = (readings below c) + n_c / 2, the ordinal difference of c and k is (R_c - R_k)^2.
    """
    tallies, _ = _paired_tallies(table)
    low, high, weights = _observed_pairs(table)
    pairs = len(low)

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        values = sums[..., pairs:]
        n = values.sum(axis=-1)
        rank = np.cumsum(values, axis=-1) - values / 2
        observed = (sums[..., :pairs] * (rank[..., low] - rank[..., high]) ** 2).sum(axis=-1) / n
        mean = (values * rank).sum(axis=-1) / n
        spread = (values * (rank - mean[..., None]) ** 2).sum(axis=-1)
        return observed, 2 * spread / (n - 1)

    return Statistic(np.column_stack([weights, tallies]), finish)


def _gwet(table: Table, statistic: Statistic) -> Analytic:
    """Gwet's variance is that of alpha without its small-sample factor (n - 1) / n.

    He centres the agreement of units with more or fewer readings than the mean on the agreement
    with that factor; ``extra`` is the difference this makes where readings are missing.
    """
    readings = table.readings * table.pairable
    n = float(table.counts @ readings)
    if n < 2:
        return Analytic("t", GWET_ALPHA)
    scale = n / (n - 1)
    value = float(statistic.values(table.counts @ statistic.contributions))
    mean = n / float(table.counts @ table.pairable)
    extra = -(1 - value) * scale / n * (readings / mean - 1) * table.pairable
    return Analytic("t", GWET_ALPHA, scale=scale, extra=extra)


def _shrink(n: Sums) -> FloatArray:
    """(n - 1) / n, without its imaginary part: the published variance holds this factor fixed."""
    factor: FloatArray = 1 - 1 / n.real
    return factor


def _paired_tallies(table: Table) -> tuple[FloatArray, FloatArray]:
    """Tallies of pairable patterns (others empty), and m_u - 1 for each."""
    tallies = table.tallies * table.pairable[:, None]
    return tallies, np.where(table.pairable, table.readings - 1, 1)


def _observed_pairs(table: Table) -> tuple[IntArray, IntArray, FloatArray]:
    """Pairs of different labels met within a unit, and their coincidences (patterns, pairs)."""
    tallies, others = _paired_tallies(table)
    together = (tallies > 0).astype(np.float64)
    low, high = np.nonzero(np.triu(together.T @ together, k=1))
    return low, high, 2 * tallies[:, low] * tallies[:, high] / others[:, None]


def _coincidences(
    table: Table, statistic: Statistic, matrix: FloatArray | None, *, ordinal: bool
) -> Coincidences:
    tallies, others = _paired_tallies(table)
    low, high, weights = _observed_pairs(table)
    totals = table.counts @ tallies
    if ordinal:
        rank = np.cumsum(totals) - totals / 2
        differences = (rank[low] - rank[high]) ** 2
    else:
        differences = np.ones(len(low)) if matrix is None else matrix[low, high]
    same = table.counts @ (tallies * (tallies - 1) / others[:, None])
    used = same > 0
    m = table.readings * table.pairable
    _, expected = statistic.finish(table.counts @ statistic.contributions)
    return Coincidences(
        weights=np.concatenate([table.counts @ weights, same[used]]),
        differences=np.concatenate([differences, np.zeros(int(used.sum()))]),
        diagonal=np.concatenate([np.zeros(len(low), dtype=bool), np.ones(int(used.sum()), bool)]),
        n_pairs=round(float(table.counts @ (m * (m - 1))) / 2),
        n_cells=2 * len(low) + int(used.sum()),
        expected=float(expected),
    )


def _check_order(table: Table, categories: Iterable[Label] | None) -> None:
    if categories is None and any(isinstance(c, str | frozenset) for c in table.categories):
        raise ParihsError(
            "The ordinal level needs to know the order of the labels, and these are words.",
            "Give the categories from lowest to highest, or use numbers.",
        )
