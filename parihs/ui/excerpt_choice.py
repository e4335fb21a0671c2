"""Choosing excerpts by site, code and words, and naming them in a line."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st
from sqlalchemy.orm import Session

from parihs.compare.passages import Passage, passages
from parihs.figures import Material
from parihs.ui.excerpt_views import sign
from parihs.ui.state import Current

MOST = 400
"""Excerpts among which words are looked for; more are reached by site and code."""
QUOTE = 70


def excerpt_labels(now: Current, ids: Iterable[str]) -> dict[str, str]:
    """Each excerpt that may be seen in a line: its words, who says them, code and site."""
    with now.app.store.read() as session:
        return _labels(session, list(ids), now.viewer_id)


def offered(
    now: Current, chosen: Iterable[str], under: Iterable[str], key: str, *, most: int = MOST
) -> dict[str, str]:
    """What to choose from in a line each: what is chosen, and what lies ``under`` a cell.

    Of very many, the first, or those in which the words occur that a person types.
    """
    chosen, under = list(chosen), list(under)
    if len(under) <= most:
        return excerpt_labels(now, dict.fromkeys([*chosen, *under]))
    words = st.text_input(
        "Words in it",
        key=f"{key}-words",
        placeholder=f"These are the first {most:,} of {len(under):,}; type words to find others",
    ).casefold()
    if not words.split():
        return excerpt_labels(now, dict.fromkeys([*chosen, *under[:most]]))
    labels = excerpt_labels(now, dict.fromkeys([*chosen, *under]))
    kept = {*chosen}
    return {
        excerpt_id: label
        for excerpt_id, label in labels.items()
        if excerpt_id in kept or all(word in label.casefold() for word in words.split())
    }


def _labels(session: Session, ids: list[str], viewer_id: str) -> dict[str, str]:
    found = {
        key: passage
        for passage in passages(session, ids, viewer_id=viewer_id, timed=False)
        for key in passage.excerpt_ids
    }
    return {key: one_line(found[key]) for key in ids if key in found}


def one_line(passage: Passage) -> str:
    """``“Nobody asked me.” Lorna · Motivation −1 · Northmoor workshop 1``."""
    words = " / ".join(passage.quote.split("\n"))
    quote = words if len(words) <= QUOTE else words[:QUOTE].rsplit(" ", 1)[0] + " …"
    who = " and ".join(dict.fromkeys(speaker.split(",")[0] for speaker in passage.speakers))
    code = " ".join(part for part in (", ".join(passage.codes), sign(passage.valence)) if part)
    return f"“{quote}” {who} · {code} · {passage.workshop}"


def find_excerpts(now: Current, material: Material, key: str) -> dict[str, str]:
    """Widgets for site, code and words; gives the excerpts that fit, each in a line."""
    frame = material.excerpts.drop_duplicates("excerpt_id")
    places = material.denominators.sites
    sites = dict(zip(places["id"], places["label"], strict=True))
    used = set(frame["code_id"].unique())
    below = {
        code.code_id: {other.code_id for other in material.codes if _within(other.path, code.path)}
        for code in material.codes
    }
    codes = {
        code.code_id: "\u2003" * code.depth + code.name
        for code in material.codes
        if below[code.code_id] & used
    }
    one, two, three = st.columns([2, 2, 2])
    site = one.selectbox(
        "Site", ["", *sites], format_func=lambda s: sites.get(s, "All sites"), key=f"{key}-site"
    )
    code = two.selectbox(
        "Code", ["", *codes], format_func=lambda c: codes.get(c, "All codes"), key=f"{key}-code"
    )
    words = three.text_input("Words in it", key=f"{key}-words", placeholder="rota, portfolio …")
    if site:
        frame = frame[frame["site_id"] == site]
    if code:
        frame = frame[frame["code_id"].isin(list(below[code]))]
    ids = frame["excerpt_id"].tolist()
    if len(ids) > MOST:
        st.caption(
            f"These are the first {MOST:,} of {len(ids):,}; choose a site or a code to see others."
        )
    found = excerpt_labels(now, ids[:MOST])
    wanted = words.casefold().split()
    return {
        excerpt_id: label
        for excerpt_id, label in found.items()
        if all(word in label.casefold() for word in wanted)
    }


def _within(path: tuple[str, ...], above: tuple[str, ...]) -> bool:
    return path[: len(above)] == above
