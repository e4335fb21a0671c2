"""The queue on the Transcription page; no worker runs, so what waits goes on waiting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from parihs.media import receive
from parihs.store import Store
from parihs.store.recordings import add_upload, recordings
from parihs.store.speech_hints import vocabulary
from parihs.store.studies import add_workshop
from parihs.transcribe.jobs import Jobs
from parihs.transcribe.progress import Progress, job_folder, write_progress
from parihs.transcribe.queue import client as queue_client
from parihs.web.context import context, jobs
from tests.app.conftest import OpenPage
from tests.support.small_study import SmallStudy
from tests.unit.transcribe_speech import RATE, model_folder, write_wav

pytest.importorskip("faster_whisper", reason="without an engine nothing can be transcribed")


@pytest.fixture
def queue(app_store: Store, study: SmallStudy, tmp_path: Path) -> Jobs:
    """A study with three recordings that can be transcribed."""
    model_folder(app_store.home.models)
    for number, name in enumerate("abc"):
        write_wav(tmp_path / f"{name}.wav", np.full(RATE, number / 100, np.float32))
        content = (tmp_path / f"{name}.wav").read_bytes()
        upload = receive(app_store.home, [content], f"{name}.wav")
        with app_store.write("test") as tx:
            add_upload(app_store, tx, study.workshops[0].id, upload.id)
    return jobs()


def press(app: AppTest, label: str, at: int = 0) -> AppTest:
    """Press a button by its words, or by what it says when pointed at."""
    found = [b for b in app.button if label in (b.label, b.help)]
    pressed = found[at].click().run()
    assert not pressed.exception
    return pressed


def waiting(queue: Jobs) -> list[str]:
    return [job.id for job in queue.overview().waiting]


def said(app: AppTest) -> str:
    return "\n".join(str(e.value) for e in [*app.markdown, *app.caption]).replace("\\", "")


def test_all_recordings_are_queued_at_once_and_arranged(queue: Jobs, open_page: OpenPage):
    app = press(open_page("transcription"), "Transcribe all 3")
    first, second, third = waiting(queue)
    assert app.subheader[0].value == "In the queue"
    assert "Next in line" in said(app)
    assert "Number 3 in line" in said(app)
    assert "No worker is running yet" in said(app)
    app = press(app, "To the front", at=2)
    assert waiting(queue) == [third, first, second]
    app = press(app, "One down", at=0)
    assert waiting(queue) == [first, third, second]


def test_chosen_recordings_only(queue: Jobs, open_page: OpenPage):
    app = open_page("transcription")
    app.checkbox[1].check().run()
    app = press(app, "Transcribe the chosen 1")
    assert len(waiting(queue)) == 1
    assert len(app.checkbox) == 2


def test_one_job_and_the_whole_queue_can_rest(queue: Jobs, open_page: OpenPage):
    app = press(open_page("transcription"), "Transcribe all 3")
    first, *rest = waiting(queue)
    app = press(app, "Pause")
    assert waiting(queue) == rest
    assert "Paused" in said(app)
    app = press(app, "Pause all")
    assert queue.is_paused()
    app = press(app, "Go on", at=0)
    assert not queue.is_paused()
    app = press(app, "Go on", at=0)
    assert waiting(queue) == [first, *rest]
    app = press(app, "Cancel", at=2)
    assert waiting(queue) == [first, rest[0]]
    assert "Stopped" in [s.value for s in app.subheader]
    app = press(app, "Remove")
    assert len(queue.list()) == 2
    assert "Not transcribed yet" in [s.value for s in app.subheader]


def test_progress_is_told_in_words(queue: Jobs, open_page: OpenPage):
    press(open_page("transcription"), "Transcribe all 3")
    job_id = waiting(queue)[0]
    half = Progress(stage="recognise", percent=50, total_ms=1000, done_ms=500)
    write_progress(job_folder(context().home, job_id), half)
    app = open_page("transcription")
    assert "Next in line · 50 % is done" in said(app)
    queue.cancel(job_id)
    write_progress(job_folder(context().home, job_id), replace(half, message="It broke."))
    app = open_page("transcription")
    assert "What was recognised is kept." in said(app)
    app = press(app, "Try again")
    assert job_id in waiting(queue)


def test_words_to_expect_and_other_languages_are_kept(
    queue: Jobs, study: SmallStudy, open_page: OpenPage
):
    app = open_page("transcription")
    app.text_area(key="words-to-expect").set_value("Meadowbank\n Dr  Osei\nMeadowbank\n").run()
    app.selectbox(key="recording-in-another-language").select_index(1).run()
    chosen = next(box for box in app.selectbox if box.label == "Language spoken in it")
    chosen.set_value("cy").run()
    assert not app.exception
    with context().store.read() as session:
        assert vocabulary(session, study.study.id) == ["Meadowbank", "Dr Osei"]
        spoken = [sound.language for sound in recordings(session, study.study.id)]
    assert spoken == [None, "cy", None]
    app = open_page("transcription")
    assert any("2 words to expect · in Welsh: 1" in e.label for e in app.expander)
    press(app, "Transcribe all 3")
    client = queue_client(context().home)
    asked = [j.input["args"][1]["language"] for j in client.list_workflows(sort_desc=False)]
    client.destroy()
    assert asked == ["en", "cy", "en"]


def test_a_transcript_is_called_like_its_workshop_unless_it_is_one_of_several(
    queue: Jobs, study: SmallStudy, open_page: OpenPage, tmp_path: Path
):
    store = context().store
    with store.write("test") as tx:
        alone = add_workshop(
            tx, study.study.id, site_id=study.sites[0].id, key="alone", title="Alone"
        )
        write_wav(tmp_path / "d.wav", np.full(RATE, 0.2, np.float32))
        upload = receive(store.home, [(tmp_path / "d.wav").read_bytes()], "d.wav")
        add_upload(store, tx, alone.id, upload.id)
    press(open_page("transcription"), "Transcribe all 4")
    client = queue_client(context().home)
    # Without a title the name of the file is taken.
    titles = [j.input["args"][2] for j in client.list_workflows(sort_desc=False)]
    client.destroy()
    assert sorted(titles, key=str) == ["Alone", None, None, None]
