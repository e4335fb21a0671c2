"""Search: words and phrases in everything that was said, each in its line, to hear and to open."""

from __future__ import annotations

import io

import pandas as pd
import streamlit as st

from parihs.search import Asked, find, read_words, search_table
from parihs.search.finding import AT_A_TIME
from parihs.store.codebooks import CodeView, definitions
from parihs.store.studies import participants, sites
from parihs.ui.found_words import line_views
from parihs.ui.plain import plain
from parihs.ui.state import Current, need_study
from parihs.ui.widgets.concordance import concordance


def filters(now: Current) -> Asked:
    """What is looked for, and where."""
    with now.app.store.read() as session:
        places = {site.id: site.name for site in sites(session, now.study.id)}
        roles = sorted({person.role for person in participants(session, now.study.id)} - {""})
        codes: dict[str, CodeView] = {}
        if now.codebook is not None:
            codes = {code.code_id: code for code in definitions(session, now.codebook.id)}
    words = st.text_input(
        "Words",
        value=st.query_params.get("words", ""),
        placeholder='trust   "nobody asked"   implement*',
        help="All words have to be said in one turn. Words in quotation marks have to follow one "
        "another. implement* finds whatever begins so. Capitals and accents do not matter.",
    )
    st.query_params.from_dict({"words": words} if words.strip() else {})
    where, who, under = st.columns([2, 2, 2])
    chosen_sites = where.multiselect(
        "Site", list(places), format_func=lambda key: places[key], placeholder="every site"
    )
    chosen_roles = who.multiselect("Spoken by", roles, placeholder="anybody")
    code = under.selectbox(
        "Inside excerpts coded",
        [None, *codes],
        format_func=lambda key: (
            "\u2003" * codes[key].depth + codes[key].name if key else "anywhere, coded or not"
        ),
        help="Only what lies inside an excerpt with this code, or one below it, as far as you may "
        "see codings.",
    )
    return Asked(
        words,
        site_ids=tuple(chosen_sites) or None,
        roles=tuple(chosen_roles) or None,
        code_id=code,
    )


def show(now: Current, asked: Asked) -> None:
    """The matches, as many as were asked for, and all of them as a file."""
    key = repr(asked)
    shown = st.session_state.get("search shown", {}).get(key, AT_A_TIME)
    with now.app.store.read() as session:
        found = find(session, now.study.id, now.viewer_id, asked, limit=shown)
    if not found.total:
        st.info("Nobody says this where you looked. Try fewer words, or a beginning: trust*.")
        return
    many = len(found.in_transcripts)
    counted, file = st.columns([4, 1], vertical_alignment="center")
    counted.caption(
        f"{found.total:,} match{'' if found.total == 1 else 'es'} in {many} "
        f"transcript{'' if many == 1 else 's'}. Click a line to open it; ▶ plays it. With the "
        "keys: ↑ ↓, Enter opens, p plays."
    )
    file.download_button("Download as CSV", lambda: _csv(now, asked), "search.csv", "text/csv")
    lines, targets = line_views(now, found.hits)
    target = concordance(lines, key=f"search-{key}")
    if target in targets:
        st.switch_page("views/code.py", query_params=targets[target])
    left = found.total - len(found.hits)
    if left > 0 and st.button(f"Show {min(4 * AT_A_TIME, left)} more"):
        st.session_state["search shown"] = {key: shown + 4 * AT_A_TIME}
        st.rerun()


def _csv(now: Current, asked: Asked) -> io.BytesIO:
    with now.app.store.read() as session:
        found = find(session, now.study.id, now.viewer_id, asked, limit=None)
    return io.BytesIO(pd.DataFrame(search_table(found.hits)).to_csv(index=False).encode())


now = need_study()
st.title("Search")
asked = filters(now)
if read_words(asked.words):
    show(now, asked)
else:
    st.info(
        plain(
            "Type a word to see every place where it is said in the newest transcripts, with what "
            "comes before and after it."
        )
    )
