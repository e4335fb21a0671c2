"""The real engines on the fixture model: a network trained on the sentences spoken here."""

from __future__ import annotations

import importlib.util
import shutil
import statistics
from pathlib import Path

import pytest

from parihs.model import ParsedTranscript
from parihs.transcribe import TranscriptionSettings, transcribe
from tests.unit.transcribe_speech import FIXTURE, Spoken, model_folder, word_error_rate, workshop

needs_whisperx = pytest.mark.skipif(
    importlib.util.find_spec("whisperx") is None, reason="WhisperX is not installed"
)
needs_faster_whisper = pytest.mark.skipif(
    importlib.util.find_spec("faster_whisper") is None, reason="faster-whisper is not installed"
)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Spoken]]:
    """A minute of three voices."""
    path = tmp_path_factory.mktemp("recording") / "minute.wav"
    return path, workshop(path, 12, seed=5)


def run(spoken, tmp_path: Path, **settings) -> ParsedTranscript:
    models = model_folder(tmp_path / "models")
    chosen = TranscriptionSettings(model="fixture", chunk_seconds=5, **settings)
    return transcribe(spoken[0], tmp_path / "job", models, chosen)


def errors(transcript: ParsedTranscript, spoken: list[Spoken]) -> float:
    heard = " ".join(turn.text for turn in transcript.turns)
    return word_error_rate(" ".join(sentence.text for sentence in spoken), heard)


@needs_faster_whisper
def test_the_light_engine_hears_the_sentences(spoken, tmp_path):
    transcript = run(spoken, tmp_path, engine="faster_whisper")
    assert errors(transcript, spoken[1]) < 0.15
    assert transcript.provenance["engine"].startswith("faster-whisper")
    assert len(transcript.provenance["model_sha256"]) == 64
    assert transcript.speakers == []
    assert any("Speakers were not told apart" in warning for warning in transcript.warnings)


@pytest.fixture(scope="module")
def transcript(spoken, tmp_path_factory) -> ParsedTranscript:
    """What WhisperX makes of the minute."""
    folder = tmp_path_factory.mktemp("whisperx")
    return run(spoken, folder, engine="whisperx", min_speakers=3, max_speakers=3)


@pytest.mark.slow
@pytest.mark.whisperx
@needs_whisperx
class TestWhisperX:
    """One run of the whole chain, looked at from several sides."""

    def test_it_hears_the_sentences(self, transcript, spoken):
        assert errors(transcript, spoken[1]) < 0.15

    def test_words_are_timed_where_they_are_spoken(self, transcript, spoken):
        words = [(turn, word) for turn in transcript.turns for word in turn.words]
        assert all(not word.interpolated for _, word in words)
        assert all(0 <= word.confidence <= 1 for _, word in words)
        times = [time for _, word in words for time in (word.start_ms, word.end_ms)]
        assert times == sorted(times)
        starts = [word.start_ms for turn, word in words if turn.text[word.start].isupper()]
        late = [min(abs(s - sentence.start_ms) for s in starts) for sentence in spoken[1]]
        assert statistics.median(late) < 150
        ends = [word.end_ms for turn, word in words if turn.text[word.end - 1] == "."]
        early = [min(abs(e - sentence.end_ms) for e in ends) for sentence in spoken[1]]
        assert statistics.median(early) < 250

    def test_turns_are_found_and_owned_up_to_be_guesses(self, transcript):
        assert 1 < len(transcript.speakers) <= 3
        assert transcript.provenance["speakers"] == "turns found without a speaker model"
        assert any("is a guess" in warning for warning in transcript.warnings)

    def test_nothing_tried_to_reach_the_network(self, transcript):
        assert not any("network" in warning for warning in transcript.warnings)

    def test_its_origin_is_known(self, transcript):
        origin = transcript.provenance
        assert origin["engine"].startswith("whisperx")
        assert origin["model"] == "fixture"
        assert origin["aligner"] == "en"
        # nobody said which, so what was found is what is noted
        assert origin["language_from"] == "heard in 8 of 8 places, 100% sure"
        assert origin["compute_type"] not in ("", "auto")
        assert origin["device"] in ("cpu", "cuda")


@pytest.mark.slow
@pytest.mark.whisperx
@needs_whisperx
class TestBrokenAligner:
    """What is heard is kept when the aligner's weights are damaged."""

    def test_text_and_speakers_stay(self, spoken, tmp_path):
        models = model_folder(tmp_path / "models")
        broken = tmp_path / "broken"
        shutil.copytree(FIXTURE, broken)
        (broken / "ctc_align.safetensors").write_bytes(b"not weights")
        settings = TranscriptionSettings(
            engine="whisperx", model="fixture", chunk_seconds=5, align_model=str(broken)
        )
        transcript = transcribe(spoken[0], tmp_path / "job", models, settings)
        assert errors(transcript, spoken[1]) < 0.15
        assert all(word.interpolated for turn in transcript.turns for word in turn.words)
        assert any("times are estimates" in warning for warning in transcript.warnings)
        assert transcript.speakers
