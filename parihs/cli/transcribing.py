"""``parihs transcribe`` and ``parihs worker``: recordings into transcripts without the app."""

from __future__ import annotations

import sys
import time
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

POLL_S = 0.5


@click.command("worker")
@home_option
def worker_command(home: Home) -> None:
    """Take transcription jobs from the queue until stopped."""
    from parihs.transcribe.worker import run_worker

    sys.exit(run_worker(home))


@click.command("transcribe")
@click.argument("recording", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--workshop", required=True, help="Key of the workshop it belongs to.")
@click.option("--model", default=None, help="Name or folder of the recognition model.")
@click.option("--language", default="en", show_default=True)
@click.option("--speakers", type=int, default=None, help="How many people speak.")
@click.option("--align-model", default=None, help="Name or folder of the word aligner.")
@click.option("--chunk-seconds", type=int, default=30, show_default=True)
@study_option
@json_option
@home_option
def transcribe_command(
    home: Home,
    recording: Path,
    workshop: str,
    model: str | None,
    language: str,
    speakers: int | None,
    align_model: str | None,
    chunk_seconds: int,
    study: str | None,
    as_json: bool,
) -> None:
    """Add RECORDING to a workshop and transcribe it here and now."""
    from parihs.transcribe.jobs import Jobs
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
    with store.write("command line") as tx:
        found = get_study(tx.session, study)
        place = find_workshop(tx.session, found.id, workshop)
        stored = add_recording_file(store, tx, place.id, recording)
    supervisor = WorkerSupervisor(home)
    supervisor.start()
    try:
        job = _wait(Jobs(home), stored.id, settings, quiet=as_json)
    finally:
        supervisor.stop()
    if job.state != "done":
        raise ParihsError(job.message or f"The job is {job.state}.", job.hint)
    notes = [f"note: {warning}" for warning in job.warnings]
    outcome: dict[str, Any] = {
        "recording": stored.id,
        "job": job.id,
        "version": job.version_id,
        "warnings": list(job.warnings),
    }
    answer(as_json, outcome, [f"Transcribed: version {job.version_id}", *notes])


def _wait(jobs: Any, recording_id: str, settings: TranscriptionSettings, *, quiet: bool) -> Any:
    job_id = jobs.submit(recording_id, settings)
    said = ""
    while (job := jobs.get(job_id)).active:
        line = f"{job.percent:3d} % {job.stage}"
        if line != said and not quiet:
            click.echo(line, err=True)
            said = line
        time.sleep(POLL_S)
    return job
