"""The main job: a recording in, its words coded in the reader, a site compared, back to the voice.

Nothing is faked: upload, worker, WhisperX, reader, comparison and player are the app's own. The
small model under ``tests/fixture-model`` hears only the sentences of its grammar, so words are
checked on a recording of such sentences, and everything else on a real meeting too.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from parihs.model import Coding, Transcript, TranscriptVersion, Turn, Workshop
from parihs.store.transcripts import turns
from tests.conftest import need
from tests.e2e.conftest import Watched
from tests.e2e.doing import (
    all_saved,
    at_the_desk,
    code_as,
    give_code,
    go,
    heading,
    hears_past,
    playing,
    reader_ready,
    settled,
)
from tests.e2e.doing import select as choose
from tests.e2e.serving import ROOT, Server
from tests.unit import transcribe_speech

MEETING = ROOT.parent / "shared" / "speech" / "recordings" / "ami_dev00.wav"
TRANSCRIBED_MS = 180_000
SITE, WORKSHOP = "Quayside Clinic", "Quayside workshop 1"
CODE = "Clarity"

pytestmark = [pytest.mark.whisperx, pytest.mark.timeout(400)]


@dataclass(frozen=True, slots=True)
class Made:
    """The transcript that came out."""

    transcript: Transcript
    version: TranscriptVersion
    turns: list[Turn]


@pytest.fixture
def ready(own: Server) -> Server:
    """A running app that can hear; long pauses of one sentence each suit the small model."""
    need(importlib.util.find_spec("whisperx") is not None, "WhisperX")
    own.give_models()
    # the fixture model never met a prompt: told what to expect, it hears nothing but that
    chosen = {"model": "fixture", "language": "en", "chunk_seconds": 5}
    own.choose(**{"transcription": chosen, "tell-study-words": False})
    own.start()
    return own


def make_workshop(page: Page) -> None:
    """A new workshop at a new site, through the dialog of the Add page."""
    page.get_by_role("button", name="New workshop").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Title").fill(WORKSHOP)
    choose(page, "Site", "New site…", dialog)
    dialog.get_by_role("textbox", name="Name of the new site").fill(SITE)
    dialog.get_by_role("button", name="Add workshop").click()
    expect(dialog).to_have_count(0)


def add_recording(page: Page, recording: Path) -> None:
    """Upload a recording, and say which workshop it is."""
    go(page, "Add material")
    make_workshop(page)
    page.locator(".pu-input").set_input_files(str(recording))
    expect(page.locator(".pu-status")).to_have_text("Received")
    expect(page.get_by_text("Waiting for their workshop")).to_be_visible()
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text(recording.name).last).to_be_visible()
    choose(page, "Workshop", WORKSHOP)
    page.get_by_role("button", name="Add to study").click()
    expect(page.get_by_text(f"{recording.name} is now part of {WORKSHOP}.")).to_be_visible()


def transcribe(page: Page, watched: Watched, name: str, voices: int) -> None:
    """Say how many speak, ask for the transcript, and wait until the page says it is there."""
    page.get_by_role("link", name="Transcribe it").click()
    heading(page, "Transcription")
    number = page.get_by_role("spinbutton", name="How many people speak?")
    number.fill(str(voices))
    # Straight from the field to the button, as people do: the number must count.
    page.get_by_role("button", name="Transcribe", exact=True).click()
    progress = page.get_by_test_id("stProgress")
    expect(progress).to_be_visible()
    watched.picture(f"{name}-transcribing")
    expect(progress).to_have_count(0, timeout=TRANSCRIBED_MS)
    settled(page)
    watched.picture(f"{name}-transcribed")


def made(server: Server) -> Made:
    """What the worker saved, read from the database."""
    store = server.store()
    with store.read() as session:
        query = select(Transcript).join(Workshop, Workshop.id == Transcript.workshop_id)
        transcript = session.scalars(query.where(Workshop.title == WORKSHOP)).one()
        version = session.scalars(
            select(TranscriptVersion).filter_by(transcript_id=transcript.id)
        ).one()
        found = Made(transcript, version, [view.turn for view in turns(session, version.id)])
    store.close()
    return found


def code_a_sentence(page: Page) -> None:
    """Select a sentence further down, code it, and rate it, all by keys."""
    reader = at_the_desk(page)
    for key in ("j", "j", "s"):
        page.keyboard.press(key)
    give_code(page, CODE)
    page.keyboard.press("+")
    expect(reader.locator("[data-valence='1']")).to_have_attribute("aria-checked", "true")
    all_saved(page)


def from_recording_to_voice(
    server: Server, watched: Watched, recording: Path, name: str, voices: int
) -> tuple[Made, Coding]:
    """The whole way, by mouse and keyboard."""
    page = watched.page
    page.goto(server.url)
    add_recording(page, recording)
    transcribe(page, watched, name, voices)
    result = made(server)

    row = page.get_by_test_id("stHorizontalBlock").filter(has_text=recording.name)
    row.get_by_role("link", name="Read and code").click()
    reader = reader_ready(page)
    expect(reader.locator(".pr-turn")).to_have_count(len(result.turns))
    code_as(page, "Isla Marsh")
    code_a_sentence(page)
    watched.picture(f"{name}-coded")
    coding = only_coding(server, result.version.id)

    go(page, "Compare sites")
    choose(page, "Codings of", "All coders together")
    page.locator(f"button.pm-cell:enabled[aria-label^='{SITE}, Innovation']").click()
    item = page.locator(".pe-item")
    expect(item).to_have_count(1)
    expect(item.locator("mark")).to_have_text(coding.quote)
    expect(item).to_contain_text(CODE)
    settled(page)
    watched.picture(f"{name}-cell")

    start = start_of(result, coding)
    item.locator(".pe-play").click()
    page.wait_for_function("() => window.heard.length > 0")
    assert playing(page)["at"] >= max(0.0, start / 1000 - 2.1)
    hears_past(page, max(0.0, start / 1000 - 2) + 0.4)

    item.locator(".pe-open").click()
    reader_ready(page)
    query = parse_qs(urlsplit(page.url).query)
    assert query["transcript"] == [result.transcript.id]
    assert (query["start"], query["end"]) == ([str(coding.start)], [str(coding.end)])
    lands_on(page, coding)
    watched.picture(f"{name}-back-at-the-voice")
    return result, coding


def only_coding(server: Server, version_id: str) -> Coding:
    """The one coding of a version, as saved."""
    store = server.store()
    with store.read() as session:
        coding = session.scalars(select(Coding).filter_by(version_id=version_id)).one()
    store.close()
    return coding


def start_of(result: Made, coding: Coding) -> int:
    """Millisecond at which the coded words begin in the recording."""
    turn = next(t for t in result.turns if t.start <= coding.start < t.end)
    for word in turn.words or []:
        if turn.start + word[1] > coding.start:
            return int(word[2])
    assert turn.start_ms is not None
    return turn.start_ms


def lands_on(page: Page, coding: Coding) -> None:
    """The reader shows the excerpt in its window, and its sound is at the excerpt."""
    first_words = " ".join(coding.quote.split()[:4])
    turn = page.locator(".pr-turn", has_text=first_words).first
    expect(turn).to_be_in_viewport()
    page.wait_for_function("() => document.querySelector('.pr-player audio')")


def assert_words_came_back(result: Made, spoken: list[transcribe_speech.Spoken]) -> None:
    """Most sentences exactly, and few words wrong over all."""
    heard = " ".join(turn.text for turn in result.turns)
    plain = re.sub(r"[^a-z ]", "", heard.lower())
    exact = [s for s in spoken if re.sub(r"[^a-z ]", "", s.text.lower()) in plain]
    said = " ".join(s.text for s in spoken)
    errors = transcribe_speech.word_error_rate(said, heard)
    print(f"{len(exact)} of {len(spoken)} sentences exact, word error rate {errors:.3f}")
    assert len(exact) > len(spoken) / 2, heard
    assert errors < 0.3, heard
    assert all(turn.start_ms is not None and turn.words for turn in result.turns)


def test_from_a_recording_to_a_comparison_and_back_to_the_voice(
    ready: Server, watch: Callable[..., Watched], tmp_path: Path
) -> None:
    need(shutil.which("espeak-ng") is not None, "espeak-ng")
    recording = tmp_path / "quayside.wav"
    spoken = transcribe_speech.workshop(recording, sentences=10, seed=7)
    result, _ = from_recording_to_voice(ready, watch(), recording, "main-job", voices=3)
    assert_words_came_back(result, spoken)
    assert len({turn.speaker_id for turn in result.turns}) > 1
    assert any("parihs.transcribe.child" in line for line in ready.processes_watched())
    assert ready.left_the_machine() == []


@pytest.mark.skipif(not MEETING.exists(), reason="the shared recordings are not here")
def test_a_real_meeting_goes_the_same_way(ready: Server, watch: Callable[..., Watched]) -> None:
    """Everything but the words: the small model knows none of those that real people say."""
    result, coding = from_recording_to_voice(ready, watch(), MEETING, "real-meeting", voices=4)
    assert result.version.n_words > 5
    times = [(turn.start_ms, turn.end_ms) for turn in result.turns]
    assert all(0 <= start < end <= 31_000 for start, end in times)
    assert times == sorted(times)
    assert coding.quote
    assert ready.left_the_machine() == []
