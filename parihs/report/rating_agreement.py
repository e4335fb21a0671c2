"""How far raters agree before they see each other's values, in a sentence with its numbers."""

from __future__ import annotations

from collections.abc import Mapping

from parihs.agreement import Agreement, cohen_kappa, krippendorff_alpha
from parihs.inquiry import RatingSheet, rating_units
from parihs.report.words import count, listed


def rating_agreement(sheet: RatingSheet, names: Mapping[str, str]) -> str:
    """Unit, coefficients, intervals, seed, and what is left out; empty without two blind raters.

    ``names``: rater id → name.
    """
    units = rating_units(sheet)
    if not units.units:
        return ""
    who = listed(names.get(rater, "somebody") for rater in units.raters)
    alpha = krippendorff_alpha(units.units, "ordinal", categories=units.categories)
    numbers = [_with_interval("Krippendorff’s ordinal alpha", alpha)]
    if len(units.raters) == 2:
        kappa = cohen_kappa(units.units, "quadratic", categories=units.categories)
        numbers.append(_with_interval("Cohen’s kappa with quadratic weights", kappa))
    same = sum(len({value for value in row if value is not None}) == 1 for row in units.units)
    left_out = (
        f" {count(units.left_out, 'rating')} on no point of the scale (mixed or missing) "
        f"{'was' if units.left_out == 1 else 'were'} left out."
        if units.left_out
        else ""
    )
    return (
        f"{who} rated without seeing each other’s values. At {count(len(units.units), 'place')} "
        f"(a site and construct) that two rated on the scale from −2 to +2 they gave the same value"
        f" {same:,} times: {listed(numbers)}. Intervals resample places; B = 1,000, seed 1."
        f"{left_out}"
    )


def _with_interval(name: str, measured: Agreement) -> str:
    if measured.value is None:
        return f"{name} is not defined ({measured.undefined})"
    found = measured.interval()
    if found.low is None or found.high is None:
        return f"{name} {measured.value:.2f}".replace("-", "−")
    numbers = f"{measured.value:.2f} [{found.low:.2f}, {found.high:.2f}]".replace("-", "−")
    return f"{name} {numbers}"
