"""``parihs jobs``: the transcription queue from the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

import click

from parihs.cli.main import answer, home_option, json_option
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import Recording
from parihs.store import Store
from parihs.transcribe.job_status import JobStatus
from parihs.transcribe.job_table import Where
from parihs.transcribe.jobs import Jobs
from parihs.transcribe.overview import Overview

SHORT = 8
"""So many characters of a job's id are shown, and enough to name it."""
job_argument = click.argument("job")


@click.group("jobs", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@home_option
@click.pass_context
def jobs_command(context: click.Context, home: Home, as_json: bool) -> None:
    """Show the transcription queue, and steer it.

    JOB is the id that the list shows, or its first characters.
    """
    context.obj = home
    if context.invoked_subcommand is None:
        show(home, as_json)


@jobs_command.command("list")
@json_option
@click.pass_obj
def list_command(home: Home, as_json: bool) -> None:
    """Show the queue: what is at work, what waits, what is through."""
    show(home, as_json)


@jobs_command.command("pause")
@click.argument("job", required=False)
@json_option
@click.pass_obj
def pause_command(home: Home, job: str | None, as_json: bool) -> None:
    """Pause one JOB, or without one the whole queue."""
    jobs = Jobs(home)
    if job is None:
        jobs.pause_queue()
        answer(as_json, {"paused": True}, ["The queue is paused; nothing is begun."])
    else:
        found = find(jobs, job)
        jobs.pause(found.id)
        tell(jobs, found, as_json)


@jobs_command.command("resume")
@click.argument("job", required=False)
@json_option
@click.pass_obj
def resume_command(home: Home, job: str | None, as_json: bool) -> None:
    """Let a paused JOB go on, or without one the whole queue."""
    jobs = Jobs(home)
    if job is None:
        jobs.resume_queue()
        answer(as_json, {"paused": False}, ["The queue goes on."])
    else:
        found = find(jobs, job)
        jobs.resume(found.id)
        tell(jobs, found, as_json)


@jobs_command.command("move")
@job_argument
@click.argument("where", type=click.Choice(get_args(Where)))
@json_option
@click.pass_obj
def move_command(home: Home, job: str, where: Where, as_json: bool) -> None:
    """Give a waiting JOB another place: front, up, down or back."""
    jobs = Jobs(home)
    found = find(jobs, job)
    if found.state != "queued":
        raise ParihsError(f"This job is {found.state}, so it has no place in the queue.", "")
    jobs.move(found.id, where)
    show(home, as_json)


@jobs_command.command("cancel")
@job_argument
@json_option
@click.pass_obj
def cancel_command(home: Home, job: str, as_json: bool) -> None:
    """Stop a JOB; what it recognised is kept."""
    jobs = Jobs(home)
    found = find(jobs, job)
    jobs.cancel(found.id)
    tell(jobs, found, as_json)


@jobs_command.command("retry")
@job_argument
@json_option
@click.pass_obj
def retry_command(home: Home, job: str, as_json: bool) -> None:
    """Queue a failed or stopped JOB again; it goes on where it was."""
    jobs = Jobs(home)
    found = find(jobs, job)
    jobs.retry(found.id)
    tell(jobs, found, as_json)


@jobs_command.command("forget")
@job_argument
@json_option
@click.pass_obj
def forget_command(home: Home, job: str, as_json: bool) -> None:
    """Remove a JOB that is not at work, with its log and all it recognised."""
    jobs = Jobs(home)
    found = find(jobs, job)
    jobs.forget(found.id)
    answer(as_json, {"forgotten": found.id}, ["The job is removed; the recording stays."])


@jobs_command.command("log")
@job_argument
@click.pass_obj
def log_command(home: Home, job: str) -> None:
    """Print the log of a JOB: stages, times and warnings."""
    jobs = Jobs(home)
    click.echo(jobs.log(find(jobs, job).id), nl=False)


def find(jobs: Jobs, name: str) -> JobStatus:
    """The job whose id begins like this; raises ParihsError where that is none or several."""
    found = [job for job in jobs.list() if job.id.startswith(name)]
    if len(found) != 1:
        what = "no job" if not found else f"{len(found)} jobs"
        raise ParihsError(f"There is {what} “{name}”.", "See the list: parihs jobs.")
    return found[0]


def tell(jobs: Jobs, job: JobStatus, as_json: bool) -> None:
    """Say how a job stands now."""
    now = jobs.get(job.id)
    answer(as_json, now.as_dict(), [f"{now.id[:SHORT]} is {now.state}."])


def show(home: Home, as_json: bool) -> None:
    """Print the queue."""
    jobs = Jobs(home)
    known = jobs.list()
    queue = jobs.overview(known)
    files = _file_names(home)
    value = {
        "paused": queue.paused,
        "audio_done_ms": queue.done_ms,
        "audio_total_ms": queue.total_ms,
        "left_s": queue.left_s,
        "workers": [
            {
                "name": worker.name,
                "machine": worker.machine,
                "device": worker.device,
                "alive": worker.alive,
                "job": worker.job_id,
            }
            for worker in queue.workers
        ],
        "jobs": [
            {**job.as_dict(), "file": files.get(job.recording_id)}
            for job in [*queue.running, *queue.waiting, *queue.held, *_settled(known)]
        ],
    }
    answer(as_json, value, _lines(queue, known, files))


def _lines(queue: Overview, known: Sequence[JobStatus], files: Mapping[str, str]) -> list[str]:
    if not known:
        return ["No recording was put in the queue yet. See: parihs transcribe --help"]
    lines = []
    for job in [*queue.running, *queue.waiting, *queue.held, *_settled(known)]:
        far = f"{job.percent:3d} %" if job.state != "done" else "     "
        left = f"{_duration(job.left_s)} left" if job.left_s is not None else ""
        words = "  ".join(
            part for part in (job.stage if job.open else "", left, job.message) if part
        )
        name = files.get(job.recording_id, "recording removed")
        lines.append(f"{job.id[:SHORT]}  {job.state:<9} {far}  {name}  {words}".rstrip())
    if queue.active:
        left = f", {_duration(queue.left_s)} left" if queue.left_s is not None else ""
        lines.append(
            f"{_duration(queue.done_ms // 1000)} of {_duration(queue.total_ms // 1000)} of sound "
            f"are through{left}."
        )
    if queue.paused:
        lines.append("The queue is paused. Let it go on: parihs jobs resume")
    elif queue.active and not queue.living:
        lines.append("No worker is running. Start the app, or: parihs worker")
    return lines


def _settled(known: Sequence[JobStatus]) -> list[JobStatus]:
    return [job for job in known if not job.open]


def _duration(seconds: int | None) -> str:
    minutes = -(-(seconds or 0) // 60)
    return f"{minutes // 60}:{minutes % 60:02} h"


def _file_names(home: Home) -> dict[str, str]:
    store = Store(home)
    with store.read() as session:
        names = {found.id: found.filename for found in session.query(Recording)}
    store.close()
    return names
