"""The one process of a home that takes jobs from the queue and does them, one at a time.

``python -m parihs.transcribe.worker --home FOLDER``
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from parihs.errors import ParihsError
from parihs.home import Home
from parihs.transcribe import environment, queue
from parihs.transcribe.lock import held, is_held
from parihs.transcribe.settings import TranscriptionSettings

ALREADY_RUNNING = 75
"""Exit code where another worker has this home."""
LOOK_FOR_JOBS_S = 0.5
ASK_IF_CANCELLED_S = 1.0
INTERRUPTIONS_BEFORE_GIVING_UP = 20
"""Closing the app in the middle of a job counts as one, so a long recording needs some."""


def run_worker(home: Home, stop: threading.Event | None = None) -> int:
    """Do jobs until a signal or ``stop`` ends this process; returns only where it could not start.

    Jobs that a killed worker left go on first, from their last finished chunk. The end is abrupt on
    purpose: a job under way stays in the queue, and its child process ends with this one. Returns
    ``ALREADY_RUNNING`` where another worker has the home, and 1 on any other trouble.
    """
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    if is_held(queue.worker_lock(home)):
        print("Another worker has this home already.", file=sys.stderr)
        return ALREADY_RUNNING
    try:
        with held(queue.worker_lock(home)):
            _serve(home)
            stop.wait()
            os._exit(0)
    except ParihsError as problem:
        print(problem, file=sys.stderr)
        return 1


def _serve(home: Home) -> None:
    """Open the queue in this process; threads of the library do the rest."""
    from dbos import DBOS, DBOSConfig

    from parihs.transcribe.job_steps import JobSteps

    os.environ.update(environment.SILENT_AND_OFFLINE)
    queue.migrate(home)
    _define_workflow(JobSteps(home))
    DBOS(
        config=DBOSConfig(
            name=queue.APPLICATION,
            system_database_url=home.jobs_url,
            serializer=queue.serializer(),
            application_version=queue.VERSION,
            # the same after a restart, so that the worker finds its own interrupted jobs
            executor_id=f"{socket.gethostname()}:{queue.QUEUE}",
            log_level="WARNING",
            run_migrations=False,
        )
    )
    DBOS.listen_queues([queue.QUEUE])
    DBOS.launch()
    DBOS.register_queue(queue.QUEUE, worker_concurrency=1, polling_interval_sec=LOOK_FOR_JOBS_S)


def _define_workflow(steps: Any) -> None:
    from dbos import DBOS, DBOSClient

    from parihs.transcribe.runner import Cancelled

    client = DBOSClient(
        system_database_url=steps.home.jobs_url,
        serializer=queue.serializer(),
        application_name=queue.APPLICATION,
    )

    @DBOS.step(name="recognise")
    def recognise(job_id: str, recording_id: str, settings: dict[str, Any]) -> bool:
        chosen = TranscriptionSettings.from_dict(settings)
        cancelled = _CancelledLookup(client, job_id)
        try:
            steps.recognise(job_id, recording_id, chosen, cancelled)
        except Cancelled:
            return False
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
        version_id: str | None = steps.save(job_id, recording_id, chosen, title, transcript_id)
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


class _CancelledLookup:
    """Whether a job has been stopped since it began; asks the queue at most once a second."""

    def __init__(self, client: Any, job_id: str) -> None:
        self._client = client
        self._job_id = job_id
        self._asked = 0.0
        self._cancelled = False

    def __call__(self) -> bool:
        if time.monotonic() - self._asked >= ASK_IF_CANCELLED_S:
            self._asked = time.monotonic()
            status = self._client.retrieve_workflow(self._job_id).get_status().status
            self._cancelled = status != "PENDING"
        return self._cancelled


def main() -> None:
    """Run the worker as a process of its own, until a signal or the end of the app stops it."""
    parser = argparse.ArgumentParser(description="Transcribe recordings waiting in the queue.")
    parser.add_argument(
        "--home", type=Path, help="the home folder; default PARIHS_HOME or ~/parihs"
    )
    parser.add_argument(
        "--supervised",
        action="store_true",
        help="stop when standard input ends, that is when the app that started the worker is gone",
    )
    options = parser.parse_args()
    stop = threading.Event()
    if options.supervised:
        threading.Thread(target=_wait_for_end_of_input, args=(stop,), daemon=True).start()
    sys.exit(run_worker(Home(options.home), stop))


def _wait_for_end_of_input(stop: threading.Event) -> None:
    while os.read(0, 1024):
        pass
    stop.set()


if __name__ == "__main__":
    main()
