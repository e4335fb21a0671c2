"""What a transcription job is doing, in words."""

from __future__ import annotations

from collections.abc import Sequence

from parihs.transcribe.job_status import JobStatus
from parihs.transcribe.overview import Overview
from parihs.transcribe.workers import Worker
from parihs.ui.clock import clock

STAGE_WORDS = {
    "": "Starting",
    "decode": "Reading the sound",
    "plan": "Finding speech",
    "recognise": "Recognising words",
    "align": "Timing each word",
    "speakers": "Telling speakers apart",
    "save": "Saving",
}
DEVICE_WORDS = {"auto": "", "cpu": "processor", "cuda": "graphics card"}


def time_left(seconds: int | None) -> str:
    """A duration as people say it; empty where it is not known."""
    if seconds is None:
        return ""
    if seconds < 50:
        return "less than a minute left"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {minutes} min left"
    # nobody needs the minutes of an estimate of many hours
    hours, rest = divmod(5 * round(minutes / 5), 60)
    return f"about {hours} h {rest} min left" if rest else f"about {hours} h left"


def shortened(filename: str, longest: int = 56) -> str:
    """A file name without its middle, where recorders and people made it too long for a row."""
    if len(filename) <= longest:
        return filename
    end = longest // 3
    return f"{filename[: longest - end - 1]}…{filename[-end:]}"


def joined(*parts: str) -> str:
    """Parts of a line, without the empty ones."""
    return " · ".join(part for part in parts if part)


def doing(job: JobStatus, several_workers: bool = False) -> str:
    """What a job at work does, how far it is and how long it takes."""
    heard = ""
    if job.stage == "recognise" and job.total_ms:
        heard = f"{clock(job.done_ms)} of {clock(job.total_ms)}"
    return joined(
        STAGE_WORDS.get(job.stage, job.stage),
        heard,
        f"{job.percent} %",
        time_left(job.left_s),
        f"worker {job.worker}" if several_workers and job.worker else "",
    )


def resting(job: JobStatus, place: int | None = None) -> str:
    """Where a job is that waits or is paused."""
    begun = f"{job.percent} % is done" if job.percent else ""
    if job.state == "paused":
        return joined("Paused", begun)
    return joined("Next in line" if place == 0 else f"Number {(place or 0) + 1} in line", begun)


def whole(queue: Overview) -> str:
    """How far everything in the queue is."""
    n = len(queue.running) + len(queue.waiting)
    heard = f"{clock(queue.done_ms)} of {clock(queue.total_ms)} of sound" if queue.total_ms else ""
    return joined(
        f"{n} recording{'s' if n != 1 else ''} to go",
        heard,
        "paused" if queue.paused else time_left(queue.left_s),
    )


def hands(workers: Sequence[Worker]) -> str:
    """Who does the work, where that is more than the app's own worker."""
    if len(workers) < 2 and all(worker.here for worker in workers):
        return ""
    return "Workers: " + ", ".join(_hand(worker) for worker in workers)


def _hand(worker: Worker) -> str:
    device, _, number = worker.device.partition(":")
    kind = joined(DEVICE_WORDS.get(device, device) + (f" {number}" if number else ""))
    where = "" if worker.here else f"on {worker.machine}"
    about = ", ".join(part for part in (kind, where) if part)
    return f"{worker.name} ({about})" if about else worker.name
