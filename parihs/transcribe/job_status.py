"""A transcription job as people see it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from parihs.home import Home
from parihs.transcribe.progress import Progress, job_folder, log_path, read_progress

State = Literal["queued", "running", "paused", "done", "failed", "cancelled"]

STATES: dict[str, State] = {
    "ENQUEUED": "queued",
    "DELAYED": "queued",
    "PENDING": "running",
    "SUCCESS": "done",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
    "CANCELLED": "cancelled",
}
GIVEN_UP = "The transcription was interrupted too many times; the recording is untouched."
PAUSED = "paused"
"""Name of the note that tells a paused job from a cancelled one: both are off the queue."""
DURATION = "duration_ms"
"""Name of the note that says how long the recording is, known before a worker opens it."""


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
    left_s: int | None = None
    """Seconds of work left, from the speed measured so far; None where that cannot be told."""
    worked_s: float = 0.0
    """Seconds of work so far, over all attempts."""
    worker: str = ""
    """Name of the worker that is at it, or was last."""
    uncertain: int | None = None
    """Turns of the finished transcript that somebody should listen to; None where not known."""

    @property
    def active(self) -> bool:
        """Whether it is waiting or at work."""
        return self.state in ("queued", "running")

    @property
    def open(self) -> bool:
        """Whether its transcript is still to come: waiting, at work or paused."""
        return self.active or self.state == "paused"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "job": self.id,
            "recording": self.recording_id,
            "state": self.state,
            "stage": self.stage,
            "percent": self.percent,
            "audio_done_ms": self.done_ms,
            "audio_total_ms": self.total_ms,
            "left_s": self.left_s,
            "worker": self.worker,
            "message": self.message,
            "hint": self.hint,
            "warnings": list(self.warnings),
            "uncertain_turns": self.uncertain,
            "version": self.version_id,
            "submitted": self.created_at.isoformat(),
        }


def status_of(home: Home, found: Any) -> JobStatus:
    """What the job library knows of a job, with what its folder says about the progress."""
    notes = found.attributes or {}
    state = STATES.get(found.status, "failed")
    if state == "cancelled" and notes.get(PAUSED):
        state = "paused"
    progress = read_progress(job_folder(home, found.workflow_id))
    message, hint = progress.message, progress.hint
    if state == "failed" and not message:
        message, hint = GIVEN_UP, "Try again; it goes on from its last finished chunk."
    told = state in ("failed", "done")
    return JobStatus(
        id=found.workflow_id,
        recording_id=str(found.input["args"][0]),
        state=state,
        stage=progress.stage,
        percent=100 if state == "done" else progress.percent,
        message=message if told else "",
        hint=hint if told else "",
        warnings=progress.warnings,
        done_ms=progress.done_ms,
        total_ms=progress.total_ms or int(notes.get(DURATION, 0)),
        version_id=progress.version_id,
        log_path=log_path(home, found.workflow_id),
        created_at=_moment(found.created_at),
        updated_at=_moment(found.updated_at),
        left_s=_left_s(progress) if state == "running" else None,
        worked_s=progress.worked_s,
        worker=progress.worker,
        uncertain=progress.uncertain,
    )


def _left_s(progress: Progress) -> int | None:
    if progress.left_s is None:
        return None
    return max(0, progress.left_s - max(0, round(time.time() - progress.written_at)))


def _moment(milliseconds: int | None) -> datetime:
    return datetime.fromtimestamp((milliseconds or 0) / 1000, UTC)
