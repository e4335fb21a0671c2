"""What a check says: verified by hash, ready or not, and how long a recording takes here."""

from __future__ import annotations

from pathlib import Path

import pytest

from parihs.errors import ParihsError
from parihs.transcribe import TranscriptionSettings, check
from parihs.transcribe.messages import StageProgress, StageStarted
from parihs.transcribe.models import add, require_recogniser, search
from parihs.transcribe.models.checking import examine
from parihs.transcribe.models.room import disk_free, memory_free
from parihs.transcribe.models.self_test import keep, last, try_out
from tests.support import speech_models as make
from tests.unit.transcribe_speech import workshop

ECHO = "tests.unit.transcribe_fakes:Echo"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    stick = tmp_path / "stick"
    make.whisper(stick / "small")
    make.torchaudio_aligner(stick / "en", "wav2vec2_fairseq_base_ls960_asr_ls960.pth")
    make.speaker_pipeline(stick / "community-1")
    for model in search(stick).models:
        add(model, tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "talk.wav"
    workshop(path, 8, seed=3)
    return path


def echo(engine: str = ECHO) -> TranscriptionSettings:
    return TranscriptionSettings(engine=engine, language="en", chunk_seconds=5)


def test_everything_there_and_tried_is_ready(models: Path, sound: Path):
    report = examine(models, models.parent, echo(), sound)
    assert report.verdict == "ready"
    assert {v.state for v in report.models} == {"same"}
    test = report.self_test
    assert test is not None
    assert test.n_words > 5
    assert not test.reached_for_network
    assert 0 < test.minutes(3) < 60


def test_without_speakers_it_is_usable(models: Path, sound: Path):
    (models / "diarise" / "community-1" / "config.yaml").unlink()
    report = examine(models, models.parent, echo(), None)
    assert report.verdict == "usable"
    assert [f.stage for f in report.stages if not f.ok] == ["speakers"]


def test_a_changed_file_is_found_by_its_hash(models: Path):
    weights = models / "asr" / "small" / "model.bin"
    data = bytearray(weights.read_bytes())
    data[-10] ^= 1
    weights.write_bytes(data)
    report = examine(models, models.parent, echo(), None)
    changed = [v for v in report.models if v.state == "changed"]
    assert [v.model.name for v in changed] == ["small"]
    assert "SHA-256" in changed[0].text
    assert report.verdict == "usable"


def test_no_models_is_not_usable(tmp_path: Path, sound: Path):
    report = examine(tmp_path / "none", tmp_path, echo(), sound)
    assert report.verdict == "not usable"
    assert report.self_test is None


def test_a_stage_that_fails_although_its_model_is_there_is_named(models: Path, sound: Path):
    settings = echo("tests.unit.transcribe_fakes:CannotAlign")
    report = examine(models, models.parent, settings, sound)
    assert report.verdict == "usable"
    assert any("Timing each word did not work" in text for text in report.trouble)


def test_a_model_that_cannot_be_loaded_is_not_usable(models: Path, sound: Path):
    """The toy Whisper has the right form and no weights: only trying it out can tell."""
    pytest.importorskip("faster_whisper", reason="no transcription engine is installed")
    settings = TranscriptionSettings(engine="faster_whisper", language="en")
    report = examine(models, models.parent, settings, sound)
    assert report.verdict == "not usable"
    assert any("The self-test failed" in text for text in report.trouble)


def test_reaching_for_the_network_is_said(models: Path, sound: Path):
    report = examine(models, models.parent, echo("tests.unit.transcribe_fakes:CallsHome"), sound)
    assert report.verdict == "usable"
    assert report.self_test is not None
    assert report.self_test.reached_for_network


@pytest.mark.slow
def test_loading_is_not_counted_as_work_for_each_minute(models: Path, sound: Path):
    """Slow sleeps 0.4 s for each chunk; what comes before the first one is counted apart."""
    slow = echo("tests.unit.transcribe_fakes:Slow")
    heard: list[object] = []
    test = try_out(sound, models, slow, listen=heard.append)
    chunks = [m for m in heard if isinstance(m, StageProgress) and m.stage == "recognise"]
    assert {m.stage for m in heard if isinstance(m, StageStarted)} >= {"recognise", "speakers"}
    seconds = 0.4 * len({m.done for m in chunks if m.done})
    assert test.rates["recognise"] * test.sound_s == pytest.approx(seconds, rel=0.5)
    assert test.starting_s > 0


def test_the_last_self_test_is_remembered(models: Path, sound: Path, tmp_path: Path):
    assert last(tmp_path) is None
    test = try_out(sound, models, echo(), seconds=10)
    assert test.sound_s == 10
    keep(test, tmp_path)
    assert last(tmp_path) == test
    (tmp_path / "self-test.json").write_text("{")
    assert last(tmp_path) is None


def test_english_only_is_refused_for_another_language(tmp_path: Path):
    make.whisper(tmp_path / "asr" / "small.en", vocabulary=51_864)
    with pytest.raises(ParihsError, match="knows English only"):
        require_recogniser(TranscriptionSettings(language="de"), tmp_path)
    assert require_recogniser(TranscriptionSettings(language="en"), tmp_path).whole


def test_every_stage_says_what_it_needs(tmp_path: Path):
    findings = check(tmp_path)
    assert [f.stage for f in findings] == ["engine", "speech", "recognise", "align", "speakers"]
    assert all(f.needs and f.name for f in findings)
    assert all(f.hint for f in findings if not f.ok)


def test_disk_and_memory_are_known(tmp_path: Path):
    assert disk_free(tmp_path / "not" / "there") > 0
    memory = memory_free()
    assert memory is None or memory > 10_000_000
