"""The model panel of the Transcription page: what is missing, and bringing it from a stick."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from parihs.store import Store
from parihs.transcribe import find_models
from parihs.web.context import context
from tests.app.conftest import OpenPage
from tests.support import speech_models as make


def words(app: AppTest) -> str:
    """All running text of a page, without the marks that keep Markdown away."""
    shown = [*app.markdown, *app.caption, *app.warning, *app.error, *app.success]
    return "\n".join(str(element.value) for element in shown).replace("\\", "")


def test_without_models_the_page_says_what_each_stage_needs(demo: Store, open_page: OpenPage):
    app = open_page("transcription")
    assert not app.exception
    said = words(app)
    assert "No recognition model is installed" in said
    assert "Needs a recognition model (Whisper)" in said
    assert "Needs a word aligner" in said
    assert "Nothing is ever downloaded" in said
    assert any("not ready" in expander.label for expander in app.expander)


def test_a_stick_is_looked_into_and_copied(demo: Store, open_page: OpenPage, tmp_path: Path):
    pytest.importorskip("faster_whisper", reason="without it no stage is ready")
    stick = tmp_path / "stick"
    make.whisper(stick / "faster-whisper-small")
    (make.whisper(stick / "half") / "tokenizer.json").unlink()
    app = open_page("transcription")
    app.text_input(key="models-from").set_value(str(stick)).run()
    next(b for b in app.button if b.label == "Look inside").click().run()
    assert "tokenizer.json is missing" in words(app)
    next(b for b in app.button if b.label == "Copy and verify this model").click().run()
    assert not app.exception
    assert "1 model was added and verified." in words(app)
    models = context().home.models
    assert [(m.kind, m.name, m.whole) for m in find_models(models)] == [("asr", "small", True)]
    assert "Speech is recognised with “small”" in words(app)


def test_a_folder_that_is_not_there_is_said(demo: Store, open_page: OpenPage, tmp_path: Path):
    app = open_page("transcription")
    app.text_input(key="models-from").set_value(str(tmp_path / "nowhere")).run()
    next(b for b in app.button if b.label == "Look inside").click().run()
    assert "There is no folder" in words(app)
