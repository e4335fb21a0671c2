"""Overview: where the study stands, and what to do next."""

from __future__ import annotations

import streamlit as st

from parihs.coding.progress import StudyStatus, WorkshopStatus
from parihs.coding.recoding import to_decide
from parihs.correction.review import waiting
from parihs.exchange.demo import load_demo
from parihs.model.terms import SITE_KINDS
from parihs.ui.next_steps import next_steps
from parihs.ui.plain import plain
from parihs.ui.portion import portion
from parihs.ui.standing import standing
from parihs.ui.start_study import start_study
from parihs.ui.state import Current, current
from parihs.web.context import context

COLUMNS = [3.2, 2.9, 2.3, 3.6]


def welcome() -> None:
    """The very first visit: look at the demo study, or start one's own."""
    st.title("Welcome to parihs")
    st.markdown(
        "From a workshop recording to a site comparison in which every number opens to the voice "
        "behind it. Everything stays on this computer."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Look around first")
        st.write(
            "The demo study is fictional: five sites, twelve coded workshops, one with a recording."
        )
        if st.button("Open the demo study", type="primary", icon=":material/explore:"):
            with st.spinner("Loading the demo study…"):
                load_demo(context().store)
            st.rerun()
    with right:
        start_study(context().store)


def facts(status: StudyStatus) -> None:
    """The study in five numbers."""
    numbers = {
        "Sites": status.n_sites,
        "Workshops": status.n_workshops,
        "Participants": status.n_participants,
        "Words transcribed": status.n_words,
        "Codings": status.n_codings,
    }
    for column, (label, number) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        column.metric(label, f"{number:,}")


def material(row: WorkshopStatus) -> str:
    """What there is of a workshop, in a few words."""
    if row.version is not None:
        sound = " with sound" if row.transcript and row.transcript.recording_id else ""
        return f"{row.version.n_turns} turns{sound}"
    return "recorded, not transcribed" if row.recordings else "nothing yet"


def coded(row: WorkshopStatus, names: dict[str, str]) -> str:
    """How many codings each coder made, as far as one may see."""
    if row.version is None:
        return ""
    parts = [f"{names[coder]} {number}" for coder, number in sorted(row.codings.items())]
    blind = "" if row.transcript is None or row.transcript.released else " · coded blind"
    return (" · ".join(parts) or "not coded yet") + blind


def workshops(status: StudyStatus) -> None:
    """All workshops by site, each opening its transcript."""
    st.subheader("Workshops")
    site = None
    for row in portion(
        status.workshops, lambda row: f"{row.site.name}, {row.label}", key="overview-workshops"
    ):
        if row.site.id != site:
            site = row.site.id
            st.markdown(f"**{plain(row.site.name)}** · {SITE_KINDS[row.site.kind].lower()}")
        title, when, what, by = st.columns(COLUMNS, vertical_alignment="center")
        if row.transcript is not None:
            title.page_link(
                "views/code.py",
                label=plain(row.label),
                query_params={"transcript": row.transcript.id},
            )
        else:
            title.page_link("views/add.py", label=f"{plain(row.workshop.title)}: add material")
        cycle = f"cycle {row.workshop.cycle}" if row.workshop.cycle else ""
        held = row.workshop.held_on
        day = f"{held.day} {held:%b %Y}" if held else ""
        when.caption(" · ".join(part for part in (day, cycle) if part))
        what.caption(material(row))
        by.caption(plain(coded(row, status.coder_names)))


def study_page(now: Current) -> None:
    """The overview of the study at hand."""
    status = standing(now)
    with now.app.store.read() as session:
        to_review = waiting(session, now.study.id, now.viewer_id)
        undecided = to_decide(session, now.codebook.id, now.viewer_id) if now.codebook else 0
    st.title(plain(now.study.name))
    if now.study.description:
        st.caption(plain(now.study.description))
    facts(status)
    st.subheader("What to do next")
    for step in next_steps(status, now.coder, to_review, undecided):
        text, link = st.columns([5, 2], vertical_alignment="center")
        text.markdown(plain(step.text))
        link.page_link(
            step.page, label=step.action, icon=":material/arrow_forward:", query_params=step.query
        )
    if status.workshops:
        workshops(status)
    # A new box in each study: the form closes when the study is started.
    if st.toggle("Start another study", key=f"start-another-{now.study.id}"):
        start_study(now.app.store)


now = current()
if now is None:
    welcome()
else:
    study_page(now)
