"""Choosing the workshop that material belongs to, or making a new one on the spot."""

from __future__ import annotations

from datetime import date

import streamlit as st

from parihs.errors import ParihsError
from parihs.model import Workshop
from parihs.model.terms import WORKSHOP_KINDS
from parihs.store.studies import add_site, add_workshop, sites, workshops
from parihs.ui.choose import choose
from parihs.ui.plain import plain
from parihs.ui.start_study import key_of
from parihs.ui.state import Current, remember, remembered

NEW_SITE = "New site…"


def pick_workshop(now: Current, *, key: str, suggestion: str | None = None) -> Workshop | None:
    """A select box of all workshops; the choice is remembered under ``key``."""
    with now.app.store.read() as session:
        known = workshops(session, now.study.id)
        places = {site.id: site.name for site in sites(session, now.study.id)}
    options = {workshop.id: workshop for workshop in known}
    wanted = remembered(key, suggestion)
    ids = list(options)
    chosen = st.selectbox(
        "Workshop",
        ids,
        index=ids.index(wanted) if wanted in options else None,
        format_func=lambda i: f"{options[i].title} · {places[options[i].site_id]}",
        placeholder="Choose its workshop",
        key=f"pick-{key}",
    )
    if chosen is not None and chosen != wanted:
        remember(key, chosen)
    return options[chosen] if chosen else None


@st.dialog("New workshop")
def new_workshop(now: Current) -> None:
    """A form for one more workshop, with its site."""
    with now.app.store.read() as session:
        places = sites(session, now.study.id)
    with st.form("new-workshop", border=False):
        title = st.text_input("Title", placeholder="Harrowdale workshop 2")
        site = st.selectbox(
            "Site", [*places, None], format_func=lambda s: s.name if s else NEW_SITE
        )
        new_site = st.text_input("Name of the new site", help="Only if you chose New site…")
        kind = choose(st.container(), "Kind", WORKSHOP_KINDS)
        left, right = st.columns(2)
        held_on = left.date_input("Date", value=None, max_value=date.today())
        cycle = right.number_input("PAR cycle", min_value=1, max_value=99, value=None)
        if not st.form_submit_button("Add workshop", type="primary"):
            return
    if not title.strip() or (site is None and not new_site.strip()):
        st.error("The workshop was not added: it needs a title and a site.")
        return
    try:
        with now.app.store.write(now.viewer_id or "lead") as tx:
            if site is None:
                name = new_site.strip()
                site = add_site(tx, now.study.id, key=key_of(name), name=name)
            add_workshop(
                tx,
                now.study.id,
                site_id=site.id,
                key=key_of(title),
                title=title.strip(),
                kind=kind,
                held_on=held_on,
                cycle=int(cycle) if cycle else None,
            )
    except ParihsError as error:
        st.error(plain(str(error)))
        return
    st.rerun()
