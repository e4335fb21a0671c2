"""Alpha for several labels at once: each reading is a set of labels (multi-valued alpha)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from parihs.agreement.distances import membership
from parihs.agreement.result import Agreement
from parihs.agreement.statistic import Finish, Statistic, Sums, conclude
from parihs.agreement.table import FloatArray, Table, Units, read_table


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
    member, labels = membership(table.categories)
    statistic = set_statistic(table, member)
    result = conclude("mvalpha", table, table, statistic, measures="disagreement")
    share = table.paired_totals @ member / max(table.paired_totals.sum(), 1)
    return replace(result, prevalence=dict(zip(labels, share.tolist(), strict=True)))


def set_statistic(table: Table, member: FloatArray) -> Statistic:
    """Sums of weighted differences, of label uses (labels) and of set sizes (0 .. largest).

    ``member``: (categories, labels), which labels each set holds.
    """
    sizes = member.sum(axis=1).astype(np.int64)
    largest, labels = int(sizes.max(initial=0)), member.shape[1]
    by_size = np.eye(largest + 1)[sizes]
    features = np.concatenate([member, by_size], axis=1)
    differing = np.zeros(len(table.rows))
    sums = np.zeros((len(table.rows), features.shape[1]))
    for i in range(table.n_coders):
        read = (table.rows[:, i] >= 0) & table.pairable
        sums[read] += features[table.rows[read, i]]
        for j in range(i):
            both = read & (table.rows[:, j] >= 0)
            first, second = table.rows[both, i], table.rows[both, j]
            common = np.einsum("pl,pl->p", member[first], member[second])
            total = np.maximum(sizes[first] + sizes[second], 1)
            alike = np.where(sizes[first] + sizes[second] > 0, 2 * common / total, 1)
            differing[both] += 2 * (1 - alike)
    differing /= np.maximum(table.readings - 1, 1)

    return Statistic(np.column_stack([differing, sums]), set_finish(labels))


def set_finish(labels: int) -> Finish:
    """Do and De from the sums of ``set_statistic``, for so many labels."""

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        uses, of_size = sums[..., 1 : 1 + labels], sums[..., 1 + labels :]
        n = of_size.sum(axis=-1)
        shares = of_size / n[..., None]
        expected = expected_difference(uses, of_size.shape[-1] - 1)
        return sums[..., 0] / n, np.einsum("...a,...ab,...b->...", shares, expected, shares)

    return finish


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
