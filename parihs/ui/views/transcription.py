"""Transcription: recordings, how far each is, and what the speech models allow."""

from __future__ import annotations

import streamlit as st

from parihs.errors import ParihsError
from parihs.model import Recording, Transcript
from parihs.store.recordings import recordings
from parihs.store.studies import workshops
from parihs.store.transcripts import transcripts
from parihs.transcribe import TranscriptionSettings, find_models
from parihs.transcribe.jobs import Jobs, JobStatus
from parihs.transcribe.progress import job_folder
from parihs.ui.choose import choose
from parihs.ui.clock import clock
from parihs.ui.model_views import models_panel
from parihs.ui.plain import plain
from parihs.ui.state import Current, need_study, remember, remembered
from parihs.web.context import jobs

STAGE_WORDS = {
    "": "waiting for the worker",
    "decode": "reading the sound",
    "plan": "finding speech",
    "recognise": "recognising words",
    "align": "timing each word",
    "speakers": "telling speakers apart",
    "save": "saving",
}
LANGUAGES = {
    "en": "English",
    "cy": "Welsh",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
}
POLL_S = 1.0


def settings_form(now: Current) -> TranscriptionSettings:
    """Model, language and number of speakers, remembered."""
    kept = remembered("transcription", {})
    models = [m.name for m in find_models(now.app.home.models) if m.kind == "asr" and m.whole]
    one, two, three = st.columns(3)
    model = (
        one.selectbox(
            "Model",
            models,
            index=models.index(kept["model"]) if kept.get("model") in models else 0,
            help="Larger models are slower and hear better.",
        )
        if models
        else None
    )
    language = choose(two, "Language spoken", LANGUAGES, wanted=kept.get("language"))
    people = three.number_input(
        "How many people speak?",
        min_value=1,
        max_value=40,
        value=None,
        help="Leave empty if you do not know. Knowing it helps more than anything else.",
    )
    remember("transcription", {**kept, "model": model, "language": language})
    number = int(people) if people else None
    return TranscriptionSettings(
        model=model,
        language=language,
        min_speakers=number,
        max_speakers=number,
        chunk_seconds=int(kept.get("chunk_seconds", 30)),
    )


def recording_row(
    now: Current,
    recording: Recording,
    place: str,
    job: JobStatus | None,
    written: Transcript | None,
    ready: bool,
) -> None:
    """One recording: what it is, how far its transcription is, what can be done now."""
    about, state, action = st.columns([3, 4, 2], vertical_alignment="center")
    file = plain(f"{recording.filename} · {clock(recording.duration_ms)}")
    about.markdown(f"**{plain(place)}**  \n:small[{file}]")
    with state:
        show_state(job, written)
    with action:
        if job is not None and job.active:
            if st.button("Cancel", key=f"cancel-{job.id}"):
                jobs().cancel(job.id)
                st.rerun()
        elif job is not None and job.state in ("failed", "cancelled"):
            if st.button("Try again", key=f"retry-{job.id}", help="Goes on where it stopped."):
                jobs().retry(job.id)
                st.rerun()
        elif written is None and st.button(
            "Transcribe", key=f"go-{recording.id}", type="primary", disabled=not ready
        ):
            st.session_state["transcribe"] = recording.id
            st.rerun()
        if written is not None:
            st.page_link(
                "views/code.py", label="Read and code", query_params={"transcript": written.id}
            )
    if job is not None:
        details(now, job)


def show_state(job: JobStatus | None, written: Transcript | None) -> None:
    """Progress, outcome or what is missing, in plain words."""
    if job is None:
        st.caption("Transcript is here" if written else "Not transcribed yet")
    elif job.active:
        stage = STAGE_WORDS.get(job.stage, job.stage)
        heard = f" · {clock(job.done_ms)} of {clock(job.total_ms)}" if job.total_ms else ""
        words = "In the queue" if job.state == "queued" else f"{stage.capitalize()}{heard}"
        st.progress(job.percent / 100, text=f"{words} · {job.percent} %")
    elif job.state == "done":
        st.caption(plain(job.message) or "Transcribed")
    elif job.state == "cancelled":
        st.caption("Cancelled. What was recognised is kept, so trying again goes on from there.")
    else:
        st.markdown(f":red[{plain(job.message)}] {plain(job.hint)}")


def details(now: Current, job: JobStatus) -> None:
    """Warnings and the log of a job."""
    for warning in job.warnings:
        st.caption(f":material/info: {plain(warning)}")
    log = jobs().log(job.id)
    if log:
        with st.popover("Log"):
            st.code(log, language=None)
            st.caption(str(job_folder(now.app.home, job.id).name))


now = need_study()
st.title("Transcription")
with now.app.store.read() as session:
    sounds = recordings(session, now.study.id)
    titles = {w.id: w.title for w in workshops(session, now.study.id)}
if not sounds:
    st.info("There is no recording yet. Add one, and it can be transcribed here.")
    st.page_link("views/add.py", label="Add material", icon=":material/upload_file:")
    st.stop()
settings = settings_form(now)
ready = models_panel(now, settings)
# Submitted here and not beside its button: the list is a fragment, and a fragment would still hold
# the settings from before a number that was typed just before the click.
if wanted := st.session_state.pop("transcribe", None):
    place = next(sound.workshop_id for sound in sounds if sound.id == wanted)
    jobs().submit(wanted, settings, title=titles[place])


def newest_jobs(queue: Jobs) -> dict[str, JobStatus]:
    """The newest job of each recording."""
    newest: dict[str, JobStatus] = {}
    for job in queue.list():
        newest.setdefault(job.recording_id, job)
    return newest


def any_active() -> bool:
    """Whether something is queued or running, so that the list keeps looking."""
    return any(job.active for job in newest_jobs(jobs()).values())


polling = any_active()


@st.fragment(run_every=POLL_S if polling else None)
def listing() -> None:
    """All recordings; looks again every second while something runs."""
    newest = newest_jobs(jobs())
    if polling and not any(job.active for job in newest.values()):
        st.rerun()
    with now.app.store.read() as session:
        written = {t.recording_id: t for t in transcripts(session, now.study.id) if t.recording_id}
    if polling and not jobs().worker_is_running():
        st.caption(":material/info: The worker is starting. Jobs wait for it and are not lost.")
    for recording in sounds:
        recording_row(
            now,
            recording,
            titles[recording.workshop_id],
            newest.get(recording.id),
            written.get(recording.id),
            ready,
        )


try:
    listing()
except ParihsError as error:
    st.error(plain(str(error)))
