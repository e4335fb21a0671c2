"""The versions of a transcript on a page: the list, what changed, restoring, transcribing again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import streamlit as st

from parihs.correction import restore
from parihs.correction.differences import ADDED, KEPT, REMOVED, Piece, TurnChange, differences
from parihs.correction.history import VersionLine
from parihs.errors import ParihsError
from parihs.model import Recording, Transcript, TranscriptVersion
from parihs.ui.clock import clock
from parihs.ui.plain import plain
from parihs.ui.speech_settings import recognisers, settings_again
from parihs.ui.state import Current
from parihs.web.context import jobs

REASONS: Final = {
    "import": "Imported from a file",
    "transcription": "Transcribed",
    "correction": "Corrected",
    "restored": "Restored",
}
AUTHORS: Final = {"transcription": "the transcription", "import": "the import"}
TAGS: Final = {REMOVED: "del", ADDED: "ins", KEPT: "span"}
ON_A_PAGE: Final = 40
FAR_FROM_A_CHANGE: Final = 160
"""Characters; longer stretches without a change are cut in the middle."""


def version_row(now: Current, line: VersionLine, *, first: bool) -> None:
    """One version: number, when, who and why, and what can be done with it."""
    version = line.version
    about, acts = st.columns([3, 2], vertical_alignment="center")
    row = acts.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center")
    mark = " · **newest**" if line.newest else ""
    author = AUTHORS.get(line.author, line.author)
    said = f"{version.created_at.astimezone():%d %b %Y, %H:%M} · {author}"
    about.markdown(
        f"**Version {version.number}**{mark} · {plain(why(version))}  \n"
        f":small[{plain(said)} · {plain(counts(line))}]"
    )
    row.page_link(
        "views/code.py",
        label="Open" if line.newest else "Read",
        icon=":material/edit_note:" if line.newest else ":material/visibility:",
        query_params={"transcript": version.transcript_id}
        | ({} if line.newest else {"version": version.id}),
    )
    if not first and row.button("What changed", key=f"diff-{version.id}", type="tertiary"):
        kept = st.session_state.get("version-diff")
        st.session_state["version-diff"] = None if kept == version.id else version.id
    if not line.newest and row.button(
        "Restore",
        key=f"restore-{version.id}",
        disabled=now.coder is None or now.coder.role == "viewer",
        help="Makes a new version that reads like this one. Codings move along; nothing is lost.",
    ):
        confirm_restoring(now, version)


def why(version: TranscriptVersion) -> str:
    """Why a version exists, in words."""
    words = REASONS.get(version.reason, version.reason)
    if version.reason == "restored":
        return f"{words} from version {version.provenance.get('restored', '?')}"
    turns = version.provenance.get("turns")
    if version.reason == "correction" and isinstance(turns, int):
        return f"{words} in {turns} {'place' if turns == 1 else 'places'}"
    model = version.provenance.get("model")
    return f"{words} with {model}" if version.reason == "transcription" and model else words


def counts(line: VersionLine) -> str:
    """Its size, and what became of the codings."""
    said = f"{line.version.n_turns:,} turns, {line.version.n_words:,} words"
    if line.carried:
        said += f" · {line.carried:,} codings carried over"
        if line.changed:
            said += f", {line.changed:,} with other words"
        if line.lost:
            said += f", {line.lost:,} without a place"
    return said


@st.dialog("Restore an earlier version")
def confirm_restoring(now: Current, version: TranscriptVersion) -> None:
    """Ask once, since everybody's text changes."""
    st.write(
        f"The transcript will read as it did in version {version.number}, as a new version. The "
        "newer ones stay in the list, and codings move to where their words are."
    )
    if not st.button("Restore it", type="primary"):
        return
    try:
        with now.app.store.write(now.viewer_id) as tx:
            made = restore(tx, version.id)
    except ParihsError as error:
        st.error(plain(str(error)))
        return
    st.session_state["version-told"] = f"Version {version.number} is back, as {made.number}."
    st.rerun()


