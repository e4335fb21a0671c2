"""Ratings: grounded, blind until both have rated, agreed by the team, ready for coefficients."""

from __future__ import annotations

import pytest

from parihs.agreement import cohen_kappa, krippendorff_alpha
from parihs.errors import ParihsError
from parihs.inquiry import (
    RATING_HELP,
    RATINGS,
    NewerTextError,
    agree,
    distinguishing,
    group_sites,
    open_ratings,
    rate,
    rating_history,
    rating_sheet,
    rating_units,
    site_grouping,
)
from parihs.inquiry.ratings import RatedPlace
from parihs.model import Rating
from parihs.store import Store
from parihs.store.studies import add_coder
from tests.support.small_study import SmallStudy, make_small_study
from tests.unit.inquiry_study import KIM, code


def give(
    store: Store, small: SmallStudy, by: str, value: str, *, site: int = 0, key: str = "fit"
) -> Rating:
    missing = value in ("not asked", "nothing said")
    excerpts = [] if missing else [code(store, small, site, KIM, key)]
    with store.write(by) as tx:
        return rate(
            tx,
            site_id=small.sites[site].id,
            code_id=small.codes[key],
            value=value,
            rationale="Because.",
            excerpt_ids=excerpts,
        )


def seen(store: Store, small: SmallStudy, by: str | None) -> RatedPlace:
    with store.read() as session:
        sheet = rating_sheet(session, small.study.id, viewer_id=by)
    return sheet.at(small.sites[0].id, small.codes["fit"])


def test_every_value_has_its_help() -> None:
    assert list(RATING_HELP) == list(RATINGS)


@pytest.mark.parametrize("value", list(RATINGS))
def test_only_a_missing_rating_needs_no_excerpt(
    store: Store, small: SmallStudy, value: str
) -> None:
    excerpt = code(store, small, 0, KIM)
    place = {"site_id": small.sites[0].id, "code_id": small.codes["fit"], "value": value}
    with store.write(small.ada.id) as tx:
        if value in ("not asked", "nothing said"):
            assert rate(tx, **place).value == value
            return
        with pytest.raises(ParihsError, match="has no excerpt"):
            rate(tx, **place, rationale="Because.")
        with pytest.raises(ParihsError, match="reason for the rating is needed"):
            rate(tx, **place, excerpt_ids=[excerpt])
        with pytest.raises(ParihsError, match="not in this study"):
            rate(tx, **place, rationale="Because.", excerpt_ids=["unknown"])
        rating = rate(tx, **place, rationale="Because.", excerpt_ids=[excerpt])
    assert (rating.value, rating.excerpt_ids) == (value, [excerpt])


def test_raters_are_blind_until_both_have_rated(any_store: Store) -> None:
    small = make_small_study(any_store)
    ada, ben = small.ada.id, small.ben.id
    give(any_store, small, ada, "2")
    for viewer in (ben, ""):
        place = seen(any_store, small, viewer)
        assert (place.ratings, place.n_ratings, place.blind) == ((), 1, True)
    give(any_store, small, ben, "-1")
    for viewer in (ada, ben, None):
        place = seen(any_store, small, viewer)
        assert [rating.value for rating in place.ratings] == ["2", "-1"]
        assert place.differ
        assert not place.blind
    with any_store.write("test") as tx:
        cleo = add_coder(tx, small.study.id, key="cleo", name="Cleo").id
    assert seen(any_store, small, cleo).ratings == ()


def test_the_team_can_open_what_is_rated(store: Store, small: SmallStudy) -> None:
    give(store, small, small.ada.id, "2")
    with store.write("lead") as tx:
        open_ratings(tx, [(small.sites[0].id, small.codes["fit"])])
    assert seen(store, small, small.ben.id).of(small.ada.id) is not None
    late = give(store, small, small.ben.id, "2")
    assert late.blind_value is None
    with store.read() as session:
        units = rating_units(rating_sheet(session, small.study.id))
    assert (units.units, units.seen) == ((), 1)


