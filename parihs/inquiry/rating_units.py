"""Blind ratings as a table for the agreement coefficients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from parihs.inquiry.rating_values import MISSING, MIXED, RATINGS, number
from parihs.inquiry.ratings import Place, RatingSheet
from parihs.inquiry.texts import one_of

ORDINAL: Final = "ordinal"
NOMINAL: Final = "nominal"


@dataclass(frozen=True, slots=True)
class RatingUnits:
    """Ratings given blind as units × raters, for the coefficients of ``parihs.agreement``."""

    units: tuple[tuple[int | str | None, ...], ...]
    """A row per place rated by two raters or more; None where a rater gave nothing."""
    places: tuple[Place, ...]
    raters: tuple[str, ...]
    """Ids of the columns."""
    categories: tuple[int | str, ...]
    """All values in order, for ``categories=``."""
    left_out: int
    """Ratings on no point of an ordinal scale: mixed and missing ones."""
    seen: int
    """Ratings first given with the others in sight; they are in no row."""


def rating_units(sheet: RatingSheet, *, scale: str = ORDINAL) -> RatingUnits:
    """Blind ratings as units × raters.

    ``ordinal``: whole numbers −2…2 for weighted kappa and ordinal alpha, with mixed and missing
    left out; ``nominal``: all eight values as they are. Places rated by one rater are in no row.
    """
    one_of(scale, (ORDINAL, NOMINAL), "scale of ratings")
    ratings = [rating for place in sheet.places.values() for rating in place.ratings]
    raters = tuple(sorted({rating.rater_id for rating in ratings}))
    units, places, left_out = [], [], 0
    for key, place in sheet.places.items():
        values: dict[str, int | str | None] = {}
        for rating in place.ratings:
            if rating.blind_value is None:
                continue
            value = rating.blind_value
            values[rating.rater_id] = number(value) if scale == ORDINAL else value
            left_out += scale == ORDINAL and (value == MIXED or value in MISSING)
        if sum(value is not None for value in values.values()) >= 2:
            units.append(tuple(values.get(rater) for rater in raters))
            places.append(key)
    return RatingUnits(
        units=tuple(units),
        places=tuple(places),
        raters=raters,
        categories=(-2, -1, 0, 1, 2) if scale == ORDINAL else tuple(RATINGS),
        left_out=left_out,
        seen=sum(rating.blind_value is None for rating in ratings),
    )
