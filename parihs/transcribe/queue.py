"""What the app and the worker have to agree on about the job queue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parihs.home import Home

APPLICATION = "parihs"
QUEUE = "transcription"
WORKFLOW = "transcribe"
VERSION = "transcribe-1"
"""Raise it only when the order of a job's steps changes: jobs of another version are left alone."""


def worker_lock(home: Home) -> Path:
    """The file that a home's one worker holds."""
    return home.work / "worker.lock"


def serializer() -> Any:
    """JSON in the job database; the library's default would run code hidden in it."""
    from dbos import DBOSPortableJSONSerializer

    return DBOSPortableJSONSerializer()


def migrate(home: Home) -> None:
    """Make or upgrade the job database; safe to call from several processes."""
    from dbos import DBOS

    from parihs.transcribe.lock import held

    with held(home.work / "jobs.lock", wait_s=30):
        DBOS.migrate(home.jobs_url)
