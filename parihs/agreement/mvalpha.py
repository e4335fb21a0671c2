"""Alpha for several labels at once: each reading is a set of labels (multi-valued alpha)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from parihs.agreement.distances import set_overlaps
from parihs.agreement.result import Agreement
from parihs.agreement.statistic import Statistic, Sums, conclude
from parihs.agreement.table import FloatArray, Label, Table, Units, read_table, sorted_labels


def mvalpha(units: Units, *, counts: Any = None) -> Agreement:
    """Krippendorff and Craggs' multi-valued nominal alpha: how alike sets of labels are.

    Each reading is a set of labels: the empty set for read-and-coded-nothing, ``None`` for not
    read. Two sets differ by d(C, K) = 1 - 2 |C and K| / (|C| + |K|), and 0 if both are empty.
    Do is the mean of d over pairs of readings within units, each unit weighted 1 / (m_u - 1).
    De = sum over sizes a, b of P_a P_b E_ab: P_a is the share of sets of size a, and E_ab the mean
    of d over all possible sets of those sizes, each pair weighted by
    prod_{c in C} n_c * prod_{k in K} (n_k - [k in C]), n_c = how often label c was used.
    Source: Krippendorff & Craggs 2016, Commun Methods Meas 10:181-198.

    The sets are never listed: the generating function of the weights is a product over labels, so
    E_ab is exact in labels * a * b steps however many labels there are. ``prevalence`` is the
    share of readings that carry each label. Raises ``ParihsError`` for readings that are not sets.
    """
    table = read_table(units, counts=counts)
    sizes, common, member = set_overlaps(table.categories)
    result = conclude(
        "mvalpha",
        table,
        table,
        set_statistic(table, sizes, common, member),
        measures="disagreement",
    )
    return _with_label_prevalence(result, table, member)


def set_statistic(
    table: Table, sizes: FloatArray, common: FloatArray, member: FloatArray
) -> Statistic:
    """Sums of weighted differences, of label uses (labels) and of set sizes (0 .. largest)."""
    total = sizes[:, None] + sizes[None, :]
    difference = 1 - np.divide(2 * common, total, out=np.ones_like(common), where=total > 0)
    tallies = table.tallies * table.pairable[:, None]
    others = np.where(table.pairable, table.readings - 1, 1)
    differing = ((tallies @ difference) * tallies).sum(axis=1) / others
    largest = int(sizes.max(initial=0))
    by_size = np.eye(largest + 1)[sizes.astype(np.int64)]
    labels = member.shape[1]

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        uses, of_size = sums[..., 1 : 1 + labels], sums[..., 1 + labels :]
        n = of_size.sum(axis=-1)
        shares = of_size / n[..., None]
        expected = expected_difference(uses, largest)
        return sums[..., 0] / n, np.einsum("...a,...ab,...b->...", shares, expected, shares)

    return Statistic(np.column_stack([differing, tallies @ member, tallies @ by_size]), finish)


def expected_difference(uses: Sums, largest: int) -> Sums:
    """E_ab for all sizes up to ``largest``: label uses (..., labels) to (..., a, b).

    Each label is in neither set (1), in the first (n x), in the second (n y) or in both
    (n (n - 1) x y); the coefficient of x^a y^b in the product over labels is the total weight of
    all pairs of sets with sizes a and b. Carrying the derivative by the last term beside it
    gives the weighted sum of |C and K|. Pairs that cannot be formed contribute nothing.
    """
    lead, labels = uses.shape[:-1], uses.shape[-1]
    weight = np.zeros((*lead, largest + 1, largest + 1), dtype=uses.dtype)
    shared = np.zeros_like(weight)
    weight[..., 0, 0] = 1
    # Dividing all uses by their mean leaves E_ab alone and keeps the products within range.
    scale = np.maximum(uses.real.sum(axis=-1, keepdims=True) / max(labels, 1), 1e-300)
    for label in range(labels):
        once = (uses[..., label] / scale[..., 0])[..., None, None]
        twice = once * ((uses[..., label] - 1) / scale[..., 0])[..., None, None]
        shared = _times(shared, once, twice)
        shared[..., 1:, 1:] += twice * weight[..., :-1, :-1]
        weight = _times(weight, once, twice)
    size = np.arange(largest + 1)
    total = np.maximum(np.add.outer(size, size), 1)
    possible = weight != 0
    mean_shared = np.divide(shared, weight, out=np.zeros_like(weight), where=possible)
    difference = np.where(possible, 1 - 2 * mean_shared / total, 0)
    difference[..., 0, 0] = 0
    return difference


def _times(polynomial: Sums, once: Sums, twice: Sums) -> Sums:
    product = polynomial.copy()
    product[..., 1:, :] += once * polynomial[..., :-1, :]
    product[..., :, 1:] += once * polynomial[..., :, :-1]
    product[..., 1:, 1:] += twice * polynomial[..., :-1, :-1]
    return product


def _with_label_prevalence(result: Agreement, table: Table, member: FloatArray) -> Agreement:
    labels: list[Label] = sorted_labels(
        {label for one in table.categories if isinstance(one, frozenset) for label in one}
    )
    readings = (table.counts * table.pairable) @ table.tallies
    shares = readings @ member / max(readings.sum(), 1)
    return replace(result, prevalence=dict(zip(labels, shares.tolist(), strict=True)))
