"""Models from a stick: told by their content, copied whole and verified, or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from parihs.errors import ParihsError
from parihs.transcribe.models import Model, add, find_models, search
from parihs.transcribe.models.adding import suggested_name
from parihs.transcribe.models.manifest import hashes_changed, read_manifest, sha256
from tests.support import speech_models as make
from tests.unit.transcribe_speech import FIXTURE


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def only(folder: Path) -> Model:
    (model,) = search(folder).models
    return model


def test_a_stick_with_several_models_gives_them_all(stick: Path, models: Path):
    make.whisper(stick / "faster-whisper-small")
    make.torchaudio_aligner(stick / "loose files", "wav2vec2_voxpopuli_base_10k_asr_de.pt")
    cache = stick / "hub" / "models--jonatasgrosman--wav2vec2-large-xlsr-53-dutch"
    make.hugging_face_aligner(cache / "snapshots" / "0f1e2d")
    make.speaker_pipeline(stick / "speaker-diarization-community-1")
    found = search(stick)
    assert found.refused == ()
    for model in found.models:
        add(model, models)
    installed = {(m.kind, m.name): m for m in find_models(models)}
    assert set(installed) == {
        ("asr", "small"),
        ("align", "de"),
        ("align", "nl"),
        ("diarise", "community-1"),
    }
    assert all(model.whole for model in installed.values())
    assert installed["align", "de"].licence == "CC BY-NC 4.0: not for commercial use"
    assert installed["align", "nl"].licence == "Apache-2.0"
    assert installed["align", "nl"].languages == ("nl",)
    assert installed["diarise", "community-1"].licence.startswith("CC BY 4.0")


def test_the_manifest_says_what_was_added(stick: Path, models: Path):
    make.whisper(stick / "faster-whisper-small")
    (stick / "faster-whisper-small" / "notes.txt").write_text("not part of the model")
    installed = add(only(stick), models, source="Systran, fetched in May", licence="MIT")
    manifest = read_manifest(installed.path)
    assert manifest is not None
    assert (manifest.title, manifest.source) == ("Whisper small", "Systran, fetched in May")
    assert {entry.file for entry in manifest.files} == {
        *("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")
    }
    for entry in manifest.files:
        assert sha256(installed.path / entry.file) == entry.sha256
    assert not (installed.path / "notes.txt").exists()
    assert hashes_changed(installed.path, manifest) == []


def test_a_byte_changed_later_is_noticed(stick: Path, models: Path):
    make.whisper(stick / "small")
    installed = add(only(stick), models)
    manifest = read_manifest(installed.path)
    assert manifest is not None
    weights = installed.path / "model.bin"
    data = bytearray(weights.read_bytes())
    data[-10] ^= 1
    weights.write_bytes(data)
    assert find_models(models)[0].whole
    (wrong,) = hashes_changed(installed.path, manifest)
    assert wrong.startswith("model.bin is not what it was")
    (installed.path / "tokenizer.json").write_text('{"other": 1}')
    assert "tokenizer.json has" in find_models(models)[0].trouble


@pytest.mark.parametrize("lost", ["tokenizer.json", "config.json", "vocabulary.txt", "model.bin"])
def test_a_whisper_with_a_file_too_few_is_refused(stick: Path, lost: str):
    (make.whisper(stick / "small") / lost).unlink()
    found = search(stick)
    assert found.models == ()
    (refusal,) = found.refused
    assert lost.partition(".")[0] in refusal.text
    assert "is missing" in refusal.text
    if lost == "tokenizer.json":
        assert "ask the internet" in refusal.text


def test_only_models_with_128_bands_need_the_preprocessor_file(stick: Path):
    make.whisper(stick / "small")
    large = {"width": 1280, "layers": (32, 4), "mels": 128, "vocabulary": 51_866}
    make.whisper(stick / "turbo", **large)
    make.whisper(stick / "mixed up", **large, preprocessor=80)
    make.whisper(stick / "right", **large, preprocessor=128)
    found = search(stick)
    assert {model.title for model in found.models} == {"Whisper small", "Whisper large-v3-turbo"}
    assert {model.path.name for model in found.models} == {"small", "right"}
    said = {refusal.path.name: refusal.text for refusal in found.refused}
    assert "preprocessor_config.json is missing" in said["turbo"]
    assert "belongs to another model" in said["mixed up"]


def test_english_only_models_are_told_by_their_vocabulary(stick: Path):
    make.whisper(stick / "any name", vocabulary=51_864)
    model = only(stick)
    assert (model.title, model.languages) == ("Whisper small.en", ("en",))
    assert suggested_name(model) == "small.en"


def test_broken_downloads_are_told_apart(stick: Path):
    cut = make.whisper(stick / "cut off") / "model.bin"
    cut.write_bytes(cut.read_bytes()[:-20])
    (make.whisper(stick / "git") / "model.bin").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 483546902\n"
    )
    (make.whisper(stick / "login page") / "model.bin").write_text("<!DOCTYPE html><html>Sign in")
    (make.whisper(stick / "other") / "model.bin").write_bytes(
        make.ctranslate2_file("TransformerSpec", [])
    )
    nl = make.hugging_face_aligner(stick / "tensors") / "model.safetensors"
    nl.write_bytes(nl.read_bytes()[:-3])
    zipped = make.torchaudio_aligner(stick / "zip", "wav2vec2_voxpopuli_base_10k_asr_fr.pt")
    file = zipped / "wav2vec2_voxpopuli_base_10k_asr_fr.pt"
    file.write_bytes(file.read_bytes()[:-30])
    found = search(stick)
    assert found.models == ()
    said = {refusal.path.name: refusal.text for refusal in found.refused}
    assert "ends too early" in said["cut off"]
    assert "Git LFS" in said["git"]
    assert "web page" in said["login page"]
    assert "not a Whisper" in said["other"]
    assert "ends too early" in said["tensors"]
    assert "ends too early" in said["zip"]


def test_models_in_another_form_are_named(stick: Path):
    for name, file in {"openai": "small.en.pt", "cpp": "ggml-base.bin"}.items():
        (stick / name).mkdir(parents=True)
        (stick / name / file).write_bytes(b"x")
    (stick / "transformers").mkdir()
    (stick / "transformers" / "config.json").write_text('{"model_type": "whisper"}')
    found = search(stick)
    assert found.models == ()
    assert len(found.refused) == 3
    assert all("CTranslate2" in refusal.hint for refusal in found.refused)


def test_a_pipeline_that_points_to_the_internet_is_refused(stick: Path):
    folder = make.speaker_pipeline(stick / "speaker-diarization-3.1")
    config = (folder / "config.yaml").read_text()
    (folder / "config.yaml").write_text(
        config.replace("$model/segmentation", "pyannote/segmentation-3.0").replace(
            "    plda: $model/plda\n", ""
        )
    )
    (refusal,) = search(stick).refused
    assert "pyannote/segmentation-3.0" in refusal.text
    assert "“plda”" in refusal.text
    (make.speaker_pipeline(stick / "second") / "embedding" / "pytorch_model.bin").unlink()
    second = next(r for r in search(stick).refused if r.path.name == "second")
    assert "embedding/pytorch_model.bin is missing" in second.text


def test_the_test_model_is_never_installed():
    found = search(FIXTURE)
    assert found.models == ()
    assert all("made for tests" in refusal.text for refusal in found.refused)


def test_an_aligner_has_to_say_its_language(stick: Path, models: Path):
    (make.hugging_face_aligner(stick / "welsh") / "README.md").unlink()
    with pytest.raises(ParihsError, match="does not say which language"):
        add(only(stick), models)
    assert add(only(stick), models, language="cy").name == "cy"
    make.torchaudio_aligner(stick / "de", "wav2vec2_voxpopuli_base_10k_asr_de.pt")
    german = next(model for model in search(stick).models if model.languages == ("de",))
    with pytest.raises(ParihsError, match="is for “de”"):
        add(german, models, language="en")


def test_a_name_is_given_once(stick: Path, models: Path):
    make.whisper(stick / "small")
    first = add(only(stick), models)
    with pytest.raises(ParihsError, match="already installed"):
        add(only(stick), models)
    assert add(only(stick), models, name="small-2").name == "small-2"
    make.whisper(stick / "small", vocabulary=51_864)
    assert add(only(stick), models, name="small", replace_old=True).languages == ("en",)
    (first.path / "tokenizer.json").unlink()
    assert add(only(stick), models, name="small").whole
    for wrong in ("../out", ".hidden", "a/b", ""):
        with pytest.raises(ParihsError, match="cannot be the name"):
            add(only(stick), models, name=wrong or "/")


def test_a_copied_model_folder_is_held_to_its_manifests(stick: Path, models: Path, tmp_path: Path):
    """One computer's model folder on a stick: the next computer knows what every file must be."""
    make.whisper(stick / "small")
    first = add(only(stick), models)
    again = tmp_path / "again"
    assert add(only(models), again).whole
    data = bytearray((first.path / "model.bin").read_bytes())
    data[-10] ^= 1
    (first.path / "model.bin").write_bytes(data)
    other = tmp_path / "other"
    with pytest.raises(ParihsError, match="not the file its manifest describes"):
        add(only(models), other)
    assert find_models(other) == []


