"""Transcription jobs as the app sees them: submit, watch, arrange, pause, stop, try again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import new_id
from parihs.transcribe import queue
from parihs.transcribe.job_status import DURATION, PAUSED, JobStatus, State, status_of
from parihs.transcribe.job_table import JobTable, Where, connect
from parihs.transcribe.overview import Overview, overview
from parihs.transcribe.progress import log_path
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.tenure import queue_paused
from parihs.transcribe.tidying import forget
from parihs.transcribe.workers import Worker, Workers

__all__ = ["JobStatus", "Jobs", "Overview", "State", "Where"]


class Jobs:
    """The queue of one home; keep one per process, it is safe to share between threads."""

    def __init__(self, home: Home) -> None:
        self.home = home
        queue.migrate(home)
        self._client = queue.client(home)
        self._engine = connect(home.jobs_url)
        self._table = JobTable(self._engine)
        self._workers = Workers(self._engine)
        self._set_queue(queue.AT_ONCE, "never_update")

    def submit(
        self,
        recording_id: str,
        settings: TranscriptionSettings | None = None,
        *,
        title: str | None = None,
        transcript_id: str | None = None,
        duration_ms: int = 0,
    ) -> str:
        """Put a recording at the end of the queue and return the job's id.

        While a recording has a job that is open (waiting, at work or paused), submitting it again
        returns that job. ``transcript_id`` adds a version to a transcript instead of making a new
        one; ``duration_ms`` lets the queue say how long it takes before the job begins.
        """
        from dbos import EnqueueOptions

        for job in self.list(recording_id):
            if job.open:
                return job.id
        options = EnqueueOptions(
            workflow_name=queue.WORKFLOW,
            queue_name=queue.QUEUE,
            workflow_id=new_id(),
            app_version=queue.VERSION,
            priority=self._table.last_place(),
            attributes={DURATION: duration_ms},
            # two clicks at once
            deduplication_id=recording_id,
            duplication_policy="return-existing",
        )
        chosen = (settings or TranscriptionSettings()).as_dict()
        handle: Any = self._client.enqueue(options, recording_id, chosen, title, transcript_id)
        return str(handle.get_workflow_id())

    def list(self, recording_id: str | None = None) -> Sequence[JobStatus]:
        """All jobs, newest first, or those of one recording."""
        jobs = [status_of(self.home, found) for found in self._find()]
        return [job for job in jobs if recording_id in (None, job.recording_id)]

    def get(self, job_id: str) -> JobStatus:
        """One job; raises ParihsError where it does not exist."""
        for found in self._find(job_id):
            return status_of(self.home, found)
        raise ParihsError("This transcription job no longer exists.", "Submit the recording again.")

    def overview(self, jobs: Sequence[JobStatus] | None = None) -> Overview:
        """The queue as a whole; give ``jobs`` where they were listed just now."""
        return overview(
            self.list() if jobs is None else jobs,
            self._table.waiting(),
            self.is_paused(),
            self._workers.all(),
        )

    def cancel(self, job_id: str) -> None:
        """Stop a job; within a second or two nothing of it runs. What it recognised is kept."""
        if self.get(job_id).open:
            self._client.update_workflow_attributes(job_id, {PAUSED: False}, merge=True)
            self._client.cancel_workflow(job_id)

    def pause(self, job_id: str) -> None:
        """Let a job rest where it is, at work or waiting; it keeps its place in the queue."""
        if self.get(job_id).active:
            self._client.update_workflow_attributes(job_id, {PAUSED: True}, merge=True)
            self._client.cancel_workflow(job_id)

    def resume(self, job_id: str) -> None:
        """Let a paused job go on, at its place in the queue and from its last finished chunk.

        Raises ParihsError for a job that is not paused.
        """
        self._again(job_id, ("paused",), "so it cannot go on")

    def retry(self, job_id: str) -> None:
        """Queue a failed or stopped job again; it goes on from its last finished chunk.

        Raises ParihsError for a job that is done or still at work.
        """
        self._again(job_id, ("failed", "cancelled"), "so there is nothing to try again")

    def move(self, job_id: str, where: Where) -> None:
        """Give a waiting job another place: to the front, one up, one down, to the back."""
        self._table.move(job_id, where)

    def pause_queue(self) -> None:
        """Let everything rest: jobs at work are put back within seconds, and none is begun."""
        self._set_queue(0, "always_update")

    def resume_queue(self) -> None:
        """Let the queue go on."""
        self._set_queue(queue.AT_ONCE, "always_update")

    def is_paused(self) -> bool:
        """Whether the whole queue was paused."""
        return queue_paused(self._client)

    def log(self, job_id: str) -> str:
        """The job's log; empty where it has not begun."""
        path = log_path(self.home, job_id)
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def forget(self, job_id: str) -> None:
        """Delete everything about a job that is not at work.

        Raises ParihsError while it is waiting or at work.
        """
        if self.get(job_id).active:
            raise ParihsError("This job is still active.", "Stop it first.")
        forget(self.home, self._client, self._workers, job_id)

    def forget_recording(self, recording_id: str) -> int:
        """Stop and delete all jobs of a recording with all they heard, as after a withdrawal.

        Waits until the worker at one of them has let go; returns how many there were.
        """
        jobs = self.list(recording_id)
        for job in jobs:
            forget(self.home, self._client, self._workers, job.id)
        return len(jobs)

    def workers(self) -> Sequence[Worker]:
        """The workers of this queue, also on other computers."""
        return self._workers.all()

    def worker_is_running(self) -> bool:
        """Whether a worker is there to take jobs."""
        return any(worker.alive for worker in self._workers.all())

    def close(self) -> None:
        """Give back the connections."""
        self._client.destroy()
        self._engine.dispose()

    def _again(self, job_id: str, states: tuple[State, ...], otherwise: str) -> None:
        job = self.get(job_id)
        if job.state not in states:
            raise ParihsError(
                f"This job is {job.state}, {otherwise}.",
                "Submit the recording again for a new transcript.",
            )
        if any(other.open and other.id != job_id for other in self.list(job.recording_id)):
            raise ParihsError(
                "This recording is in the queue already, in another job.",
                "Wait for that one, or stop it first.",
            )
        self._client.update_workflow_attributes(job_id, {PAUSED: False}, merge=True)
        self._client.rewind_workflow(
            job_id, queue_name=queue.QUEUE, application_version=queue.VERSION
        )

    def _set_queue(self, at_once: int, where_it_is_there: str) -> None:
        self._client.register_queue(
            queue.QUEUE,
            worker_concurrency=at_once,
            polling_interval_sec=queue.LOOK_FOR_JOBS_S,
            on_conflict=where_it_is_there,
        )

    def _find(self, job_id: str | None = None) -> Sequence[Any]:
        return tuple(
            self._client.list_workflows(
                workflow_ids=None if job_id is None else [job_id],
                name=queue.WORKFLOW,
                sort_desc=True,
                load_output=False,
            )
        )
