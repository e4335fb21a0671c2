"""One memo on a page: what it says, what it is about, and what its author can do with it."""

from __future__ import annotations

import streamlit as st

from parihs.memos import MemoView, change_memo, remove_memo, restore_memo
from parihs.memos.finding import KINDS, NOTE
from parihs.ui.drafts import Draft
from parihs.ui.plain import plain
from parihs.ui.state import Current


def show_memo(now: Current, memo: MemoView) -> None:
    """A memo with its links; its author can change, remove and bring it back."""
    with st.container(border=True, key=f"memo-{memo.id}"):
        top, actions = st.columns([5, 2])
        top.markdown(f"**{plain(memo.about.label)}**")
        written = f"{memo.created_at.day} {memo.created_at:%b %Y}"
        changed = f", changed {memo.updated_at.day} {memo.updated_at:%b %Y}" if memo.edited else ""
        draft = Draft(memo.author_id, f"memo:{memo.id}", 0, text=memo.text)
        open_key = f"editing:{memo.id}"
        editing = draft.changed or st.session_state.get(open_key, False)
        if editing and memo.own:
            _edit(now, memo, draft, open_key)
        else:
            st.text(memo.text)
        st.caption(plain(f"{KINDS[memo.kind]} · {memo.author} · {written}{changed}"))
        for _, link in memo.links:
            st.caption(plain(f"See also: {link.label}"))
        with actions.container(horizontal=True, horizontal_alignment="right"):
            _buttons(now, memo, open_key, editing)


def _edit(now: Current, memo: MemoView, draft: Draft, open_key: str) -> None:
    text = draft.text(st, "text", "Memo", height=140)
    if st.button("Save", type="primary", key=f"save:{memo.id}", disabled=not text.strip()):
        with now.app.store.write(now.viewer_id) as tx:
            change_memo(tx, memo.id, text=text)
        draft.drop()
        st.session_state[open_key] = False
        st.rerun()
    draft.warn()


def _buttons(now: Current, memo: MemoView, open_key: str, editing: bool) -> None:
    if memo.about.transcript_id is not None and st.button(
        "Open", key=f"open:{memo.id}", type="tertiary", icon=":material/arrow_forward:"
    ):
        query = {"transcript": memo.about.transcript_id}
        if memo.about.start is not None and memo.about.end is not None:
            query |= {"start": str(memo.about.start), "end": str(memo.about.end)}
        st.switch_page("views/code.py", query_params=query)
    if not memo.own or memo.kind == NOTE:
        return
    if memo.removed:
        if st.button("Bring back", key=f"back:{memo.id}", type="tertiary"):
            with now.app.store.write(now.viewer_id) as tx:
                restore_memo(tx, memo.id)
            st.rerun()
        return
    if not editing and st.button("Change", key=f"change:{memo.id}", type="tertiary"):
        st.session_state[open_key] = True
        st.rerun()
    if st.button("Remove", key=f"remove:{memo.id}", type="tertiary"):
        with now.app.store.write(now.viewer_id) as tx:
            remove_memo(tx, memo.id)
        st.toast("Memo removed. “Show the ones I removed” brings it back.")
        st.rerun()
