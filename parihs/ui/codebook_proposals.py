"""Proposed clarifications of a code, and taking them up or declining them."""

from __future__ import annotations

import streamlit as st

from parihs.coding.proposals import (
    DECLINED,
    OPEN,
    REOPENED,
    TAKEN_UP,
    Proposal,
    decide_proposal,
    proposals,
)
from parihs.errors import ParihsError
from parihs.store.roles import UNNAMED
from parihs.store.studies import coders
from parihs.ui.plain import plain
from parihs.ui.state import Current


def code_proposals(now: Current, code_id: str, may_edit: bool) -> None:
    """What coders would have this code's rules say more clearly, and what became of it."""
    with now.app.store.read() as session:
        found = [each for each in proposals(session, now.study.id) if each.code_id == code_id]
        names = {coder.id: coder.name for coder in coders(session, now.study.id)}
    if not found:
        return
    st.markdown("**Proposed clarifications**")
    for each in sorted(found, key=lambda each: each.state != OPEN):
        memo = each.memo
        who = names.get(memo.author, memo.author)
        st.write(plain(memo.text))
        st.caption(
            plain(f"{who}, {memo.created_at.day} {memo.created_at:%b %Y}{_state(each, names)}")
        )
        if may_edit:
            _decide(now, each)


def _state(each: Proposal, names: dict[str, str]) -> str:
    if each.state == OPEN or each.decided_at is None:
        return " · open"
    done = "taken up" if each.state == TAKEN_UP else "declined"
    reason = f": {each.reason}" if each.reason else ""
    by = names.get(each.decided_by, "the team")
    return f" · {done} by {by}, {each.decided_at.day} {each.decided_at:%b %Y}{reason}"


def _decide(now: Current, each: Proposal) -> None:
    memo = each.memo
    if each.state != OPEN:
        if st.button("Open it again", key=f"reopen:{memo.id}", type="tertiary"):
            _write(now, memo.id, REOPENED, "")
        return
    reason = st.text_input("Why, if you decline", key=f"reason:{memo.id}")
    left, right, _ = st.columns([1, 1, 2])
    if left.button(
        "Taken up", key=f"take:{memo.id}", help="Change the rules of the code yourself, below."
    ):
        _write(now, memo.id, TAKEN_UP, reason)
    if right.button("Decline", key=f"decline:{memo.id}", disabled=not reason.strip()):
        _write(now, memo.id, DECLINED, reason)


def _write(now: Current, memo_id: str, state: str, reason: str) -> None:
    try:
        with now.app.store.write(now.viewer_id or UNNAMED) as tx:
            decide_proposal(tx, memo_id, state, reason)
    except ParihsError as error:
        st.error(plain(f"{error.message} {error.hint}"))
        return
    st.rerun()
