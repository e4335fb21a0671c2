"""A codebook being changed: kept until it is saved or given up, and never saved over another's."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import streamlit as st

from parihs.codebook import CodebookFile, parse, write_yaml
from parihs.codebook.differences import Difference, compare, join
from parihs.coding.codebook_changes import NewerCodebookError, save_changes
from parihs.model import CodebookVersion
from parihs.store.codebooks import codebook_file
from parihs.store.roles import UNNAMED
from parihs.ui import kept_drafts
from parihs.ui.state import Current

FIELDS = "codebook-field:"
"""What the keys of the page's fields begin with."""


class BookDraft:
    """One person's changes to the codebook, on top of the newest version."""

    def __init__(self, now: Current, newest: CodebookVersion) -> None:
        self.now = now
        self.newest = newest
        self.owner = now.viewer_id or UNNAMED
        self.name = f"{self.owner}:codebook:{newest.codebook_id}"
        with now.app.store.read() as session:
            self.saved: CodebookFile = codebook_file(session, newest.id)
        if st.session_state.get("codebook-owner") != self.name:
            # Somebody else sits here now, or it is another study: their fields, not these.
            forget_fields()
            st.session_state["codebook-owner"] = self.name
        drafts = st.session_state.setdefault("codebook-drafts", {})
        if self.name not in drafts:
            drafts[self.name] = kept_drafts.load(self.owner, self.name)
        kept = drafts[self.name].get("values", {})
        book, _ = parse(kept["book"]) if kept else (None, [])
        self.book: CodebookFile = book or self.saved
        self.base: str = kept["base"] if book else newest.id
        self.told: dict[str, Any] = kept.get("told", {}) if book else {}
        if self.base != newest.id:
            self._catch_up()

    @property
    def changes(self) -> list[Difference]:
        """What is not saved yet."""
        return compare(self.saved, self.book)

    def put(self, book: CodebookFile) -> None:
        """Keep another state of the book."""
        self.book = book
        if book == self.saved:
            self.drop()
            return
        values = {"base": self.base, "book": write_yaml(book), "told": self.told}
        st.session_state["codebook-drafts"][self.name] = {"values": values}
        kept_drafts.keep(self.owner, self.name, {"values": values})

    def drop(self) -> None:
        """Give up what is not saved."""
        self.book, self.told = self.saved, {}
        st.session_state["codebook-drafts"][self.name] = {}
        kept_drafts.keep(self.owner, self.name, {})
        forget_fields()

    def seen(self) -> None:
        """The person has read what others saved meanwhile."""
        self.told = {}
        self.put(self.book)

    def save(self, note: str) -> CodebookVersion | None:
        """Save as a version; None where somebody else was quicker, and both are together now."""
        try:
            with self.now.app.store.write(self.owner) as tx:
                version = save_changes(tx, self.base, self.book, note)
        except NewerCodebookError:
            return None
        self.drop()
        return version

    def _catch_up(self) -> None:
        """Put the changes onto the version that somebody saved meanwhile."""
        with self.now.app.store.read() as session:
            joined = join(codebook_file(session, self.base), self.book, self.saved)
        clashes = [*self.told.get("clashes", ()), *(asdict(each) for each in joined.clashes)]
        self.told = {"number": self.newest.number, "note": self.newest.note, "clashes": clashes}
        self.base = self.newest.id
        forget_fields()
        self.put(joined.book)


def forget_fields() -> None:
    """Let the page's fields show the draft anew."""
    for key in [key for key in st.session_state if str(key).startswith(FIELDS)]:
        del st.session_state[key]
