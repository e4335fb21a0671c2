"""Ratings: what helps and hinders at each site, rated blind, agreed on, and compared by a rule."""

from __future__ import annotations

import streamlit as st

from parihs.compare.excerpts import CONSENSUS
from parihs.compare.matrix import matrix
from parihs.errors import ParihsError
from parihs.inquiry import RATING_HELP, RATING_RULES, RATINGS, RULES, RatedPlace
from parihs.model import Rating
from parihs.report.rating_agreement import rating_agreement
from parihs.ui import comparison
from parihs.ui import rating_views as views
from parihs.ui.choose import choose, starting
from parihs.ui.drafts import Draft, owner
from parihs.ui.excerpt_choice import excerpt_labels, offered
from parihs.ui.opened import opened
from parihs.ui.plain import plain
from parihs.ui.state import Current, need_study, remember, remembered
from parihs.ui.widgets.matrix_table import matrix_table
from parihs.ui.widgets.typing_kept import typing_kept

VIEWS = {"mine": "My ratings", "agreed": "Agreed values", "apart": "What tells sites apart"}
LEVELS = {"0": "Constructs", "1": "Codes at level 2"}
UNRATED = "Choose a rating"


def rules() -> None:
    """How to rate, always within reach."""
    with st.expander("How to rate", icon=":material/rule:"):
        st.markdown("\n".join(f"- {rule}" for rule in RATING_RULES))
        st.markdown("\n".join(f"- **{RATINGS[v]}** {RATING_HELP[v]}" for v in RATINGS))


def chosen_place(now: Current, board: views.Board, *, agreed: bool) -> RatedPlace | None:
    """The table of ratings; gives the place that was chosen last."""
    rows, columns, cells = views.table(board, now.viewer_id, agreed=agreed)
    name = "agreed" if agreed else f"mine-{now.viewer_id}"
    chosen = matrix_table(rows, columns, cells, corner="", key=f"ratings-{name}-{len(columns)}")
    key = f"rating-place:{now.study.key}"
    known = {(site.id, code.code_id) for site in board.sites for code in board.codes}
    if chosen in known:
        remember(key, list(chosen or ()))
    last = remembered(key)
    place = tuple(last) if isinstance(last, list) else ()
    return board.sheet.at(*place) if place in known else None


def heading(board: views.Board, place: RatedPlace) -> str:
    """``Harrowdale · Context``."""
    site = next(site.name for site in board.sites if site.id == place.site_id)
    code = next(code.name for code in board.codes if code.code_id == place.code_id)
    return f"{site} · {code}"


def coded_here(now: Current, place: RatedPlace, level: int) -> list[str]:
    """The excerpts coded at a site with a code or below it."""
    material = comparison.material(now, CONSENSUS)
    found = matrix(material.excerpts, material.denominators, material.codes, cols=level)
    return list(found.excerpts(place.site_id, place.code_id))


def fields(now: Current, draft: Draft, coded: list[str]) -> tuple[str, str, list[str]]:
    """Value, reason and excerpts of a rating, with the rule for the value chosen."""
    value = draft.one(st, "value", "Rating", {"": UNRATED, **RATINGS})
    if value:
        st.caption(RATING_HELP[value])
    rationale = draft.text(st, "rationale", "Why", height=110)
    chosen = [*draft.saved["excerpts"], *draft.value("excerpts")]
    ids = draft.several(
        st,
        "excerpts",
        "Borne out by",
        offered(now, chosen, coded, "borne"),
        placeholder="At least one excerpt",
    )
    draft.warn()
    return value, rationale, ids


def mine(now: Current, board: views.Board, level: int) -> None:
    """One's own ratings, given without seeing those of others."""
    if now.coder is None:
        st.info("Say who you are in the side bar; then you can rate.")
        return
    place = chosen_place(now, board, agreed=False)
    st.caption(
        "· not rated yet; … rated by somebody else. You see others’ ratings of a place once you "
        "have rated it yourself."
    )
    if place is None:
        st.info("Select a cell above to rate that construct at that site.")
        return
    st.subheader(plain(heading(board, place)))
    coded = coded_here(now, place, level)
    left, right = st.columns(2, gap="large")
    with left:
        draft = views.own_draft(now, place)
        value, rationale, ids = fields(now, draft, coded)
        if st.button("Save my rating", type="primary", disabled=not (draft.changed and value)):
            if draft.save(lambda rev: views.save_own(now, place, value, rationale, ids)):
                st.toast("Saved")
            st.rerun()
        others = [r for r in place.ratings if r.rater_id != now.viewer_id]
        if place.blind:
            n = place.n_ratings - len(place.ratings)
            st.caption(
                f"{n} other{'s have' if n != 1 else ' has'} rated this; hidden until you do."
            )
        for rating in others:
            given(now, board, rating)
    with right:
        voices(now, coded, "mine")


