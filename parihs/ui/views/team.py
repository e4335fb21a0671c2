"""Team: who is in it, what each may do, who codes what, and when coders see each other's work."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from parihs.coding.assignments import assign
from parihs.coding.team import Row, Team, deal
from parihs.model.terms import CODER_ROLES
from parihs.store.roles import LEAD, LEAD_DEEDS, give_role, why_not
from parihs.store.transcripts import release
from parihs.ui.identity import new_coder
from parihs.ui.plain import plain
from parihs.ui.portion import portion
from parihs.ui.standing import team_now
from parihs.ui.state import Current, need_study
from parihs.ui.team_grid import LEGEND, team_grid

MAY = {
    "lead": "codes, and also assigns, releases, settles disagreements, changes the codebook and "
    "gives roles. Sees everybody’s codings of transcripts that are not theirs to code.",
    "coder": "codes what is assigned to them, writes memos, rates and works on findings.",
    "viewer": "reads what is released and changes nothing.",
}


def _named(row: Row) -> str:
    return f"{row.site}, {row.label}"


def refused(now: Current, deed: str) -> str:
    """Why whoever is here may not do it; empty where they may."""
    with now.app.store.read() as session:
        return why_not(session, now.study.id, now.viewer_id, deed)


def write_as(now: Current) -> str:
    """In whose name this page writes."""
    return now.viewer_id or LEAD


def leading(now: Current, people: Team) -> None:
    """Who leads, in plain words; one button where nobody does."""
    if people.leads:
        names = " and ".join(plain(lead.name) for lead in people.leads)
        verb = "leads" if len(people.leads) == 1 else "lead"
        *does, last = LEAD_DEEDS.values()
        st.markdown(f"{names} {verb} this study. Only a lead {', '.join(does)} and {last}.")
        return
    text, button = st.columns([4, 1], vertical_alignment="center")
    text.info(
        "This study has no lead, so everybody may do what leads may: assign, release, settle "
        "disagreements, change the codebook and give roles. Coding stays blind all the same."
    )
    if now.coder is None:
        button.caption("Say who you are in the side bar to become the lead.")
    elif button.button("Make me the lead", width="stretch"):
        with now.app.store.write(write_as(now)) as tx:
            give_role(tx, now.coder.id, LEAD)
        st.rerun()


def roles(now: Current, people: Team) -> None:
    """Everybody with their role, and a field for somebody new."""
    st.subheader("People and roles")
    leading(now, people)
    no = refused(now, "roles")
    for coder in people.coders:
        name, role, may = st.columns([2, 1.7, 4.6], vertical_alignment="center")
        you = " (you)" if coder.id == now.viewer_id else ""
        name.markdown(f"**{plain(coder.name)}**{you}")
        chosen = role.selectbox(
            f"Role of {coder.name}",
            list(CODER_ROLES),
            index=list(CODER_ROLES).index(coder.role),
            format_func=lambda key: CODER_ROLES[key],
            label_visibility="collapsed",
            disabled=bool(no),
            key=f"role-{coder.id}-{coder.role}",
        )
        may.caption(f"A {coder.role} {MAY[coder.role]}")
        if chosen != coder.role:
            with now.app.store.write(write_as(now)) as tx:
                give_role(tx, coder.id, chosen)
            st.rerun()
    if no:
        st.caption(plain(no))
    with st.form("somebody", clear_on_submit=True, border=False):
        field, button = st.columns([3, 1], vertical_alignment="bottom")
        called = field.text_input("Somebody new", placeholder="Name of a coder")
        if button.form_submit_button("Add to the team", width="stretch"):
            new_coder(now.app.store, now.study.id, called)
            st.rerun()


def coding(now: Current, people: Team) -> None:
    """The grid, and the form that changes it."""
    st.subheader("Who codes what")
    if not people.rows:
        st.info("There is no transcript yet, so there is nothing to assign.")
        return
    if not people.anything_assigned:
        st.caption("Nothing is assigned yet, so everybody may code everything.")
    else:
        number, share = people.double_coded()
        done, _ = people.double_coded(finished=True)
        st.caption(
            f"{number} of {len(people.rows)} transcripts are assigned to two coders or more "
            f"({share:.0%} of all words); {done} of them read to the end by two."
        )
    in_sight = portion(people.rows, _named, key="team-grid")
    st.html(team_grid(replace(people, rows=tuple(in_sight)), now.viewer_id))
    st.caption(LEGEND)
    no = refused(now, "assign")
    if no:
        st.caption(plain(no))
    else:
        assigning(now, people)


def assigning(now: Current, people: Team) -> None:
    """Assign and withdraw many at once, or share out evenly."""
    labels = {row.transcript_id: f"{row.site} · {row.label}" for row in people.rows}
    able = {coder.id: coder.name for coder in people.coders if coder.role != "viewer"}
    with st.expander("Assign", icon=":material/assignment_ind:", expanded=True):
        chosen = st.multiselect(
            "Transcripts",
            list(labels),
            format_func=lambda key: labels[key],
            placeholder="all of them",
        )
        who = st.multiselect(
            "Coders", list(able), format_func=lambda key: able[key], placeholder="all of them"
        )
        ids = chosen or list(labels)
        coder_ids = who or list(able)
        give, take, each, share = st.columns([1, 1, 1.7, 1.3], vertical_alignment="bottom")
        number = each.number_input(
            "Coders for each transcript", 1, max(1, len(coder_ids)), min(2, max(1, len(coder_ids)))
        )
        wanted: dict[str, set[str]] | None = None
        now_has = {
            row.transcript_id: {c for c, cell in row.cells.items() if cell.assigned}
            for row in people.rows
        }
        if give.button("Assign", type="primary", width="stretch"):
            wanted = {key: now_has[key] | set(coder_ids) for key in ids}
        if take.button("Withdraw", width="stretch"):
            wanted = {key: now_has[key] - set(coder_ids) for key in ids}
        if share.button("Share out evenly", width="stretch"):
            members = [coder for coder in people.coders if coder.id in coder_ids]
            dealt = deal(ids, members, int(number))
            wanted = {key: (now_has[key] - set(coder_ids)) | set(dealt[key]) for key in dealt}
        st.caption(
            "Sharing out gives each transcript that many of these coders, in turn, and takes it "
            "from the others. What was coded before stays."
        )
        if wanted is not None:
            with now.app.store.write(write_as(now)) as tx:
                assign(tx, now.study.id, wanted)
            st.rerun()


def releasing(now: Current, people: Team) -> None:
    """Which transcripts are open between coders."""
    st.subheader("Blind until released")
    st.caption(
        "Coders do not see each other's codings of a transcript, in any page, count or export, "
        "until it is released. A lead sees them earlier where the transcript is not theirs to "
        "code. There is no password on this computer: whoever opens the study's folder with other "
        "programs can read all of it, so blind coding between people who share a folder is an "
        "agreement."
    )
    no = refused(now, "release")
    if no:
        st.caption(plain(no))
    for row in portion(people.rows, _named, key="team-release"):
        done = f" · read to the end by {row.n_finished} of {row.n_coders}" if row.n_coders else ""
        released = st.toggle(
            f"{plain(row.site)} · {plain(row.label)}: released{done}",
            value=row.released,
            disabled=bool(no),
            key=f"release-{row.transcript_id}-{row.released}",
        )
        if released != row.released:
            with now.app.store.write(write_as(now)) as tx:
                release(tx, row.transcript_id, released)
            st.rerun()


now = need_study()
st.title("Team")
people = team_now(now)
roles(now, people)
coding(now, people)
releasing(now, people)
