"""Ratings of constructs per site: raters blind to each other first, then one agreed value.

A rater sees the other ratings of a site and construct once they have rated it themselves and
somebody else has too, or once the team has opened it. What was given blind is kept apart from later
changes, since agreement between raters who have seen each other means nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.inquiry.bearing import borne_by
from parihs.inquiry.rating_values import MISSING, RATINGS
from parihs.inquiry.texts import (
    NewerTextError,
    Saved,
    history,
    one_of,
    refuse_unknown_code,
    who,
    written,
)
from parihs.model import Coder, Rating, Site, SiteRating, utc_now
from parihs.store import Transaction

Place = tuple[str, str]
"""Site id and code id."""


@dataclass(frozen=True, slots=True)
class RatedPlace:
    """One site and construct as a viewer may see it."""

    site_id: str
    code_id: str
    ratings: tuple[Rating, ...] = ()
    """The ratings that the viewer may see, oldest first."""
    n_ratings: int = 0
    """How many there are, seen or not."""
    blind: bool = False
    """Whether some are hidden from the viewer."""
    team: SiteRating | None = None
    """Whether it is opened, and the agreed value."""

    @property
    def agreed(self) -> str | None:
        """The team's value, None while there is none."""
        return self.team.value if self.team else None

    @property
    def opened(self) -> bool:
        """Whether the team has opened the raters' values."""
        return self.team is not None and self.team.opened

    @property
    def differ(self) -> bool:
        """Whether the ratings that the viewer may see differ."""
        return len({rating.value for rating in self.ratings}) > 1

    @property
    def outdated(self) -> bool:
        """Whether a rating that the viewer may see was changed after the team agreed."""
        return self.agreed is not None and any(
            rating.rev > self.team.rev for rating in self.ratings if self.team
        )

    def of(self, rater_id: str) -> Rating | None:
        """What one rater gave, if the viewer may see it."""
        return next((rating for rating in self.ratings if rating.rater_id == rater_id), None)


@dataclass(frozen=True, slots=True)
class RatingSheet:
    """All rated places of a study, as a viewer may see them."""

    places: Mapping[Place, RatedPlace]

    def at(self, site_id: str, code_id: str) -> RatedPlace:
        """One place, rated or not."""
        return self.places.get((site_id, code_id)) or RatedPlace(site_id, code_id)

    def agreed_values(self) -> dict[str, dict[str, str]]:
        """Code id → site id → agreed value, as ``distinguishing`` takes it."""
        values: dict[str, dict[str, str]] = defaultdict(dict)
        for (site_id, code_id), place in self.places.items():
            if place.agreed is not None:
                values[code_id][site_id] = place.agreed
        return dict(values)


def rate(
    tx: Transaction,
    *,
    site_id: str,
    code_id: str,
    value: str,
    rationale: str = "",
    excerpt_ids: Sequence[str] = (),
) -> Rating:
    """Give or change one's own rating, in the name of the coder who writes (``tx.actor``).

    ``value`` is a key of ``RATINGS``; any but a missing one needs a rationale and an excerpt.
    Saving the same again changes nothing. Raises ParihsError otherwise, and when site, code or
    rater are not in the study.
    """
    site = _site(tx.session, site_id)
    refuse_unknown_code(tx.session, site.study_id, code_id)
    coder = tx.session.get(Coder, tx.actor)
    if coder is None or coder.study_id != site.study_id:
        raise ParihsError(
            "Nothing was saved, because nobody is named as the rater.",
            "Say who you are in the side bar.",
        )
    theirs = _ratings(tx.session, site.study_id, (site_id, code_id))
    rating = next((r for r in theirs if r.rater_id == coder.id), None)
    before = rating.excerpt_ids if rating else []
    rationale, ids = _grounds(tx, site.study_id, value, rationale, excerpt_ids, before)
    if rating and (rating.value, rating.rationale, rating.excerpt_ids) == (value, rationale, ids):
        return rating
    blind = not _sees(coder.id, theirs, _team(tx.session, site_id, code_id))
    if rating is None:
        rating = Rating(
            study_id=site.study_id,
            site_id=site_id,
            code_id=code_id,
            rater_id=coder.id,
            value=value,
        )
        tx.session.add(rating)
    rating.value, rating.rationale, rating.excerpt_ids = value, rationale, ids
    rating.updated_at = utc_now()
    if blind:
        rating.blind_value = value
    tx.session.flush()
    data = _content(site_id, code_id, value, rationale, ids) | {"blind": blind}
    rating.rev = tx.record(site.study_id, "rated", "rating", rating.id, data)
    return rating


def open_ratings(tx: Transaction, places: Iterable[Place]) -> None:
    """Open the raters' values at some places to everybody, rated or not; it cannot be undone."""
    for site_id, code_id in places:
        site = _site(tx.session, site_id)
        refuse_unknown_code(tx.session, site.study_id, code_id)
        team = _made(tx, site, code_id)
        if not team.opened:
            team.opened, team.updated_at = True, utc_now()
            data = {"site": site_id, "code": code_id}
            tx.record(site.study_id, "opened", "site_rating", team.id, data)


