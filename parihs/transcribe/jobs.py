"""Transcription jobs as the app sees them: submit, watch, stop, try again."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import new_id
from parihs.transcribe import queue
from parihs.transcribe.lock import is_held
from parihs.transcribe.progress import job_folder, log_path, read_progress
from parihs.transcribe.settings import TranscriptionSettings

State = Literal["queued", "running", "done", "failed", "cancelled"]

STATES: dict[str, State] = {
    "ENQUEUED": "queued",
    "DELAYED": "queued",
    "PENDING": "running",
    "SUCCESS": "done",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
    "CANCELLED": "cancelled",
}


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job as it stands; times in UTC, ``percent`` over all stages."""

    id: str
    recording_id: str
    state: State
    stage: str
    percent: int
    message: str
    """What went wrong, in a sentence; empty where nothing did."""
    hint: str
    warnings: tuple[str, ...]
    done_ms: int
    total_ms: int
    version_id: str | None
    """The transcript version that was made; None too where there was no speech."""
    log_path: Path
    created_at: datetime
    updated_at: datetime

    @property
    def active(self) -> bool:
        """Whether it is waiting or at work."""
        return self.state in ("queued", "running")


class Jobs:
    """The queue of one home; keep one per process, it is safe to share between threads."""

    def __init__(self, home: Home) -> None:
        from dbos import DBOSClient

        self.home = home
        queue.migrate(home)
        self._client = DBOSClient(
            system_database_url=home.jobs_url,
            serializer=queue.serializer(),
            application_name=queue.APPLICATION,
        )

    def submit(
        self,
        recording_id: str,
        settings: TranscriptionSettings | None = None,
        *,
        title: str | None = None,
        transcript_id: str | None = None,
    ) -> str:
        """Queue a recording for transcription and return the job's id.

        While a recording has a job waiting or at work, submitting it again returns that job.
        ``transcript_id`` adds a version to a transcript instead of making a new one.
        """
        from dbos import EnqueueOptions

        options = EnqueueOptions(
            workflow_name=queue.WORKFLOW,
            queue_name=queue.QUEUE,
            workflow_id=new_id(),
            app_version=queue.VERSION,
            deduplication_id=recording_id,
            duplication_policy="return-existing",
        )
        chosen = (settings or TranscriptionSettings()).as_dict()
        handle: Any = self._client.enqueue(options, recording_id, chosen, title, transcript_id)
        return str(handle.get_workflow_id())

    def list(self, recording_id: str | None = None) -> Sequence[JobStatus]:
        """All jobs, newest first, or those of one recording."""
        jobs = [self._status(found) for found in self._find()]
        return [job for job in jobs if recording_id in (None, job.recording_id)]

    def get(self, job_id: str) -> JobStatus:
        """One job; raises ParihsError where it does not exist."""
        for found in self._find(job_id):
            return self._status(found)
        raise ParihsError("This transcription job no longer exists.", "Submit the recording again.")

    def cancel(self, job_id: str) -> None:
        """Stop a job; within a second or two nothing of it runs. What it recognised is kept."""
        if self.get(job_id).active:
            self._client.cancel_workflow(job_id)

    def retry(self, job_id: str) -> None:
        """Queue a failed or stopped job again; it goes on from its last finished chunk.

        Raises ParihsError for a job that is done or still at work.
        """
        state = self.get(job_id).state
        if state not in ("failed", "cancelled"):
            raise ParihsError(
                f"This job is {state}, so there is nothing to try again.",
                "Submit the recording again for a new transcript.",
            )
        self._client.rewind_workflow(
            job_id, queue_name=queue.QUEUE, application_version=queue.VERSION
        )

    def log(self, job_id: str) -> str:
        """The job's log; empty where it has not begun."""
        path = log_path(self.home, job_id)
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def forget(self, job_id: str) -> None:
        """Delete everything about a job that is not at work, as after a withdrawal.

        Raises ParihsError while it is waiting or at work.
        """
        if self.get(job_id).active:
            raise ParihsError("This job is still active.", "Stop it first.")
        self._client.delete_workflow(job_id)
        shutil.rmtree(job_folder(self.home, job_id), ignore_errors=True)
        log_path(self.home, job_id).unlink(missing_ok=True)

    def worker_is_running(self) -> bool:
        """Whether a worker is there to take jobs on this machine."""
        return is_held(queue.worker_lock(self.home))

    def close(self) -> None:
        """Give back the connections."""
        self._client.destroy()

    def _find(self, job_id: str | None = None) -> Sequence[Any]:
        return tuple(
            self._client.list_workflows(
                workflow_ids=None if job_id is None else [job_id],
                name=queue.WORKFLOW,
                sort_desc=True,
                load_output=False,
            )
        )

    def _status(self, found: Any) -> JobStatus:
        state = STATES.get(found.status, "failed")
        progress = read_progress(job_folder(self.home, found.workflow_id))
        message, hint = progress.message, progress.hint
        if state == "failed" and not message:
            message = (
                "The transcription was interrupted too many times; the recording is untouched."
            )
            hint = "Try again; it goes on from its last finished chunk."
        return JobStatus(
            id=found.workflow_id,
            recording_id=str(found.input["args"][0]),
            state=state,
            stage=progress.stage,
            percent=100 if state == "done" else progress.percent,
            message=message if state in ("failed", "done") else "",
            hint=hint if state in ("failed", "done") else "",
            warnings=progress.warnings,
            done_ms=progress.done_ms,
            total_ms=progress.total_ms,
            version_id=progress.version_id,
            log_path=log_path(self.home, found.workflow_id),
            created_at=_moment(found.created_at),
            updated_at=_moment(found.updated_at),
        )


def _moment(milliseconds: int | None) -> datetime:
    return datetime.fromtimestamp((milliseconds or 0) / 1000, UTC)
