"""Every coefficient for every code at once, with bootstrap intervals, from one table of counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from parihs.agreement.alpha import nominal_statistic
from parihs.agreement.chance import (
    ac1_statistic,
    cohen_statistic,
    fleiss_statistic,
    percent_statistic,
)
from parihs.agreement.intervals import (
    CLUSTER_SOURCE,
    FEW_CLUSTERS,
    draws,
    few_clusters,
    percentiles,
)
from parihs.agreement.result import Interval
from parihs.agreement.statistic import NO_VARIATION, NOT_PAIRED, Statistic, Sums
from parihs.agreement.table import FloatArray, IntArray, Label, Table
from parihs.agreement.units import CodeTable

NOT_USED = "No coder gave this code, so there is no presence to agree on."
ALWAYS_USED = "Every coder gave this code everywhere, so there is no absence to agree on."


@dataclass(frozen=True)
class Measure:
    """One coefficient of one code: a value or the reason why not, and its interval if asked."""

    name: str
    value: float | None
    undefined: str | None
    interval: Interval | None


@dataclass(frozen=True)
class CodeAgreement:
    """All that is said about one code.

    ``pairs``: both coded, first only, second only, neither, in units, added up over all pairs of
    coders (with two coders: their 2 × 2 table). ``measures``: percent, positive, negative, kappa
    (Cohen's for two coders, Fleiss' for more), ac1, alpha. ``prevalence``: the share of readings,
    in units read by two coders or more, that carry the code.
    """

    code: Label
    level: str
    n_units: float
    n_pairable: float
    pairs: tuple[float, float, float, float]
    prevalence: float | None
    measures: Mapping[str, Measure]


def per_code(
    table: CodeTable,
    *,
    b: int = 1000,
    seed: int = 1,
    level: float = 0.95,
    resample: Literal["auto", "document", "unit"] = "auto",
) -> list[CodeAgreement]:
    """The table per code: coefficients, 2 × 2, prevalence and intervals, for all codes at once.

    ``b``: bootstrap replicates, 0 for no intervals. ``resample``: whole documents, or single units
    as if they were independent; ``auto`` takes documents from six on. Positive and negative
    agreement: share of pairs with the code (without it) in which both have it (lack it);
    2a / (2a + b + c) for two coders. Sources: Cicchetti & Feinstein 1990, J Clin Epidemiol
    43:551-558; more coders: Spitzer & Fleiss 1974, Br J Psychiatry 125:341-347.
    """
    statistics = _statistics(table)
    totals = table.counts.sum(axis=1)
    shape = Table(table.rows, np.arange(len(table.rows)), np.ones(len(table.rows)), (0, 1))
    paired = totals @ shape.pairable
    readings = totals @ (shape.tallies * shape.pairable[:, None])
    pairs = totals @ _pairs(table.rows)
    values = {name: s.values(totals @ s.contributions) for name, s in statistics.items()}
    intervals = _intervals(table, statistics, b, seed, level, resample) if b else {}
    found = []
    for number, code in enumerate(table.codes):
        absent, present = (float(x) for x in readings[number])
        measures = {}
        for name in statistics:
            reason = _why_undefined(name, float(paired[number]), absent, present)
            value = None if reason else float(values[name][number])
            interval = intervals[name][number] if b and not reason else None
            measures[name] = Measure(name, value, reason, interval)
        found.append(
            CodeAgreement(
                code=code,
                level=table.level,
                n_units=float(totals[number].sum()),
                n_pairable=float(paired[number]),
                pairs=_four(pairs[number]),
                prevalence=present / (present + absent) if present + absent else None,
                measures=measures,
            )
        )
    return found


def _statistics(table: CodeTable) -> dict[str, Statistic]:
    shape = Table(table.rows, np.arange(len(table.rows)), np.ones(len(table.rows)), (0, 1))
    kappa = _cohen(shape) if len(table.coders) == 2 else fleiss_statistic(shape)
    return {
        "percent": percent_statistic(shape),
        "positive": _specific_statistic(shape, 1),
        "negative": _specific_statistic(shape, 0),
        "kappa": kappa,
        "ac1": ac1_statistic(shape),
        "alpha": nominal_statistic(shape),
    }


def _cohen(table: Table) -> Statistic:
    statistic = cohen_statistic(table)
    return Statistic(statistic.contributions * table.whole[:, None], statistic.finish)


def _specific_statistic(table: Table, category: int) -> Statistic:
    given = table.tallies[:, category] * table.pairable
    pairs = np.column_stack([given * (given - 1), given * (table.readings - 1)])

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        return 1 - sums[..., 0] / sums[..., 1], np.ones(sums.shape[:-1])

    return Statistic(pairs, finish)


def _pairs(rows: IntArray) -> FloatArray:
    """Per pattern: coder pairs with both, first only, second only and neither (patterns, 4)."""
    found = np.zeros((len(rows), 4))
    for i in range(rows.shape[1]):
        for j in range(i + 1, rows.shape[1]):
            first, second = rows[:, i], rows[:, j]
            for column, (a, c) in enumerate(((1, 1), (1, 0), (0, 1), (0, 0))):
                found[:, column] += (first == a) & (second == c)
    return found


def _four(row: FloatArray) -> tuple[float, float, float, float]:
    both, first, second, neither = (float(x) for x in row)
    return both, first, second, neither


def _intervals(
    table: CodeTable,
    statistics: Mapping[str, Statistic],
    b: int,
    seed: int,
    level: float,
    resample: Literal["auto", "document", "unit"],
) -> dict[str, list[Interval]]:
    documents = len(table.documents)
    whole = resample == "document" or (resample == "auto" and documents >= FEW_CLUSTERS)
    columns = np.cumsum([0] + [s.contributions.shape[1] for s in statistics.values()])
    together = np.concatenate([s.contributions for s in statistics.values()], axis=1)
    draw = _drawn_documents if whole else _drawn_units
    values: dict[str, list[FloatArray]] = {name: [] for name in statistics}
    for sums in draw(table, together, b, np.random.default_rng(seed)):
        for (name, statistic), low, high in zip(
            statistics.items(), columns, columns[1:], strict=False
        ):
            values[name].append(statistic.values(sums[..., low:high]))
    warning = few_clusters(documents) if whole else _unit_warning(documents, table.level)
    found = {}
    for name, parts in values.items():
        low, high, undefined = percentiles(np.concatenate(parts), level)
        found[name] = [
            Interval(
                low=None if np.isnan(low[c]) else float(low[c]),
                high=None if np.isnan(high[c]) else float(high[c]),
                method="cluster",
                b=b,
                seed=seed,
                level=level,
                n_undefined=int(undefined[c]),
                n_clusters=documents if whole else round(float(table.counts[c].sum())),
                source=CLUSTER_SOURCE,
                warning=warning,
                undefined="No replicate had variation." if undefined[c] == b else None,
            )
            for c in range(len(table.codes))
        ]
    return found


def _drawn_documents(
    table: CodeTable, contributions: FloatArray, b: int, rng: np.random.Generator
) -> Iterator[FloatArray]:
    """Sums (replicates, codes, S) of documents drawn again; the same draw serves every code."""
    documents = len(table.documents)
    by_document = (table.counts @ contributions).transpose(1, 0, 2)
    flat = by_document.reshape(documents, -1)
    for drawn in draws(rng, documents, np.full(documents, 1 / documents), b, flat):
        yield (drawn @ flat).reshape(len(drawn), len(table.codes), -1)


def _drawn_units(
    table: CodeTable, contributions: FloatArray, b: int, rng: np.random.Generator
) -> Iterator[FloatArray]:
    """Sums (replicates, codes, S) of units drawn again, which is drawing from the patterns."""
    totals = table.counts.sum(axis=1)
    number = totals.sum(axis=1)
    chance = totals / np.maximum(number, 1)[:, None]
    chance[:, -1] = np.maximum(1 - chance[:, :-1].sum(axis=1), 0)
    block = max(1, int(8e6 / max(totals.size, 1)))
    for start in range(0, b, block):
        size = (min(block, b - start), len(totals))
        drawn = rng.multinomial(number.round().astype(np.int64), chance, size=size)
        yield drawn.astype(np.float64) @ contributions


def _unit_warning(documents: int, level: str) -> str:
    return (
        f"Each {level} was drawn as if it were independent of its neighbours, in {documents} "
        "documents: the interval is likely to be too narrow."
    )


def _why_undefined(name: str, paired: float, absent: float, present: float) -> str | None:
    if not paired:
        return NOT_PAIRED
    if name == "positive":
        return None if present else NOT_USED
    if name == "negative":
        return None if absent else ALWAYS_USED
    if name == "percent" or (present and absent):
        return None
    return NO_VARIATION
