"""Bringing a coder's coding back to an earlier moment, after a look at what would change."""

from __future__ import annotations

import streamlit as st

from parihs.coding.restoring import (
    AWAY,
    Difference,
    differences,
    moments,
    restore_as_of,
    why_not_restore,
)
from parihs.coding.trail import Line
from parihs.coding.trail_words import moment
from parihs.errors import ParihsError
from parihs.store.studies import coders
from parihs.ui.plain import plain
from parihs.ui.state import Current

SHOWN = 200


def restoring(now: Current, titles: dict[str, str]) -> None:
    """Choose whose coding of which transcript, and the moment; look; do it."""
    if now.coder is None:
        st.caption("Say who you are in the side bar first.")
        return
    with now.app.store.read() as session:
        names = {coder.id: coder.name for coder in coders(session, now.study.id)}
    left, right = st.columns(2)
    transcript_id = left.selectbox(
        "Transcript", list(titles), format_func=lambda key: titles[key], key="restore-transcript"
    )
    order = [now.coder.id, *(key for key in names if key != now.coder.id)]
    coder_id = right.selectbox(
        "Coding of",
        order,
        format_func=lambda key: names[key] + (" (you)" if key == now.viewer_id else ""),
        key="restore-coder",
    )
    with now.app.store.read() as session:
        no = why_not_restore(session, now.viewer_id, coder_id, transcript_id)
        steps = [] if no else moments(session, coder_id, transcript_id)
    if no:
        st.info(plain(no))
        return
    if not steps:
        st.caption("Nothing was done here yet that could be brought back.")
        return
    seq = _moment(steps)
    with now.app.store.read() as session:
        found = differences(session, coder_id, transcript_id, seq)
    if not found:
        st.caption("The coding is now as it was then: nothing would change.")
        return
    _preview(found)
    own = coder_id == now.viewer_id
    sure = own or st.checkbox(f"I want to change the coding of {plain(names[coder_id])}")
    if st.button("Bring it back", type="primary", disabled=not sure):
        changed = _restore(now, coder_id, transcript_id, seq, found)
        said = "1 coding is as it was" if changed == 1 else f"{changed} codings are as they were"
        way = "Undo takes it back." if own else "Bring it back to before this step to undo it."
        st.session_state["restored"] = f"{said} then. {way}"
        st.rerun()


def _moment(steps: list[Line]) -> int:
    """The step before which the coding is wanted: the number of the event just before it."""
    labels = {line.seq: f"{moment(line.at)} · {line.who} {line.sentence}" for line in steps}
    chosen = st.selectbox(
        "As it was before this step",
        list(labels),
        format_func=lambda key: labels[key],
        help="The newest step is first. Type to find one.",
    )
    return chosen - 1


def _preview(found: list[Difference]) -> None:
    st.markdown(f"**{len(found)} coding{'s' if len(found) != 1 else ''} would change**")
    st.dataframe(
        [
            {
                "Words": each.quote,
                "Code": each.code,
                "What happens": each.what + (f": {each.words}" if each.words else ""),
            }
            for each in found[:SHOWN]
        ],
        hide_index=True,
    )
    gone = sum(each.what == AWAY for each in found)
    if gone:
        st.caption(
            f"{gone} made since then would be taken back. Nothing is deleted: each can be brought "
            "back in turn."
        )


def _restore(
    now: Current, coder_id: str, transcript_id: str, seq: int, found: list[Difference]
) -> int:
    if now.codebook is None:
        raise ParihsError("This study has no codebook yet.", "Add one on the Codebook page.")
    with now.app.store.write(now.viewer_id) as tx:
        return restore_as_of(
            tx,
            coder_id,
            transcript_id,
            seq,
            codebook_version_id=now.codebook.id,
            expected=[each.coding_id for each in found],
        )
