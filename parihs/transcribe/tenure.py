"""Whether a worker may go on with the job it has in hand."""

from __future__ import annotations

import time
from typing import Any, Literal

from parihs.transcribe import queue
from parihs.transcribe.job_table import Hold, JobTable

Reason = Literal["", "stopped", "held", "moved", "unsure"]

ASK_EVERY_S = 0.7
UNSURE_AFTER_S = 12.0
"""A worker that has not reached the job database for so long may have lost its job to another."""


class Tenure:
    """Asks the job database, at most every 0.7 s, whether a job is still this worker's to do.

    Called like a function it says whether to stop; ``reason`` then says why.
    """

    def __init__(self, table: JobTable, client: Any, worker: str, job_id: str) -> None:
        self._table = table
        self._client = client
        self._job_id = job_id
        self._asked = self._answered = time.monotonic()
        hold = table.hold(job_id)
        self.hold: Hold | None = hold if hold is not None and hold.worker == worker else None
        self.reason: Reason = "" if self.hold else "moved"

    def __call__(self) -> bool:
        if not self.reason and time.monotonic() - self._asked >= ASK_EVERY_S:
            self.reason = self._ask()
            self._asked = time.monotonic()
        return bool(self.reason)

    def _ask(self) -> Reason:
        try:
            hold = self._table.hold(self._job_id)
            paused = queue_paused(self._client)
        except Exception:
            # the database may be restarting; another worker waits as long before it takes over
            late = time.monotonic() - self._answered > UNSURE_AFTER_S
            return "unsure" if late else ""
        self._answered = time.monotonic()
        if hold is None:
            return "stopped"
        if hold != self.hold:
            return "moved"
        return "held" if paused else ""


def queue_paused(client: Any) -> bool:
    """Whether somebody paused the whole queue."""
    found = client.retrieve_queue(queue.QUEUE)
    return found is not None and found.worker_concurrency == 0
