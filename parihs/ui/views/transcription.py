"""Transcription: recordings, how far each is, and what the speech models allow."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import streamlit as st

from parihs.errors import ParihsError
from parihs.model import Transcript
from parihs.store.recordings import recordings
from parihs.store.studies import studies, workshops
from parihs.store.transcripts import transcripts
from parihs.transcribe.job_status import JobStatus
from parihs.ui import job_rows
from parihs.ui.clock import clock
from parihs.ui.job_rows import Place
from parihs.ui.model_views import models_panel
from parihs.ui.plain import plain
from parihs.ui.speech_hints import hints_panel
from parihs.ui.speech_settings import LANGUAGES, settings_form
from parihs.ui.state import need_study
from parihs.web.context import jobs

POLL_S = 1.0


now = need_study()
st.title("Transcription")
with now.app.store.read() as session:
    sounds = recordings(session, now.study.id)
    titles = {w.id: w.title for w in workshops(session, now.study.id)}
    # the queue is the whole home's, so recordings of its other studies may be in it
    others = [(s.name, r) for s in studies(session) for r in recordings(session, s.id)]
    texts = {transcript.workshop_id for transcript in transcripts(session, now.study.id)}
places = {r.id: Place(r, f"Study “{study}”") for study, r in others}
places |= {sound.id: Place(sound, titles[sound.workshop_id]) for sound in sounds}
if not sounds:
    st.info("There is no recording yet. Add one, and it can be transcribed here.")
    st.page_link("views/add.py", label="Add material", icon=":material/upload_file:")
    st.stop()
form, hints = st.container(), st.container()
with hints:
    # before the settings are made: whether the words are told is one of them
    hints_panel(now, sounds, titles, LANGUAGES)
with form:
    settings = settings_form(now)
ready = models_panel(now, settings)
# Submitted here and not beside its button: the list is a fragment, and a fragment would still hold
# the settings from before a number that was typed just before the click.
recorded = Counter(sound.workshop_id for sound in sounds)
for wanted in st.session_state.pop("transcribe", []):
    place = places[wanted]
    spoken = place.recording.language or settings.language
    workshop = place.recording.workshop_id
    only_one = recorded[workshop] == 1 and workshop not in texts
    jobs().submit(
        wanted,
        replace(settings, language=spoken),
        # Several transcripts of a workshop are told apart by the names of their files.
        title=place.title if only_one else None,
        duration_ms=place.recording.duration_ms,
    )
polling = jobs().overview().active


def new_section(fresh: list[Place]) -> None:
    """Recordings that nobody has transcribed: choose some, or take all."""
    st.subheader("Not transcribed yet")
    chosen = [
        place.recording.id
        for place in fresh
        if st.checkbox(
            f"**{plain(place.title)}** · :small[{plain(place.recording.filename)} · "
            f"{clock(place.recording.duration_ms)}]",
            key=f"choose-{place.recording.id}",
            disabled=not ready,
        )
    ]
    wanted = chosen or [place.recording.id for place in fresh]
    label = "Transcribe"
    if len(fresh) > 1:
        label = f"Transcribe the chosen {len(chosen)}" if chosen else f"Transcribe all {len(fresh)}"
    if st.button(label, key="transcribe-them", type="primary", disabled=not ready):
        st.session_state["transcribe"] = wanted
        st.rerun()


@st.fragment(run_every=POLL_S if polling else None)
def listing() -> None:
    """The queue and all recordings; looks again every second while there is something to do."""
    job_rows.trouble()
    known = jobs().list()
    queue = jobs().overview(known)
    if queue.active != polling:
        st.rerun()
    with now.app.store.read() as session:
        written = {t.recording_id: t for t in transcripts(session, now.study.id) if t.recording_id}
    if queue.active or queue.paused or queue.held:
        st.subheader("In the queue")
        if queue.active or queue.paused:
            job_rows.queue_head(queue)
        for job in queue.running:
            job_rows.running_row(job, places.get(job.recording_id), len(queue.living) > 1)
        for position, job in enumerate(queue.waiting):
            job_rows.waiting_row(
                job, places.get(job.recording_id), position, len(queue.waiting) - 1
            )
        for job in queue.held:
            job_rows.held_row(job, places.get(job.recording_id))
    newest: dict[str, JobStatus] = {}
    for job in known:
        newest.setdefault(job.recording_id, job)
    settled(newest, written)


def settled(newest: dict[str, JobStatus], written: dict[str, Transcript]) -> None:
    """Recordings of this study that are not in the queue, by what they need."""
    about = [(places[sound.id], newest.get(sound.id), written.get(sound.id)) for sound in sounds]
    stopped = [(p, j, t) for p, j, t in about if j and j.state in ("failed", "cancelled")]
    fresh = [place for place, job, text in about if job is None and text is None]
    through = [(p, j, t) for p, j, t in about if (j and j.state == "done") or (not j and t)]
    if stopped:
        st.subheader("Stopped")
        for place, job, text in stopped:
            job_rows.stopped_row(job, place, text)
    if fresh:
        new_section(fresh)
    if through:
        st.subheader("Transcribed")
        for place, done, text in through:
            job_rows.done_row(done, place, text)


# a list that looks again every second would fade each time on a busy computer
st.html("<style>.st-key-queue-list [data-stale=true] { opacity: 1 !important; }</style>")
try:
    with st.container(key="queue-list"):
        listing()
except ParihsError as error:
    st.error(plain(str(error)))
