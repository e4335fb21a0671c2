"""Making a training test: excerpts to ask, with the codes that are right, picked from a list."""

from __future__ import annotations

from typing import Final

import streamlit as st

from parihs.coding.around import around
from parihs.coding.naming import transcript_names
from parihs.coding.training import MOST_EXCERPTS, Excerpt, make_test
from parihs.coding.training_picks import OWN, TEAM, Pick, picks
from parihs.model.terms import VALENCES
from parihs.store.codebooks import CodeView
from parihs.store.studies import workshops
from parihs.store.transcripts import transcripts
from parihs.ui.plain import plain
from parihs.ui.portion import portion
from parihs.ui.state import Current
from parihs.ui.training_draft import TrainingDraft, place_of

SOURCES: Final = {TEAM: "What the team says", OWN: "My own codings"}
AT_ONCE: Final = 12
AROUND: Final = 120
"""Code points of talk shown on either side of an excerpt."""
SAID: Final = "training-said"
"""Where the page finds what to say after a test was saved, withdrawn or brought back."""


def making(now: Current, codes: dict[str, CodeView]) -> None:
    """Pick excerpts, say why, save. What is picked stays picked while one looks for others."""
    st.caption(
        "Pick excerpts of released transcripts. The codes that are right are those given there; "
        "say why in a sentence where the rules alone do not decide it."
    )
    draft = TrainingDraft(now)
    st.text_input(
        "Title of the test",
        value=draft.title,
        placeholder="First week",
        key=f"training-title-{draft.round}",
        on_change=lambda: draft.call(st.session_state[f"training-title-{draft.round}"]),
    )
    origin, code_box, where = st.columns(3)
    source = origin.selectbox(
        "What is right",
        list(SOURCES),
        format_func=lambda key: SOURCES[key],
        help="The team says what at least two coders agree on, or what was settled.",
    )
    with now.app.store.read() as session:
        found = picks(session, now.study.id, now.viewer_id, source)
        held, written = workshops(session, now.study.id), transcripts(session, now.study.id)
        titles = transcript_names(held, written)
    found = [each for each in found if codes.keys() & each.codes.keys()]
    given = {code for pick in found for code in pick.codes}
    wanted = code_box.multiselect(
        "Codes",
        [code for code in codes if code in given],
        format_func=lambda key: codes[key].name,
        placeholder="any",
    )
    offered = {each.transcript_id for each in found}
    transcript = where.selectbox(
        "Transcript",
        [None, *[key for key in titles if key in offered]],
        format_func=lambda key: titles[key] if key else "all that are released",
    )
    shown = [
        each
        for each in found
        if (not wanted or set(wanted) & each.codes.keys())
        and transcript in (None, each.transcript_id)
    ]
    only = st.toggle(
        f"Show only what is picked ({len(draft.picked)})",
        key=f"training-only-{draft.round}",
        disabled=not draft.picked,
    )
    if only and draft.picked:
        shown = [each.pick for each in draft.picked.values()]
    if not shown:
        st.info("There is nothing to pick: no released transcript has such codings.")
    rows = portion(
        shown, lambda each: titles.get(each.transcript_id, ""), key="training", at_once=AT_ONCE
    )
    with now.app.store.read() as session:
        beside = around(session, [(each.version_id, each.start, each.end) for each in rows], AROUND)
    for each, (before, after) in zip(rows, beside, strict=True):
        words = f"{_grey(before)}**{plain(each.quote)}**{_grey(after)}"
        _row(each, words, codes, titles, draft)
    _save(now, codes, draft)


def _grey(words: str) -> str:
    """Words around an excerpt, in grey, with the spaces at their ends kept outside."""
    if not words.strip():
        return words
    left, right = (" " if words[at].isspace() else "" for at in (0, -1))
    return f"{left}:gray[{plain(words.strip())}]{right}"


def _row(
    pick: Pick,
    words: str,
    codes: dict[str, CodeView],
    titles: dict[str, str],
    draft: TrainingDraft,
) -> None:
    place = place_of(pick)
    kept = draft.picked.get(place)
    if kept:
        # As it was picked: another choice of what is right does not change it unseen.
        pick = kept.pick
    with st.container(border=True, gap="small"):
        st.markdown(words)
        right = ", ".join(
            f"**{plain(codes[code].name)}** ({VALENCES[valence].lower()})"
            for code, valence in pick.codes.items()
            if code in codes
        )
        settled = " · settled by the team" if pick.settled else ""
        st.caption(f"Right: {right} · {plain(titles.get(pick.transcript_id, ''))}{settled}")
        st.checkbox(
            "Ask this excerpt",
            value=kept is not None,
            key=f"training-ask-{draft.round}-{place}",
            on_change=draft.turn,
            args=(pick,),
        )
        if kept is None:
            return
        key = f"training-why-{draft.round}-{place}"
        st.text_input(
            "Why this is right",
            value=kept.why,
            key=key,
            placeholder="Why this is right (optional; shown after the answer)",
            label_visibility="collapsed",
            # Before the page runs: another filter may take the field off the page.
            on_change=lambda: draft.because(place, st.session_state[key]),
        )


def _save(now: Current, codes: dict[str, CodeView], draft: TrainingDraft) -> None:
    missing = []
    n, title = len(draft.picked), draft.title.strip()
    if not n:
        missing.append("tick at least one excerpt")
    if not title:
        missing.append("give the test a title")
    if n > MOST_EXCERPTS:
        missing.append(f"leave some out, since a test asks {MOST_EXCERPTS} at most")
    many = "1 excerpt" if n == 1 else f"{n} excerpts"
    save, give_up, _ = st.columns([2, 1, 3])
    pressed = save.button(f"Save a test of {many}", type="primary", disabled=bool(missing))
    if n or title:
        give_up.button("Give it up", type="tertiary", on_click=draft.drop)
    if missing:
        st.caption(f"To save it, {' and '.join(missing)}.")
    if not pressed:
        return
    assert now.codebook is not None
    excerpts = [
        Excerpt(
            each.pick.version_id,
            each.pick.start,
            each.pick.end,
            {code: value for code, value in each.pick.codes.items() if code in codes},
            each.why,
        )
        for each in draft.picked.values()
    ]
    with now.app.store.write(now.viewer_id) as tx:
        made = make_test(tx, now.study.id, now.codebook.id, title, excerpts)
    draft.drop()
    st.session_state["training test"] = made.id
    st.session_state[SAID] = (
        f"“{title}” is saved with {many}. Every coder of the study finds it here now."
    )
    st.rerun()
