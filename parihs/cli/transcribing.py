"""``parihs transcribe`` and ``parihs worker``: recordings into transcripts without the app."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.store import Store
from parihs.store.recordings import add_recording_file
from parihs.store.studies import find_workshop, get_study
from parihs.transcribe import TranscriptionSettings
from parihs.transcribe.job_status import JobStatus
from parihs.transcribe.jobs import Jobs

POLL_S = 0.5


@click.command("worker")
@click.option(
    "--device",
    default="auto",
    show_default=True,
    help="What it computes on: auto, cpu, cuda, or cuda:1 for the second graphics card.",
)
@click.option("--name", default=None, help="To tell several workers apart. Default: the device.")
@home_option
def worker_command(home: Home, device: str, name: str | None) -> None:
    """Take transcription jobs from the queue until stopped.

    Start as many as there are devices; each takes the next job in line. The job of a worker that
    dies goes to another. Workers on several computers share one queue where PARIHS_JOBS_URL and
    PARIHS_DATABASE_URL name a PostgreSQL server and --home is one shared folder.
    """
    from parihs.transcribe.worker import run_worker

    sys.exit(run_worker(home, device=device, name=name))


@click.command("transcribe")
@click.argument(
    "recordings",
    metavar="RECORDING...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--workshop", required=True, help="Key of the workshop they belong to.")
@click.option("--model", default=None, help="Name or folder of the recognition model.")
@click.option(
    "--language",
    default=None,
    help="Code of the language spoken, for example en; left out, parihs listens for it.",
)
@click.option("--speakers", type=int, default=None, help="How many people speak.")
@click.option("--align-model", default=None, help="Name or folder of the word aligner.")
@click.option("--chunk-seconds", type=int, default=30, show_default=True)
@click.option(
    "--later", is_flag=True, help="Only put them in the queue; the app or a worker does the rest."
)
@study_option
@json_option
@home_option
def transcribe_command(
    home: Home,
    recordings: tuple[Path, ...],
    workshop: str,
    model: str | None,
    language: str | None,
    speakers: int | None,
    align_model: str | None,
    chunk_seconds: int,
    later: bool,
    study: str | None,
    as_json: bool,
) -> None:
    """Add recordings to a workshop and transcribe them here and now.

    With --json the answer is one object for one recording, and a list for several.
    """
    from parihs.transcribe.supervisor import WorkerSupervisor

    settings = TranscriptionSettings(
        model=model,
        language=language,
        min_speakers=speakers,
        max_speakers=speakers,
        align_model=align_model,
        chunk_seconds=chunk_seconds,
    )
    store = Store(home)
    jobs, ids = Jobs(home), []
    for recording in recordings:
        with store.write("command line") as tx:
            found = get_study(tx.session, study)
            place = find_workshop(tx.session, found.id, workshop)
            stored = add_recording_file(store, tx, place.id, recording)
        ids.append(jobs.submit(stored.id, settings, duration_ms=stored.duration_ms))
    if not later:
        supervisor = WorkerSupervisor(home)
        supervisor.start()
        try:
            _wait(jobs, ids, quiet=as_json)
        finally:
            supervisor.stop()
    done = [jobs.get(job_id) for job_id in ids]
    lines = [line for job in done for line in _outcome(job)]
    answer(as_json, _plain(done), lines)
    for job in done:
        if job.state != "done" and not later:
            raise ParihsError(job.message or f"The job is {job.state}.", job.hint)


def _plain(done: list[JobStatus]) -> Any:
    values = [job.as_dict() for job in done]
    return values[0] if len(values) == 1 else values


def _outcome(job: JobStatus) -> list[str]:
    if job.state == "queued":
        return [f"In the queue: job {job.id}. See: parihs jobs"]
    if job.state != "done":
        return []
    notes = [f"note: {warning}" for warning in job.warnings]
    return [f"Transcribed: version {job.version_id}", *notes]


def _wait(jobs: Jobs, ids: Sequence[str], *, quiet: bool) -> None:
    """Wait until none of the jobs is open, and say how far they are."""
    said = ""
    while opened := [job for job in map(jobs.get, ids) if job.open]:
        job = next((job for job in opened if job.state == "running"), opened[0])
        words = job.stage if job.state == "running" else job.state
        if job.state == "queued" and jobs.is_paused():
            words = "the queue is paused; let it go on with: parihs jobs resume"
        line = f"{len(ids) - len(opened) + 1}/{len(ids)}  {job.percent:3d} %  {words}"
        if line != said and not quiet:
            click.echo(line, err=True)
            said = line
        time.sleep(POLL_S)
