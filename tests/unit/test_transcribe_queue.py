"""The queue without a worker: order, pausing, time left, and what is cleaned away."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from parihs.errors import ParihsError
from parihs.home import Home
from parihs.media import Receiver
from parihs.media.library import path_of
from parihs.model import Recording
from parihs.transcribe import TranscriptionSettings, queue
from parihs.transcribe.device import restrict, worker_name
from parihs.transcribe.job_status import JobStatus
from parihs.transcribe.job_table import connect
from parihs.transcribe.jobs import Jobs, Where
from parihs.transcribe.messages import Stage, StageProgress, StageStarted
from parihs.transcribe.overview import overview
from parihs.transcribe.pace import Pace, shares
from parihs.transcribe.progress import Log, Progress, Reporter, job_folder, write_progress
from parihs.transcribe.tidying import tidy
from parihs.transcribe.workers import Workers
from tests.unit.transcribe_speech import RATE, write_wav
from tests.unit.transcribe_study import Study

OLD_S = 9 * 24 * 3600


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def jobs(
    request: pytest.FixtureRequest, home: Home, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Jobs]:
    """An empty queue, on SQLite and on PostgreSQL in turn."""
    if request.param == "postgresql":
        monkeypatch.setenv("PARIHS_JOBS_URL", request.getfixturevalue("postgres_url"))
    opened = Jobs(home)
    yield opened
    opened.close()


def waiting(jobs: Jobs) -> list[str]:
    """Names of the recordings that wait, in order."""
    return [job.recording_id for job in jobs.overview().waiting]


def submitted(jobs: Jobs, *recordings: str) -> dict[str, str]:
    """Job ids by recording; the queue never looks at recordings itself."""
    return {recording: jobs.submit(recording, duration_ms=60_000) for recording in recordings}


@pytest.mark.parametrize(
    ("moved", "where", "order"),
    [
        ("c", "front", "cabd"),
        ("c", "up", "acbd"),
        ("a", "down", "bacd"),
        ("a", "back", "bcda"),
        ("a", "up", "abcd"),
        ("d", "down", "abcd"),
    ],
)
def test_a_waiting_job_can_be_given_another_place(jobs: Jobs, moved: str, where: Where, order: str):
    ids = submitted(jobs, *"abcd")
    jobs.move(ids[moved], where)
    assert waiting(jobs) == list(order)
    submitted(jobs, "e")
    assert waiting(jobs) == [*order, "e"]


def test_a_paused_job_keeps_its_place_and_its_recording(jobs: Jobs):
    ids = submitted(jobs, *"abc")
    jobs.pause(ids["b"])
    seen = jobs.overview()
    assert [job.recording_id for job in seen.waiting] == ["a", "c"]
    assert [job.recording_id for job in seen.held] == ["b"]
    assert jobs.get(ids["b"]).state == "paused"
    assert jobs.submit("b") == ids["b"]
    jobs.resume(ids["b"])
    assert waiting(jobs) == ["a", "b", "c"]
    with pytest.raises(ParihsError, match="queued"):
        jobs.resume(ids["b"])


def test_a_paused_job_can_be_cancelled_and_tried_again(jobs: Jobs):
    ids = submitted(jobs, "a")
    jobs.pause(ids["a"])
    jobs.cancel(ids["a"])
    assert jobs.get(ids["a"]).state == "cancelled"
    newer = jobs.submit("a")
    assert newer != ids["a"]
    with pytest.raises(ParihsError, match="already"):
        jobs.retry(ids["a"])
    jobs.cancel(newer)
    jobs.retry(ids["a"])
    assert waiting(jobs) == ["a"]


def test_the_whole_queue_can_be_paused_and_stays_so_for_others(jobs: Jobs, home: Home):
    jobs.pause_queue()
    other = Jobs(home)
    assert other.is_paused()
    other.resume_queue()
    other.close()
    assert not jobs.is_paused()


def test_a_job_that_no_longer_waits_is_not_moved(jobs: Jobs):
    ids = submitted(jobs, *"abc")
    jobs.cancel(ids["c"])
    jobs.move(ids["c"], "front")
    assert waiting(jobs) == ["a", "b"]


def test_two_people_arranging_at_once_lose_no_job(jobs: Jobs, home: Home):
    ids = submitted(jobs, *"abcd")
    other = Jobs(home)
    people = [
        threading.Thread(target=lambda who=who, job=job: [who.move(job, "front") for _ in range(8)])
        for who, job in ((jobs, ids["c"]), (other, ids["d"]))
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    other.close()
    assert set(waiting(jobs)[:2]) == {"c", "d"}
    assert waiting(jobs)[2:] == ["a", "b"]


def test_signs_of_life_tell_the_living_from_the_dead(jobs: Jobs, home: Home):
    engine = connect(home.jobs_url)
    workers = Workers(engine)
    alive, dead = workers.join("alive", "cpu", 60), workers.join("dead", "cuda:1", 0.01)
    time.sleep(0.2)
    assert workers.beat(alive)
    assert {w.id: (w.alive, w.device) for w in jobs.workers()} == {
        alive: (True, "cpu"),
        dead: (False, "cuda:1"),
    }
    assert jobs.worker_is_running()
    workers.leave(alive)
    assert not jobs.worker_is_running()
    assert not workers.beat(alive)
    engine.dispose()


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_time_left_comes_from_the_speed_so_far():
    clock = Clock()
    pace = Pace(shares(), {}, clock)
    for stage in ("decode", "plan"):
        pace.start(stage)
        clock.time += 5
        pace.reach(1.0)
        assert pace.left_s() is None
    pace.start("recognise")
    pace.reach(0.0)
    clock.time += 10
    pace.reach(0.1)
    # 90 s of words, and timing and speakers that take 25 parts where words take 70
    assert pace.left_s() == round(90 + 100 * 25 / 70)
    clock.time += 90
    pace.reach(1.0)
    pace.start("align")
    assert pace.left_s() == round(100 * 25 / 70)
    assert pace.seconds["recognise"] == 100


def test_time_left_of_a_job_that_goes_on_counts_only_what_is_measured_now():
    clock = Clock()
    pace = Pace(
        shares(TranscriptionSettings(align=False, speakers=False)), {"recognise": 80}, clock
    )
    pace.start("recognise")
    pace.reach(0.8)
    clock.time += 20
    pace.reach(0.9)
    assert pace.left_s() == 20
    assert pace.seconds["recognise"] == 100


def test_percent_never_goes_back_and_time_is_kept_over_attempts(tmp_path: Path):
    clock = Clock()
    log = Log(tmp_path / "log")

    def attempt(*done: int) -> Progress:
        report = Reporter(tmp_path, log, 1000, None, "main", clock)
        for stage in ("decode", "plan"):
            report(StageStarted(stage))
        report(StageStarted("recognise"))
        for ms in done:
            clock.time += 10
            report(StageProgress("recognise", ms, 1000))
        from parihs.transcribe.progress import read_progress

        return read_progress(tmp_path)

    first, second = attempt(0, 400), attempt(400, 500)
    assert (first.percent, second.percent) == (33, 40)
    assert (first.worked_s, second.worked_s) == (20, 40)
    assert second.worker == "main"
    assert second.left_s == round(50 + 100 * 25 / 70)


def status(name: str, state: str, **more: object) -> JobStatus:
    """A job as the overview needs it."""
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    made = JobStatus(
        id=name,
        recording_id=name,
        state=state,
        stage="recognise",
        percent=0,
        message="",
        hint="",
        warnings=(),
        done_ms=0,
        total_ms=100_000,
        version_id=None,
        log_path=Path("log"),
        created_at=moment,
        updated_at=moment,
    )
    return replace(made, **more)


def test_the_queue_as_a_whole_knows_how_much_is_done_and_how_long_it_takes():
    half = status("half", "running", percent=50, worked_s=50.0, left_s=50)
    long_ago = status("old", "done", updated_at=half.created_at - timedelta(days=1))
    just_now = status("new", "done", updated_at=half.created_at + timedelta(minutes=5))
    queued = [status("second", "queued"), status("first", "queued")]
    seen = overview([half, long_ago, just_now, *queued], ["first", "second"], False, [])
    assert [job.id for job in seen.waiting] == ["first", "second"]
    assert (seen.done_ms, seen.total_ms) == (150_000, 400_000)
    assert seen.left_s == 50 + 2 * 100
    assert overview(queued, [], False, []).left_s is None
    measured = status("m", "done", worked_s=10.0)
    assert overview([measured, *queued], [], False, []).left_s == 20
    assert overview([measured], [], False, []).left_s == 0


def test_a_worker_sees_the_device_it_was_given_and_has_a_name():
    environment: dict[str, str] = {}
    restrict("auto", environment)
    assert environment == {}
    restrict("cuda:1", environment)
    assert environment == {"CUDA_VISIBLE_DEVICES": "1"}
    restrict("cpu", environment)
    assert environment == {"CUDA_VISIBLE_DEVICES": ""}
    assert [worker_name(d) for d in ("auto", "cpu", "cuda:1")] == ["main", "cpu", "cuda-1"]
    for wrong in ("gpu", "cuda:", "cuda:x"):
        with pytest.raises(ParihsError, match="not a device"):
            restrict(wrong, environment)
    with pytest.raises(ParihsError, match="name of a worker"):
        worker_name("cpu", "../elsewhere")


def aged(path: Path) -> None:
    """Make a file and all in it old enough to be cleaned away."""
    for file in (path, *path.rglob("*")):
        os.utime(file, (time.time() - OLD_S, time.time() - OLD_S))


def a_recording(home: Home, tmp_path: Path) -> tuple[Study, Recording]:
    write_wav(tmp_path / "silence.wav", np.zeros(RATE, np.float32))
    study = Study(home, tmp_path / "silence.wav")
    return study, study.add()


def test_what_is_left_over_is_cleaned_away_and_the_rest_stays(home: Home, tmp_path: Path):
    _, recording = a_recording(home, tmp_path)
    jobs = Jobs(home)
    kept = jobs.submit(recording.id)
    withdrawn = jobs.submit("f" * 32)
    jobs.cancel(withdrawn)
    for job_id in (kept, withdrawn, "a" * 32):
        write_progress(job_folder(home, job_id), Progress(percent=7))
        (job_folder(home, job_id) / "recognised.jsonl").write_text("what was said\n")
        Log(home.logs / "jobs" / f"{job_id}.log").write("begins")
        aged(job_folder(home, job_id))
        aged(home.logs / "jobs" / f"{job_id}.log")
    write_progress(job_folder(home, "b" * 32), Progress(percent=7))
    with Receiver(home, "half.wav") as half, Receiver(home, "forgotten.wav") as forgotten:
        half.write(b"RIFF")
        forgotten.write(b"RIFF")
    aged(forgotten.folder)

    client, engine = queue.client(home), connect(home.jobs_url)
    tidy(home, client, Workers(engine))
    tidy(home, client, Workers(engine))
    left = {path.name for path in home.work.iterdir() if path.is_dir()}
    assert left == {kept, "b" * 32, "uploads"}
    assert [log.stem for log in (home.logs / "jobs").iterdir()] == [kept]
    assert half.folder.exists()
    assert not forgotten.folder.exists()
    assert [job.id for job in jobs.list()] == [kept]
    assert path_of(home, recording.sha256).exists()
    jobs.close()
    client.destroy()
    engine.dispose()


def test_a_withdrawn_recording_leaves_no_job_behind(jobs: Jobs, home: Home):
    ids = submitted(jobs, *"aab")
    again = ids["a"]
    jobs.cancel(again)
    second = jobs.submit("a")
    for job_id in (again, second, ids["b"]):
        write_progress(job_folder(home, job_id), Progress())
        Log(home.logs / "jobs" / f"{job_id}.log").write("begins")
    assert jobs.forget_recording("a") == 2
    assert [job.recording_id for job in jobs.list()] == ["b"]
    assert [p.name for p in home.work.iterdir() if p.is_dir()] == [ids["b"]]
    assert [p.stem for p in (home.logs / "jobs").iterdir()] == [ids["b"]]


@pytest.mark.parametrize("stage", ["align", "speakers"])
def test_stages_that_were_not_asked_for_count_for_nothing(stage: Stage):
    chosen = shares(replace(TranscriptionSettings(), **{stage: False}))
    assert chosen[stage] == 0
    assert round(sum(chosen.values())) == 100
