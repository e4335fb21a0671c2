"""Coefficients that correct agreement for chance: the kappa family, S, pi and AC1.

All are (Po - Pe) / (1 - Pe) with the same observed agreement Po and another Pe each. With missing
readings, following Gwet (2014), *Handbook of Inter-Rater Reliability*, 4th ed., chapter 5:
Po is the mean over units with two or more readings of sum_k r_k (r_k - 1) / (r (r - 1)), and label
shares pi_k are the mean over units with a reading of r_k / r, where r coders read the unit and r_k
of them gave label k.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from parihs.agreement.chance import (
    ac1_statistic,
    chosen,
    cohen_statistic,
    conger_statistic,
    fleiss_statistic,
    percent_statistic,
    uniform_statistic,
)
from parihs.agreement.result import Agreement
from parihs.agreement.statistic import Analytic, Statistic, conclude
from parihs.agreement.table import Label, Table, Units, read_table
from parihs.errors import ParihsError

GWET = Analytic("t", "Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed.")
FLEISS_COHEN_EVERITT = Analytic("normal", "Fleiss, Cohen & Everitt 1969, Psychol Bull 72:323-327")


def percent_agreement(
    units: Units, *, categories: Iterable[Label] | None = None, counts: Any = None
) -> Agreement:
    """Share of coder pairs that agree, averaged over units: Po, not corrected for chance.

    Source: Gwet 2014, section 5.3. It is defined without variation, and says little then.
    """
    table = read_table(units, categories=categories, counts=counts)
    statistic = percent_statistic(table)
    return conclude(
        "percent_agreement",
        table,
        table,
        statistic,
        measures="agreement",
        chance=False,
        analytic=GWET,
    )


def fleiss_kappa(
    units: Units, *, categories: Iterable[Label] | None = None, counts: Any = None
) -> Agreement:
    """Fleiss' kappa for any number of coders: Pe = sum_k pi_k^2.

    Source: Fleiss 1971, Psychol Bull 76:378-382; missing readings after Gwet 2014.
    """
    table = read_table(units, categories=categories, counts=counts)
    return _many_coders("fleiss_kappa", table, fleiss_statistic(table))


def gwet_ac1(
    units: Units, *, categories: Iterable[Label] | None = None, counts: Any = None
) -> Agreement:
    """Gwet's AC1, steady when one label dominates: Pe = sum_k pi_k (1 - pi_k) / (q - 1).

    q is the number of labels that could be given: pass ``categories`` where some never were.
    Source: Gwet 2008, Br J Math Stat Psychol 61:29-48.
    """
    table = read_table(units, categories=categories, counts=counts)
    return _many_coders("gwet_ac1", table, ac1_statistic(table))


def brennan_prediger(
    units: Units, *, categories: Iterable[Label] | None = None, counts: Any = None
) -> Agreement:
    """Brennan and Prediger's coefficient, every label equally likely by chance: Pe = 1 / q.

    q is the number of labels that could be given: pass ``categories`` where some never were.
    Source: Brennan & Prediger 1981, Educ Psychol Meas 41:687-699; many coders after Gwet 2014.
    """
    table = read_table(units, categories=categories, counts=counts)
    return _many_coders("brennan_prediger", table, uniform_statistic(table))


def randolph_kappa(
    units: Units, *, categories: Iterable[Label] | None = None, counts: Any = None
) -> Agreement:
    """Randolph's free-marginal multirater kappa: Pe = 1 / q, for any number of coders.

    Source: Randolph 2005, Joensuu Learning and Instruction Symposium. The same number as
    ``brennan_prediger``, under the name that papers with several coders use.
    """
    table = read_table(units, categories=categories, counts=counts)
    return _many_coders("randolph_kappa", table, uniform_statistic(table))


def conger_kappa(
    units: Units, *, categories: Iterable[Label] | None = None, counts: Any = None
) -> Agreement:
    """Conger's kappa, Cohen's for any number of coders: each coder keeps their own label shares.

    Pe = sum_k (mean_g p_gk^2 - s_k^2 / R) = mean over coder pairs of sum_k p_gk p_hk, with p_gk the
    share of label k among what coder g read and s_k^2 its variance over the R coders.
    Source: Conger 1980, Psychol Bull 88:322-328 (also Davies & Fleiss 1982); missing readings
    after Gwet 2014.
    """
    table = read_table(units, categories=categories, counts=counts)
    return _many_coders("conger_kappa", table, conger_statistic(table))


def bennett_s(
    units: Units, *, categories: Iterable[Label] | None = None, counts: Any = None
) -> Agreement:
    """Bennett, Alpert and Goldstein's S for two coders: Pe = 1 / q.

    Source: Bennett, Alpert & Goldstein 1954, Public Opin Q 18:303-308. Units that one coder did
    not read are left out. Raises ``ParihsError`` for more or fewer than two coders.
    """
    table = read_table(units, categories=categories, counts=counts)
    used = _two_coders(table, "Bennett's S", "brennan_prediger")
    return conclude(
        "bennett_s", table, used, uniform_statistic(used), measures="agreement", analytic=GWET
    )


def scott_pi(
    units: Units, *, categories: Iterable[Label] | None = None, counts: Any = None
) -> Agreement:
    """Scott's pi for two coders who share one set of label shares: Pe = sum_k pi_k^2.

    Source: Scott 1955, Public Opin Q 19:321-325. Units that one coder did not read are left out.
    Raises ``ParihsError`` for more or fewer than two coders.
    """
    table = read_table(units, categories=categories, counts=counts)
    used = _two_coders(table, "Scott's pi", "fleiss_kappa")
    return conclude(
        "scott_pi", table, used, fleiss_statistic(used), measures="agreement", analytic=GWET
    )


def cohen_kappa(
    units: Units,
    weights: Literal["linear", "quadratic"] | None = None,
    *,
    categories: Iterable[Label] | None = None,
    counts: Any = None,
) -> Agreement:
    """Cohen's kappa for two coders, each with their own label shares: Pe = sum_k p_k. p_.k.

    With ``weights`` a disagreement counts by how far apart the labels stand in the order of
    ``categories`` (or sorted): |i - j| or (i - j)^2 over the largest, and kappa is
    1 - sum w_ij p_ij / sum w_ij p_i. p_.j. Sources: Cohen 1960, Educ Psychol Meas 20:37-46; Cohen
    1968, Psychol Bull 70:213-220. Units that one coder did not read are left out. Raises
    ``ParihsError`` for more or fewer than two coders.
    """
    table = read_table(units, categories=categories, counts=counts)
    used = _two_coders(table, "Cohen's kappa", "conger_kappa or fleiss_kappa")
    name = f"cohen_kappa_{weights}" if weights else "cohen_kappa"
    return conclude(
        name,
        table,
        used,
        cohen_statistic(used, weights),
        measures="agreement",
        analytic=FLEISS_COHEN_EVERITT,
    )


def cohen_kappa_max(
    units: Units, *, categories: Iterable[Label] | None = None, counts: Any = None
) -> float | None:
    """The largest kappa that two coders with these label shares could reach, or None.

    (sum_k min(p_k., p_.k) - Pe) / (1 - Pe). Source: Cohen 1960, p. 42.
    """
    used = _two_coders(read_table(units, categories=categories, counts=counts), "Kappa", "Fleiss")
    total = used.counts.sum()
    if not total:
        return None
    first, second = (used.counts @ chosen(used.rows[:, g], used) / total for g in (0, 1))
    chance = float(first @ second)
    return float((np.minimum(first, second).sum() - chance) / (1 - chance)) if chance < 1 else None


def fleiss_kappa_by_category(
    units: Units, *, categories: Iterable[Label] | None = None, counts: Any = None
) -> dict[Label, Agreement]:
    """Fleiss' kappa of each label against all others: where agreement is lost.

    kappa_k = 1 - sum_i r_ik (r - r_ik) / (N r (r - 1) pi_k (1 - pi_k)).
    Source: Fleiss 1971, p. 380.
    """
    table = read_table(units, categories=categories, counts=counts)
    return {
        label: _many_coders("fleiss_kappa", one, fleiss_statistic(one))
        for number, label in enumerate(table.categories)
        for one in [_one_against_rest(table, number)]
    }


def _many_coders(name: str, table: Table, statistic: Statistic) -> Agreement:
    return conclude(name, table, table, statistic, measures="agreement", analytic=GWET)


def _two_coders(table: Table, name: str, instead: str) -> Table:
    if not len(table.rows):
        return replace(table, rows=table.rows.reshape(0, 2))
    if table.n_coders != 2:
        raise ParihsError(
            f"{name} compares two coders, and these units have {table.n_coders}.",
            f"Choose two coders, or use {instead}.",
        )
    return table.complete()


def _one_against_rest(table: Table, number: int) -> Table:
    rows = np.where(table.rows < 0, table.rows, table.rows == number)
    return Table(rows, table.pattern_of, table.unit_counts, (False, True))
