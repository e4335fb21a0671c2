"""The form that starts a study."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import streamlit as st

from parihs.codebook import load, shipped
from parihs.errors import ParihsError
from parihs.store import Store
from parihs.store.codebooks import save_codebook
from parihs.store.studies import add_coder, add_site, add_study
from parihs.ui.choose import choose
from parihs.ui.state import remember


def key_of(name: str) -> str:
    """A short key for a name in any script: lower-case words joined by hyphens."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or "study"


@cache
def _name(path: Path) -> str:
    """The name of a codebook that comes with parihs; reading all five takes a while."""
    return load(path).name


def start_study(store: Store) -> None:
    """Name, sites, codebook and first coder; the rest can come later."""
    st.subheader("Start your own study")
    books = shipped()
    with st.form("start-study", border=False):
        name = st.text_input("Name of the study")
        sites = st.text_area(
            "Sites, one per line", help="You can add and describe more under Sites and people."
        )
        codebook = choose(
            st.container(), "Codebook", {key: _name(path) for key, path in books.items()}
        )
        coder = st.text_input("Your name, as a coder")
        if not st.form_submit_button("Start the study"):
            return
    if not name.strip() or not coder.strip():
        raise ParihsError("The study was not started.", "Give it a name, and say who you are.")
    with store.write(key_of(coder)) as tx:
        study = add_study(tx, key=key_of(name), name=name.strip())
        for line in dict.fromkeys(line.strip() for line in sites.splitlines() if line.strip()):
            add_site(tx, study.id, key=key_of(line), name=line)
        add_coder(tx, study.id, key=key_of(coder), name=coder.strip())
        save_codebook(tx, study.id, load(books[codebook]))
    remember("study", study.key)
    remember(f"coder:{study.key}", key_of(coder))
    st.rerun()
