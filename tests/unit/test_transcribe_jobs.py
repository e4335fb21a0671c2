"""Jobs from the queue to the saved transcript, in worker processes as the app runs them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from parihs.errors import ParihsError
from parihs.home import Home
from parihs.media import remove
from parihs.model import Transcript
from parihs.transcribe.job_steps import JobSteps
from parihs.transcribe.jobs import Jobs
from parihs.transcribe.supervisor import WorkerSupervisor
from parihs.transcribe.worker import ALREADY_RUNNING
from tests.unit.transcribe_speech import RATE, workshop, write_wav
from tests.unit.transcribe_study import ECHO, TEXT, Study, finish, half_way, using, wait

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
def supervisor(study: Study, jobs: Jobs) -> Iterator[WorkerSupervisor]:
    supervisor = WorkerSupervisor(study.home)
    supervisor.start()
    yield supervisor
    supervisor.stop()


@pytest.mark.usefixtures("supervisor")
class TestWorker:
    """Jobs done by a supervised worker."""

    def test_a_job_ends_in_a_saved_transcript(self, jobs: Jobs, study: Study):
        recording = study.add()
        job_id = jobs.submit(recording.id, ECHO)
        assert jobs.submit(recording.id, ECHO) == job_id
        status = finish(jobs, job_id)
        assert (status.state, status.percent, status.message) == ("done", 100, "")
        (version,) = study.versions(recording)
        assert version.id == status.version_id
        assert version.reason == "transcription"
        assert version.provenance["job"] == job_id
        assert version.provenance["engine"] == "echo 1"
        with study.store.read() as session:
            assert session.get_one(Transcript, version.transcript_id).title == "Round one"
        assert study.text(version.id) == TEXT
        assert jobs.list(recording.id) == [status]

    def test_neither_log_nor_queue_nor_folder_keeps_what_was_said(self, jobs: Jobs, study: Study):
        job_id = jobs.submit(study.add().id, ECHO)
        finish(jobs, job_id)
        assert "recognise: started" in jobs.log(job_id)
        left = [file for file in study.home.work.rglob("*") if file.is_file()]
        left += [*study.home.logs.rglob("*.log"), study.home.path / "jobs.sqlite"]
        assert not [file for file in left if b"This is chunk" in file.read_bytes()]
        assert not list(study.home.work.rglob("*.wav"))

    def test_a_stopped_job_stops_and_goes_on_when_tried_again(self, jobs: Jobs, study: Study):
        recording = study.add()
        job_id = jobs.submit(recording.id, using("Slow"))
        wait(jobs, job_id, half_way)
        jobs.cancel(job_id)
        assert jobs.get(job_id).state == "cancelled"
        end = time.monotonic() + 10
        while "stopped" not in jobs.log(job_id):
            assert time.monotonic() < end
            time.sleep(0.05)
        before = jobs.get(job_id)
        jobs.retry(job_id)
        status = finish(jobs, job_id)
        assert status.state == "done"
        assert study.text(status.version_id) == TEXT
        assert before.percent < 100
        assert len(study.versions(recording)) == 1

    def test_a_failed_job_says_why_and_can_be_tried_again(self, jobs: Jobs, study: Study):
        (study.home.models / "failed-once").unlink(missing_ok=True)
        recording = study.add()
        job_id = jobs.submit(recording.id, using("FailsOnce"))
        status = finish(jobs, job_id)
        assert (status.state, status.message) == ("failed", "The engine is out of order.")
        assert status.hint == "Try again."
        assert study.versions(recording) == []
        jobs.retry(job_id)
        status = finish(jobs, job_id)
        assert (status.state, status.message) == ("done", "")
        with pytest.raises(ParihsError):
            jobs.retry(job_id)

    def test_a_recording_without_speech_makes_no_transcript(
        self, jobs: Jobs, study: Study, tmp_path: Path
    ):
        write_wav(tmp_path / "silence.wav", np.zeros(2 * RATE, np.float32))
        recording = study.add(tmp_path / "silence.wav")
        status = finish(jobs, jobs.submit(recording.id, ECHO))
        assert (status.state, status.version_id) == ("done", None)
        assert "No speech" in status.message
        assert study.versions(recording) == []

    def test_a_recording_whose_file_is_gone_fails_clearly(self, jobs: Jobs, study: Study):
        recording = study.add()
        remove(study.home, recording.sha256)
        status = finish(jobs, jobs.submit(recording.id, ECHO))
        assert status.state == "failed"
        assert "missing" in status.message

    def test_a_killed_worker_is_replaced_and_its_job_saved_once(
        self, jobs: Jobs, study: Study, supervisor: WorkerSupervisor
    ):
        recording = study.add()
        job_id = jobs.submit(recording.id, using("Slow"))
        wait(jobs, job_id, half_way)
        killed = supervisor.worker_pid
        os.kill(killed, signal.SIGKILL)
        status = finish(jobs, job_id)
        assert supervisor.worker_pid != killed
        assert status.state == "done"
        assert study.text(status.version_id) == TEXT
        assert len(study.versions(recording)) == 1
        assert "goes on" in jobs.log(job_id)

    def test_jobs_wait_for_each_other(self, jobs: Jobs, study: Study):
        first = jobs.submit(study.add().id, using("Slow"))
        second = jobs.submit(study.add().id, ECHO)
        wait(jobs, first, half_way)
        assert jobs.get(second).state == "queued"
        jobs.cancel(second)
        assert finish(jobs, first).state == "done"
        assert jobs.get(second).state == "cancelled"
        assert jobs.log(second) == ""
        jobs.forget(second)
        with pytest.raises(ParihsError):
            jobs.get(second)

    def test_a_second_worker_of_the_same_name_leaves_the_home_alone(self, study: Study, jobs: Jobs):
        assert jobs.worker_is_running()
        command = [sys.executable, "-m", "parihs.transcribe.worker", "--home", study.home.path]
        root = Path(__file__).parents[2]
        assert subprocess.run(command, cwd=root, timeout=30).returncode == ALREADY_RUNNING


APP = """
import sys, time
from parihs.home import Home
from parihs.transcribe.supervisor import WorkerSupervisor
supervisor = WorkerSupervisor(Home(sys.argv[1]))
supervisor.start()
while supervisor.worker_pid is None:
    time.sleep(0.05)