def test_a_manifest_cannot_point_out_of_its_folder(stick: Path):
    folder = make.whisper(stick / "small")
    add(only(stick), stick / "models")
    manifest = json.loads((stick / "models" / "asr" / "small" / "manifest.json").read_text())
    manifest["files"].append({"file": "../../secret", "bytes": 1, "sha256": "0"})
    (folder / "manifest.json").write_text(json.dumps(manifest))
    found = read_manifest(folder)
    assert found is not None
    assert all(".." not in entry.file for entry in found.files)


def test_a_model_copied_by_hand_gets_its_manifest(models: Path):
    folder = make.whisper(models / "asr" / "small")
    assert read_manifest(folder) is None
    assert add(only(models / "asr"), models).path == folder
    assert read_manifest(folder) is not None


def test_a_failing_stick_leaves_nothing(stick: Path, models: Path):
    make.whisper(stick / "small")
    model = only(stick)
    (stick / "small" / "tokenizer.json").unlink()
    with pytest.raises(ParihsError, match="Nothing was installed"):
        add(model, models)
    assert find_models(models) == []
    assert not (models / ".adding").exists()


def test_a_full_disk_is_said_before_copying(stick: Path, models: Path, monkeypatch):
    from parihs.transcribe.models import adding

    make.whisper(stick / "small")
    monkeypatch.setattr(adding, "ROOM_TO_SPARE", 10**18)
    with pytest.raises(ParihsError, match="are free"):
        add(only(stick), models)
    assert find_models(models) == []


KILLED_WHILE_COPYING = """
import sys, time
from pathlib import Path
from parihs.transcribe.models import add, search
def wait(done, total):
    print("copying", flush=True)
    time.sleep(60)
add(search(Path(sys.argv[1])).models[0], Path(sys.argv[2]), progress=wait)
"""


def test_a_killed_copy_is_not_a_model_and_the_next_one_works(stick: Path, models: Path):
    make.whisper(stick / "small")
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED_WHILE_COPYING, str(stick), str(models)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "copying\n"
    with pytest.raises(ParihsError, match="Another process"):
        add(only(stick), models)
    child.kill()
    child.wait()
    assert (models / ".adding").is_dir()
    assert find_models(models) == []
    time.sleep(0.1)
    assert add(only(stick), models).whole
    assert not (models / ".adding").exists()
