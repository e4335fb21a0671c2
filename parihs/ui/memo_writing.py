"""The form in which a memo about something of the study is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from parihs.memos import TARGETS, Target, write_memo
from parihs.model.terms import MEMO_KINDS
from parihs.store.codebooks import definitions
from parihs.store.studies import participants, sites, workshops
from parihs.store.transcripts import transcripts
from parihs.ui.drafts import Draft
from parihs.ui.state import Current

HELP = {
    "analytic": "What you think the data say.",
    "methodological": "How the study is done, and what that does to it.",
    "positional": "Where you stand yourself, and how that colours what you see.",
    "decision": "What was decided, and why.",
}
HERE = ("study", "site", "workshop", "participant", "transcript", "code")
"""Types one can choose on this page; excerpts and codings are written about in the reader."""


def new_memo(now: Current) -> None:
    """An expander with the form; an unsaved text stays until it is saved or given up."""
    draft = Draft(
        now.viewer_id, f"memo:{now.study.id}", 0, kind="analytic", type="study", about="", text=""
    )
    with st.expander("Write a memo", expanded=draft.changed, icon=":material/edit:"):
        one, two, three = st.columns([2, 2, 4])
        kind = draft.one(
            one,
            "kind",
            "Kind",
            MEMO_KINDS,
            help="\n\n".join(f"**{MEMO_KINDS[key]}**: {words}" for key, words in HELP.items()),
        )
        type_ = draft.one(two, "type", "About", {key: TARGETS[key] for key in HERE})
        about = now.study.id
        if type_ != "study":
            things = _things(now, type_)
            if not things:
                three.caption("There is nothing of this kind in the study yet.")
                return
            if draft.value("about") not in things:
                draft.put("about", next(iter(things)))
            about = draft.one(three, "about", "Which", things)
        text = draft.text(st, "text", "Memo", height=140)
        if st.button("Save memo", type="primary", disabled=not text.strip()):
            with now.app.store.write(now.viewer_id) as tx:
                write_memo(tx, now.study.id, kind=kind, target=Target(type_, about), text=text)
            draft.drop()
            st.toast("Memo saved")
            st.rerun()
        draft.warn()


def _things(now: Current, type_: str) -> dict[str, str]:
    """Everything of a type in the study, id → name."""
    readers: dict[str, Callable[[Session], dict[str, Any]]] = {
        "site": lambda s: {each.id: each.name for each in sites(s, now.study.id)},
        "workshop": lambda s: {each.id: each.title for each in workshops(s, now.study.id)},
        "participant": lambda s: {
            each.id: each.pseudonym for each in participants(s, now.study.id)
        },
        "transcript": lambda s: {each.id: each.title for each in transcripts(s, now.study.id)},
        "code": lambda s: {
            each.code_id: " › ".join(each.path)
            for each in (definitions(s, now.codebook.id) if now.codebook else [])
        },
    }
    with now.app.store.read() as session:
        return readers[type_](session)
