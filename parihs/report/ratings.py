"""Ratings per site and construct, how far raters agreed, and which constructs tell sites apart."""

from __future__ import annotations

from collections.abc import Sequence

from parihs.inquiry import (
    RATINGS,
    Judgement,
    distinguishing,
    site_grouping,
)
from parihs.inquiry.rating_values import number
from parihs.model import Rating, SiteRating
from parihs.report.contents import Cell, Given, Head, RatedPlace, RatingSection, Table
from parihs.report.rating_agreement import rating_agreement
from parihs.report.source import Source
from parihs.report.words import listed
from parihs.store.codebooks import CodeView

LABELS = {"strong": "Strong", "weak": "Weak", "none": "None", "no data": "Cannot be judged"}
SHORT = {"mixed": "mixed", "not asked": "–", "nothing said": "·"}


def rating_section(source: Source) -> RatingSection:
    """All that was rated, in the order of sites and codes."""
    rated = {code_id for _, code_id in source.sheet.places}
    codes = [code for code in source.codes if code.code_id in rated]
    places = tuple(
        _place(source, site.id, site.name, code)
        for site in source.sites
        for code in codes
        if (site.id, code.code_id) in source.sheet.places
    )
    return RatingSection(
        places,
        _agreed(source, codes),
        rating_agreement(source.sheet, source.names),
        _distinguishing(source, codes),
    )


def _place(source: Source, site_id: str, site: str, code: CodeView) -> RatedPlace:
    place = source.sheet.at(site_id, code.code_id)
    agreed = None
    if place.team is not None and place.team.value is not None:
        by = source.names.get(place.team.decided_by, place.team.decided_by)
        agreed = _given(source, place.team, place.team.value, f"agreed, noted by {by}")
    ratings = sorted(place.ratings, key=lambda r: source.names.get(r.rater_id, ""))
    return RatedPlace(
        site,
        Head(code.name, colour=code.colour),
        agreed,
        tuple(_given(source, r, r.value, source.names.get(r.rater_id, "")) for r in ratings),
    )


def _given(source: Source, rating: Rating | SiteRating, value: str, by: str) -> Given:
    return Given(by, RATINGS[value], rating.rationale, source.register.labels(rating.excerpt_ids))


def short(value: str | None) -> str:
    """A rating as it stands in a table."""
    if value is None:
        return ""
    return SHORT.get(value) or f"{int(value):+d}".replace("-", "−").replace("+0", "0")


def _agreed(source: Source, codes: Sequence[CodeView]) -> Table | None:
    values = source.sheet.agreed_values()
    if not values:
        return None
    n = sum(len(by_site) for by_site in values.values())
    cells = tuple(tuple(_cell(source, site.id, code) for code in codes) for site in source.sites)
    return Table(
        key="ratings.agreed",
        title="Agreed ratings by site and construct",
        caption=f"{n:,} agreed values of {len(codes) * len(source.sites):,} places; "
        "−2 strong hindrance to +2 strong help.",
        corner="Site",
        rows=tuple(Head(site.name) for site in source.sites),
        columns=tuple(Head(code.name, colour=code.colour) for code in codes),
        cells=cells,
        note="Mixed: contradictory without a lean. – not asked, · asked and nothing said; both are "
        "missing and never 0. Empty: not agreed yet.",
    )


def _cell(source: Source, site_id: str, code: CodeView) -> Cell:
    place = source.sheet.at(site_id, code.code_id)
    points = None if place.agreed is None else number(place.agreed)
    ids = place.team.excerpt_ids if place.team else []
    return Cell(
        short(place.agreed), points, source.register.labels(ids), 0.0 if not points else points / 2
    )


def _distinguishing(source: Source, codes: Sequence[CodeView]) -> Table | None:
    grouping = site_grouping(source.session, source.study.id)
    values = source.sheet.agreed_values()
    if grouping is None or not values or not grouping.high or not grouping.low:
        return None
    ordered = {c.code_id: values[c.code_id] for c in codes if c.code_id in values}
    result = distinguishing(ordered, grouping.high, grouping.low, grouping.rule)
    views = {code.code_id: code for code in codes}
    names = {site.id: site.name for site in source.sites}
    high = listed(names[key] for key in result.high if key in names)
    low = listed(names[key] for key in result.low if key in names)
    return Table(
        key="ratings.distinguishing",
        title="Constructs that tell the sites apart",
        caption=result.caption(),
        corner="Construct",
        rows=tuple(
            Head(views[row.construct_id].name, colour=views[row.construct_id].colour)
            for row in result.rows
        ),
        columns=tuple(Head(t) for t in ("High sites", "Low sites", "Difference", "Distinguishes")),
        cells=tuple(_judged(row) for row in result.rows),
        note=f"Sites are grouped by: {grouping.outcome.rstrip('.')}. High: {high}. Low: {low}. "
        f"{result.rule.source}".strip(),
    )


def _judged(row: Judgement) -> tuple[Cell, ...]:
    difference = row.mean_difference
    return (
        Cell(", ".join(short(value) or "none" for value in row.high)),
        Cell(", ".join(short(value) or "none" for value in row.low)),
        Cell("–" if difference is None else f"{difference:+.1f}".replace("-", "−"), difference),
        Cell(LABELS[row.label], row.label),
    )
