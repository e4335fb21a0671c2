"""Several workers on one queue: who has which job, what happens when one dies or is paused."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import psutil
import pytest

from parihs.home import Home
from parihs.transcribe.device import NICENESS
from parihs.transcribe.job_steps import JobSteps
from parihs.transcribe.jobs import Jobs
from parihs.transcribe.supervisor import Supervisors
from tests.unit.transcribe_speech import workshop
from tests.unit.transcribe_study import (
    ECHO,
    TEXT,
    Study,
    WorkerProcess,
    finish,
    half_way,
    using,
    wait,
)

pytest.importorskip("faster_whisper", reason="finding speech needs faster-whisper")


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five sentences with long pauses between them."""
    path = tmp_path_factory.mktemp("speech") / "five.wav"
    workshop(path, 5)
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, speech: Path) -> Study:
    return Study(Home(tmp_path_factory.mktemp("home")), speech)


@pytest.fixture(scope="module")
def jobs(study: Study) -> Iterator[Jobs]:
    opened = Jobs(study.home)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pair(study: Study, jobs: Jobs) -> Iterator[dict[str, WorkerProcess]]:
    """Two workers, by name; a test may replace one."""
    workers = {name: WorkerProcess(study.home, name, device="cpu") for name in ("one", "two")}
    wait_for(lambda: sum(worker.alive for worker in jobs.workers()) == 2)
    yield workers
    for worker in workers.values():
        worker.stop()
    assert not jobs.worker_is_running()


