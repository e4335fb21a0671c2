"""The transcription queue from the command line; no worker runs, so what waits goes on waiting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from parihs.cli.main import cli
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.store import Store
from tests.support.small_study import make_small_study
from tests.unit.transcribe_speech import RATE, write_wav


class Queue:
    """Runs ``parihs`` commands over one home."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def __call__(self, *arguments: object) -> str:
        """Run a command that succeeds, and give what it prints."""
        result = CliRunner(env={"PARIHS_HOME": str(self._home.path)}).invoke(
            cli, [*map(str, arguments)], standalone_mode=False, catch_exceptions=False
        )
        if result.exception:
            raise result.exception
        return result.stdout

    def json(self, *arguments: object) -> Any:
        """Run a command with ``--json``."""
        return json.loads(self(*arguments, "--json"))

    def files(self) -> list[tuple[str, str]]:
        """File and state of each job, as listed."""
        return [(job["file"], job["state"]) for job in self.json("jobs")["jobs"]]


@pytest.fixture
def queue(home: Home) -> Queue:
    """A small study, in whose queue nothing is yet."""
    store = Store(home)
    make_small_study(store)
    store.close()
    return Queue(home)


@pytest.fixture
def sounds(tmp_path: Path) -> list[Path]:
    """Three recordings."""
    for number, name in enumerate("abc"):
        write_wav(tmp_path / f"{name}.wav", np.full(RATE, number / 100, np.float32))
    return [tmp_path / f"{name}.wav" for name in "abc"]


def test_recordings_are_queued_arranged_paused_and_stopped(queue: Queue, sounds: list[Path]):
    assert "No recording was put in the queue yet" in queue("jobs")
    made = queue.json("transcribe", *sounds, "--workshop", "north-1", "--later")
    assert [job["state"] for job in made] == ["queued"] * 3
    assert [job["audio_total_ms"] for job in made] == [1000] * 3
    a, b, c = (job["job"][:8] for job in made)
    assert queue.files() == [(f"{name}.wav", "queued") for name in "abc"]
    assert "No worker is running. Start the app, or: parihs worker" in queue("jobs")

    queue("jobs", "move", c, "front")
    assert [file for file, _ in queue.files()] == ["c.wav", "a.wav", "b.wav"]
    assert f"{a} is paused." in queue("jobs", "pause", a)
    assert queue.json("jobs", "cancel", b)["state"] == "cancelled"
    assert queue.files() == [("c.wav", "queued"), ("a.wav", "paused"), ("b.wav", "cancelled")]
    assert queue.json("jobs", "resume", a)["state"] == "queued"
    assert queue.json("jobs", "retry", b)["state"] == "queued"
    assert [file for file, _ in queue.files()] == ["c.wav", "a.wav", "b.wav"]

    assert queue.json("jobs", "pause") == {"paused": True}
    assert "The queue is paused. Let it go on: parihs jobs resume" in queue("jobs", "list")
    assert queue.json("jobs", "resume") == {"paused": False}
    queue("jobs", "cancel", c)
    assert queue("jobs", "log", c) == ""
    queue("jobs", "forget", c)
    assert [file for file, _ in queue.files()] == ["a.wav", "b.wav"]


def test_what_cannot_be_is_said_clearly(queue: Queue, sounds: list[Path]):
    job = queue.json("transcribe", sounds[0], "--workshop", "north-1", "--later")["job"]
    with pytest.raises(ParihsError, match="no job “zzz”"):
        queue("jobs", "cancel", "zzz")
    with pytest.raises(ParihsError, match="queued, so there is nothing to try again"):
        queue("jobs", "retry", job)
    with pytest.raises(ParihsError, match="still active"):
        queue("jobs", "forget", job)
    queue("jobs", "pause", job)
    with pytest.raises(ParihsError, match="no place in the queue"):
        queue("jobs", "move", job, "front")
