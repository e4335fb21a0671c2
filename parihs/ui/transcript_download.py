"""Taking a transcript out of the study: a small menu of formats, each with what it holds."""

from __future__ import annotations

import streamlit as st

from parihs.exchange.transcripts_out import all_transcripts, transcript_file
from parihs.formats import WRITERS, writer_named
from parihs.model import Transcript
from parihs.store.transcripts import latest_version, turns
from parihs.ui.choose import choose
from parihs.ui.plain import plain
from parihs.ui.state import Current, remember, remembered
from parihs.web.context import context

NEEDS_TIMES = ("webvtt", "srt")


def transcript_download(now: Current, transcript_id: str) -> None:
    """A button that opens the menu; the file is made only when it is asked for."""
    with st.popover("Download", icon=":material/download:", width="stretch"):
        with now.app.store.read() as session:
            title = session.get_one(Transcript, transcript_id).title
        name = choose(
            st.container(),
            "Format",
            {writer.name: writer.label for writer in WRITERS},
            wanted=remembered("download-format"),
            key="download-format",
        )
        remember("download-format", name)
        writer = writer_named(name)
        st.caption(plain(writer.loses))
        joined = st.checkbox(
            "Join turns in a row by the same speaker",
            key="download-joined",
            help="Captions cut one turn into many; joined, they read as people spoke.",
        )
        if name in NEEDS_TIMES and not _timed(now, transcript_id):
            st.warning("This transcript has no times, so it cannot become captions.")
        else:
            st.download_button(
                f"Download “{plain(title)}”",
                lambda: _one(transcript_id, name, joined),
                _filename(now, transcript_id, name),
                writer.media_type,
                on_click="ignore",
                width="stretch",
            )
        st.download_button(
            "Download all transcripts (zip)",
            lambda: _all(now.study.id, name, joined),
            f"{now.study.key} transcripts {name}.zip",
            "application/zip",
            on_click="ignore",
            width="stretch",
            help="Transcripts that cannot be written in this format are left out.",
        )


def _one(transcript_id: str, name: str, joined: bool) -> bytes:
    with context().store.read() as session:
        return transcript_file(session, transcript_id, writer_named(name), joined=joined)[1]


def _all(study_id: str, name: str, joined: bool) -> bytes:
    with context().store.read() as session:
        return all_transcripts(session, study_id, writer_named(name), joined=joined)[0]


def _timed(now: Current, transcript_id: str) -> bool:
    with now.app.store.read() as session:
        version = latest_version(session, transcript_id)
        said = turns(session, version.id) if version else []
    return any(v.turn.start_ms is not None or v.turn.end_ms is not None for v in said)


def _filename(now: Current, transcript_id: str, name: str) -> str:
    with now.app.store.read() as session:
        transcript = session.get_one(Transcript, transcript_id)
        return writer_named(name).filename(transcript.title)
