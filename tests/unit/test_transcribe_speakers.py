"""Voices heard window by window: the same numbers as pyannote's own way through a recording."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.transcribe_speech import workshop

pytestmark = [
    pytest.mark.slow,
    pytest.mark.whisperx,
    pytest.mark.skipif(
        importlib.util.find_spec("whisperx") is None, reason="WhisperX is not installed"
    ),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process of its own found out, with a speaker network of random weights."""
    folder = tmp_path_factory.mktemp("speakers")
    recording = folder / "speech.wav"
    workshop(recording, 2, seed=8, pause_s=1.0)
    command = [sys.executable, "-m", "tests.unit.transcribe_speaker_model", str(folder), recording]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.parametrize("clustering", ["AgglomerativeClustering", "VBxClustering"])
class TestLikePyannote:
    """A pipeline folder as the real one is, read and run by pyannote and by us."""

    def test_voices_sound_the_same(self, found, clustering):
        assert found[clustering]["embeddings"] < 1e-5
        assert found[clustering]["silent voices"] > 0
        assert found[clustering]["scores"] < 1e-5

    def test_the_same_people_speak_at_the_same_times(self, found, clustering):
        case = found[clustering]
        assert case["people"][0] == case["people"][1] > 0
        assert case["agree"] > 0.97 * case["theirs"] > 0
        assert case["agree"] > 0.97 * case["ours"] > 0

    def test_nothing_called_home(self, found, clustering):
        assert found[clustering]["refused"] == []


def test_an_interrupted_search_goes_on_and_hears_the_same(found):
    assert found["interrupted"] is True


def test_four_hours_are_clustered_by_a_sample_and_nobody_is_lost(found):
    assert found["long"]["people"] == 4
    assert found["long"]["wrong"] == 0
    assert found["long"]["voices"] > 100
