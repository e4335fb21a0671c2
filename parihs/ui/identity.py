"""Who one is in this study: chosen once, always in sight, and a new coder added on the spot."""

from __future__ import annotations

from typing import Final

import streamlit as st

from parihs.errors import ParihsError
from parihs.model import Coder
from parihs.store import Store
from parihs.store.roles import CODER
from parihs.store.studies import add_coder, coders
from parihs.ui.plain import plain
from parihs.ui.start_study import key_of
from parihs.ui.state import Current, remember

NEW: Final = "Somebody new…"


def called(coder: Coder | str | None) -> str:
    """A coder's name, with their role where it is not the usual one; other choices as they are."""
    if coder is None:
        return "Nobody: reading only"
    if isinstance(coder, str):
        return coder
    return coder.name if coder.role == CODER else f"{coder.name} ({coder.role})"


def identity(now: Current, people: list[Coder]) -> None:
    """The choice in the side bar; it is remembered in this browser."""
    options: list[Coder | str | None] = [None, *people, NEW]
    ids = ["", *(coder.id for coder in people)]
    chosen = st.selectbox(
        "You are coding as",
        options,
        index=ids.index(now.viewer_id),
        format_func=called,
        # A box for each study: in another one the same name is another coder, and a box that held
        # the first of them would be answered by running the page again, without end.
        key=f"coding-as-{now.study.id}-{now.viewer_id}",
        help="Everything you code is saved under this name. It is remembered in this browser. "
        "There is no password: whoever can open the study's folder can read all of it. The name "
        "decides what this app shows and lets you do.",
    )
    if isinstance(chosen, str):
        _somebody_new(now)
    elif (chosen.id if chosen else "") != now.viewer_id:
        become(now, chosen)


def become(now: Current, coder: Coder | None) -> None:
    """Go on as this coder, or as nobody."""
    remember(f"coder:{now.study.key}", coder.key if coder else None)
    st.rerun()


def _somebody_new(now: Current) -> None:
    with st.form("new-coder", border=False):
        name = st.text_input("Your name, as a coder")
        added = st.form_submit_button("Start coding", width="stretch")
    if not added:
        return
    try:
        become(now, new_coder(now.app.store, now.study.id, name))
    except ParihsError as error:
        st.error(plain(str(error)))


def new_coder(store: Store, study_id: str, name: str) -> Coder:
    """Add a coder by their name alone. Raises ParihsError when empty or taken."""
    name = " ".join(name.split())
    if not name:
        raise ParihsError("Nobody was added.", "Give the coder a name.")
    with store.read() as session:
        taken = {coder.name.casefold() for coder in coders(session, study_id)}
        keys = {coder.key for coder in coders(session, study_id)}
    if name.casefold() in taken:
        raise ParihsError(f"There is already a coder called “{name}”.", "Choose it from the list.")
    key = base = key_of(name)
    number = 1
    while key in keys:
        number += 1
        key = f"{base}-{number}"
    with store.write(name) as tx:
        return add_coder(tx, study_id, key=key, name=name)
