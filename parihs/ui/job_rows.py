"""Rows of the transcription page: one recording each, with what can be done about it now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from parihs.errors import ParihsError
from parihs.model import Recording, Transcript
from parihs.transcribe.job_status import JobStatus
from parihs.transcribe.jobs import Where
from parihs.transcribe.overview import Overview
from parihs.ui.clock import clock
from parihs.ui.job_words import doing, hands, resting, shortened, whole
from parihs.ui.plain import plain
from parihs.web.context import jobs

WIDTHS = [3, 4.2, 2.8]
PLACES: dict[Where, tuple[str, str]] = {
    "front": (":material/vertical_align_top:", "To the front"),
    "up": (":material/arrow_upward:", "One up"),
    "down": (":material/arrow_downward:", "One down"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A recording and where it belongs."""

    recording: Recording
    title: str


def act(does: Callable[..., object], *what: object) -> None:
    """Do what a button says before the page is drawn again; trouble is shown above the list."""
    try:
        does(*what)
    except ParihsError as error:
        st.session_state["job-trouble"] = str(error)


def trouble() -> None:
    """What the last button could not do."""
    if words := st.session_state.pop("job-trouble", None):
        st.warning(plain(words))


def name(place: Place | None) -> None:
    """Workshop and file, as they are called."""
    if place is None:
        st.markdown("A recording that is no longer in the study")
        return
    sound = place.recording
    file = plain(f"{shortened(sound.filename)} · {clock(sound.duration_ms)}")
    st.markdown(f"**{plain(place.title)}**  \n:small[{file}]")


def queue_head(queue: Overview) -> None:
    """How far everything is, who works at it, and the switch for all of it."""
    if queue.paused or len(queue.running) + len(queue.waiting) > 1:
        whole_queue(queue)
    if not queue.living:
        st.caption(
            ":material/info: No worker is running yet. One starts with the app within seconds; "
            "jobs wait for it and are not lost."
        )
    elif words := hands(queue.living):
        st.caption(plain(words))


def whole_queue(queue: Overview) -> None:
    """One bar and one switch for several jobs; a single one has its own."""
    bar, switch = st.columns([7.2, 2.8], vertical_alignment="center")
    with bar:
        share = queue.done_ms / queue.total_ms if queue.total_ms else 0.0
        st.progress(min(share, 1.0), text=whole(queue))
    with switch:
        if queue.paused:
            st.button(
                "Go on",
                type="primary",
                key="queue-on",
                icon=":material/play_arrow:",
                on_click=act,
                args=(jobs().resume_queue,),
            )
        else:
            st.button(
                "Pause all",
                key="queue-off",
                icon=":material/pause:",
                help="Stops the work within seconds, for example when you need the computer for "
                "something else. It goes on where it was.",
                on_click=act,
                args=(jobs().pause_queue,),
            )


def running_row(job: JobStatus, place: Place | None, several_workers: bool) -> None:
    """A job at work: how far it is; pause or stop it."""
    with st.container(key=f"job-{job.id}"):
        about, state, action = st.columns(WIDTHS, vertical_alignment="center")
        with about:
            name(place)
        state.progress(job.percent / 100, text=doing(job, several_workers))
        with action.container(horizontal=True, gap="small", vertical_alignment="center"):
            pause_button(job)
            cancel_button(job)
            notes(job)


def waiting_row(job: JobStatus, place: Place | None, position: int, last: int) -> None:
    """A job in line: give it another place, pause or stop it."""
    with st.container(key=f"job-{job.id}"):
        about, state, action = st.columns(WIDTHS, vertical_alignment="center")
        with about:
            name(place)
        with state.container(horizontal=True, gap="small", vertical_alignment="center"):
            for where, (icon, words) in PLACES.items():
                useless = position == (last if where == "down" else 0)
                st.button(
                    "",
                    key=f"{where}-{job.id}",
                    icon=icon,
                    help=words,
                    type="tertiary",
                    disabled=useless,
                    on_click=act,
                    args=(jobs().move, job.id, where),
                )
            st.caption(resting(job, position), width="content")
        with action.container(horizontal=True, gap="small", vertical_alignment="center"):
            pause_button(job)
            cancel_button(job)