def wait_for(happened, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def heard(study: Study) -> list[str]:
    """Every chunk that an engine was asked for."""
    file = study.home.models / "heard.txt"
    return file.read_text().split() if file.exists() else []


def log_of(study: Study) -> str:
    return (study.home.logs / "worker.log").read_text()


@pytest.mark.usefixtures("pair")
class TestTwoWorkers:
    """Jobs on a queue that two workers share."""

    def test_each_has_a_job_of_its_own_and_computes_politely(self, jobs, study, pair):
        ids = [jobs.submit(study.add().id, using("Slow")) for _ in range(3)]
        wait_for(lambda: len(jobs.overview().running) == 2)
        for job_id in ids[:2]:
            wait(jobs, job_id, half_way)
        seen = jobs.overview()
        assert {job.worker for job in seen.running} == {"one", "two"}
        assert {worker.job_id for worker in seen.living} == set(ids[:2])
        assert [job.id for job in seen.waiting] == ids[2:]
        if hasattr(psutil.Process(), "nice"):
            (child,) = pair["one"].children()
            assert child.nice() == min(19, psutil.Process(pair["one"].pid).nice() + NICENESS)
        jobs.cancel(ids[2])
        for job_id in ids[:2]:
            assert study.text(finish(jobs, job_id).version_id) == TEXT

    def test_a_dead_worker_s_job_goes_to_the_other(self, jobs, study, pair):
        recording = study.add()
        job_id = jobs.submit(recording.id, using("Slow"))
        before = len(heard(study))
        first = wait(jobs, job_id, half_way).worker
        pair[first].kill()
        status = finish(jobs, job_id)
        assert status.worker not in ("", first)
        assert study.text(status.version_id) == TEXT
        assert len(study.versions(recording)) == 1
        # the chunk that was in flight may have been heard twice
        assert len(heard(study)) - before <= 5 + 1
        assert "its worker is gone" in log_of(study)
        pair[first] = WorkerProcess(study.home, first, device="cpu")

    def test_a_paused_job_rests_and_goes_on_where_it_was(self, jobs, study, pair):
        job_id = jobs.submit(study.add().id, using("Slow"))
        before = len(heard(study))
        wait(jobs, job_id, half_way)
        jobs.pause(job_id)
        wait_for(lambda: not any(worker.children() for worker in pair.values()))
        resting = jobs.get(job_id)
        assert (resting.state, resting.percent > 0) == ("paused", True)
        time.sleep(1)
        assert jobs.get(job_id) == resting
        jobs.resume(job_id)
        assert study.text(finish(jobs, job_id).version_id) == TEXT
        assert len(heard(study)) - before <= 5 + 1

    @pytest.mark.slow
    def test_pausing_and_resuming_at_once_confuses_nobody(self, jobs, study):
        recording = study.add()
        job_id = jobs.submit(recording.id, using("Slow"))
        before = len(heard(study))
        wait(jobs, job_id, half_way)
        for _ in range(3):
            jobs.pause(job_id)
            jobs.resume(job_id)
        status = finish(jobs, job_id)
        assert (status.state, study.text(status.version_id)) == ("done", TEXT)
        assert len(study.versions(recording)) == 1
        assert len(heard(study)) - before <= 5 + 2

    def test_a_paused_queue_puts_its_jobs_back_and_begins_none(self, jobs, study, pair):
        ids = [jobs.submit(study.add().id, using("Slow")) for _ in range(2)]
        wait_for(lambda: len(jobs.overview().running) == 2)
        wait(jobs, ids[0], half_way)
        jobs.pause_queue()
        wait_for(lambda: not jobs.overview().running)
        wait_for(lambda: not any(worker.children() for worker in pair.values()))
        seen = jobs.overview()
        assert [job.id for job in seen.waiting] == ids
        assert seen.paused
        time.sleep(1.2)
        assert not jobs.overview().running
        jobs.resume_queue()
        for job_id in ids:
            assert study.text(finish(jobs, job_id).version_id) == TEXT

    def test_jobs_are_taken_in_the_order_given(self, jobs, study):
        jobs.pause_queue()
        # a worker that was just looking may begin one more, and puts it back
        time.sleep(3)
        ids = [jobs.submit(study.add().id, using("Slow")) for _ in range(3)]
        jobs.move(ids[2], "front")
        jobs.move(ids[0], "back")
        jobs.resume_queue()
        wait_for(lambda: len(jobs.overview().running) == 2)
        assert {job.id for job in jobs.overview().running} == {ids[2], ids[1]}
        for job_id in ids:
            jobs.cancel(job_id)

    def test_what_is_withdrawn_while_it_is_heard_leaves_nothing(self, jobs, study):
        recording = study.add()
        job_id = jobs.submit(recording.id, using("Slow"))
        wait(jobs, job_id, half_way)
        assert jobs.forget_recording(recording.id) == 1
        time.sleep(1)
        assert jobs.list(recording.id) == []
        assert not (study.home.work / job_id).exists()
        assert jobs.log(job_id) == ""

    def test_the_log_can_be_read(self, jobs, study):
        job_id = jobs.submit(study.add().id, using("Slow"))
        wait(jobs, job_id, half_way)
        jobs.cancel(job_id)
        wait_for(lambda: f"job {job_id} left off: stopped" in log_of(study))
        time.sleep(2)
        log = log_of(study)
        assert "Traceback" not in log
        assert "ERROR" not in log
        assert all(line[:4].isdigit() for line in log.splitlines())


def test_the_app_keeps_the_workers_it_was_asked_for(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PARIHS_WORKERS", "none")
    nobody = Supervisors(home)
    monkeypatch.setenv("PARIHS_WORKERS", "cpu, cuda:1")
    both = Supervisors(home)
    jobs = Jobs(home)
    for supervisors in (nobody, both):
        supervisors.start()
    wait_for(lambda: len(jobs.workers()) == 2)
    assert [(w.name, w.device) for w in jobs.workers()] == [("cpu", "cpu"), ("cuda-1", "cuda:1")]
    for supervisors in (nobody, both):
        supervisors.stop()
    assert jobs.workers() == []
    jobs.close()


def test_two_workers_saving_at_once_save_once(home: Home, speech: Path):
    study = Study(home, speech)
    recording = study.add()
    JobSteps(home).recognise("job1", recording.id, ECHO, lambda: False)
    start, saved = Barrier(2), []

    def save() -> None:
        steps = JobSteps(home)
        start.wait()
        saved.append(steps.save("job1", recording.id, ECHO, None, None))

    workers = [Thread(target=save) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    (version,) = study.versions(recording)
    assert saved == [version.id, version.id]
