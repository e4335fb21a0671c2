"""``kill -9`` at twenty random moments of real jobs: nothing is lost, nothing is heard twice."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from parihs.home import Home
from parihs.transcribe import TranscriptionSettings
from parihs.transcribe.job_table import JobTable, connect
from parihs.transcribe.jobs import Jobs
from parihs.transcribe.progress import job_folder
from parihs.transcribe.workers import worker_id
from tests.unit.transcribe_speech import model_folder, workshop
from tests.unit.transcribe_study import ECHO, Study, WorkerProcess, finish, using

pytest.importorskip("faster_whisper", reason="the real engine is faster-whisper")

KILLS = 20
SENTENCES = 12
SEED = 3
OTHER = {"one": "two", "two": "one"}
REAL = replace(ECHO, engine="faster_whisper", model="fixture")
SLOW_REAL = replace(REAL, engine="tests.unit.transcribe_killed_engine:slow_and_noted")


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of speech, so that there is something to interrupt."""
    path = tmp_path_factory.mktemp("speech") / "minute.wav"
    workshop(path, SENTENCES)
    return path


def until(happened: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


class Watch:
    """Jobs under attack: what engines were asked for, and what had been kept at each kill."""

    def __init__(
        self, home: Home, speech: Path, calm: TranscriptionSettings, slow: TranscriptionSettings
    ) -> None:
        self.home = home
        self.study = Study(home, speech)
        self.jobs = Jobs(home)
        self.kills = 0
        self._slow = slow
        self._heard = home.models / "heard.txt"
        self._kept: list[tuple[int, set[int]]] = []
        self._workers: dict[str, WorkerProcess] = {}
        self.start("calm")
        status = finish(self.jobs, self.jobs.submit(self.study.add().id, calm))
        self.stop()
        assert status.state == "done", status
        self.undisturbed = self.study.turns(status.version_id)
        self.next_job()

    def start(self, name: str) -> None:
        """Start a worker, or one that was killed again."""
        self._workers[name] = WorkerProcess(self.home, name)

    def stop(self) -> None:
        """Stop the workers."""
        for worker in self._workers.values():
            worker.stop()
        self._workers = {}

    def next_job(self) -> None:
        """Queue another recording of the same speech."""
        self._heard.unlink(missing_ok=True)
        self._kept = []
        self.recording = self.study.add()
        self.job_id = self.jobs.submit(self.recording.id, self._slow)

    def kill(self, name: str) -> None:
        """Kill a worker and its child, and remember what the journal holds then."""
        self._workers.pop(name).kill()
        self.kills += 1
        journal = job_folder(self.home, self.job_id) / "recognised.jsonl"
        lines = journal.read_text().split("\n")[:-1] if journal.exists() else []
        self._kept.append((len(self.asked()), {json.loads(line)["chunk"][0] for line in lines}))

    def asked(self) -> list[int]:
        """Every chunk that an engine was asked for, in order."""
        return [int(n) for n in self._heard.read_text().split()] if self._heard.exists() else []

    def check(self) -> None:
        """The job is done, nothing kept was heard again, and nobody could tell the difference."""
        status = finish(self.jobs, self.job_id)
        assert status.state == "done", status
        asked = self.asked()
        again = {chunk for place, kept in self._kept for chunk in asked[place:] if chunk in kept}
        assert again == set()
        assert set(asked) == set(range(SENTENCES))
        assert len(asked) <= SENTENCES + len(self._kept)
        assert self.study.turns(status.version_id) == self.undisturbed
        assert len(self.study.versions(self.recording)) == 1

    def done(self) -> bool:
        return self.jobs.get(self.job_id).state == "done"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_one_worker_killed_at_twenty_moments(home: Home, speech: Path):
    choose = random.Random(SEED)
    model_folder(home.models)
    watch = Watch(home, speech, REAL, SLOW_REAL)
    try:
        while watch.kills < KILLS:
            watch.start("main")
            until(lambda: watch.jobs.get(watch.job_id).state != "queued")
            time.sleep(choose.uniform(0, 5))
            watch.kill("main")
            if watch.done():
                watch.check()
                watch.next_job()
        watch.start("main")
        watch.check()
    finally:
        watch.stop()
        watch.jobs.close()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(600)
def test_two_workers_on_postgresql_take_over_from_each_other(
    home: Home, speech: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PARIHS_DATABASE_URL", postgres_url)
    monkeypatch.setenv("PARIHS_JOBS_URL", postgres_url)
    choose = random.Random(SEED)
    watch = Watch(home, speech, ECHO, using("Slow"))
    engine = connect(postgres_url)
    table = JobTable(engine)

    def holder() -> str | None:
        hold = table.hold(watch.job_id)
        return next((n for n in OTHER if hold and hold.worker == worker_id(n)), None)

    def joined(name: str) -> bool:
        return any(w.name == name and w.alive and not w.job_id for w in watch.jobs.workers())

    try:
        for name in OTHER:
            watch.start(name)
        while watch.kills < KILLS:
            until(lambda: holder() or watch.done())
            time.sleep(choose.uniform(0, 1.5))
            victim = holder()
            if victim is not None:
                watch.kill(victim)
                # the other takes over before this one comes back
                until(lambda victim=victim: holder() == OTHER[victim] or watch.done())
                watch.start(victim)
                until(lambda victim=victim: joined(victim))
            if watch.done():
                watch.check()
                watch.next_job()
        watch.check()
    finally:
        watch.stop()
        watch.jobs.close()
        engine.dispose()
