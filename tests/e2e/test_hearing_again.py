"""A recording is heard once more by another model: codings move, and what changed is looked at."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from parihs.coding.operations import apply_ops
from parihs.model import Coder, Coding, ReviewItem, Transcript, TranscriptVersion, new_id
from parihs.store import Store
from parihs.store.codebooks import code_ids, codebooks, latest_codebook_version
from parihs.store.studies import studies
from parihs.store.transcripts import turns
from tests.conftest import need
from tests.e2e.conftest import Watched
from tests.e2e.doing import go, settled
from tests.e2e.doing import select as choose
from tests.e2e.serving import FIXTURE_MODEL, Server
from tests.e2e.test_main_job import TRANSCRIBED_MS, WORKSHOP, add_recording, transcribe
from tests.unit import transcribe_speech

pytestmark = [pytest.mark.slow, pytest.mark.whisperx, pytest.mark.timeout(600)]

HEARD, HEARD_AGAIN = "nurses", "council"


def another_model(folder: Path) -> None:
    """The fixture model, but that it writes each of two words for the other."""
    shutil.copytree(FIXTURE_MODEL, folder)
    file = folder / "tokenizer.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    numbers = content["model"]["vocab"]
    one, other = f"Ġ{HEARD}", f"Ġ{HEARD_AGAIN}"
    numbers[one], numbers[other] = numbers[other], numbers[one]
    file.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def two_models(own: Server) -> Server:
    """A running app with a choice of models."""
    need(importlib.util.find_spec("whisperx") is not None, "WhisperX")
    need(shutil.which("espeak-ng") is not None, "espeak-ng")
    own.give_models()
    another_model(own.home.models / "asr" / "another")
    kept = {"model": "fixture", "language": "en", "chunk_seconds": 5}
    own.choose(**{"transcription": kept, "tell-study-words": False, "coder:lantern": "isla"})
    own.start()
    return own


def code_two_sentences(store: Store) -> dict[str, str]:
    """Code a turn that the other model hears otherwise, and one that it hears the same."""
    with store.read() as session:
        study = studies(session)[0]
        isla = session.scalars(select(Coder).filter_by(study_id=study.id, key="isla")).one()
        codebook = codebooks(session, study.id)[0]
        book = latest_codebook_version(session, codebook.id)
        assert book is not None
        clarity = code_ids(session, codebook.id)["innovation.clarity"]
        version = session.scalars(
            select(TranscriptVersion).where(TranscriptVersion.reason == "transcription")
        ).one()
        spoken = [view.turn for view in turns(session, version.id)]
    found = {
        "changed": next(turn for turn in spoken if HEARD in turn.text),
        "same": next(t for t in spoken if HEARD not in t.text and HEARD_AGAIN not in t.text),
    }
    ids = {kind: new_id() for kind in found}
    result = apply_ops(
        store,
        coder_id=isla.id,
        version_id=version.id,
        codebook_version_id=book.id,
        ops=[
            {
                "op_id": new_id(),
                "verb": "code",
                "coding_id": ids[kind],
                "code": clarity,
                "start": turn.start,
                "end": turn.end,
            }
            for kind, turn in found.items()
        ],
        since=0,
    )
    assert result.refused == []
    return ids


def hear_again(page: Page) -> None:
    """Ask for it on the page of versions, and wait on the page of transcription."""
    go(page, "Transcript versions")
    box = page.get_by_test_id("stSelectbox").filter(has=page.get_by_text("Transcript", exact=True))
    box.locator("input").fill(WORKSHOP)
    page.get_by_role("option", name=WORKSHOP).click()
    settled(page)
    page.get_by_role("button", name="Transcribe again with another model…").click()
    dialog = page.get_by_role("dialog")
    choose(page, "Model", "another", dialog)
    dialog.get_by_role("button", name="Transcribe again").click()
    expect(page.get_by_text("It is in the queue; the Transcription page shows it.")).to_be_visible()
    go(page, "Transcription")
    expect(page.get_by_test_id("stProgress")).to_be_visible()
    expect(page.get_by_test_id("stProgress")).to_have_count(0, timeout=TRANSCRIBED_MS)


def test_another_model_makes_a_version_and_codings_move_along(
    two_models: Server, watch: Callable[..., Watched], tmp_path: Path
) -> None:
    recording = tmp_path / "quayside.wav"
    transcribe_speech.workshop(recording, sentences=10, seed=7)
    watched = watch()
    page = watched.page
    page.goto(two_models.url)
    add_recording(page, recording)
    transcribe(page, watched, "again-first", voices=3)
    store = two_models.store()
    ids = code_two_sentences(store)

    hear_again(page)
    watched.picture("again-second")
    go(page, "Transcript versions")
    expect(page.get_by_text("Transcribed with another")).to_be_visible()
    page.get_by_role("button", name="What changed").click()
    expect(page.locator(".parihs-diff ins", has_text=HEARD_AGAIN).first).to_be_visible()
    settled(page)
    watched.picture("again-versions")

    with store.read() as session:
        version = session.scalars(
            select(TranscriptVersion)
            .join(Transcript, Transcript.id == TranscriptVersion.transcript_id)
            .where(TranscriptVersion.number == 2, Transcript.recording_id.is_not(None))
        ).one()
        codings = {kind: session.get_one(Coding, id_) for kind, id_ in ids.items()}
        waiting = session.scalars(select(ReviewItem)).all()
        text = "\n".join(view.turn.text for view in turns(session, version.id))
    assert {coding.version_id for coding in codings.values()} == {version.id}
    assert all(text[coding.start : coding.end] == coding.quote for coding in codings.values())
    assert HEARD_AGAIN in codings["changed"].quote
    assert [item.coding_id for item in waiting] == [ids["changed"]]

    page.get_by_text("Codings to review (1)").click()
    expect(page.locator(".pv-item", has_text=HEARD_AGAIN)).to_have_count(1)
    settled(page)
    watched.picture("again-review")
    store.close()
    assert two_models.left_the_machine() == []
