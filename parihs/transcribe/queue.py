"""What the app and the worker have to agree on about the job queue."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from parihs.home import Home

APPLICATION = "parihs"
QUEUE = "transcription"
WORKFLOW = "transcribe"
VERSION = "transcribe-1"
"""Raise it only when the order of a job's steps changes: jobs of another version are left alone."""
AT_ONCE = 1
"""Jobs that one worker does at a time; 0 in the database means that the queue is paused."""
LOOK_FOR_JOBS_S = 0.5
MAIN_WORKER = "main"
"""Name of the worker that the app keeps beside it."""


def worker_lock(home: Home, name: str = MAIN_WORKER) -> Path:
    """The file that a worker of this name holds; computers that share a home have one each."""
    return home.work / f"worker-{socket.gethostname()}-{name}.lock"


def job_lock(folder: Path) -> Path:
    """The file that the process at work on a job holds."""
    return folder / "lock"


def serializer() -> Any:
    """JSON in the job database; the library's default would run code hidden in it."""
    from dbos import DBOSPortableJSONSerializer

    return DBOSPortableJSONSerializer()


def client(home: Home, *, patient: bool = True) -> Any:
    """A client of the queue; without patience it raises at once while the database is away."""
    from dbos import DBOSClient

    return DBOSClient(
        system_database_url=home.jobs_url,
        serializer=serializer(),
        application_name=APPLICATION,
        retry_connection_errors=patient,
    )


def migrate(home: Home) -> None:
    """Make or upgrade the job database; safe to call from several processes."""
    from dbos import DBOS

    from parihs.transcribe.job_table import connect
    from parihs.transcribe.lock import held
    from parihs.transcribe.workers import Workers

    with held(home.work / "jobs.lock", wait_s=30):
        DBOS.migrate(home.jobs_url)
        engine = connect(home.jobs_url)
        Workers(engine).create()
        engine.dispose()
