"""Agreement on where segments begin and end, and on what they are: the unitizing alphas of 2016.

Source for all: Krippendorff, Mathet, Bouvry & Widlöcher 2016, Qual Quant 50:2347-2364 (the same in
Krippendorff 2019, *Content Analysis*, 4th ed., section 12.6). m coders divide one continuum of
length L into segments, each with a value or a gap. Lengths of matched stretches replace counts:

l_ck = sum over coder pairs of the length that one called c and the other k, / (m - 1);
q_c = sum of |S|^2 over segments called c, and of |S| over gaps;
e_ck = (l_c. l_k. - [c = k] q_c) / (l.. - q. / l..).

Gaps are counted by the unit, so values move a little with the unit of length: use characters or
tokens, say which, and stay with it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from parihs.agreement.continuum import Continuum, read_continuum
from parihs.agreement.result import Agreement
from parihs.agreement.statistic import Source, Statistic, Sums
from parihs.agreement.table import FloatArray, Label

Segment: TypeAlias = tuple[int, int, Hashable]
Coders: TypeAlias = Mapping[str, Sequence[Segment]] | Sequence[Sequence[Segment]]

NO_SEGMENTS = "No coder marked any segment, so there is nothing to compare."
NO_OVERLAP = "No two coders marked the same stretch, so their values cannot be compared."
ONE_VALUE = "Wherever two coders marked the same stretch there is only one value: no variation."
ALL_MARKED = "Every coder marked the whole continuum: marked or gap does not vary."
NO_CHANCE = "The expected disagreement is zero, so agreement beyond chance is not defined."


def u_alpha(coders: Coders, length: int) -> Agreement:
    """Agreement on segments and their values together, gaps included.

    u = 1 - (l.. - sum_c l_cc) / (e.. - sum_c e_cc). ``coders``: for each coder, segments
    ``(start, end, value)``, end-exclusive, on a continuum from 0 to ``length``, which every coder
    read whole. One coder's segments may touch; overlapping ones are joined if they have the same
    value, else ``ParihsError`` says which ones stand in the way.
    """
    continuum = read_continuum(coders, length)
    width = len(continuum.values) + 1

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        lengths, squares = _unpack(sums, width)
        return _ratio(lengths, _expected(lengths, squares))

    return _result("u_alpha", continuum, Statistic(_sums(continuum), finish))


def bar_u_alpha(coders: Coders, length: int) -> Agreement:
    """Agreement on what is a segment and what is a gap, whatever the value.

    The cells of l and e are added up into marked and gap before the ratio is taken; touching
    segments stay separate. For one code at a time this is always possible, since the code's
    overlapping segments are joined. Input as in ``u_alpha``.
    """
    continuum = read_continuum(coders, length)
    width = len(continuum.values) + 1

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        lengths, squares = _unpack(sums, width)
        expected = _expected(lengths, squares)
        return _ratio(_marked_or_gap(lengths), _marked_or_gap(expected))

    return _result("bar_u_alpha", continuum, Statistic(_sums(continuum), finish))


def cu_alpha(coders: Coders, length: int) -> Agreement:
    """Agreement on values where coders marked the same stretch; gaps do not count.

    l* is l without gaps, q*_c = sum p^2 with p the length of a segment that the other coders
    marked too (mean over them), and the ratio is that of ``u_alpha``. With more than two coders
    the literature is not unanimous on q*; this is the reading that gives the published value.
    ``coverage`` is l*.. / l... Input as in ``u_alpha``.
    """
    continuum = read_continuum(coders, length)
    width = len(continuum.values) + 1

    def finish(sums: Sums) -> tuple[Sums, Sums]:
        lengths, squares = _unpack(sums, width, matched=True)
        return _ratio(lengths, _expected(lengths, squares))

    return _result("cu_alpha", continuum, Statistic(_sums(continuum), finish), matched=True)


def ku_alpha(coders: Coders, length: int) -> dict[Label, Agreement]:
    """Agreement on each value k alone, where coders marked the same stretch.

    (k)u = 1 - (e*_.k / l*_.k) (l*_.k - l*_kk) / (e*_.k - e*_kk), with ``coverage`` l*_.k / l_.k:
    the share of the length called k that other coders marked at all. Input as in ``u_alpha``.
    """
    continuum = read_continuum(coders, length)
    width = len(continuum.values) + 1
    sums = _sums(continuum)
    lengths, _ = _unpack(sums.sum(axis=0), width)
    found: dict[Label, Agreement] = {}
    for number, value in enumerate(continuum.values):

        def finish(sums: Sums, k: int = number) -> tuple[Sums, Sums]:
            lengths, squares = _unpack(sums, width, matched=True)
            expected = _expected(lengths, squares)
            total, chance = lengths[..., k].sum(axis=-1), expected[..., k].sum(axis=-1)
            return 1 - lengths[..., k, k] / total, 1 - expected[..., k, k] / chance

        matched, whole = lengths[:-1, number].sum(), lengths[:, number].sum()
        found[value] = _result(
            "ku_alpha",
            continuum,
            Statistic(sums, finish),
            matched=True,
            of_value=(float(matched), float(whole)),
        )
    return found


def _sums(continuum: Continuum) -> FloatArray:
    """One row: l (values and gap, flattened), q, and q*; additive over documents."""
    return np.atleast_2d(continuum.sums([continuum.length]))


def _unpack(sums: Sums, width: int, *, matched: bool = False) -> tuple[Sums, Sums]:
    """l (..., width, width) and q (..., width), or l* and q* without the gap."""
    lengths = sums[..., : width * width].reshape(*sums.shape[:-1], width, width)
    if matched:
        return lengths[..., :-1, :-1], sums[..., width * width + width :]
    return lengths, sums[..., width * width : width * width + width]


def _expected(lengths: Sums, squares: Sums) -> Sums:
    margin = lengths.sum(axis=-1)
    total = margin.sum(axis=-1)
    products = margin[..., :, None] * margin[..., None, :]
    diagonal = np.arange(margin.shape[-1])
    products[..., diagonal, diagonal] -= squares
    correction = total - squares.sum(axis=-1) / total
    result: Sums = products / correction[..., None, None]
    return result


def _ratio(lengths: Sums, expected: Sums) -> tuple[Sums, Sums]:
    total = lengths.sum(axis=(-1, -2))
    return (
        _off_diagonal(lengths) / total,
        _off_diagonal(expected) / total,
    )


def _off_diagonal(matrix: Sums) -> Sums:
    result: Sums = (matrix * (1 - np.eye(matrix.shape[-1]))).sum(axis=(-1, -2))
    return result


def _marked_or_gap(matrix: Sums) -> Sums:
    marked = matrix[..., :-1, :-1].sum(axis=(-1, -2))
    mixed = matrix[..., :-1, -1].sum(axis=-1)
    gap = matrix[..., -1, -1]
    rows = [np.stack([marked, mixed], axis=-1), np.stack([mixed, gap], axis=-1)]
    return np.stack(rows, axis=-2)


def _result(
    name: str,
    continuum: Continuum,
    statistic: Statistic,
    *,
    matched: bool = False,
    of_value: tuple[float, float] | None = None,
) -> Agreement:
    width = len(continuum.values) + 1
    sums = statistic.contributions.sum(axis=0)
    lengths, _ = _unpack(sums, width)
    paired = float(lengths[:-1, :-1].sum()) if matched else float(lengths.sum())
    part, whole = of_value or (paired, float(lengths.sum()))
    with np.errstate(divide="ignore", invalid="ignore"):
        observed, expected = (float(x) for x in statistic.finish(sums))
    reason = _why_undefined(name, lengths, matched=matched, pairable=part, expected=expected)
    margin = lengths[:-1, :-1].sum(axis=0) if matched else lengths[:-1].sum(axis=1)
    share = margin / paired if paired else np.zeros(width - 1)
    return Agreement(
        name=name,
        value=None if reason else 1.0 - observed / expected,
        undefined=reason,
        observed=None if np.isnan(observed) else observed,
        expected=None if np.isnan(expected) else expected,
        measures="disagreement",
        n_units=float(continuum.length),
        n_coders=continuum.n_coders,
        n_pairable=part if matched else float(continuum.length),
        n_values=float(continuum.n_segments),
        prevalence=dict(zip(continuum.values, share.tolist(), strict=True)),
        coverage=part / whole if matched and whole else None if not matched else 0.0,
        _source=Source(statistic, None, continuum.sums_between),
    )


def _why_undefined(
    name: str, lengths: FloatArray, *, matched: bool, pairable: float, expected: float
) -> str | None:
    if not lengths[:-1].any():
        return NO_SEGMENTS
    if matched and not pairable:
        return NO_OVERLAP
    if matched and (lengths[:-1, :-1].sum(axis=0) > 0).sum() < 2:
        return ONE_VALUE
    if name == "bar_u_alpha" and not lengths[-1].any():
        return ALL_MARKED
    return None if expected > 0 else NO_CHANCE
