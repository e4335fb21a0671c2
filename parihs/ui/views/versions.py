"""Transcript versions: what each one changed, restoring, and codings that should be looked at."""

from __future__ import annotations

import streamlit as st

from parihs.coding.naming import transcript_names
from parihs.correction.history import history
from parihs.correction.review import waiting
from parihs.model import Recording, Transcript
from parihs.store.studies import sites, workshops
from parihs.store.transcripts import speakers, transcripts, turns
from parihs.ui.choose import choose
from parihs.ui.plain import plain
from parihs.ui.review_desk import review_desk
from parihs.ui.state import Current, need_study, remember, remembered
from parihs.ui.version_views import changes_view, transcribe_again, version_row


def pick(now: Current, unseen: dict[str, int]) -> Transcript | None:
    """The transcript to look at: from the link, or the one looked at last."""
    with now.app.store.read() as session:
        places = {site.id: site.name for site in sites(session, now.study.id)}
        held = {w.id: w for w in workshops(session, now.study.id)}
        known = {t.id: t for t in transcripts(session, now.study.id)}
    names = transcript_names(held.values(), known.values())
    labels = {}
    for transcript in sorted(known.values(), key=lambda t: list(held).index(t.workshop_id)):
        place = held[transcript.workshop_id]
        label = f"{places[place.site_id]} · {names[transcript.id]}"
        if transcript.id in unseen:
            waiting = unseen[transcript.id]
            label += f" · {waiting:,} coding{'s' if waiting != 1 else ''} to review"
        labels[transcript.id] = label
    if not labels:
        return None
    wanted = st.query_params.get("transcript") or remembered(f"transcript:{now.study.key}")
    chosen = choose(
        st.container(), "Transcript", labels, wanted=wanted, key="versions-of-transcript"
    )
    remember(f"transcript:{now.study.key}", chosen)
    return known[chosen]


def versions_view(now: Current, transcript: Transcript) -> None:
    """All versions, newest first, with what changed below the one asked for."""
    with now.app.store.read() as session:
        lines = history(session, transcript.id, now.viewer_id)
        named = {
            view.turn.speaker_id: view.speaker or ""
            for line in lines[:1]
            for view in turns(session, line.version.id)
            if view.turn.speaker_id
        }
        labels = {s.id: s.label for s in speakers(session, transcript.id)}
        recording = (
            session.get(Recording, transcript.recording_id) if transcript.recording_id else None
        )
    by_number = {line.version.number: line.version for line in lines}
    for line in lines:
        version = line.version
        before = by_number.get(version.number - 1)
        version_row(now, line, first=before is None)
        if before is not None and st.session_state.get("version-diff") == version.id:
            changes_view(now, before, version, labels | named)
    if recording is not None and st.button(
        "Transcribe again with another model…",
        icon=":material/graphic_eq:",
        disabled=now.coder is None or now.coder.role == "viewer",
    ):
        transcribe_again(transcript, recording, now)


now = need_study()
st.title("Transcript versions")
with now.app.store.read() as session:
    unseen = waiting(session, now.study.id, now.viewer_id)
transcript = pick(now, unseen)
if transcript is None:
    st.info("There is no transcript yet. Add one, or transcribe a recording.")
    st.page_link("views/add.py", label="Add material", icon=":material/upload_file:")
    st.stop()
if told := st.session_state.pop("version-told", None):
    st.success(plain(told))
left = unseen.get(transcript.id, 0)
VIEWS = {
    "versions": "Versions",
    "review": f"Codings to review ({left})" if left else "Codings to review",
}
view = st.segmented_control(
    "View",
    list(VIEWS),
    default="review" if st.query_params.get("view") == "review" else "versions",
    required=True,
    format_func=lambda name: VIEWS[name],
    label_visibility="collapsed",
    key="versions-view",
)
if view == "versions":
    st.caption(
        "Every correction makes a new version, and no version is ever changed. To correct words, "
        "open the transcript and press e, or “Correct”."
    )
    versions_view(now, transcript)
else:
    review_desk(now, transcript)