def agree(
    tx: Transaction,
    *,
    site_id: str,
    code_id: str,
    value: str,
    base_rev: int,
    rationale: str = "",
    excerpt_ids: Sequence[str] = (),
) -> SiteRating:
    """Save the team's value for a site and construct, and open the ratings behind it.

    ``base_rev`` is the ``rev`` of the agreed value that the writer started from (0: none). Asks for
    grounds as ``rate`` does. Raises NewerTextError when another value was agreed meanwhile;
    ParihsError while fewer than two have rated, unless the team has opened the ratings.
    """
    site = _site(tx.session, site_id)
    refuse_unknown_code(tx.session, site.study_id, code_id)
    given = _ratings(tx.session, site.study_id, (site_id, code_id))
    team = _team(tx.session, site_id, code_id)
    if len(given) < 2 and not (team and team.opened):
        raise ParihsError(
            "Fewer than two people have rated this, so nothing was agreed yet.",
            "Let a second person rate it, or open the ratings to the team first.",
        )
    before = team.excerpt_ids if team else []
    rationale, ids = _grounds(tx, site.study_id, value, rationale, excerpt_ids, before)
    team = team or _made(tx, site, code_id)
    if (team.value, team.rationale, team.excerpt_ids) == (value, rationale, ids):
        return team
    if base_rev != team.rev:
        raise NewerTextError(
            yours=f"{RATINGS[value]}. {rationale}",
            theirs=f"{RATINGS.get(str(team.value), 'No value')}. {team.rationale}",
            by=who(tx.session, team.decided_by),
            rev=team.rev,
        )
    team.value, team.rationale, team.excerpt_ids = value, rationale, ids
    team.opened, team.decided_by, team.updated_at = True, tx.actor, utc_now()
    tx.session.flush()
    data = _content(site_id, code_id, value, rationale, ids)
    data["ratings"] = {rating.rater_id: rating.value for rating in given}
    team.rev = tx.record(site.study_id, "agreed", "site_rating", team.id, data)
    return team


def rating_sheet(session: Session, study_id: str, *, viewer_id: str | None = None) -> RatingSheet:
    """Every place where somebody has rated or the team has decided.

    A viewer sees what the blinding rule lets them see; None sees all.
    """
    given: dict[Place, list[Rating]] = defaultdict(list)
    for rating in _ratings(session, study_id):
        given[rating.site_id, rating.code_id].append(rating)
    query = select(SiteRating).filter_by(study_id=study_id)
    teams = {(team.site_id, team.code_id): team for team in session.scalars(query)}
    places = {}
    for place in dict.fromkeys([*given, *teams]):
        ratings, team = given[place], teams.get(place)
        seen = ratings
        if viewer_id is not None and not _sees(viewer_id, ratings, team):
            seen = [rating for rating in ratings if rating.rater_id == viewer_id]
        hidden = len(seen) < len(ratings)
        places[place] = RatedPlace(*place, tuple(seen), len(ratings), hidden, team)
    return RatingSheet(places)


def rating_history(session: Session, rated: Rating | SiteRating) -> list[Saved]:
    """All values that one rater, or the team, has given at a place, newest first."""
    kind = "rating" if isinstance(rated, Rating) else "site_rating"
    return history(session, kind, rated.id)


def _sees(rater_id: str, ratings: Sequence[Rating], team: SiteRating | None) -> bool:
    if team is not None and team.opened:
        return True
    return len(ratings) > 1 and any(rating.rater_id == rater_id for rating in ratings)


def _grounds(
    tx: Transaction,
    study_id: str,
    value: str,
    rationale: str,
    excerpt_ids: Sequence[str],
    before: Sequence[str],
) -> tuple[str, list[str]]:
    one_of(value, RATINGS, "rating")
    ids = borne_by(tx.session, study_id, excerpt_ids, before)
    if value in MISSING:
        return written(rationale), ids
    if not ids:
        raise ParihsError(
            f"The rating “{RATINGS[value]}” has no excerpt, so it was not saved.",
            "Choose at least one excerpt that bears it out; if there is none, the rating is"
            " missing: not asked, or asked and nothing said.",
        )
    return written(rationale, "a reason for the rating"), ids


def _content(
    site_id: str, code_id: str, value: str, rationale: str, excerpt_ids: list[str]
) -> dict[str, Any]:
    return {
        "site": site_id,
        "code": code_id,
        "value": value,
        "rationale": rationale,
        "excerpt_ids": excerpt_ids,
    }


def _site(session: Session, site_id: str) -> Site:
    site = session.get(Site, site_id)
    if site is None:
        raise ParihsError("This site is not in the study; nothing was saved.", "Reload.")
    return site


def _ratings(session: Session, study_id: str, place: Place | None = None) -> list[Rating]:
    query = select(Rating).filter_by(study_id=study_id).order_by(Rating.created_at, Rating.id)
    if place is not None:
        query = query.filter_by(site_id=place[0], code_id=place[1])
    return list(session.scalars(query))


def _team(session: Session, site_id: str, code_id: str) -> SiteRating | None:
    return session.scalar(select(SiteRating).filter_by(site_id=site_id, code_id=code_id))


def _made(tx: Transaction, site: Site, code_id: str) -> SiteRating:
    team = _team(tx.session, site.id, code_id)
    if team is None:
        team = SiteRating(study_id=site.study_id, site_id=site.id, code_id=code_id)
        tx.session.add(team)
        tx.session.flush()
    return team
