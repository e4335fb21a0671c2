"""Add material: recordings and transcripts, each joined to its workshop."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from parihs.errors import ParihsError
from parihs.formats import FORMATS, merge_turns, read_bytes
from parihs.media import Upload, discard, pending_uploads
from parihs.model import ParsedTranscript
from parihs.store.recordings import add_upload, recordings
from parihs.store.transcripts import save_transcript
from parihs.ui.clock import clock
from parihs.ui.plain import plain
from parihs.ui.state import Current, need_study
from parihs.ui.widgets.uploader import uploader
from parihs.ui.workshop_picker import new_workshop, pick_workshop

SHOWN_TURNS = 200
SAME_SPEAKER_GAP_MS = 2_000


def recordings_tab(now: Current) -> None:
    """Send files in, then say for each which workshop it is."""
    uploader(now.token(), key="uploader")
    waiting = pending_uploads(now.app.home)
    if not waiting:
        st.caption("A recording joins the study once you say which workshop it belongs to.")
        return
    st.subheader("Waiting for their workshop")
    for upload in waiting:
        upload_row(now, upload)


def upload_row(now: Current, upload: Upload) -> None:
    """One received file: what it is, where it belongs, add or discard."""
    about, where, add, drop = st.columns([3, 4, 1.6, 1.2], vertical_alignment="bottom")
    with about:
        st.markdown(f"**{plain(upload.filename)}**")
        if upload.error:
            st.caption(f":red[{plain(upload.error)}] {plain(upload.hint or '')}")
        elif upload.info is None:
            st.caption("Still arriving, or broken off. Send it again if nothing moves.")
        else:
            st.caption(f"{clock(upload.info.duration_ms)} · {upload.info.container}")
    with drop:
        if st.button("Discard", key=f"discard-{upload.id}"):
            discard(now.app.home, upload.id)
            st.rerun()
    if upload.info is None:
        return
    with where:
        workshop = pick_workshop(now, key=f"upload:{upload.id}")
    with add:
        if st.button("Add to study", key=f"add-{upload.id}", type="primary", disabled=not workshop):
            assert workshop is not None
            with now.app.store.write(now.viewer_id or "lead") as tx:
                add_upload(now.app.store, tx, workshop.id, upload.id)
            st.session_state["added"] = f"{upload.filename} is now part of {workshop.title}."
            st.rerun()


def transcripts_tab(now: Current) -> None:
    """Look at a transcript file before any of it is saved."""
    endings = sorted({ending.lstrip(".") for form in FORMATS for ending in form.extensions})
    file = st.file_uploader(
        "A transcript file",
        type=endings,
        help="Zoom, Teams, Otter, Word, NVivo, MAXQDA, subtitles, plain text or WhisperX JSON.",
    )
    if file is None:
        st.caption(
            "You see its turns, speakers and times first; nothing is saved until you say so."
        )
        return
    parsed = read_bytes(file.getvalue(), file.name)
    join = st.checkbox(
        "Join turns that follow each other by the same speaker",
        help="Caption files cut one turn into many lines. Joined up to a pause of two seconds.",
    )
    if join:
        parsed = merge_turns(parsed, gap_ms=SAME_SPEAKER_GAP_MS)
    preview(parsed)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        workshop = pick_workshop(now, key="transcript-workshop")
        sound = None
        if workshop is not None:
            with now.app.store.read() as session:
                here = [
                    r for r in recordings(session, now.study.id) if r.workshop_id == workshop.id
                ]
            if here:
                sound = st.selectbox(
                    "Its recording",
                    [*here, None],
                    format_func=lambda r: r.filename if r else "None",
                )
    with right:
        save = st.button("Save transcript", type="primary", disabled=workshop is None)
    if save and workshop is not None:
        with now.app.store.write(now.viewer_id or "lead") as tx:
            version = save_transcript(
                tx,
                workshop_id=workshop.id,
                title=Path(file.name).stem,
                parsed=parsed,
                reason="import",
                recording_id=sound.id if sound else None,
            )
        st.success(f"Saved: {version.n_turns} turns in {plain(workshop.title)}.")
        st.page_link(
            "views/code.py",
            label="Read and code it",
            query_params={"transcript": version.transcript_id},
            icon=":material/edit_note:",
        )


def preview(parsed: ParsedTranscript) -> None:
    """What is in the file, before it is saved."""
    times = clock(parsed.duration_ms) if parsed.duration_ms is not None else "no times"
    st.markdown(
        f"**{len(parsed.turns)} turns**, {parsed.n_words:,} words, {times}. "
        f"Speakers: {plain(', '.join(parsed.speakers)) or 'none named'}."
    )
    for warning in parsed.warnings:
        st.caption(f":material/info: {plain(warning)}")
    st.dataframe(
        [
            {
                "Time": "" if turn.start_ms is None else clock(turn.start_ms),
                "Speaker": turn.speaker or "",
                "Text": turn.text,
            }
            for turn in parsed.turns[:SHOWN_TURNS]
        ],
        hide_index=True,
        height=320,
        column_config={"Text": st.column_config.TextColumn(width="large")},
    )
    if len(parsed.turns) > SHOWN_TURNS:
        st.caption(f"The first {SHOWN_TURNS} turns are shown; all will be saved.")


now = need_study()
head, button = st.columns([2, 1], vertical_alignment="bottom")
head.title("Add material")
beside = button.container(horizontal=True, horizontal_alignment="right")
if beside.button("New workshop", icon=":material/add:"):
    new_workshop(now)
if message := st.session_state.pop("added", None):
    st.success(plain(message))
    st.page_link("views/transcription.py", label="Transcribe it", icon=":material/graphic_eq:")
for tab, show in zip(
    st.tabs(["Recordings", "Transcripts"]), (recordings_tab, transcripts_tab), strict=True
):
    with tab:
        try:
            show(now)
        except ParihsError as error:
            st.error(plain(str(error)))
