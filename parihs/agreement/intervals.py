"""Confidence intervals: cluster bootstrap, Krippendorff's coincidence bootstrap, analytic."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from statistics import NormalDist

import numpy as np

from parihs.agreement.result import Agreement, Interval, Method
from parihs.agreement.statistic import Coincidences, Source
from parihs.agreement.student import t_quantile
from parihs.agreement.table import FloatArray, Label
from parihs.errors import ParihsError

FEW_CLUSTERS = 6
CLUSTER_SOURCE = "percentile bootstrap of clusters (Field & Welsh 2007, J R Stat Soc B 69:369-390)"
COINCIDENCE_SOURCE = "Krippendorff 2011, Algorithm for bootstrapping a distribution of alpha"


def interval(
    result: Agreement,
    method: Method,
    *,
    clusters: Sequence[Label] | None,
    b: int,
    seed: int | None,
    level: float,
) -> Interval:
    """The interval of one coefficient; see ``Agreement.interval``."""
    seed = secrets.randbits(32) if seed is None else seed
    source = result._source
    if source is None:
        raise ParihsError(
            "This result does not carry the readings it was computed from.",
            "Compute the coefficient again, then ask for its interval.",
        )
    if not 0 < level < 1 or b < 1:
        raise ParihsError(
            f"An interval cannot have level {level} and {b} replicates.",
            "Use a level between 0 and 1, such as 0.95, and at least one replicate.",
        )
    if method == "analytic" and source.analytic is None:
        raise ParihsError(
            f"No analytic interval has been published for {result.name}.",
            "Use the cluster bootstrap.",
        )
    if method == "coincidence" and source.coincidences is None:
        raise ParihsError(
            f"The coincidence bootstrap belongs to Krippendorff's alpha, not to {result.name}.",
            "Use the cluster bootstrap.",
        )
    if result.value is None:
        drawn, used = (0, None) if method == "analytic" else (b, seed)
        return Interval(None, None, method, drawn, used, level, undefined=result.undefined)
    if method == "analytic":
        return _analytic(result.value, source, level)
    if method == "coincidence" and source.coincidences is not None:
        return _coincidence(source.coincidences(), b, seed, level)
    if method == "cluster":
        return _cluster(source, clusters, b, seed, level)
    raise ParihsError(
        f"There is no interval method called {method!r}.",
        "Use 'cluster', 'coincidence' or 'analytic'.",
    )


def _cluster(
    source: Source, clusters: Sequence[Label] | None, b: int, seed: int, level: float
) -> Interval:
    rng = np.random.default_rng(seed)
    if clusters is None:
        if source.counts is None:
            raise ParihsError(
                "The continuum has no parts that could be drawn again.",
                "Give clusters: the positions at which each document ends.",
            )
        number = round(float(source.counts.sum()))
        sums, chance = source.statistic.contributions, source.counts / source.counts.sum()
    else:
        sums = source.cluster_sums(clusters)
        number = len(sums)
        chance = np.full(number, 1 / number)
    values = np.concatenate(
        [source.statistic.values(drawn @ sums) for drawn in draws(rng, number, chance, b, sums)]
    )
    low, high, undefined = percentiles(values, level)
    return Interval(
        low=None if np.isnan(low) else float(low),
        high=None if np.isnan(high) else float(high),
        method="cluster",
        b=b,
        seed=seed,
        level=level,
        n_undefined=int(undefined),
        n_clusters=number,
        source=CLUSTER_SOURCE,
        warning=few_clusters(number),
        undefined="No replicate had variation." if undefined == b else None,
    )


def draws(
    rng: np.random.Generator, number: int, chance: FloatArray, b: int, sums: FloatArray
) -> Iterator[FloatArray]:
    """How often each piece was drawn in each replicate, in blocks that fit in memory."""
    block = max(1, int(8e6 / max(len(chance), sums.shape[-1], 1)))
    for start in range(0, b, block):
        yield rng.multinomial(number, chance, size=min(block, b - start)).astype(np.float64)


def percentiles(values: FloatArray, level: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Lower and upper percentile along the first axis, and how many replicates are undefined."""
    undefined = np.isnan(values).sum(axis=0)
    ordered = np.sort(values, axis=0)
    defined = len(values) - undefined
    ends = []
    for share in ((1 - level) / 2, (1 + level) / 2):
        position = np.maximum(defined - 1, 0) * share
        below = np.floor(position).astype(np.int64)
        above = np.minimum(below + 1, np.maximum(defined - 1, 0))
        low = np.take_along_axis(ordered, below[None], axis=0)[0]
        high = np.take_along_axis(ordered, above[None], axis=0)[0]
        ends.append(low + (high - low) * (position - below))
    return ends[0], ends[1], undefined


