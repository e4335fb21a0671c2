"""The listening desk: each voice of a transcript with moments to hear it by, and who it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from parihs.coding.progress import WorkshopStatus
from parihs.errors import ParihsError
from parihs.model import Participant, Site
from parihs.speakers import (
    Candidate,
    Voice,
    add_and_link,
    candidates,
    link_voice,
    mark_voice,
    merge,
    name_voice,
    set_attendance,
    voices,
)
from parihs.store import Transaction
from parihs.store.studies import sites
from parihs.ui.clock import clock
from parihs.ui.plain import plain
from parihs.ui.state import Current
from parihs.ui.widgets.voice_samples import SampleView, voice_samples
from parihs.web.media import recording_url

NOT_KNOWN = "Not known"
NOBODY = "Nobody named"


def desk(now: Current, row: WorkshopStatus) -> None:
    """All voices of a transcript, a row each."""
    assert row.transcript is not None
    assert row.version is not None
    with now.app.store.read() as session:
        heard = voices(session, row.version.id)
        people = candidates(session, row.transcript)
        places = sites(session, now.study.id)
    known = sum(voice.participant is not None for voice in heard)
    talk_ms = sum(voice.talk_ms for voice in heard)
    st.caption(
        f"{known} of {len([voice for voice in heard if voice.id])} voices known. Listen to each "
        "and say who it is: the name then stands in the reader, in comparisons and in exports, "
        "with role and site. Only pseudonyms belong here."
    )
    attendance(now, row, people)
    for voice in heard:
        st.divider()
        left, right = st.columns([5, 3], gap="large")
        with left:
            about_voice(now, row, voice, talk_ms)
        if voice.id is not None:
            with right:
                who_is_it(now, row, voice, heard, people, places)


def attendance(now: Current, row: WorkshopStatus, people: list[Candidate]) -> None:
    """Who took part: they are offered first."""
    names = {each.person.id: plain_name(each.person) for each in people}
    there = [each.person.id for each in people if each.attended]
    with st.expander(f"Who attended · {len(there)}", icon=":material/groups:"):
        chosen = st.multiselect(
            "Attendance list of this workshop",
            list(names),
            default=there,
            format_func=lambda key: names[key],
            placeholder="Nobody noted yet",
            help="They are offered first. Linking a voice puts its person on the list.",
            key=f"attended-{row.workshop.id}-{hash(tuple(sorted(there)))}",
        )
        if set(chosen) != set(there):
            do(now, lambda tx: set_attendance(tx, row.workshop.id, chosen))


def about_voice(now: Current, row: WorkshopStatus, voice: Voice, talk_ms: int) -> None:
    """Name, how much it says, and moments to hear."""
    assert row.transcript is not None
    person = voice.participant
    role = f" · {plain(person.description or person.role)}" if person else ""
    st.markdown(f"**{plain(voice.name) or NOBODY}**{role}  \n:small[{facts(voice, talk_ms)}]")
    audio = None
    if row.transcript.recording_id is not None:
        audio = recording_url(row.transcript.recording_id, now.token())
    views = [
        SampleView(
            id=str(number),
            at="" if sample.start_ms is None else clock(sample.start_ms),
            text=sample.text,
            audio=None if sample.start_ms is None else audio,
            from_ms=sample.start_ms or 0,
            to_ms=sample.end_ms or (sample.start_ms or 0) + 8_000,
        )
        for number, sample in enumerate(voice.samples)
    ]
    opened = voice_samples(
        views,
        label=f"Moments of {voice.name or NOBODY}",
        key=f"samples-{row.transcript.id}-{voice.id}",
    )
    if opened is not None:
        sample = voice.samples[int(opened)]
        query = {"transcript": row.transcript.id, "start": sample.start, "end": sample.end}
        st.switch_page("views/code.py", query_params={k: str(v) for k, v in query.items()})


def facts(voice: Voice, talk_ms: int) -> str:
    """How much a voice says, in a line."""
    parts = [
        f"{voice.n_turns:,} turn{'' if voice.n_turns == 1 else 's'}",
        f"{voice.n_words:,} words",
    ]
    if voice.talk_ms:
        parts.append(f"{clock(voice.talk_ms)} of talk ({100 * voice.talk_ms / talk_ms:.0f} %)")
    if voice.unsure:
        parts.append("**not sure who it is**")
    elif voice.n_unsure:
        parts.append(f"**not sure in {voice.n_unsure}**")
    return " · ".join(parts)


def who_is_it(
    now: Current,
    row: WorkshopStatus,
    voice: Voice,
    heard: list[Voice],
    people: list[Candidate],
    places: list[Site],
) -> None:
    """The participant a voice belongs to, and what else can be done with it."""
    assert voice.id is not None
    speaker_id = voice.id
    options = [None, *(each.person.id for each in people)]
    words = {each.person.id: offered(each, voice, heard) for each in people}
    linked = voice.participant.id if voice.participant else None
    chosen = st.selectbox(
        f"Who is {voice.name}?",
        options,
        index=options.index(linked),
        format_func=lambda key: words[key] if key else NOT_KNOWN,
        # The key holds what is saved, so that a change made elsewhere is never undone from here.
        key=f"who-{voice.id}-{linked}",
    )
    if chosen != linked:
        do(now, lambda tx: link_voice(tx, speaker_id, chosen))
    only = last_one(voice, heard, people)
    if only is not None:
        st.caption(f"Of those who attended, only {plain(only)} has no voice yet.")
    with st.container(horizontal=True):
        if st.button("New participant", key=f"new-{voice.id}", icon=":material/person_add:"):
            new_participant(now, row, voice, places)
        with st.popover("More", icon=":material/tune:"):
            more(now, row, voice, heard)


def more(now: Current, row: WorkshopStatus, voice: Voice, heard: list[Voice]) -> None:
    """Rename, merge, not sure."""
    assert voice.id is not None
    assert row.version is not None
    speaker_id, version_id = voice.id, row.version.id
    with st.form(f"rename-{voice.id}", border=False):
        label = st.text_input(
            "Name in this transcript",
            value=voice.label,
            help="Shown where the voice is not linked to a participant.",
        )
        if st.form_submit_button("Rename"):
            do(now, lambda tx: name_voice(tx, speaker_id, label))
    others = {each.id: each.name for each in heard if each.id not in (None, voice.id)}
    if others:
        with st.form(f"merge-{voice.id}", border=False):
            into = st.selectbox(
                "It is the same person as",
                list(others),
                format_func=lambda key: others[key],
                index=None,
                placeholder="Choose a voice",
            )
            if st.form_submit_button("Merge into that voice"):
                if into is None:
                    raise ParihsError("Nothing was merged.", "Choose the other voice first.")
                do(now, lambda tx: merge(tx, speaker_id, into))
    if not voice.unsure and st.button("Mark all of it as not sure", key=f"unsure-{voice.id}"):
        do(now, lambda tx: mark_voice(tx, version_id, speaker_id))
    if voice.n_unsure and st.button("All of it is sure", key=f"sure-{voice.id}"):
        do(now, lambda tx: mark_voice(tx, version_id, speaker_id, unsure=False))


@st.dialog("New participant")
def new_participant(now: Current, row: WorkshopStatus, voice: Voice, places: list[Site]) -> None:
    """A form for somebody who is not in the study yet, linked to the voice at once."""
    assert voice.id is not None
    st.caption("A pseudonym only: real names do not belong in a study.")
    with st.form("new-participant", border=False):
        pseudonym = st.text_input("Pseudonym")
        role = st.text_input("Role", help="A band used in filters, such as doctor or manager")
        description = st.text_input("Description", placeholder="consultant, acute medicine")
        ids = [site.id for site in places]
        site = st.selectbox(
            "Site",
            [*places, None],
            index=ids.index(row.site.id),
            format_func=lambda s: s.name if s else "No site",
        )
        facilitator = st.checkbox("Facilitator")
        if not st.form_submit_button(f"Add, and link to {voice.name}", type="primary"):
            return
    try:
        with now.app.store.write(now.viewer_id or "lead") as tx:
            add_and_link(
                tx,
                voice.id,
                pseudonym=pseudonym,
                role=role,
                description=description,
                site_id=site.id if site else None,
                facilitator=facilitator,
            )
    except ParihsError as error:
        st.error(plain(str(error)))
        return
    st.rerun()


def offered(candidate: Candidate, voice: Voice, heard: list[Voice]) -> str:
    """A participant as offered for a voice."""
    names = {each.id: each.label for each in heard}
    also = [names[key] for key in candidate.voices if key != voice.id and key in names]
    notes = ["attended"] if candidate.attended else []
    if also:
        notes.append(f"also {' and '.join(also)}")
    return " · ".join([plain_name(candidate.person), *notes])


def last_one(voice: Voice, heard: list[Voice], people: list[Candidate]) -> str | None:
    """The one person of the attendance list without a voice, where one voice is left as well."""
    open_voices = [each for each in heard if each.id and each.participant is None]
    waiting = [each.person for each in people if each.attended and not each.voices]
    if len(waiting) == 1 and open_voices == [voice]:
        return waiting[0].pseudonym
    return None


def plain_name(person: Participant) -> str:
    """A participant as lists name them."""
    about = person.description or person.role
    return f"{person.pseudonym} · {about}" if about else person.pseudonym


def do(now: Current, work: Callable[[Transaction], Any]) -> None:
    """One change in one transaction; then the page shows how it is now."""
    with now.app.store.write(now.viewer_id or "lead") as tx:
        work(tx)
    st.rerun()


def choose_in(place: DeltaGenerator, label: str, options: dict[str, str], key: str) -> str:
    """A select box over names by key."""
    return place.selectbox(label, list(options), format_func=lambda k: options[k], key=key)
