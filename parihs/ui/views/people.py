"""Sites and people: who speaks, who takes part, and where."""

from __future__ import annotations

import streamlit as st

from parihs.errors import ParihsError
from parihs.model.terms import SITE_KINDS
from parihs.store.studies import (
    add_participant,
    add_site,
    participants,
    sites,
)
from parihs.ui.choose import choose
from parihs.ui.start_study import key_of
from parihs.ui.state import Current, need_study


def people_tab(now: Current) -> None:
    """Participants by site, and a form for one more."""
    with now.app.store.read() as session:
        places = sites(session, now.study.id)
        people = participants(session, now.study.id)
    names = {site.id: site.name for site in places}
    st.dataframe(
        [
            {
                "Pseudonym": person.pseudonym,
                "Role": person.role,
                "Description": person.description,
                "Site": names.get(
                    person.site_id or "", "Facilitator" if person.facilitator else ""
                ),
            }
            for person in people
        ],
        hide_index=True,
        placeholder="No participants yet. Add the first one below.",
    )
    st.caption("Pseudonyms only: real names do not belong in a study.")
    with st.form("participant", clear_on_submit=True):
        one, two, three, four = st.columns([2, 2, 3, 3])
        pseudonym = one.text_input("Pseudonym")
        role = two.text_input("Role", help="A band used in filters, such as doctor or manager")
        description = three.text_input("Description")
        site = four.selectbox(
            "Site", [None, *places], format_func=lambda s: s.name if s else "Facilitator"
        )
        if st.form_submit_button("Add participant"):
            if not pseudonym.strip():
                raise ParihsError("Nobody was added.", "Give the participant a pseudonym.")
            with now.app.store.write(now.viewer_id or "lead") as tx:
                add_participant(
                    tx,
                    now.study.id,
                    pseudonym=pseudonym.strip(),
                    role=role.strip(),
                    description=description.strip(),
                    site_id=site.id if site else None,
                    facilitator=site is None,
                )
            st.rerun()


def sites_tab(now: Current) -> None:
    """Sites with their kinds, and a form for one more."""
    with now.app.store.read() as session:
        places = sites(session, now.study.id)
    st.dataframe(
        [{"Site": site.name, "Kind": SITE_KINDS[site.kind]} for site in places],
        hide_index=True,
        placeholder="No sites yet. Add the first one below.",
    )
    with st.form("site", clear_on_submit=True):
        one, two = st.columns(2)
        name = one.text_input("Name of the site")
        kind = choose(two, "Kind", SITE_KINDS)
        if st.form_submit_button("Add site"):
            if not name.strip():
                raise ParihsError("No site was added.", "Give it a name.")
            with now.app.store.write(now.viewer_id or "lead") as tx:
                add_site(tx, now.study.id, key=key_of(name), name=name.strip(), kind=kind)
            st.rerun()


now = need_study()
st.title("Sites and people")
st.page_link(
    "views/speakers.py", label="Say who speaks in a transcript", icon=":material/record_voice_over:"
)
for tab, show in zip(
    st.tabs(["Participants", "Sites"]),
    (people_tab, sites_tab),
    strict=True,
):
    with tab:
        show(now)
