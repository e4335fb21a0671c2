"""The forms with which a lead changes codes; nothing is saved before a note says what and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import streamlit as st

from parihs.codebook import CodebookFile, CodeEntry, CodeTree
from parihs.codebook.editing import add, change, entry_of, move, new_id, retire, swap
from parihs.errors import ParihsError
from parihs.store.codebooks import code_ids
from parihs.ui.codebook_draft import FIELDS, BookDraft, forget_fields
from parihs.ui.codebook_words import differences
from parihs.ui.plain import plain

TEXTS: Final = {
    "definition": "Definition",
    "when_to_use": "Use it when",
    "when_not": "Not when",
    "example": "Example",
}
SIGNS: Final = {"enabling": "Enabling signs", "constraining": "Constraining signs"}
SAID: Final = "codebook-said"
CHOSEN: Final = "codebook-chosen"


def not_saved(draft: BookDraft) -> None:
    """What waits to be saved, and what others saved meanwhile."""
    _meanwhile(draft)
    changes = draft.changes
    if not changes:
        return
    with st.container(border=True):
        many = len({each.key for each in changes})
        st.markdown(f"**{'1 code' if many == 1 else f'{many} codes'} changed, not saved yet**")
        st.caption("It stays here until you save it or give it up, also over a reload.")
        with st.expander("What is different"):
            st.html(differences(changes))
        note = st.text_input(
            "What changed, and why", key="codebook-note", placeholder="The team reads this later"
        )
        left, right, _ = st.columns([2, 1, 3])
        if left.button(
            f"Save as version {draft.newest.number + 1}", type="primary", disabled=not note.strip()
        ):
            _save(draft, note)
        right.button("Give up", on_click=draft.drop)


def change_code(draft: BookDraft, key: str) -> None:
    """All that can be changed of one code, each field kept as soon as one leaves it."""
    entry = entry_of(draft.book, key)
    _field(draft, entry, "name", "Name", lines=0)
    for name, label in TEXTS.items():
        _field(draft, entry, name, label, lines=3)
    for name, label in SIGNS.items():
        _field(draft, entry, name, f"{label}, one on each line", lines=3)
    rated = f"{FIELDS}{key}:rate_valence"
    st.session_state.setdefault(rated, entry.rate_valence)
    st.checkbox(
        "Help or hindrance is judged on each coding",
        key=rated,
        on_change=lambda: _do(
            draft, lambda book: change(book, key, rate_valence=st.session_state[rated])
        ),
    )


def move_code(draft: BookDraft, key: str) -> None:
    """Another place in the tree, for the code and all below it."""
    tree = CodeTree(draft.book.codes)
    entry = entry_of(draft.book, key)
    below = {key, *tree.descendants(key)}
    options = ["", *(each for each in tree.order if each not in below)]
    names = {each: " › ".join(tree.path(each)) for each in options if each}
    left, up, down = st.columns([4, 1, 1], vertical_alignment="bottom")
    field = f"{FIELDS}{key}:parent"
    st.session_state.setdefault(field, entry.parent or "")
    left.selectbox(
        "Stands below",
        options,
        format_func=lambda each: names.get(each, "Nothing: it is a construct"),
        key=field,
        on_change=lambda: _do(draft, lambda book: move(book, key, st.session_state[field] or None)),
    )
    up.button("Up", on_click=_do, args=(draft, partial(swap, key=key, by=-1)), width="stretch")
    down.button("Down", on_click=_do, args=(draft, partial(swap, key=key, by=1)), width="stretch")


def add_code(draft: BookDraft, key: str | None) -> None:
    """A new code below another, or a new construct."""
    name = st.text_input("Name of the new code", key=f"{FIELDS}{key}:new")
    origin = st.radio(
        "It is",
        ["inductive", "extension"],
        format_func={
            "inductive": "the team’s own, from its data (inductive)",
            "extension": "an addition to the framework by this codebook",
        }.__getitem__,
        key=f"{FIELDS}{key}:origin",
    )

    def added(book: CodebookFile) -> CodebookFile:
        with draft.now.app.store.read() as session:
            taken = set(code_ids(session, draft.newest.codebook_id))
        made = new_id(taken | {each.id for each in book.codes}, name, key)
        st.session_state[CHOSEN] = made
        entry = CodeEntry(id=made, name=" ".join(name.split()), parent=key, origin=origin)
        return add(book, entry, after=key)

    st.button(
        "Add it", disabled=not name.strip(), on_click=_do, args=(draft, added), key=f"add:{key}"
    )


def retire_code(draft: BookDraft, key: str, count: int) -> None:
    """Take a code out of the codebook; its codings stay and come on the list to look at."""
    st.write(
        "It goes from the codebook; earlier versions keep it. "
        + (
            f"{count} codings that you may see carry it: they stay as they are, and come on the "
            "list “To look at”."
            if count
            else "No coding that you may see carries it."
        )
    )
    st.button("Retire this code", on_click=_do, args=(draft, partial(retire, key=key)))


def said() -> None:
    """Why the last change was not made, once."""
    message = st.session_state.pop(SAID, "")
    if message:
        st.error(plain(message))


def _do(draft: BookDraft, work: Callable[[CodebookFile], CodebookFile]) -> None:
    try:
        draft.put(work(draft.book))
    except ParihsError as error:
        st.session_state[SAID] = f"{error.message} {error.hint}"
        forget_fields()


def _field(draft: BookDraft, entry: CodeEntry, name: str, label: str, *, lines: int) -> None:
    key = f"{FIELDS}{entry.id}:{name}"
    value: Any = getattr(entry, name)
    st.session_state.setdefault(key, "\n".join(value) if name in SIGNS else value)

    def kept() -> None:
        text: Any = st.session_state[key].strip()
        if name in SIGNS:
            text = tuple(line.strip() for line in text.splitlines() if line.strip())
        _do(draft, lambda book: change(book, entry.id, **{name: text}))

    if lines:
        st.text_area(label, key=key, on_change=kept, height=34 + 24 * lines)
    else:
        st.text_input(label, key=key, on_change=kept)


def _save(draft: BookDraft, note: str) -> None:
    try:
        version = draft.save(note)
    except ParihsError as error:
        st.error(plain(f"{error.message} {error.hint}"))
        return
    if version is not None:
        del st.session_state["codebook-note"]
        st.session_state["codebook-done"] = (
            f"Saved as version {version.number}. Codings made before stay as they are; whoever "
            "codes now gets the new version without reloading."
        )
    st.rerun()


def _meanwhile(draft: BookDraft) -> None:
    if not draft.told:
        return
    note = plain(draft.told["note"])
    st.warning(
        f"The codebook was changed while you were changing it: version {draft.told['number']} "
        f"({note}). Your changes now stand on top of it; nothing of either is lost.",
        icon=":material/warning:",
    )
    for each in draft.told["clashes"]:
        where = each["field"].replace("_", " ") or "whole code"
        with st.container(border=True):
            st.markdown(f"**{plain(each['name'])}**: both of you changed the {plain(where)}.")
            st.caption("Theirs, which is saved")
            st.text(each["theirs"])
            st.caption("Yours, which takes its place when you save")
            st.text(each["mine"])
    st.button("I have seen this", on_click=draft.seen)
