"""What each coefficient of the kappa family expects by chance, as sums over units.

The formulas and sources stand with the public functions in ``kappa``.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from parihs.agreement.statistic import Statistic, Sums
from parihs.agreement.table import FloatArray, IntArray, Table
from parihs.errors import ParihsError


def percent_statistic(table: Table) -> Statistic:
    """Po alone: sums of pairable units and of their agreement."""

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        return 1 - sums[..., 1] / sums[..., 0], np.ones(sums.shape[:-1])

    return Statistic(_pair_agreement(table), finish)


def uniform_statistic(table: Table) -> Statistic:
    """Pe = 1 / q."""
    width = len(table.categories)
    chance = 1 / width if width else 1.0

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        return 1 - sums[..., 1] / sums[..., 0], np.full(sums.shape[:-1], 1 - chance)

    return Statistic(_pair_agreement(table), finish)


def fleiss_statistic(table: Table) -> Statistic:
    """Pe = sum_k pi_k^2."""

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        shares = sums[..., 3:] / sums[..., 2:3]
        return 1 - sums[..., 1] / sums[..., 0], 1 - (shares**2).sum(axis=-1)

    return Statistic(np.column_stack([_pair_agreement(table), _label_shares(table)]), finish)


def ac1_statistic(table: Table) -> Statistic:
    """Pe = sum_k pi_k (1 - pi_k) / (q - 1)."""
    others = max(len(table.categories) - 1, 1)

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        shares = sums[..., 3:] / sums[..., 2:3]
        chance = (shares * (1 - shares)).sum(axis=-1) / others
        return 1 - sums[..., 1] / sums[..., 0], 1 - chance

    return Statistic(np.column_stack([_pair_agreement(table), _label_shares(table)]), finish)


def conger_statistic(table: Table) -> Statistic:
    """Pe = mean over coder pairs of sum_k p_gk p_hk; coders who read nothing take no part."""
    width = len(table.categories)
    given = [chosen(column, table) for column in table.rows.T]
    contributions = np.column_stack([_pair_agreement(table), *given])

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        by_coder = sums[..., 3:].reshape(*sums.shape[:-1], len(given), width)
        read = by_coder.sum(axis=-1, keepdims=True)
        present = read.real > 0
        shares = np.where(present, by_coder / np.where(present, read, 1), 0)
        coders = present.sum(axis=(-1, -2))
        total = shares.sum(axis=-2)
        pairs = (total**2).sum(axis=-1) - (shares**2).sum(axis=(-1, -2))
        return 1 - sums[..., 1] / sums[..., 0], 1 - pairs / (coders * (coders - 1))

    return Statistic(contributions, finish)


def cohen_statistic(
    table: Table, weights: Literal["linear", "quadratic"] | None = None
) -> Statistic:
    """Weighted disagreement of two coders, both of whom read every pattern of the table."""
    width = len(table.categories)
    steps = np.abs(np.subtract.outer(np.arange(width), np.arange(width))).astype(np.float64)
    distances = {None: (steps > 0).astype(np.float64), "linear": steps, "quadratic": steps**2}
    if weights not in distances:
        raise ParihsError(
            f"Cohen's kappa has no weights called {weights!r}.",
            "Use 'linear', 'quadratic', or leave the weights out.",
        )
    distance = distances[weights] / max(distances[weights].max(initial=0), 1)
    first, second = table.rows[:, 0], table.rows[:, 1]
    contributions = np.column_stack(
        [
            np.ones(len(table.rows)),
            distance[first, second] if width else np.zeros(len(table.rows)),
            chosen(first, table),
            chosen(second, table),
        ]
    )

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        total = sums[..., 0]
        rows, columns = sums[..., 2 : 2 + width], sums[..., 2 + width :]
        expected = ((rows @ distance) * columns).sum(axis=-1) / total**2
        return sums[..., 1] / total, expected

    return Statistic(contributions, finish)


def _pair_agreement(table: Table) -> FloatArray:
    """Per pattern: is it pairable, which share of its coder pairs agree, was it read at all."""
    pairs = np.where(table.pairable, table.readings * (table.readings - 1), 1)
    agreeing = (table.tallies * (table.tallies - 1)).sum(axis=1)
    return np.column_stack([table.pairable, agreeing / pairs, table.readings > 0])


def _label_shares(table: Table) -> FloatArray:
    """Per pattern: the share of each label among its readings."""
    shares: FloatArray = table.tallies / np.maximum(table.readings, 1)[:, None]
    return shares


def chosen(column: IntArray, table: Table) -> FloatArray:
    """Which category one coder gave each pattern: (patterns, categories) of 0 and 1."""
    given: npt.NDArray[np.bool_] = column[:, None] == np.arange(len(table.categories))
    return given.astype(np.float64)
