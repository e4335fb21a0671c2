"""A transcription where there is no network at all: not refused by us, but absent."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.transcribe_speech import model_folder, word_error_rate, workshop

ROOT = Path(__file__).parents[2]
ALONE = ["unshare", "--map-root-user", "--net"]

SCRIPT = """
import json, socket, sys
from pathlib import Path
from parihs.transcribe import TranscriptionSettings, transcribe
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except OSError as problem:
    reached = str(problem)
recording, job, models = (Path(argument) for argument in sys.argv[1:])
settings = TranscriptionSettings(engine="whisperx", model="fixture", chunk_seconds=5)
found = transcribe(recording, job, models, settings)
text = " ".join(turn.text for turn in found.turns)
timed = all(not word.interpolated for turn in found.turns for word in turn.words)
print(json.dumps([reached, text, timed, found.speakers, list(found.warnings)]))
"""


def no_network_possible() -> bool:
    """Whether this system lets us start a program without any network."""
    command = [*ALONE, "true"]
    return (
        shutil.which(ALONE[0]) is not None and not subprocess.run(command, check=False).returncode
    )


@pytest.mark.slow
@pytest.mark.whisperx
@pytest.mark.skipif(
    importlib.util.find_spec("whisperx") is None, reason="WhisperX is not installed"
)
@pytest.mark.skipif(not no_network_possible(), reason="no program can be cut off here")
def test_everything_works_without_any_network(tmp_path: Path):
    spoken = workshop(tmp_path / "short.wav", 4, seed=9)
    models = model_folder(tmp_path / "models")
    command = [sys.executable, "-c", SCRIPT, tmp_path / "short.wav", tmp_path / "job", models]
    done = subprocess.run(
        [*ALONE, *map(str, command)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    reached, text, timed, speakers, warnings = json.loads(done.stdout.splitlines()[-1])
    # not even this machine itself can be reached
    assert "unreachable" in reached
    assert word_error_rate(" ".join(sentence.text for sentence in spoken), text) < 0.25
    assert timed
    assert speakers
    assert not any("network" in warning for warning in warnings)
