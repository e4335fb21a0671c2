"""What nobody needs any more: folders of jobs that are gone, uploads nobody finished."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from typing import Any

from parihs.home import Home
from parihs.transcribe import queue
from parihs.transcribe.lock import is_held
from parihs.transcribe.progress import job_folder, log_path
from parihs.transcribe.worker_log import log
from parihs.transcribe.workers import Workers

JOB_ID = re.compile(r"[0-9a-f]{32}")
YOUNG_S = 3600
"""A folder this young may belong to a job that is just being put into the queue."""
LET_GO_S = 30
"""A worker that was told to stop has let go of its job by then."""


def tidy(home: Home, client: Any, workers: Workers) -> None:
    """Remove what is left over in a home's work folder; a worker does it at start and daily.

    That is: jobs whose recording is no longer in the study, with all they heard; folders and logs
    of jobs that no longer exist; drafts of the job files; uploads in which nothing happened for a
    week. Whatever somebody is at is left alone.
    """
    from parihs.media import clean_uploads

    known = {
        job.workflow_id: job
        for job in client.list_workflows(name=queue.WORKFLOW, load_output=False)
    }
    present = _recordings(home)
    for job_id, job in known.items():
        if job.status in ("ENQUEUED", "DELAYED", "PENDING") or not _is_old(
            job_folder(home, job_id)
        ):
            continue
        if str(job.input["args"][0]) not in present:
            forget(home, client, workers, job_id)
            log.info("job %s is forgotten: its recording was removed", job_id)
    for folder in home.work.iterdir():
        if JOB_ID.fullmatch(folder.name) and folder.name not in known and _is_old(folder):
            if is_held(queue.job_lock(folder)):
                continue
            shutil.rmtree(folder, ignore_errors=True)
            log.info("removed the folder of job %s, which is gone", folder.name)
    for file in (home.logs / "jobs").glob("*.log"):
        if JOB_ID.fullmatch(file.stem) and file.stem not in known and _is_old(file):
            file.unlink(missing_ok=True)
    try:
        removed = clean_uploads(home)
    except FileNotFoundError:
        # somebody finished or discarded an upload while we looked; tomorrow is soon enough
        removed = 0
    if removed:
        log.info("removed %d uploads that nobody finished", removed)


def forget(home: Home, client: Any, workers: Workers, job_id: str) -> None:
    """Stop a job if it is at work, wait until it has let go, and remove all there is of it."""
    client.cancel_workflow(job_id)
    end = time.monotonic() + LET_GO_S
    folder = job_folder(home, job_id)
    while time.monotonic() < end and (
        any(worker.job_id == job_id and worker.alive for worker in workers.all())
        or (folder.exists() and is_held(queue.job_lock(folder)))
    ):
        time.sleep(0.1)
    client.delete_workflow(job_id)
    shutil.rmtree(folder, ignore_errors=True)
    log_path(home, job_id).unlink(missing_ok=True)


def _recordings(home: Home) -> set[str]:
    from sqlalchemy import select

    from parihs.model import Recording
    from parihs.store import Store

    store = Store(home)
    try:
        with store.read() as session:
            return set(session.scalars(select(Recording.id)))
    finally:
        store.close()


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > YOUNG_S
    except FileNotFoundError:
        return True