def given(now: Current, board: views.Board, rating: Rating) -> None:
    """What one rater gave, with reason and excerpts."""
    with st.container(border=True):
        who = plain(board.names.get(rating.rater_id, "Somebody"))
        st.markdown(f"**{who}**: {plain(RATINGS[rating.value])}")
        st.markdown(plain(rating.rationale))
        for label in excerpt_labels(now, rating.excerpt_ids).values():
            st.caption(plain(label))


def voices(now: Current, coded: list[str], key: str) -> None:
    """What is coded at the place, to be read and heard."""
    if coded:
        opened(now, coded, "Coded here", f"rating-{key}")
    else:
        st.caption("Nothing is coded here by two coders. Not asked, or asked and nothing said?")


def agreed(now: Current, board: views.Board, level: int) -> None:
    """The team's values, with the ratings behind each."""
    place = chosen_place(now, board, agreed=True)
    st.caption("· not rated yet; 1 one rating; = two agree; ≠ they differ: talk about these first.")
    if sentence := rating_agreement(board.sheet, board.names):
        st.caption(plain(sentence))
    if place is None:
        st.info("Select a cell above to see its ratings side by side and to agree on a value.")
        return
    st.subheader(plain(heading(board, place)))
    for column, rating in zip(st.columns(max(2, len(place.ratings))), place.ratings, strict=False):
        with column:
            given(now, board, rating)
    if place.blind:
        st.caption("Some ratings are hidden from you until you have rated this yourself.")
    if place.n_ratings < 2 and not place.opened:
        st.caption("A value is agreed on once two have rated, or the team opens the ratings.")
        if st.button("Open the ratings to the team", disabled=place.n_ratings == 0):
            views.open_place(now, place)
            st.rerun()
        return
    if place.outdated:
        st.warning("A rating was changed after this was agreed on. Does it still hold?")
    left, right = st.columns(2, gap="large")
    coded = coded_here(now, place, level)
    with left:
        draft = views.team_draft(now, place)
        value, rationale, ids = fields(now, draft, coded)
        if st.button("Save as agreed", type="primary", disabled=not (draft.changed and value)):
            if draft.save(lambda rev: views.save_agreed(now, place, rev, value, rationale, ids)):
                st.toast("Saved")
            st.rerun()
    with right:
        voices(now, coded, "agreed")


def apart(now: Current, board: views.Board) -> None:
    """Which constructs tell high from low sites, by a rule printed under the table."""
    kept = board.grouping
    names = {site.id: site.name for site in board.sites}
    draft = Draft(
        owner(now),
        f"groups:{now.study.id}",
        0,
        high=[key for key in (kept.high if kept else []) if key in names],
        low=[key for key in (kept.low if kept else []) if key in names],
        outcome=kept.outcome if kept else "",
        rule=kept.rule if kept else next(iter(RULES)),
    )
    one, two = st.columns(2)
    high = draft.several(one, "high", "Sites that did well", names, placeholder="Choose sites")
    low = draft.several(two, "low", "Sites that did not", names, placeholder="Choose sites")
    outcome = draft.text(st, "outcome", "Grouped by what?")
    rule = draft.one(st, "rule", "Rule", {name: each.title for name, each in RULES.items()})
    draft.warn()
    if st.button("Save the groups", type="primary", disabled=not draft.changed):
        if draft.save(lambda rev: views.save_groups(now, high, low, outcome, rule)):
            st.toast("Saved")
        st.rerun()
    if not board.sheet.agreed_values():
        st.info("Nothing is agreed on yet, so there is nothing to compare.")
        return
    if not high or not low:
        st.info("Say which sites did well and which did not; then the constructs are compared.")
        return
    found = views.judged(board, high, low, rule)
    st.dataframe(views.judged_rows(board, found), hide_index=True)
    st.caption(plain(found.caption()))
    if found.rule.source:
        st.caption(plain(found.rule.source))


now = need_study()
st.title("Ratings")
typing_kept()
if now.codebook is None:
    st.info("This study has no codebook yet, so there is nothing to rate.")
    st.stop()
left, right = st.columns([3, 1], vertical_alignment="bottom")
with left:
    view = st.segmented_control(
        "View",
        list(VIEWS),
        key=starting("ratings-view", remembered("ratings-view", "agreed"), VIEWS),
        required=True,
        format_func=lambda name: VIEWS[name],
        label_visibility="collapsed",
    )
remember("ratings-view", view)
level = choose(
    right,
    "Rate",
    LEVELS,
    wanted=remembered(f"ratings-level:{now.study.key}"),
    key="ratings-level",
)
remember(f"ratings-level:{now.study.key}", level)
board = views.read_board(now, int(level))
if not board.sites:
    st.info("There is no site yet, so there is nothing to rate. Add sites and people first.")
    st.stop()
if not board.sheet.places:
    st.info(
        "Nothing is rated yet. Two people rate each construct at each site without seeing each "
        "other’s values; then the team agrees on one. Each value has a reason and an excerpt."
    )
rules()
try:
    if view == "mine":
        mine(now, board, int(level))
    elif view == "apart":
        apart(now, board)
    else:
        agreed(now, board, int(level))
except ParihsError as error:
    st.error(plain(str(error)), icon=":material/error:")