def few_clusters(number: int) -> str | None:
    """The caution owed to a bootstrap of very few clusters."""
    if number >= FEW_CLUSTERS:
        return None
    return f"Only {number} clusters: the interval is likely to be too narrow."


def _coincidence(pairs: Coincidences, b: int, seed: int, level: float) -> Interval:
    """Draw coder pairs with replacement against the expected disagreement of all the data.

    Each of M draws from the coincidences takes d / (M De) off an alpha of 1; M is the number of
    pairs observed, at most 25 times the number of cells in use; alpha is kept above -1. A
    replicate in which one label alone was drawn has no variation and is counted as undefined.
    """
    rng = np.random.default_rng(seed)
    number = min(pairs.n_pairs, 25 * pairs.n_cells)
    drawn = rng.multinomial(number, pairs.weights / pairs.weights.sum(), size=b)
    values = 1 - drawn @ pairs.differences / (number * pairs.expected)
    alone = (drawn[:, pairs.diagonal] == number).any(axis=1)
    low, high, undefined = percentiles(np.where(alone, np.nan, np.maximum(values, -1)), level)
    return Interval(
        low=None if np.isnan(low) else float(low),
        high=None if np.isnan(high) else float(high),
        method="coincidence",
        b=b,
        seed=seed,
        level=level,
        n_undefined=int(undefined),
        source=COINCIDENCE_SOURCE,
        warning="Coder pairs are drawn as if independent: expect an interval that is too narrow.",
    )


def _analytic(value: float, source: Source, level: float) -> Interval:
    """Large-sample variance from each unit's influence: sum of squares / (n (n - 1)).

    The influence is the derivative of the coefficient towards a unit, taken with a complex step,
    which is exact to rounding. Gwet holds the number of pairable units fixed, which adds
    value * (n / pairable - 1) for a pairable unit and - value for any other; Fleiss, Cohen and
    Everitt divide by n^2.
    """
    assert source.analytic is not None
    assert source.counts is not None
    assert source.pairable is not None
    contributions = source.statistic.contributions
    read = contributions.any(axis=1)
    counts = source.counts * read
    n, paired = float(counts.sum()), float(counts @ source.pairable)
    if n < 2:
        reason = "An analytic interval needs at least two units."
        return Interval(None, None, "analytic", 0, None, level, undefined=reason)
    step = n * contributions - counts @ contributions
    observed, expected = source.statistic.finish(counts @ contributions + 1e-30j * step)
    influence = source.analytic.scale * (1 - observed / expected).imag / 1e-30
    influence += value * (n * source.pairable / paired - 1)
    if source.analytic.extra is not None:
        influence += source.analytic.extra
    spread = float(counts @ influence**2)
    normal = source.analytic.quantiles == "normal"
    error = (spread / n**2 if normal else spread / (n * (n - 1))) ** 0.5
    upper = (1 + level) / 2
    width = error * (NormalDist().inv_cdf(upper) if normal else t_quantile(upper, round(n) - 1))
    return Interval(
        low=value - width,
        high=min(value + width, 1.0),
        method="analytic",
        b=0,
        seed=None,
        level=level,
        n_clusters=round(n),
        standard_error=error,
        source=source.analytic.citation,
    )
