"""A study whose recordings are transcribed in tests, and waiting for its jobs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import select

from parihs.home import Home
from parihs.media import receive
from parihs.model import Recording, Transcript, TranscriptVersion, Turn
from parihs.store import Store
from parihs.store.recordings import add_upload
from parihs.store.studies import add_site, add_study, add_workshop
from parihs.store.transcripts import version_text
from parihs.transcribe import TranscriptionSettings
from parihs.transcribe.jobs import Jobs, JobStatus

FAKES = "tests.unit.transcribe_fakes"
ECHO = TranscriptionSettings(
    engine=f"{FAKES}:Echo", language="en", chunk_seconds=5, batch=1, speakers=False
)
TEXT = "\n".join(f"This is chunk {i}." for i in range(5))


def using(engine: str) -> TranscriptionSettings:
    return replace(ECHO, engine=f"{FAKES}:{engine}")


ROOT = Path(__file__).parents[2]


class WorkerProcess:
    """``parihs.transcribe.worker`` as a process of its own, without a supervisor."""

    def __init__(self, home: Home, name: str, beat_s: float = 0.2, device: str = "auto") -> None:
        self.name = name
        command = [sys.executable, "-m", "parihs.transcribe.worker", "--home", str(home.path)]
        with (home.logs / "worker.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--name", name, "--beat", str(beat_s), "--device", device],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        self.pid = self._process.pid

    def children(self) -> list[psutil.Process]:
        """The processes its jobs run in."""
        return psutil.Process(self.pid).children(recursive=True)

    def kill(self) -> None:
        """``kill -9`` to the worker and to the child it has."""
        family = [psutil.Process(self.pid), *self.children()]
        for process in family:
            if process.is_running():
                process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Let it end as with Ctrl+C."""
        if self._process.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
        self._process.wait(20)


class Study:
    """A home with one workshop, to which recordings are added."""

    def __init__(self, home: Home, speech: Path) -> None:
        self.home = home
        self.store = Store(home)
        self._speech = speech
        self._recordings = 0
        with self.store.write("test") as tx:
            self.study = add_study(tx, key="study", name="Study")
            site = add_site(tx, self.study.id, key="site", name="Site", kind="hospital")
            self.workshop = add_workshop(
                tx, self.study.id, site_id=site.id, key="first", title="First workshop"
            )

    def add(self, speech: Path | None = None) -> Recording:
        """Another recording of the same speech; its last sample makes it a file of its own."""
        self._recordings += 1
        content = bytearray((speech or self._speech).read_bytes())
        content[-2:] = self._recordings.to_bytes(2, "little")
        upload = receive(self.home, [bytes(content)], "Round one.wav")
        with self.store.write("test") as tx:
            return add_upload(self.store, tx, self.workshop.id, upload.id)

    def versions(self, recording: Recording) -> list[TranscriptVersion]:
        query = (
            select(TranscriptVersion)
            .join(Transcript)
            .where(Transcript.recording_id == recording.id)
        )
        with self.store.read() as session:
            return list(session.scalars(query))

    def turns(self, version_id: str | None) -> list[Any]:
        """Everything that a person would see of a version, to compare it with another."""
        query = select(Turn).filter_by(version_id=version_id).order_by(Turn.start)
        with self.store.read() as session:
            return [
                (turn.text, turn.start, turn.end, turn.start_ms, turn.end_ms, turn.words)
                for turn in session.scalars(query)
            ]

    def text(self, version_id: str | None) -> str:
        with self.store.read() as session:
            return version_text(session, str(version_id))


def wait(
    jobs: Jobs, job_id: str, until: Callable[[JobStatus], bool], seconds: float = 60
) -> JobStatus:
    end = time.monotonic() + seconds
    while not until(status := jobs.get(job_id)):
        assert time.monotonic() < end, f"still {status}"
        time.sleep(0.05)
    return status


def finish(jobs: Jobs, job_id: str) -> JobStatus:
    return wait(jobs, job_id, lambda status: not status.active)


def half_way(status: JobStatus) -> bool:
    return status.stage == "recognise" and status.done_ms > 0
