"""The versions of a codebook, with their notes, and what differs between any two."""

from __future__ import annotations

import streamlit as st
from sqlalchemy import select

from parihs.codebook.differences import compare
from parihs.model import CodebookVersion, Event
from parihs.store.codebooks import codebook_file, codebook_versions
from parihs.store.studies import coders
from parihs.ui.codebook_words import differences
from parihs.ui.plain import plain
from parihs.ui.state import Current


def versions_view(now: Current, newest: CodebookVersion) -> None:
    """Two versions to choose, and their differences code by code."""
    with now.app.store.read() as session:
        versions = codebook_versions(session, newest.codebook_id)
        names = {coder.id: coder.name for coder in coders(session, now.study.id)}
        query = select(Event.object_id, Event.actor).where(
            Event.object_type == "codebook_version", Event.verb.in_(("saved", "extended"))
        )
        saved_by = {row[0]: row[1] for row in session.execute(query)}
    if len(versions) == 1:
        st.info("There is one version so far. A change makes the next one, with a note on why.")
        return

    def label(version: CodebookVersion) -> str:
        at = f"{version.created_at.day} {version.created_at:%b %Y, %H:%M}"
        who = names.get(saved_by.get(version.id, ""), "")
        note = version.note if len(version.note) < 90 else f"{version.note[:90]}…"
        return " · ".join(part for part in (f"Version {version.number}", at, who, note) if part)

    left, right = st.columns(2)
    after = left.selectbox("What changed in", versions[:-1], format_func=label, key="diff-after")
    earlier = [each for each in versions if each.number < after.number]
    before = right.selectbox("since", earlier, format_func=label, key=f"diff-{after.number}")
    with now.app.store.read() as session:
        found = compare(codebook_file(session, before.id), codebook_file(session, after.id))
    between = [v for v in reversed(versions) if before.number < v.number <= after.number]
    for each in between:
        st.caption(plain(label(each)))
    if found:
        st.html(differences(found))
    else:
        st.info("These two versions do not differ in their codes.")
