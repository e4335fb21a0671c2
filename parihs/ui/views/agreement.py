"""Agreement: where coders differ, first; how much they agree, second."""

from __future__ import annotations

import streamlit as st

from parihs.coding.agreement_words import count
from parihs.coding.compared import NOT_RELEASED, Compared
from parihs.ui import agreement_choice as asked
from parihs.ui.agreement_numbers import codes_view, time_view, whole_view
from parihs.ui.agreement_places import confusion_view, disagreements_view
from parihs.ui.disagreement_words import listed
from parihs.ui.plain import plain
from parihs.ui.state import need_study, remember, remembered

VIEWS = {
    "disagreements": "Disagreements",
    "codes": "Per code",
    "whole": "Whole coding and units",
    "confusion": "Confusion",
    "time": "Over time",
}


def nothing_to_compare(compared: Compared) -> None:
    """Why there is nothing here, and the page where that is mended."""
    blind = sum(reason == NOT_RELEASED for reason in compared.left_out.values())
    alone = len(compared.left_out) - blind
    if not compared.left_out:
        st.info("There is no transcript yet. Agreement needs one that two coders have coded.")
        st.page_link("views/add.py", label="Add material", icon=":material/upload_file:")
        return
    if blind:
        st.info(
            f"{count(blind, 'transcript')} still coded blind. Release a transcript when everybody "
            "has coded it; from then on coders see each other’s codings, and they appear here."
        )
        st.page_link("views/people.py", label="Release transcripts", icon=":material/groups:")
    if alone:
        st.info(
            f"{count(alone, 'released transcript')} coded by fewer than two of the coders chosen. "
            "Agreement needs a second coder: choose who you are in the side bar, and code."
        )
        st.page_link("views/code.py", label="Read and code", icon=":material/edit_note:")


SECTIONS = {
    "disagreements": disagreements_view,
    "codes": codes_view,
    "whole": whole_view,
    "confusion": confusion_view,
    "time": time_view,
}

now = need_study()
st.title("Agreement")
if now.codebook is None:
    st.info("This study has no codebook yet, so there is nothing to agree on.")
    st.page_link("views/codebook.py", label="Codebook", icon=":material/menu_book:")
    st.stop()
choice = asked.choices(now)
compared = asked.material(now, choice)
if not compared.transcripts:
    nothing_to_compare(compared)
    st.stop()
queue = asked.queue(now, choice)
st.markdown(
    plain(
        f"{listed(compared.coders.values())} coded "
        f"{count(len(compared.transcripts), 'transcript')}: {queue.n_agreed:,} places alike, and "
        f"{len(queue.items):,} where they differ."
    )
)
if compared.left_out:
    blind = sum(reason == NOT_RELEASED for reason in compared.left_out.values())
    parts = [
        *([f"{count(blind, 'transcript')} still coded blind"] if blind else []),
        *(
            [f"{count(len(compared.left_out) - blind, 'transcript')} without a second coder"]
            if len(compared.left_out) > blind
            else []
        ),
    ]
    st.caption(f"Left out: {', '.join(parts)}.")
last = remembered("agreement-view")
view = st.segmented_control(
    "View",
    list(VIEWS),
    default=last if last in VIEWS else "disagreements",
    required=True,
    format_func=lambda name: VIEWS[name],
    label_visibility="collapsed",
    key="agreement-view",
)
remember("agreement-view", view)
SECTIONS[view](now, choice, compared, queue)