def changes_view(
    now: Current,
    old: TranscriptVersion,
    new: TranscriptVersion,
    speakers: Mapping[str, str],
) -> None:
    """What a version changed, turn by turn: removed words struck through, added ones underlined."""
    with now.app.store.read() as session:
        found = differences(session, old, new)
    if not found:
        st.caption("No words changed.")
        return
    pages = -(-len(found) // ON_A_PAGE)
    page = 1
    if pages > 1:
        page = int(st.number_input("Page", 1, pages, 1, key=f"diff-page-{new.id}"))
    places = "1 place" if len(found) == 1 else f"{len(found):,} places"
    st.caption(f"{places} between versions {old.number} and {new.number}.")
    shown = found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    st.html(difference_table(shown, speakers))


def difference_table(changes: Sequence[TurnChange], speakers: Mapping[str, str]) -> str:
    """Changed turns as HTML; every word of the study is escaped."""
    rows = "".join(
        "<tr><th scope='row'>"
        f"{escape(speakers.get(change.speaker_id or '', ''))}"
        f"<span>{'' if change.start_ms is None else clock(change.start_ms)}</span></th>"
        f"<td>{''.join(map(_marked, _cut(change.pieces)))}</td></tr>"
        for change in changes
    )
    return f"<table class='parihs-diff'><tbody>{rows}</tbody></table>{STYLE}"


def _cut(pieces: Sequence[Piece]) -> list[Piece]:
    """Long stretches without a change are shortened."""
    found = []
    for number, piece in enumerate(pieces):
        text = piece.text
        if piece.kind == KEPT and len(text) > 2 * FAR_FROM_A_CHANGE:
            head = "" if number == 0 else text[:FAR_FROM_A_CHANGE]
            tail = "" if number == len(pieces) - 1 else text[-FAR_FROM_A_CHANGE:]
            text = f"{head} … {tail}".strip()
        found.append(Piece(piece.kind, text))
    return found


def _marked(piece: Piece) -> str:
    tag = TAGS[piece.kind]
    sign = {REMOVED: "⤶ joined", ADDED: "⤶ new turn"}.get(piece.kind, "")
    lines = escape(piece.text).split("\n")
    edge = f"<i class='edge'>{sign}</i><br>" if sign else "<br>"
    return f"<{tag}>{edge.join(lines)}</{tag}>"


STYLE: Final = """<style>
.parihs-diff { width: 100%; border-collapse: collapse; max-width: 56rem; }
.parihs-diff th { width: 8rem; padding: 0.5rem 1rem 0.5rem 0; text-align: right; font-weight: 600;
  font-size: 0.85rem; vertical-align: top; border: 0; }
.parihs-diff th span { display: block; font-weight: 400; opacity: 0.7; font-size: 0.78rem; }
.parihs-diff td { padding: 0.5rem 0; border: 0; line-height: 1.6; }
.parihs-diff tr { border-top: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
.parihs-diff del { text-decoration: line-through; opacity: 0.75;
  background: color-mix(in srgb, #c1543c 16%, transparent); }
.parihs-diff ins { text-decoration: underline 2px; text-underline-offset: 3px; font-weight: 600;
  background: color-mix(in srgb, #2a7f8e 16%, transparent); }
.parihs-diff del + ins { margin-left: 0.2em; }
.parihs-diff .edge { font-size: 0.75rem; font-style: normal; font-weight: 400; opacity: 0.75; }
</style>"""


@st.dialog("Transcribe again with another model")
def transcribe_again(transcript: Transcript, recording: Recording, now: Current) -> None:
    """Choose a model; the new text becomes a version, and codings are carried over."""
    models = recognisers(now)
    if not models:
        st.info("There is no speech model here yet. The Transcription page says how to bring one.")
        st.page_link("views/transcription.py", label="Transcription", icon=":material/graphic_eq:")
        return
    st.write(
        "The recording is heard once more and the new text becomes the newest version. Codings are "
        "carried over by their words; whatever changed or had to be guessed waits on the review "
        "list. Corrections made by hand are not repeated: they stay in the earlier versions."
    )
    model = st.selectbox("Model", models, help="Larger models are slower and hear better.")
    people = st.number_input("How many people speak?", 1, 40, None, help="Leave empty if unsure.")
    if st.button("Transcribe again", type="primary"):
        jobs().submit(
            recording.id,
            settings_again(recording, transcript, model, people),
            title=transcript.title,
            transcript_id=transcript.id,
            duration_ms=recording.duration_ms,
        )
        st.session_state["version-told"] = "It is in the queue; the Transcription page shows it."
        st.rerun()
