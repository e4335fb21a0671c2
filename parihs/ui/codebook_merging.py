"""Merging and splitting codes, with what becomes of their codings said before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from parihs.coding.codebook_changes import last_merge, merge_codes, split_code, undo_merge
from parihs.errors import ParihsError
from parihs.model import CodebookVersion
from parihs.store import Transaction
from parihs.store.codebooks import CodeView
from parihs.store.roles import UNNAMED
from parihs.ui.plain import plain
from parihs.ui.state import Current

BLIND = "Codings that you may not see, since they are coded blind, go the same way."
TWICE = (
    "Where somebody gave both codes to the very same words, one coding is left, with both memos; "
    "if its ratings differed, it waits in “To look at”."
)


def merge_and_split(
    now: Current, newest: CodebookVersion, codes: list[CodeView], counts: Mapping[str, int]
) -> None:
    """Both forms, side by side, and the way back from the last merging."""
    if st.session_state.pop("codebook-clear", False):
        for key in ("merge-from", "merge-into", "split-from"):
            st.session_state[key] = None
        for key in ("merge-note", "split-into", "split-note"):
            st.session_state[key] = ""
    by_key = {code.key: code for code in codes}
    left, right = st.columns(2, gap="large")
    with left:
        _merge(now, newest, by_key, counts)
    with right:
        _split(now, newest, by_key, counts)


def _merge(
    now: Current, newest: CodebookVersion, codes: Mapping[str, CodeView], counts: Mapping[str, int]
) -> None:
    st.markdown("#### Merge two codes")
    key = _choose(codes, "This code goes", "merge-from")
    into = _choose(codes, "Its codings get this code", "merge-into")
    note = st.text_input("Why they are merged", key="merge-note")
    if key and into:
        st.caption(
            f"{counts.get(codes[key].code_id, 0)} codings that you may see are given "
            f"“{plain(codes[into].name)}”; their history tells it. {TWICE} {BLIND} All of it "
            "can be taken back as one step."
        )
    ready = bool(key and into and note.strip())
    missing = None if ready else "Choose both codes, and say why they are merged."
    if st.button("Merge", disabled=not ready, help=missing):
        assert key
        assert into
        _write(now, lambda tx: merge_codes(tx, newest.id, key, into, note))
    with now.app.store.read() as session:
        last = last_merge(session, newest.codebook_id)
    if last is not None:
        st.caption(f"Last merging: {plain(last.note)} (version {last.number})")
        if st.button("Take this merging back"):
            _write(now, lambda tx: undo_merge(tx, last.id))


def _split(
    now: Current, newest: CodebookVersion, codes: Mapping[str, CodeView], counts: Mapping[str, int]
) -> None:
    st.markdown("#### Split a code")
    key = _choose(codes, "This code is split", "split-from")
    names = st.text_area(
        "Into these codes, one on each line",
        key="split-into",
        placeholder="Fit with the work: what it takes in the day\nFit with the place",
        help="A name, and after a colon what it means. Their other rules are written afterwards.",
    )
    parts = [
        (name.strip(), meaning.strip())
        for name, _, meaning in (line.partition(":") for line in names.splitlines())
        if name.strip()
    ]
    below = [code.name for code in codes.values() if key and code.parent_key == key]
    holds = 0
    if below and parts:
        holds = st.selectbox(
            "The codes below it go below",
            range(len(parts)),
            format_func=lambda each: parts[each][0],
            help=f"They and their codings stay as they are: {', '.join(below)}.",
        )
    note = st.text_input("Why it is split", key="split-note")
    if key:
        st.caption(
            f"{counts.get(codes[key].code_id, 0)} codings that you may see keep "
            f"“{plain(codes[key].name)}” until somebody decides about each, in “To look at”: "
            "coders about their own, leads about all that they see."
        )
    ready = bool(key and len(parts) > 1 and note.strip())
    missing = None if ready else "Choose a code, name two codes or more, and say why it is split."
    if st.button("Split", disabled=not ready, help=missing):
        assert key
        _write(now, lambda tx: split_code(tx, newest.id, key, parts, note, holds_below=holds))


def _choose(codes: Mapping[str, CodeView], label: str, key: str) -> str | None:
    chosen: str | None = st.selectbox(
        label,
        list(codes),
        index=None,
        format_func=lambda each: " › ".join(codes[each].path),
        placeholder="Choose a code",
        key=key,
    )
    return chosen


def _write(now: Current, work: Callable[[Transaction], CodebookVersion]) -> None:
    try:
        with now.app.store.write(now.viewer_id or UNNAMED) as tx:
            version = work(tx)
            done = f"Saved as version {version.number}: {version.note}"
    except ParihsError as error:
        st.error(plain(f"{error.message} {error.hint}"))
        return
    st.session_state["codebook-clear"] = True
    st.session_state["codebook-done"] = done
    st.rerun()
