"""What was changed about the speakers of a transcript, by whom, and taking it back."""

from __future__ import annotations

import streamlit as st

from parihs.coding.progress import WorkshopStatus
from parihs.speakers import describe, history, undo
from parihs.store.studies import coders, participants
from parihs.ui.plain import plain
from parihs.ui.speaker_desk import do
from parihs.ui.state import Current

SHOWN = 50


def changes_tab(now: Current, row: WorkshopStatus) -> None:
    """The changes, newest first, each with a button that takes it back."""
    assert row.transcript is not None
    with now.app.store.read() as session:
        deeds = history(session, row.transcript)
        people = {person.id: person.pseudonym for person in participants(session, now.study.id)}
        names = {coder.id: coder.name for coder in coders(session, now.study.id)}
    if not deeds:
        st.info("Nothing was changed about who speaks here. What you change can be undone here.")
        return
    for deed in deeds[:SHOWN]:
        who = plain(names.get(deed.actor, deed.actor))
        when = deed.at.astimezone().strftime("%d %b %Y, %H:%M").lstrip("0")
        text = f"{when} · {who} {plain(describe(deed, people))}"
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.markdown(f":gray[~~{text}~~] · undone" if deed.undone else text)
        if not deed.undone and right.button("Undo", key=f"undo-{deed.seq}"):
            seq = deed.seq
            do(now, lambda tx: undo(tx, now.study.id, seq))  # noqa: B023  runs at once
    if len(deeds) > SHOWN:
        st.caption(f"{len(deeds) - SHOWN} older changes are in the audit trail of the report.")
