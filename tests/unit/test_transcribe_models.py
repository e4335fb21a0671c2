"""The model folder: what is found, what is missing, and how that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from parihs.errors import ParihsError
from parihs.transcribe import TranscriptionSettings, check, find_models, is_ready
from parihs.transcribe.models import choose, fingerprint, require_recogniser
from tests.support.speech_models import torchaudio_aligner
from tests.unit.transcribe_speech import FIXTURE, model_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return model_folder(tmp_path)


def test_models_are_found_by_kind_and_name(folder: Path):
    found = [(model.kind, model.name, model.missing) for model in find_models(folder)]
    assert found == [("asr", "fixture", ()), ("align", "en", ())]


def test_an_empty_folder_is_no_error_but_not_ready(tmp_path: Path):
    assert find_models(tmp_path / "nothing") == []
    findings = check(tmp_path)
    assert not is_ready(findings)
    recogniser = next(finding for finding in findings if finding.stage == "recognise")
    assert "No recognition model" in recogniser.text
    assert str(tmp_path / "asr") in recogniser.hint


def test_the_folder_of_the_fixture_lacks_only_speakers(folder: Path):
    pytest.importorskip("faster_whisper", reason="no transcription engine is installed")
    findings = check(folder)
    assert is_ready(findings)
    assert [finding.stage for finding in findings if not finding.ok] == ["speakers"]


def test_a_language_without_aligner_is_said_and_does_no_harm(folder: Path):
    findings = check(folder, TranscriptionSettings(language="de"))
    aligner = next(finding for finding in findings if finding.stage == "align")
    assert not aligner.ok
    assert not aligner.required
    assert "“de”" in aligner.text


def test_an_incomplete_model_is_named_with_what_it_lacks(tmp_path: Path):
    half = tmp_path / "asr" / "half"
    half.mkdir(parents=True)
    (half / "model.bin").touch()
    with pytest.raises(ParihsError, match=r"tokenizer\.json"):
        choose("asr", "half", tmp_path)
    assert choose("asr", None, tmp_path) is None


def test_a_model_elsewhere_is_given_by_path(tmp_path: Path):
    model = require_recogniser(TranscriptionSettings(model=str(FIXTURE)), tmp_path)
    assert model.path == FIXTURE
    assert len(fingerprint(model)) == 64


def test_an_unknown_name_lists_what_is_there(folder: Path):
    with pytest.raises(ParihsError) as problem:
        require_recogniser(TranscriptionSettings(model="large-v9"), folder)
    assert "large-v9" in problem.value.message
    assert "fixture" in problem.value.hint


def test_a_non_commercial_aligner_says_so(tmp_path: Path):
    torchaudio_aligner(tmp_path / "align" / "fr", "wav2vec2_voxpopuli_base_10k_asr_fr.pt")
    findings = check(tmp_path, TranscriptionSettings(language="fr"))
    aligner = next(finding for finding in findings if finding.stage == "align")
    assert aligner.ok
    assert "not for commercial use" in aligner.text


def test_an_unknown_engine_is_refused(folder: Path):
    findings = check(folder, TranscriptionSettings(engine="wishper"))
    assert not is_ready(findings)
    assert "wishper" in findings[0].text
