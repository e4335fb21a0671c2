"""Sites and people: who takes part where, and who codes."""

from __future__ import annotations

import streamlit as st

from parihs.coding.progress import study_status
from parihs.errors import ParihsError
from parihs.model.terms import SITE_KINDS
from parihs.store.studies import (
    add_coder,
    add_participant,
    add_site,
    coders,
    participants,
    sites,
)
from parihs.store.transcripts import release
from parihs.ui.choose import choose
from parihs.ui.plain import plain
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


def coders_tab(now: Current) -> None:
    """Coders, and which transcripts are open between them."""
    with now.app.store.read() as session:
        people = coders(session, now.study.id)
        status = study_status(session, now.study.id, now.viewer_id)
    st.markdown("Coders: " + (plain(", ".join(person.name for person in people)) or "none yet"))
    with st.form("coder", clear_on_submit=True):
        name = st.text_input("Name of a coder")
        if st.form_submit_button("Add coder"):
            if not name.strip():
                raise ParihsError("Nobody was added.", "Give the coder a name.")
            with now.app.store.write(now.viewer_id or "lead") as tx:
                add_coder(tx, now.study.id, key=key_of(name), name=name.strip())
            st.rerun()
    st.markdown("**Blind coding**")
    st.caption(
        "Coders do not see each other's codings of a transcript, in any page, count or export, "
        "until it is released."
    )
    for row in status.workshops:
        if row.transcript is None:
            continue
        released = st.toggle(
            f"{plain(row.label)}: released",
            value=row.transcript.released,
            key=f"release-{row.transcript.id}",
        )
        if released != row.transcript.released:
            with now.app.store.write(now.viewer_id or "lead") as tx:
                release(tx, row.transcript.id, released)
            st.rerun()


now = need_study()
st.title("Sites and people")
st.page_link(
    "views/speakers.py", label="Say who speaks in a transcript", icon=":material/record_voice_over:"
)
for tab, show in zip(
    st.tabs(["Participants", "Sites", "Coders"]),
    (people_tab, sites_tab, coders_tab),
    strict=True,
):
    with tab:
        show(now)
