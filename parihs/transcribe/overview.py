"""The queue as a whole: what is at work, what waits and in which order, how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parihs.transcribe.job_status import JobStatus
from parihs.transcribe.workers import Worker

ENOUGH_AUDIO_MS = 5_000
"""A finished job shorter than this says nothing about speed: it was over before it was warm."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The queue at one moment; audio in milliseconds, time left in seconds."""

    paused: bool
    """Whether somebody paused the whole queue: nothing is begun until it goes on."""
    running: Sequence[JobStatus]
    waiting: Sequence[JobStatus]
    """In the order they will be taken."""
    held: Sequence[JobStatus]
    """Paused one by one."""
    workers: Sequence[Worker]
    done_ms: int
    """Audio that is through, of what was in the queue since it was last empty."""
    total_ms: int
    left_s: int | None
    """None where nothing was measured yet."""

    @property
    def active(self) -> bool:
        """Whether something is at work or waits for it."""
        return bool(self.running or self.waiting)

    @property
    def living(self) -> Sequence[Worker]:
        """The workers that are there to take jobs."""
        return [worker for worker in self.workers if worker.alive]


def overview(
    jobs: Sequence[JobStatus], order: Sequence[str], paused: bool, workers: Sequence[Worker]
) -> Overview:
    """Sum up jobs; ``order`` are the ids of those that wait."""
    places = {job_id: place for place, job_id in enumerate(order)}
    running = [job for job in jobs if job.state == "running"]
    waiting = sorted(
        (job for job in jobs if job.state == "queued"),
        key=lambda job: places.get(job.id, len(places)),
    )
    active = [*running, *waiting]
    # what was finished while these were waiting belongs to the same stretch of work
    since = min((job.created_at for job in active), default=None)
    through = [j for j in jobs if j.state == "done" and since and j.updated_at >= since]
    return Overview(
        paused=paused,
        running=running,
        waiting=waiting,
        held=[job for job in jobs if job.state == "paused"],
        workers=workers,
        done_ms=sum(job.total_ms for job in through) + sum(_heard_ms(job) for job in active),
        total_ms=sum(job.total_ms for job in [*through, *active]),
        left_s=_left_s(jobs, running, waiting, workers),
    )


def _heard_ms(job: JobStatus) -> int:
    """Audio that is through, counted over all stages and not only the hearing of words."""
    return job.total_ms * job.percent // 100


def _left_s(
    jobs: Sequence[JobStatus],
    running: Sequence[JobStatus],
    waiting: Sequence[JobStatus],
    workers: Sequence[Worker],
) -> int | None:
    if not running and not waiting:
        return 0
    speed = _seconds_per_ms(jobs)
    left = []
    for job in [*running, *waiting]:
        if job.left_s is not None and job.state == "running":
            left.append(float(job.left_s))
        elif speed is None or not job.total_ms:
            return None
        else:
            left.append((job.total_ms - _heard_ms(job)) * speed)
    hands = max(1, sum(worker.alive for worker in workers))
    return round(max(sum(left) / hands, max(left)))


def _seconds_per_ms(jobs: Sequence[JobStatus]) -> float | None:
    """Seconds of work for a millisecond of audio: of what is at work now, else of the last done."""
    now = [
        (job.worked_s + job.left_s, job.total_ms)
        for job in jobs
        if job.state == "running" and job.left_s is not None
    ]
    done = [
        (job.worked_s, job.total_ms)
        for job in sorted(jobs, key=lambda job: job.updated_at, reverse=True)
        if job.state == "done" and job.worked_s and job.total_ms >= ENOUGH_AUDIO_MS
    ]
    measured = now or done[:3]
    audio = sum(ms for _, ms in measured)
    return sum(seconds for seconds, _ in measured) / audio if audio else None
