"""Codebook: the codes with their rules and counts, their changes, and codings to look at again."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from parihs.codebook import CodeTree, load, write_csv, write_yaml
from parihs.coding.code_choices import code_counts
from parihs.coding.recoding import waiting
from parihs.model import CodebookVersion
from parihs.store.codebooks import CodeView, definitions, retired_codes, save_codebook
from parihs.store.roles import UNNAMED, why_not
from parihs.ui.codebook_draft import BookDraft
from parihs.ui.codebook_editing import (
    CHOSEN,
    add_code,
    change_code,
    move_code,
    not_saved,
    retire_code,
    said,
)
from parihs.ui.codebook_merging import merge_and_split
from parihs.ui.codebook_proposals import code_proposals
from parihs.ui.codebook_versions import versions_view
from parihs.ui.codebook_words import rules
from parihs.ui.plain import plain
from parihs.ui.recoding_desk import recoding_desk
from parihs.ui.state import Current, need_study

CODES, MERGE, LOOK, VERSIONS = "Codes", "Merge and split", "To look at", "Versions"


def tree(draft: BookDraft, counts: dict[str, int], codes: dict[str, CodeView]) -> str | None:
    """The codes as they are with what is not saved yet; the key of the chosen one."""
    wanted = st.text_input("Find a code", placeholder="name or words of its definition").casefold()
    by_key = {entry.id: entry for entry in draft.book.codes}
    ordered = CodeTree(draft.book.codes)
    depth = {key: ordered.depth(key) for key in ordered.order}
    found = [
        key
        for key in ordered.order
        if wanted in f"{by_key[key].name} {key} {by_key[key].definition}".casefold()
    ]
    if not found:
        st.info("No code has these words. Try fewer, or clear the field.")
        return None
    changed = {each.key for each in draft.changes}

    def label(key: str) -> str:
        entry = by_key[key]
        many = counts.get(codes[key].code_id, 0) if key in codes else 0
        parts = [plain(entry.name), f":gray[{many}]" if many else ""]
        parts += [":gray[*own*]"] if entry.origin == "inductive" else []
        parts += [":orange[not saved]"] if key in changed else []
        return "\u2003" * depth[key] + " ".join(part for part in parts if part)

    # Set anew each time: the browser loses its choice when the words beside the codes change.
    kept = st.session_state.get(CHOSEN)
    st.session_state[CHOSEN] = kept if kept in found else found[0]
    with st.container(height=620, border=False):
        chosen: str = st.radio(
            "Codes", found, format_func=label, label_visibility="collapsed", key=CHOSEN
        )
    return chosen


def counted(now: Current) -> dict[str, int]:
    """Code id → number of codings of it that one may see."""
    with now.app.store.read() as session:
        return code_counts(session, now.study.id, now.viewer_id)


def browse(
    now: Current,
    newest: CodebookVersion,
    draft: BookDraft,
    views: Sequence[CodeView],
    reason: str,
) -> None:
    """The tree on the left, the chosen code's rules and what can be changed of it on the right."""
    codes, counts = {view.key: view for view in views}, counted(now)
    with now.app.store.read() as session:
        gone = retired_codes(session, newest.id).values()
    names = {key: f"{name} (retired)" for key, name in gone}
    names |= {view.key: view.name for view in views}
    left, right = st.columns([5, 7], gap="medium")
    with left:
        key = tree(draft, counts, codes)
    if key is None:
        return
    with right:
        said()
        code = codes.get(key)
        count = counts.get(code.code_id, 0) if code else 0
        if code is None:
            st.markdown("#### A new code, not saved yet")
        else:
            rules(code, count, names)
            code_proposals(now, code.code_id, not reason)
        if reason:
            return
        with st.expander("Change this code", expanded=code is None):
            change_code(draft, key)
        with st.expander("Move it"):
            move_code(draft, key)
        with st.expander("New code below it"):
            add_code(draft, key)
        with st.expander("Retire it"):
            retire_code(draft, key, count)


def bring_in(now: Current) -> None:
    """Take a codebook file in as a new version."""
    file = st.file_uploader("A codebook file (YAML)", type=["yaml", "yml"])
    note = st.text_input("What changed, and why", key="file-note")
    if file is None or not st.button("Save as a new version", disabled=not note.strip()):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(file.name).name
        path.write_bytes(file.getvalue())
        book = load(path)
    with now.app.store.write(now.viewer_id or UNNAMED) as tx:
        version = save_codebook(tx, now.study.id, book, note.strip())
    st.success(f"Saved as version {version.number}. Codings made before stay as they are.")


def room(now: Current, newest: CodebookVersion, reason: str) -> None:
    """The page of a study that has a codebook."""
    draft = BookDraft(now, newest)
    with now.app.store.read() as session:
        waits = waiting(session, newest.id, now.viewer_id)
        codes = definitions(session, newest.id)
    st.caption(
        f"{plain(draft.saved.name)} · {len(codes)} codes · version {newest.number} in this study"
    )
    done = st.session_state.pop("codebook-done", "")
    if done:
        st.success(plain(done))
    rooms = [CODES, *([] if reason else [MERGE]), LOOK, VERSIONS]
    first = LOOK if st.query_params.get("view") == "look" else CODES
    st.session_state["codebook-room"] = st.session_state.get("codebook-room", first)
    if st.session_state["codebook-room"] not in rooms:
        st.session_state["codebook-room"] = CODES
    shown = st.radio(
        "Show",
        rooms,
        format_func=lambda name: f"{name} ({waits})" if name == LOOK and waits else name,
        horizontal=True,
        label_visibility="collapsed",
        key="codebook-room",
    )
    if not reason:
        not_saved(draft)
    if shown == CODES:
        browse(now, newest, draft, codes, reason)
    elif shown == MERGE:
        merge_and_split(now, newest, codes, counted(now))
    elif shown == LOOK:
        recoding_desk(now, newest.id, codes)
    else:
        versions_view(now, newest)
    st.divider()
    with st.container(horizontal=True):
        for name, write in (("YAML", write_yaml), ("CSV", write_csv)):
            st.download_button(
                f"Download as {name}",
                partial(write, draft.saved),
                f"{draft.saved.id}.{name.lower()}",
                on_click="ignore",
            )


now = need_study()
st.title("Codebook")
with now.app.store.read() as session:
    reason = why_not(session, now.study.id, now.viewer_id or UNNAMED, "codebook")
if now.codebook is None:
    st.info("This study has no codebook yet. Choose a file below.")
else:
    room(now, now.codebook, reason)
if reason:
    st.caption(plain(reason))
else:
    with st.expander("Bring in a codebook file"):
        bring_in(now)
