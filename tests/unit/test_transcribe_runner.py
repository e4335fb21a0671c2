"""The child process: what survives its failures, its end and its absence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from parihs.errors import ParihsError
from parihs.transcribe import Cancelled, TranscriptionSettings, transcribe
from parihs.transcribe.journal import Journal
from parihs.transcribe.messages import Finished, Message, StageProgress, StageStarted
from tests.unit.transcribe_speech import RATE, model_folder, speak, workshop, write_wav

pytest.importorskip("faster_whisper", reason="finding speech needs faster-whisper")

FAKES = "tests.unit.transcribe_fakes"
SETTINGS = TranscriptionSettings(engine=f"{FAKES}:Echo", chunk_seconds=5, batch=2)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six sentences with pauses between them, so six chunks."""
    path = tmp_path_factory.mktemp("recording") / "six.wav"
    workshop(path, 6)
    return path


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The job's folder and the model folder."""
    (tmp_path / "models").mkdir()
    return tmp_path / "job", tmp_path / "models"


def using(engine: str) -> TranscriptionSettings:
    return replace(SETTINGS, engine=f"{FAKES}:{engine}")


def test_stages_run_in_order_and_the_result_has_words_times_and_speakers(recording, folders):
    messages: list[Message] = []
    transcript = transcribe(recording, *folders, SETTINGS, listen=messages.append)
    started = [message.stage for message in messages if isinstance(message, StageStarted)]
    assert started == ["decode", "plan", "recognise", "align", "speakers"]
    assert messages[-1] == Finished()
    assert [turn.text for turn in transcript.turns] == [f"This is chunk {i}." for i in range(6)]
    assert [turn.speaker for turn in transcript.turns] == ["Speaker 1"] * 3 + ["Speaker 2"] * 3
    assert all(not word.interpolated for turn in transcript.turns for word in turn.words)
    assert transcript.provenance["engine"] == "echo 1"
    assert transcript.warnings == ()
    last = [m for m in messages if isinstance(m, StageProgress) and m.stage == "recognise"][-1]
    assert 0 < last.done <= last.total


def test_text_is_kept_when_words_cannot_be_aligned(recording, folders):
    transcript = transcribe(recording, *folders, using("CannotAlign"))
    assert len(transcript.turns) == 6
    assert all(word.interpolated for turn in transcript.turns for word in turn.words)
    assert transcript.speakers == ["Speaker 1", "Speaker 2"]
    (warning,) = transcript.warnings
    assert "estimates" in warning
    assert "secret" not in warning


def test_text_is_kept_when_the_child_is_killed_at_the_speakers(recording, folders):
    transcript = transcribe(recording, *folders, using("DiesOfSpeakers"))
    assert len(transcript.turns) == 6
    assert transcript.speakers == []
    (warning,) = transcript.warnings
    assert "memory may have run out" in warning


def test_a_child_killed_before_there_is_text_is_a_clear_error(recording, folders):
    with pytest.raises(ParihsError, match="memory ran out") as problem:
        transcribe(recording, *folders, using("DiesAtOnce"))
    assert "smaller model" in problem.value.hint


def test_a_missing_model_is_a_clear_error(recording, folders):
    with pytest.raises(ParihsError, match="No recognition model is installed") as problem:
        transcribe(recording, *folders, replace(SETTINGS, engine="faster_whisper"))
    assert "Hugging Face" in problem.value.hint


def test_something_that_is_no_recording_is_a_clear_error(tmp_path, folders):
    (tmp_path / "notes.wav").write_text("these are only notes")
    with pytest.raises(ParihsError):
        transcribe(tmp_path / "notes.wav", *folders, SETTINGS)


def test_silence_gives_an_empty_transcript_and_says_so(tmp_path, folders):
    write_wav(tmp_path / "silence.wav", np.zeros(3 * RATE, np.float32))
    transcript = transcribe(tmp_path / "silence.wav", *folders, SETTINGS)
    assert transcript.turns == []
    assert any("No speech was found" in warning for warning in transcript.warnings)


def test_attempts_to_reach_the_network_are_refused_and_reported(recording, folders):
    transcript = transcribe(recording, *folders, using("CallsHome"))
    assert len(transcript.turns) == 6
    assert any("tried to reach the network" in warning for warning in transcript.warnings)


def test_a_recogniser_in_a_loop_is_marked_with_its_time_and_its_text_is_kept(tmp_path, folders):
    write_wav(tmp_path / "one.wav", speak("Yes, exactly."))
    transcript = transcribe(tmp_path / "one.wav", *folders, using("Stutters"))
    assert transcript.turns[0].text.startswith("thank you very much")
    assert transcript.warnings[0].startswith("At 0:00:00 the same words come again")


def test_cancelling_ends_the_child_soon_and_keeps_what_is_done(recording, folders):
    began: list[float] = []

    def cancelled() -> bool:
        if not began and Journal(folders[0]).recognised():
            began.append(time.monotonic())
        return bool(began)

    with pytest.raises(Cancelled):
        transcribe(recording, *folders, using("Slow"), cancelled=cancelled)
    assert time.monotonic() - began[0] < 3
    assert Journal(folders[0]).recognised()
    assert not [
        p for p in psutil.Process().children() if "parihs.transcribe.child" in " ".join(p.cmdline())
    ]


def test_a_second_run_hears_only_what_is_missing(recording, folders):
    stopped = lambda: len(Journal(folders[0]).recognised()) >= 2  # noqa: E731
    with pytest.raises(Cancelled):
        transcribe(recording, *folders, using("Slow"), cancelled=stopped)
    transcript = transcribe(recording, *folders, using("Slow"))
    assert [turn.text for turn in transcript.turns] == [f"This is chunk {i}." for i in range(6)]
    heard = (folders[1] / "heard.txt").read_text().split()
    # the batch that was under way may be heard twice, nothing else
    assert len(heard) <= 6 + 2
    assert set(heard) == set("012345")


KILLED = """
import sys
from pathlib import Path
from parihs.transcribe import TranscriptionSettings, transcribe
if __name__ == "__main__":
    recording, folder, models, engine = sys.argv[1:]
    settings = TranscriptionSettings(engine=engine, model="fixture", chunk_seconds=5, batch=1)
    transcribe(Path(recording), Path(folder), Path(models), settings)
"""


def test_after_kill_9_the_real_engine_goes_on_and_the_result_is_the_same(tmp_path, recording):
    models = model_folder(tmp_path / "models")
    engine = f"{FAKES}:slow_faster_whisper"
    settings = TranscriptionSettings(engine=engine, model="fixture", chunk_seconds=5, batch=1)
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    folder = tmp_path / "job"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, str(script), str(recording), str(folder), str(models), engine]
    process = subprocess.Popen(command, env=environment)
    until = time.monotonic() + 60
    lines = folder / "recognised.jsonl"
    while not lines.exists() or len(lines.read_bytes().splitlines()) < 2:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    (child,) = [
        p
        for p in psutil.Process(process.pid).children()
        if "parihs.transcribe.child" in " ".join(p.cmdline())
    ]
    process.send_signal(signal.SIGKILL)
    process.wait()
    psutil.wait_procs([child], timeout=10)
    assert not child.is_running()
    before = len(Journal(folder).recognised())
    assert 2 <= before < 6
    resumed = transcribe(recording, folder, models, settings)
    uninterrupted = transcribe(recording, tmp_path / "other", models, settings)
    assert resumed == uninterrupted
    assert len(resumed.turns) == 6