def held_row(job: JobStatus, place: Place | None) -> None:
    """A paused job: let it go on, or stop it."""
    with st.container(key=f"job-{job.id}"):
        about, state, action = st.columns(WIDTHS, vertical_alignment="center")
        with about:
            name(place)
        state.caption(resting(job))
        with action.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button("Go on", key=f"resume-{job.id}", on_click=act, args=(jobs().resume, job.id))
            cancel_button(job)


def stopped_row(job: JobStatus, place: Place | None, written: Transcript | None) -> None:
    """A job that failed or was cancelled: why, and what can be done."""
    with st.container(key=f"job-{job.id}"):
        about, state, action = st.columns(WIDTHS, vertical_alignment="center")
        with about:
            name(place)
        with state:
            if job.state == "cancelled":
                kept = " What was recognised is kept." if job.percent else ""
                st.caption(f"Cancelled.{kept}")
            else:
                st.markdown(f":red[{plain(job.message)}]  \n:small[{plain(job.hint)}]")
        with action.container(horizontal=True, gap="small", vertical_alignment="center"):
            help_ = "Goes on from where it stopped." if job.percent else None
            st.button(
                "Try again",
                key=f"retry-{job.id}",
                help=help_,
                on_click=act,
                args=(jobs().retry, job.id),
            )
            st.button(
                "Remove",
                key=f"forget-{job.id}",
                type="tertiary",
                help="Takes the job off this list, with what it recognised and its log. The "
                "recording stays.",
                on_click=act,
                args=(jobs().forget, job.id),
            )
            notes(job)
            read_link(written)


def done_row(job: JobStatus | None, place: Place, written: Transcript | None) -> None:
    """A recording that has its transcript, or in which nobody spoke."""
    with st.container(key=f"done-{place.recording.id}"):
        about, state, action = st.columns(WIDTHS, vertical_alignment="center")
        with about:
            name(place)
        with state:
            st.caption(outcome(job))
        with action.container(horizontal=True, gap="small", vertical_alignment="center"):
            read_link(written)
            if job is not None:
                notes(job)


def outcome(job: JobStatus | None) -> str:
    """How a finished job went, in a line."""
    if job is None:
        return "Transcript is here"
    if job.message:
        return plain(job.message)
    if not job.uncertain:
        return "Transcribed"
    turns = "1 turn" if job.uncertain == 1 else f"{job.uncertain} turns"
    return f"Transcribed · {turns} to listen to"


def read_link(written: Transcript | None) -> None:
    """The way to the transcript."""
    if written is not None:
        st.page_link(
            "views/code.py", label="Read and code", query_params={"transcript": written.id}
        )


def pause_button(job: JobStatus) -> None:
    """Let one job rest."""
    st.button("Pause", key=f"pause-{job.id}", on_click=act, args=(jobs().pause, job.id))


def cancel_button(job: JobStatus) -> None:
    """Stop one job."""
    st.button(
        "Cancel",
        key=f"cancel-{job.id}",
        type="tertiary",
        on_click=act,
        args=(jobs().cancel, job.id),
    )


def notes(job: JobStatus) -> None:
    """Warnings and the log of a job; read only when somebody opens them."""
    n = len(job.warnings)
    if not n and not job.log_path.exists():
        return
    label = "Log" if not n else f"{n} note{'s' if n > 1 else ''}"
    opened = st.popover(label, key=f"notes-{job.id}", type="tertiary", on_change="rerun")
    with opened:
        if opened.open:
            for warning in job.warnings:
                st.markdown(f":material/info: {plain(warning)}")
            st.code(jobs().log(job.id) or "Nothing was logged.", language=None)
