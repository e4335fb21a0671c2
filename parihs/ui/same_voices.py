"""Voices of other workshops that may be the same person; off until a team wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from parihs.coding.progress import WorkshopStatus
from parihs.model import Speaker, Transcript
from parihs.speakers import Voice, link_voice, voices
from parihs.speakers.listening import listen_to_all
from parihs.speakers.prints import Suggestion, Switch, set_switch, suggestions, switch, to_hear
from parihs.store.studies import coders
from parihs.store.transcripts import latest_version
from parihs.ui.clock import clock
from parihs.ui.plain import plain
from parihs.ui.speaker_desk import do
from parihs.ui.state import Current
from parihs.ui.widgets.voice_samples import SampleView, voice_samples
from parihs.web.media import recording_url

OF_EACH = 2
"""Moments of each of two voices."""
EXPLAINED = (
    "Switched on, the app can listen to how each voice sounds and point out voices of different "
    "workshops that may belong to the same person. It measures pitch and colour of a voice; these "
    "numbers are personal data about somebody's body, so ask whether your ethics approval covers "
    "it. They stay in this study on this computer, are in no export and no backup, and are deleted "
    "when you switch this off. It is often wrong: nothing is linked unless you do it."
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice with the transcript it speaks in."""

    voice: Voice
    transcript: Transcript


def same_voices_tab(now: Current, row: WorkshopStatus) -> None:
    """The switch, listening, and what sounds alike."""
    assert row.transcript is not None
    with now.app.store.read() as session:
        state = switch(session, now.study.id)
        waiting = to_hear(session, now.study.id)
        names = {coder.id: coder.name for coder in coders(session, now.study.id)}
        found = suggestions(session, now.study.id, row.transcript.id) if state.on else []
    st.markdown(EXPLAINED)
    on = st.toggle(
        "Point out voices that may be the same person",
        value=state.on,
        disabled=now.coder is None,
        help="Say who you are in the side bar first." if now.coder is None else None,
        key=f"same-{state.on}",
    )
    if on != state.on:
        do(now, lambda tx: set_switch(tx, now.study.id, on))
    said_by(state, names)
    if not state.on:
        return
    if waiting:
        n = sum(len(each.voices) for each in waiting)
        st.markdown(f"{n} voice{'s were' if n > 1 else ' was'} not listened to yet.")
        if st.button("Listen to them now", type="primary"):
            hear(now)
    if not found and not waiting:
        st.info(
            "No voice of another workshop sounds like one of this transcript, or those that do are "
            "known already. At least four voices and two recordings are needed."
        )
    for each in found:
        show(now, each)


def said_by(state: Switch, names: dict[str, str]) -> None:
    """Who switched it on or off, and when."""
    if state.at is None or state.actor is None:
        st.caption("Off, as it is in every study until somebody switches it on.")
        return
    when = state.at.astimezone().strftime("%d %B %Y").lstrip("0")
    who = plain(names.get(state.actor, state.actor))
    st.caption(f"Switched {'on' if state.on else 'off'} by {who} on {when}.")


def hear(now: Current) -> None:
    """Listen to everybody who was not listened to, and show how far that is."""
    bar = st.progress(0.0, "Listening…")
    listen_to_all(
        now.app.store,
        now.study.id,
        now.viewer_id or "lead",
        lambda share, where: bar.progress(min(1.0, share), f"Listening… {where}"),
    )
    st.rerun()


def show(now: Current, suggestion: Suggestion) -> None:
    """Two voices to hear side by side, and a button that says they are one person."""
    mine, theirs = (heard(now, key) for key in (suggestion.voice_id, suggestion.other_id))
    if mine is None or theirs is None:
        return
    st.divider()
    st.markdown(
        f"**{plain(mine.voice.name)}** may be the same voice as **{plain(theirs.voice.name)}** "
        f"in {plain(theirs.transcript.title)}  \n:small[{likeness(suggestion.similarity)}]"
    )
    pair = f"{suggestion.voice_id}-{suggestion.other_id}"
    listen(now, (mine, theirs), pair)
    known = mine.voice.participant or theirs.voice.participant
    if known is None:
        st.caption("Neither is linked to a participant yet. Say who one of them is first.")
        return
    unknown = theirs if mine.voice.participant else mine
    label = f"{unknown.voice.label} is {known.pseudonym}, too"
    if st.button(plain(label), key=f"link-{pair}"):
        assert unknown.voice.id is not None
        speaker_id = unknown.voice.id
        do(now, lambda tx: link_voice(tx, speaker_id, known.id))


def likeness(similarity: float) -> str:
    """How alike two voices are, without a number that would look exact."""
    how = "very much" if similarity >= 0.9 else "quite"
    return f"They sound {how} alike to a simple comparison. Listen before you decide."


def listen(now: Current, both: Sequence[Heard], key: str) -> None:
    """Moments of the two, one after the other."""
    shown = [(each, sample) for each in both for sample in each.voice.samples[:OF_EACH]]
    views = [
        SampleView(
            id=str(number),
            at=clock(sample.start_ms or 0),
            text=sample.text,
            who=f"{each.voice.name}, {each.transcript.title}",
            audio=recording_url(each.transcript.recording_id or "", now.token()),
            from_ms=sample.start_ms or 0,
            to_ms=sample.end_ms or (sample.start_ms or 0) + 8_000,
        )
        for number, (each, sample) in enumerate(shown)
    ]
    names = " and ".join(each.voice.name for each in both)
    opened = voice_samples(views, label=f"Moments of {names}", key=f"same-{key}")
    if opened is not None:
        each, sample = shown[int(opened)]
        query = {"transcript": each.transcript.id, "start": sample.start, "end": sample.end}
        st.switch_page("views/code.py", query_params={k: str(v) for k, v in query.items()})


def heard(now: Current, speaker_id: str) -> Heard | None:
    """A voice in the newest version of its transcript; None where it speaks no more."""
    with now.app.store.read() as session:
        speaker = session.get(Speaker, speaker_id)
        if speaker is None:
            return None
        transcript = session.get_one(Transcript, speaker.transcript_id)
        version = latest_version(session, transcript.id)
        said = voices(session, version.id) if version else []
    voice = next((each for each in said if each.id == speaker_id), None)
    return None if voice is None else Heard(voice, transcript)
