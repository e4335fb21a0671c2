"""``parihs models``: what a person types on a machine without a network, and what it answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from parihs.cli.main import cli
from parihs.errors import ParihsError
from tests.support import speech_models as make
from tests.unit.transcribe_speech import FIXTURE, model_folder


class Here:
    """Runs ``parihs models`` over one home, in this process."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: object, code: int = 0) -> Result:
        """Run a command and check how it ended."""
        words = ["models", *map(str, arguments), "--home", str(self.home)]
        done = CliRunner().invoke(cli, words)
        if isinstance(done.exception, ParihsError):
            assert code == 1, done.exception
        else:
            assert done.exit_code == code, f"{done.output}\n{done.exception!r}"
        return done

    def json(self, *arguments: object, code: int = 0) -> Any:
        """Run a command with ``--json`` and read its answer."""
        return json.loads(self(*arguments, "--json", code=code).stdout)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.delenv("PARIHS_MODELS", raising=False)
    return Here(tmp_path / "home")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    make.whisper(folder / "faster-whisper-small")
    make.torchaudio_aligner(folder / "loose", "wav2vec2_voxpopuli_base_10k_asr_fr.pt")
    make.speaker_pipeline(folder / "speaker-diarization-community-1")
    return folder


def test_an_empty_folder_says_what_to_do(models: Here):
    said = models("list").stdout
    assert said.count("none") == 3
    assert "parihs models list --known" in said
    assert models.json("list") == []


def test_known_models_come_with_licence_and_languages(models: Here):
    said = models("list", "--known").stdout
    assert "Systran/faster-whisper-small" in said
    assert "French; CC BY-NC 4.0: not for commercial use" in said
    rows = models.json("list", "--known")
    assert all(row["licence"] and row["languages"] and row["source"] for row in rows)
    assert not any("fixture" in row["name"] for row in rows)


def test_a_stick_is_added_and_listed(models: Here, stick: Path):
    said = models("add", stick).stdout
    assert "small: Whisper small" in said
    assert "not for commercial use" in said
    rows = models.json("list")
    assert [(r["kind"], r["name"], r["complete"]) for r in rows] == [
        ("asr", "small", True),
        ("align", "fr", True),
        ("diarise", "community-1", True),
    ]
    assert all(len(f["sha256"]) == 64 for r in rows for f in r["manifest"]["files"])


def test_what_is_refused_is_said_and_the_rest_is_added(models: Here, stick: Path):
    (stick / "faster-whisper-small" / "tokenizer.json").unlink()
    done = models("add", stick, code=1)
    assert "tokenizer.json is missing" in done.stderr
    assert [row["name"] for row in models.json("list")] == ["fr", "community-1"]
    nothing = models("add", stick / "faster-whisper-small", code=1)
    assert isinstance(nothing.exception, ParihsError)
    assert "no model" in nothing.exception.message
    missing = models("add", stick / "nowhere", code=1)
    assert isinstance(missing.exception, ParihsError)
    assert "There is no folder" in missing.exception.message


def test_a_name_for_several_models_is_a_mistake(models: Here, stick: Path):
    done = models("add", stick, "--name", "small", code=1)
    assert isinstance(done.exception, ParihsError)
    assert "holds 3 models" in done.exception.message
    assert models.json("list") == []


def test_the_test_model_is_refused(models: Here):
    done = models("add", FIXTURE, code=1)
    assert "made for tests" in done.stderr


@pytest.mark.parametrize(
    ("lost", "verdict", "code"),
    [(None, "ready", 0), ("diarise/community-1/config.yaml", "usable", 1)],
)
def test_exit_codes_tell_ready_from_usable(
    models: Here, stick: Path, lost: str | None, verdict: str, code: int
):
    pytest.importorskip("whisperx", reason="without WhisperX something is always missing")
    models("add", stick)
    if lost:
        (models.home / "models" / lost).unlink()
    report = models.json("check", "--files-only", "--language", "fr", code=code)
    assert report["verdict"] == verdict
    assert report["self_test"] is None
    states = {stage["stage"]: stage["state"] for stage in report["stages"]}
    assert states["recognise"] == "ready"
    assert states["speakers"] == ("without" if lost else "ready")


def test_without_a_model_the_answer_is_2(models: Here):
    done = models("check", code=2)
    assert "MISSING  Recognising words" in done.stdout
    assert "Not usable yet" in done.stdout
    assert models.json("check", code=2)["verdict"] == "not usable"


@pytest.mark.slow
def test_a_real_self_test_is_timed_offline_and_owns_up_to_a_test_model(models: Here):
    """The real light engine on the fixture: it runs, it is timed, and it is not called usable."""
    pytest.importorskip("faster_whisper", reason="no transcription engine is installed")
    model_folder(models.home / "models")
    report = models.json("check", "--engine", "faster_whisper", "--language", "en", code=2)
    test = report["self_test"]
    assert test["reached_for_network"] is False
    assert test["sound_s"] == 75
    assert test["n_words"] > 10
    assert 0 < test["minutes_for_3_hours"] < 600
    assert any("test model" in text for text in report["trouble"])
    said = models("check", "--files-only", code=2).stdout
    assert "never use it for your study" in said.lower()
