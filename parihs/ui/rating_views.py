"""What the ratings page shows and saves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parihs.inquiry import (
    RATINGS,
    Distinguishing,
    RatedPlace,
    RatingSheet,
    agree,
    distinguishing,
    group_sites,
    open_ratings,
    rate,
    rating_sheet,
    site_grouping,
)
from parihs.inquiry.rating_values import number
from parihs.model import Site, SiteGrouping
from parihs.report.ratings import LABELS, short
from parihs.store.codebooks import CodeView, definitions
from parihs.store.studies import coders, sites
from parihs.ui.drafts import Draft, owner
from parihs.ui.state import Current
from parihs.ui.widgets.matrix_table import CellView, ColumnHead, RowHead

HELP, HINDRANCE, NEITHER = "#2A7F8E", "#C1543C", "#6B7683"


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that the ratings page shows, read at once."""

    sheet: RatingSheet
    sites: list[Site]
    codes: list[CodeView]
    names: dict[str, str]
    """Coder id → name."""
    grouping: SiteGrouping | None

    def place(self, cell: tuple[str, str]) -> RatedPlace:
        """The ratings of a site and code."""
        return self.sheet.at(*cell)


def read_board(now: Current, level: int) -> Board:
    """Ratings as the viewer may see them, for the codes of one level."""
    assert now.codebook is not None
    with now.app.store.read() as session:
        codes = definitions(session, now.codebook.id)
        return Board(
            rating_sheet(session, now.study.id, viewer_id=now.viewer_id),
            sites(session, now.study.id),
            [code for code in codes if code.depth == level],
            {coder.id: coder.name for coder in coders(session, now.study.id)},
            site_grouping(session, now.study.id),
        )


def table(
    board: Board, viewer_id: str, *, agreed: bool
) -> tuple[list[RowHead], list[ColumnHead], list[list[CellView]]]:
    """Sites by codes: one's own ratings, or the agreed ones."""
    rows = [RowHead(site.id, site.name) for site in board.sites]
    columns = [ColumnHead(code.code_id, code.name, code.colour) for code in board.codes]
    cells = [
        [
            _agreed(board.place((site.id, code.code_id)))
            if agreed
            else _own(board.place((site.id, code.code_id)), viewer_id)
            for code in board.codes
        ]
        for site in board.sites
    ]
    return rows, columns, cells


def own_draft(now: Current, place: RatedPlace) -> Draft:
    """One's own rating of a place, in writing."""
    mine = place.of(now.viewer_id)
    return Draft(
        owner(now),
        f"rating:{place.site_id}:{place.code_id}",
        mine.rev if mine else 0,
        value=mine.value if mine else "",
        rationale=mine.rationale if mine else "",
        excerpts=list(mine.excerpt_ids) if mine else [],
    )


def team_draft(now: Current, place: RatedPlace) -> Draft:
    """The team's value of a place, in writing."""
    team = place.team
    return Draft(
        owner(now),
        f"agreed:{place.site_id}:{place.code_id}",
        team.rev if team else 0,
        value=(team.value or "") if team else "",
        rationale=team.rationale if team else "",
        excerpts=list(team.excerpt_ids) if team else [],
    )


def save_own(
    now: Current, place: RatedPlace, value: str, rationale: str, ids: Sequence[str]
) -> None:
    """Give or change one's own rating."""
    with now.app.store.write(now.viewer_id) as tx:
        rate(
            tx,
            site_id=place.site_id,
            code_id=place.code_id,
            value=value,
            rationale=rationale,
            excerpt_ids=ids,
        )


def save_agreed(
    now: Current, place: RatedPlace, rev: int, value: str, rationale: str, ids: Sequence[str]
) -> None:
    """Save the team's value over the one the writer has seen."""
    with now.app.store.write(now.viewer_id or "lead") as tx:
        agree(
            tx,
            site_id=place.site_id,
            code_id=place.code_id,
            value=value,
            base_rev=rev,
            rationale=rationale,
            excerpt_ids=ids,
        )


def open_place(now: Current, place: RatedPlace) -> None:
    """Show the raters' values to everybody."""
    with now.app.store.write(now.viewer_id or "lead") as tx:
        open_ratings(tx, [(place.site_id, place.code_id)])


def save_groups(
    now: Current, high: Sequence[str], low: Sequence[str], outcome: str, rule: str
) -> None:
    """Keep which sites did well, which did not, by what, and the rule."""
    with now.app.store.write(now.viewer_id or "lead") as tx:
        group_sites(tx, now.study.id, high=high, low=low, outcome=outcome, rule=rule)


def judged(board: Board, high: Sequence[str], low: Sequence[str], rule: str) -> Distinguishing:
    """Which codes tell the groups apart, by a rule."""
    values = board.sheet.agreed_values()
    ordered = {c.code_id: values[c.code_id] for c in board.codes if c.code_id in values}
    return distinguishing(ordered, high, low, rule)


def judged_rows(board: Board, found: Distinguishing) -> list[dict[str, str]]:
    """The judgements as a table: each code, the ratings of both groups, and what they come to."""
    codes = {code.code_id: code.name for code in board.codes}
    return [
        {
            "Code": codes[row.construct_id],
            "High sites": ", ".join(short(value) or "none" for value in row.high),
            "Low sites": ", ".join(short(value) or "none" for value in row.low),
            "Difference of means": (
                "–"
                if row.mean_difference is None
                else f"{row.mean_difference:+.1f}".replace("-", "−")
            ),
            "Distinguishes": LABELS[row.label],
        }
        for row in found.rows
    ]


def _own(place: RatedPlace, viewer_id: str) -> CellView:
    mine = place.of(viewer_id)
    others = place.n_ratings - (1 if mine else 0)
    note = f"; rated by {others} other{'s' if others != 1 else ''}" if others else ""
    if mine is None:
        return CellView("·" if not others else "…", f"not rated by you{note}", opens=True)
    return _view(mine.value, f"{RATINGS[mine.value]}{note}")


def _agreed(place: RatedPlace) -> CellView:
    if place.agreed is not None:
        again = "; a rating was changed since" if place.outdated else ""
        return _view(place.agreed, f"Agreed: {RATINGS[place.agreed]}{again}")
    if place.n_ratings == 0:
        return CellView("·", "not rated yet", opens=True)
    seen = "differ" if place.differ else "the same" if len(place.ratings) > 1 else "one rating"
    said = {"differ": "≠", "the same": "=", "one rating": "1"}[seen]
    return CellView(said, f"not agreed yet; {place.n_ratings} rated, {seen}", opens=True)


def _view(value: str, title: str) -> CellView:
    points = number(value)
    if points is None:
        return CellView(short(value), title, NEITHER, 0.15 if value == "mixed" else 0.0, True)
    tone = HELP if points > 0 else HINDRANCE if points < 0 else NEITHER
    return CellView(short(value), title, tone, abs(points) / 2, True)
