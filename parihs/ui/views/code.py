"""Read and code: a transcript with its sound, its codings and the codebook."""

from __future__ import annotations

import streamlit as st

from parihs.coding.naming import transcript_names
from parihs.model import Transcript
from parihs.reader import reader
from parihs.store.studies import sites, workshops
from parihs.store.transcripts import transcripts
from parihs.ui.reader_data import reader_data
from parihs.ui.reading_mark import reading_mark
from parihs.ui.state import Current, need_study, remember, remembered
from parihs.ui.transcript_download import transcript_download


def choose(now: Current) -> str | None:
    """The transcript to show: from the link that led here, or the last one that was open."""
    with now.app.store.read() as session:
        places = {site.id: site.name for site in sites(session, now.study.id)}
        written: dict[str, list[Transcript]] = {}
        texts = transcripts(session, now.study.id)
        for transcript in texts:
            written.setdefault(transcript.workshop_id, []).append(transcript)
        held = workshops(session, now.study.id)
    names = transcript_names(held, texts)
    rows = {
        transcript.id: f"{places[workshop.site_id]} · {names[transcript.id]}"
        for workshop in held
        for transcript in written.get(workshop.id, [])
    }
    if not rows:
        st.title("Read and code")
        st.info("There is no transcript yet. Add one, or transcribe a recording.")
        st.page_link("views/add.py", label="Add material", icon=":material/upload_file:")
        return None
    wanted = st.query_params.get("transcript") or remembered(f"transcript:{now.study.key}")
    options = list(rows)
    picker, mark, menu = st.columns([4, 2, 1.6], vertical_alignment="center")
    chosen = picker.selectbox(
        "Transcript",
        options,
        index=options.index(wanted) if wanted in rows else 0,
        format_func=lambda key: rows[key],
        label_visibility="collapsed",
    )
    if chosen != wanted:
        st.query_params.clear()
    st.query_params["transcript"] = chosen
    remember(f"transcript:{now.study.key}", chosen)
    with mark:
        reading_mark(now, chosen)
    with menu:
        transcript_download(now, chosen)
    return chosen


def earlier_version(transcript_id: str, number: int) -> None:
    """Say that this is not the newest text, and lead to it."""
    words, newest = st.columns([5, 2], vertical_alignment="center")
    words.caption(
        f":material/history: This is version {number}, an earlier text, to be read only. "
        "Codings stand on the newest version."
    )
    newest.page_link(
        "views/code.py",
        label="Open the newest version",
        icon=":material/edit_note:",
        query_params={"transcript": transcript_id},
    )


now = need_study()
transcript_id = choose(now)
if transcript_id is not None:
    data = reader_data(now, transcript_id, st.query_params)
    if data["frozen"]:
        earlier_version(transcript_id, data["version_number"])
    # Not named by its version: a text that is corrected changes in place, while the sound goes on.
    reader(data, key=f"reader-{transcript_id}-{now.viewer_id}")
