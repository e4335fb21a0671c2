"""Quantiles of Student's t for whole degrees of freedom, without scipy."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np


def t_cdf(t: float, df: int) -> float:
    """P(T <= t) for ``df`` degrees of freedom, by the finite series for whole ``df``.

    Source: Abramowitz & Stegun 1964, 26.7.3 and 26.7.4.
    """
    angle = math.atan2(t, math.sqrt(df))
    cosine = math.cos(angle) ** 2
    if df % 2:
        steps = np.arange(1, (df - 1) // 2)
        factors = np.concatenate([[1.0], 2 * steps / (2 * steps + 1) * cosine])
        series = float(np.cumprod(factors).sum()) if df > 1 else 0.0
        inside = 2 / math.pi * (angle + math.sin(angle) * math.cos(angle) * series)
    else:
        steps = np.arange(1, df // 2)
        factors = np.concatenate([[1.0], (2 * steps - 1) / (2 * steps) * cosine])
        inside = math.sin(angle) * float(np.cumprod(factors).sum())
    return (1 + inside) / 2


def t_quantile(probability: float, df: int) -> float:
    """The t that ``probability`` of draws stay below, for 0.5 <= probability < 1.

    From 10,000 degrees of freedom on, the normal quantile with its first two corrections
    (Abramowitz & Stegun 26.7.5) is exact to nine digits and is used instead.
    """
    z = NormalDist().inv_cdf(probability)
    if df >= 10_000:
        return z + (z**3 + z) / (4 * df) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)
    low, high = 0.0, 1.0
    while t_cdf(high, df) < probability:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if t_cdf(middle, df) < probability else (low, middle)
    return (low + high) / 2