print(supervisor.worker_pid, flush=True)
time.sleep(600)
"""


def test_the_worker_ends_with_an_app_that_is_killed_and_the_job_goes_on_later(
    tmp_path: Path, speech: Path
):
    study = Study(Home(tmp_path / "home"), speech)
    jobs = Jobs(study.home)
    job_id = jobs.submit(study.add().id, using("Slow"))
    root = Path(__file__).parents[2]
    app = subprocess.Popen(
        [sys.executable, "-c", APP, str(study.home.path)], stdout=subprocess.PIPE, cwd=root
    )
    worker = psutil.Process(int(app.stdout.readline()))
    wait(jobs, job_id, half_way)
    family = [worker, *worker.children(recursive=True)]
    app.kill()
    app.wait()
    assert psutil.wait_procs(family, timeout=10)[1] == []
    assert jobs.get(job_id).active
    assert not jobs.worker_is_running()
    supervisor = WorkerSupervisor(study.home)
    supervisor.start()
    try:
        status = finish(jobs, job_id)
    finally:
        supervisor.stop()
    assert study.text(status.version_id) == TEXT
    jobs.close()


def test_saving_twice_saves_once(home: Home, speech: Path):
    study = Study(home, speech)
    recording = study.add()
    steps = JobSteps(home)
    steps.recognise("job1", recording.id, ECHO, lambda: False)
    first = steps.save("job1", recording.id, ECHO, None, None)
    # as after a crash between saving and noting that it was saved
    assert steps.save("job1", recording.id, ECHO, None, None) == first
    assert [version.id for version in study.versions(recording)] == [first]


def test_transcribing_anew_adds_a_version(home: Home, speech: Path):
    study = Study(home, speech)
    recording = study.add()
    steps = JobSteps(home)
    for job_id in ("job1", "job2"):
        steps.recognise(job_id, recording.id, ECHO, lambda: False)
        known = [version.transcript_id for version in study.versions(recording)]
        steps.save(job_id, recording.id, ECHO, "Round one", known[0] if known else None)
    first, second = study.versions(recording)
    assert first.transcript_id == second.transcript_id
    assert sorted([first.number, second.number]) == [1, 2]
