"""Codebook: the codes with their rules, and the codebooks that come with parihs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from parihs.codebook import load, write_csv, write_yaml
from parihs.coding.discussion import clarifications
from parihs.store.codebooks import CodeView, codebook_file, definitions, save_codebook
from parihs.store.studies import coders
from parihs.ui.plain import plain
from parihs.ui.state import Current, need_study


def rules(code: CodeView) -> None:
    """One code with everything a coder needs to decide."""
    about = code.definition
    st.markdown(f"#### {plain(code.name)}")
    st.caption(plain(" › ".join(code.path[:-1])) or "Construct")
    st.write(plain(about.definition))
    for label, text in (
        ("Use it when", about.when_to_use),
        ("Not when", about.when_not),
        ("Example", about.example),
        ("Enabling signs", "; ".join(about.enabling)),
        ("Constraining signs", "; ".join(about.constraining)),
        ("Sources", ", ".join(about.source)),
    ):
        if text:
            st.markdown(f"**{label}**")
            st.write(plain(text))
    st.caption(plain(f"{code.key} · {about.origin}"))


def proposals(now: Current, code: CodeView) -> None:
    """What coders who disagreed would have this code's rules say more clearly."""
    with now.app.store.read() as session:
        found = [c.memo for c in clarifications(session, now.study.id) if c.code_id == code.code_id]
        names = {coder.id: coder.name for coder in coders(session, now.study.id)}
    if not found:
        return
    st.markdown("**Proposed clarifications**")
    for memo in found:
        who = names.get(memo.author, memo.author)
        at = f"{memo.created_at.day} {memo.created_at:%b %Y}"
        st.write(plain(memo.text))
        st.caption(plain(f"{who}, {at}. Change the codebook below to take it up."))


def browse(now: Current, codes: list[CodeView]) -> None:
    """The tree on the left, the chosen code's rules on the right."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        wanted = st.text_input("Find a code", placeholder="name or words of its definition")
        found = [
            code
            for code in codes
            if wanted.casefold()
            in f"{code.name} {code.key} {code.definition.definition}".casefold()
        ]
        if not found:
            st.info("No code has these words. Try fewer, or clear the field.")
            return
        chosen = st.radio(
            "Codes",
            found,
            format_func=lambda code: "\u2003" * code.depth + plain(code.name),
            label_visibility="collapsed",
        )
    with right:
        rules(chosen)
        proposals(now, chosen)


def replace(now: Current) -> None:
    """Take a codebook file in as a new version."""
    file = st.file_uploader("A codebook file (YAML)", type=["yaml", "yml"])
    note = st.text_input("What changed, and why")
    if file is None or not st.button("Save as a new version", disabled=not note.strip()):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(file.name).name
        path.write_bytes(file.getvalue())
        book = load(path)
    with now.app.store.write(now.viewer_id or "lead") as tx:
        version = save_codebook(tx, now.study.id, book, note.strip())
    st.success(f"Saved as version {version.number}. Codings made before stay as they are.")


now = need_study()
st.title("Codebook")
if now.codebook is None:
    st.info("This study has no codebook yet. Choose a file below.")
else:
    with now.app.store.read() as session:
        book = codebook_file(session, now.codebook.id)
        codes = definitions(session, now.codebook.id)
    st.caption(
        f"{plain(book.name)} · {len(codes)} codes · version {now.codebook.number} in this study"
    )
    browse(now, codes)
    st.divider()
    yaml_column, csv_column, _ = st.columns([1, 1, 3])
    yaml_column.download_button("Download as YAML", write_yaml(book), f"{book.id}.yaml")
    csv_column.download_button("Download as CSV", write_csv(book), f"{book.id}.csv")
with st.expander("Change the codebook"):
    replace(now)
