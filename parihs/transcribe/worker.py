"""A process that takes jobs from the queue and does them, one at a time.

``python -m parihs.transcribe.worker --home FOLDER [--device cuda:0] [--name NAME]``

Any number of workers can share a queue. Each has its own name, lock and device, and each puts the
jobs of workers that died back into the queue.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from parihs.errors import ParihsError
from parihs.home import Home
from parihs.transcribe import environment, queue, worker_log
from parihs.transcribe.device import restrict, worker_name
from parihs.transcribe.job_table import Hold, JobTable, connect
from parihs.transcribe.lock import held, is_held
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.tenure import Tenure
from parihs.transcribe.tidying import tidy
from parihs.transcribe.worker_log import log
from parihs.transcribe.workers import BEAT_S, Worker, Workers

ALREADY_RUNNING = 75
"""Exit code where a worker of the same name has this home."""
INTERRUPTIONS_BEFORE_GIVING_UP = 100
"""Closing the app in the middle of a job counts as one, so a long recording needs many."""
TIDY_EVERY_S = 24 * 3600
WHY = {
    "held": "the queue is paused",
    "moved": "another worker has it",
    "unsure": "the job database could not be reached",
}


def run_worker(
    home: Home,
    stop: threading.Event | None = None,
    *,
    device: str = "auto",
    name: str | None = None,
    beat_s: float = BEAT_S,
) -> int:
    """Do jobs until a signal or ``stop`` ends this process; returns only where it could not start.

    Jobs that a killed worker left go on first, from their last finished chunk. The end is abrupt on
    purpose: a job under way stays in the queue, and its child process ends with this one. Returns
    ``ALREADY_RUNNING`` where another worker has the home and the name, and 1 on any other trouble.
    """
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    try:
        name = worker_name(device, name)
        restrict(device, os.environ)
        if _is_taken(queue.worker_lock(home, name)):
            print(
                f"A worker called “{name}” is running here already. To run another, give it a "
                "--name and a --device of its own.",
                file=sys.stderr,
            )
            return ALREADY_RUNNING
        with held(queue.worker_lock(home, name), wait_s=2):
            worker = _Worker(home, name, device, beat_s)
            worker.start()
            stop.wait()
            worker.leave()
            os._exit(0)
    except ParihsError as problem:
        print(problem, file=sys.stderr)
        return 1


def _is_taken(lock: Path) -> bool:
    """Whether a worker holds the lock, and not only another one that looks whether it is held."""
    for _ in range(3):
        if not is_held(lock):
            return False
        time.sleep(0.1)
    return True


class _Worker:
    """One worker: its entry among the others, its signs of life, its jobs."""

    def __init__(self, home: Home, name: str, device: str, beat_s: float) -> None:
        from parihs.transcribe.job_steps import JobSteps

        os.environ.update(environment.SILENT_AND_OFFLINE)
        worker_log.begin()
        queue.migrate(home)
        engine = connect(home.jobs_url)
        self.name = name
        self._home = home
        self._device = device
        self._beat_s = beat_s
        self._workers = Workers(engine)
        self.table = JobTable(engine)
        # a worker that cannot ask whether it may go on has to know that
        self.client = queue.client(home, patient=False)
        self.steps = JobSteps(home, name)
        self.id = self._workers.join(name, device, beat_s)

    def start(self) -> None:
        """Open the queue in this process; threads do the rest."""
        from dbos import DBOS, DBOSConfig

        _define_workflow(self)
        DBOS(
            config=DBOSConfig(
                name=queue.APPLICATION,
                system_database_url=self._home.jobs_url,
                serializer=queue.serializer(),
                application_version=queue.VERSION,
                executor_id=self.id,
                log_level="WARNING",
                run_migrations=False,
            )
        )
        worker_log.begin()
        DBOS.listen_queues([queue.QUEUE])
        DBOS.launch()
        # never_update: a queue that somebody paused stays paused when a worker starts
        DBOS.register_queue(
            queue.QUEUE,
            worker_concurrency=queue.AT_ONCE,
            polling_interval_sec=queue.LOOK_FOR_JOBS_S,
            on_conflict="never_update",
        )
        log.info("worker %s is ready on %s", self.name, self._device)
        for work, called in ((self._live, "signs of life"), (self._tidy, "tidying")):
            threading.Thread(target=work, name=called, daemon=True).start()

    def at(self, job_id: str | None) -> None:
        """Note what this worker is at, for others to see."""
        try:
            self._workers.busy(self.id, job_id)
        except Exception as problem:
            log.warning("could not note the job at hand: %s", type(problem).__name__)

    def give_back(self, job_id: str, hold: Hold) -> None:
        """Put a job back into the queue unless somebody else has it, however long that takes."""
        while True:
            try:
                self.table.put_back(job_id, hold)
                return
            except Exception as problem:
                log.warning("could not put back job %s yet: %s", job_id, type(problem).__name__)
                time.sleep(self._beat_s)

    def leave(self) -> None:
        """Say that this worker ends, so that others need not wait to take over its job."""
        try:
            self._workers.leave(self.id)
        except Exception as problem:
            log.warning("could not sign off: %s", type(problem).__name__)

    def _live(self) -> None:
        reached = time.time()
        while True:
            time.sleep(self._beat_s)
            try:
                if not self._workers.beat(self.id):
                    self._workers.join(self.name, self._device, self._beat_s)
                # after a sleep of the whole computer everybody else looks dead for a moment
                if time.time() - reached < 2 * self._beat_s + 1:
                    self._take_over()
                reached = time.time()
            except Exception as problem:
                log.warning("the job database cannot be reached: %s", type(problem).__name__)

    def _take_over(self) -> None:
        living = {worker.id for worker in self._workers.all() if self._lives(worker)}
        for job_id in self.table.put_back_lost(living | {self.id}):
            log.warning("job %s goes back to the queue: its worker is gone", job_id)

    def _lives(self, other: Worker) -> bool:
        # on this computer its lock knows better: a busy machine may silence a worker for a while
        if other.here:
            return is_held(queue.worker_lock(self._home, other.name))
        return other.alive

    def _tidy(self) -> None:
        while True:
            try:
                tidy(self._home, self.client, self._workers)
            except Exception as problem:
                log.warning("tidying did not work: %s", type(problem).__name__)
            time.sleep(TIDY_EVERY_S)


def _define_workflow(worker: _Worker) -> None:
    from dbos import DBOS

    from parihs.transcribe.runner import Cancelled

    @DBOS.step(name="recognise")
    def recognise(job_id: str, recording_id: str, settings: dict[str, Any]) -> bool:
        chosen = TranscriptionSettings.from_dict(settings)
        tenure = Tenure(worker.table, worker.client, worker.id, job_id)
        worker.at(job_id)
        log.info("job %s begins", job_id)
        try:
            worker.steps.recognise(job_id, recording_id, chosen, tenure)
        except Cancelled:
            log.info("job %s left off: %s", job_id, WHY.get(tenure.reason, tenure.reason))
            # else the job library would take this for the end of the job
            if tenure.hold is not None:
                worker.give_back(job_id, tenure.hold)
            return False
        except ParihsError:
            # its message may name a file, and that is for the job's own log
            log.info("job %s failed; its own log says why", job_id)
            raise
        finally:
            worker.at(None)
        return True

    @DBOS.step(name="save")
    def save(
        job_id: str,
        recording_id: str,
        settings: dict[str, Any],
        title: str | None,
        transcript_id: str | None,
    ) -> str | None:
        chosen = TranscriptionSettings.from_dict(settings)
        worker.at(job_id)
        try:
            version_id: str | None = worker.steps.save(
                job_id, recording_id, chosen, title, transcript_id
            )
        except ParihsError:
            log.info("job %s failed; its own log says why", job_id)
            raise
        finally:
            worker.at(None)
        log.info("job %s is done", job_id)
        return version_id

    @DBOS.workflow(name=queue.WORKFLOW, max_recovery_attempts=INTERRUPTIONS_BEFORE_GIVING_UP)
    def transcribe(
        recording_id: str, settings: dict[str, Any], title: str | None, transcript_id: str | None
    ) -> str | None:
        job_id = DBOS.workflow_id
        if job_id is None:
            raise RuntimeError("a job runs from the queue only")
        if not recognise(job_id, recording_id, settings):
            return None
        version_id: str | None = save(job_id, recording_id, settings, title, transcript_id)
        return version_id


def main() -> None:
    """Run the worker as a process of its own, until a signal or the end of the app stops it."""
    parser = argparse.ArgumentParser(description="Transcribe recordings waiting in the queue.")
    parser.add_argument(
        "--home", type=Path, help="the home folder; default PARIHS_HOME or ~/parihs"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:1")
    parser.add_argument("--name", help="to tell several workers apart")
    parser.add_argument("--beat", type=float, default=BEAT_S, help="seconds between signs of life")
    parser.add_argument(
        "--supervised",
        action="store_true",
        help="stop when standard input ends, that is when the app that started the worker is gone",
    )
    options = parser.parse_args()
    stop = threading.Event()
    if options.supervised:
        threading.Thread(target=_wait_for_end_of_input, args=(stop,), daemon=True).start()
    sys.exit(
        run_worker(
            Home(options.home),
            stop,
            device=options.device,
            name=options.name,
            beat_s=options.beat,
        )
    )


def _wait_for_end_of_input(stop: threading.Event) -> None:
    while os.read(0, 1024):
        pass
    stop.set()


if __name__ == "__main__":
    main()