def test_agreement_is_on_what_was_given_blind(any_store: Store) -> None:
    small = make_small_study(any_store)
    ada, ben = small.ada.id, small.ben.id
    given = {("fit", 0): "2 1", ("fit", 1): "-1 -1", ("help", 0): "mixed 1", ("help", 1): "0 -2"}
    for (key, site), values in given.items():
        for by, value in zip((ada, ben), values.split(), strict=True):
            give(any_store, small, by, value, key=key, site=site)
    give(any_store, small, ada, "not asked", key="fit.place")
    give(any_store, small, ben, "nothing said", key="fit.place")
    changed = give(any_store, small, ada, "1")  # after seeing Ben's
    assert (changed.value, changed.blind_value) == ("1", "2")
    with any_store.read() as session:
        sheet = rating_sheet(session, small.study.id)
        lines = rating_history(session, changed)
    assert [line.data["value"] for line in lines] == ["1", "2"]
    units = rating_units(sheet)
    columns = [units.raters.index(by) for by in (ada, ben)]
    pairs = {tuple(row[c] for c in columns) for row in units.units}
    assert pairs == {(2, 1), (-1, -1), (0, -2)}
    assert units.left_out == 3
    assert cohen_kappa(units.units, weights="linear", categories=units.categories).value
    assert krippendorff_alpha(units.units, "ordinal", categories=units.categories).value
    nominal = rating_units(sheet, scale="nominal")
    assert len(nominal.units) == 5
    assert krippendorff_alpha(nominal.units, categories=nominal.categories).value is not None


def test_the_team_agrees_once_two_have_rated(any_store: Store) -> None:
    small = make_small_study(any_store)
    place = {"site_id": small.sites[0].id, "code_id": small.codes["fit"]}
    first = give(any_store, small, small.ada.id, "2")
    grounds = {"rationale": "Talked over.", "excerpt_ids": first.excerpt_ids}
    with any_store.write("lead") as tx, pytest.raises(ParihsError, match="Fewer than two"):
        agree(tx, **place, value="1", base_rev=0, **grounds)
    give(any_store, small, small.ben.id, "1")
    with any_store.write("lead") as tx, pytest.raises(ParihsError, match="has no excerpt"):
        agree(tx, **place, value="1", base_rev=0, rationale="Talked over.")
    with any_store.write("lead") as tx:
        team = agree(tx, **place, value="1", base_rev=0, **grounds)
    with any_store.write(small.ben.id) as tx, pytest.raises(NewerTextError, match="lead saved"):
        agree(tx, **place, value="2", base_rev=0, **grounds)
    found = seen(any_store, small, "")
    assert (found.agreed, found.opened, found.outdated) == ("1", True, False)
    with any_store.read() as session:
        (line, *_) = rating_history(session, team)
        values = rating_sheet(session, small.study.id).agreed_values()
    assert line.data["ratings"] == {small.ada.id: "2", small.ben.id: "1"}
    assert values == {small.codes["fit"]: {small.sites[0].id: "1"}}
    give(any_store, small, small.ben.id, "mixed")
    assert seen(any_store, small, None).outdated


def test_agreed_values_and_groups_give_the_distinguishing_constructs(any_store: Store) -> None:
    small = make_small_study(any_store)
    north, south = (site.id for site in small.sites)
    for site, value in ((0, "2"), (1, "0")):
        for by in (small.ada.id, small.ben.id):
            rating = give(any_store, small, by, value, site=site)
        with any_store.write("lead") as tx:
            agree(
                tx,
                site_id=small.sites[site].id,
                code_id=small.codes["fit"],
                value=value,
                base_rev=0,
                rationale="Both said so.",
                excerpt_ids=rating.excerpt_ids,
            )
    with any_store.write("lead") as tx:
        group_sites(tx, small.study.id, high=[south], low=[north], outcome="Adoption")
        group_sites(tx, small.study.id, high=[north], low=[south], outcome="Adoption in year 1")
        with pytest.raises(ParihsError, match="both groups"):
            group_sites(tx, small.study.id, high=[north], low=[north], outcome="Adoption")
    with any_store.read() as session:
        kept = site_grouping(session, small.study.id)
        ratings = rating_sheet(session, small.study.id).agreed_values()
    assert kept is not None
    (row,) = distinguishing(ratings, kept.high, kept.low, kept.rule).rows
    assert (row.construct_id, row.label) == (small.codes["fit"], "strong")


def test_only_coders_of_the_study_rate(store: Store, small: SmallStudy) -> None:
    with store.write("somebody") as tx, pytest.raises(ParihsError, match="nobody is named"):
        rate(tx, site_id=small.sites[0].id, code_id=small.codes["fit"], value="not asked")
