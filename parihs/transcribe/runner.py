"""Runs a transcription in a child process and makes of its end a result or a clear error."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import connection
from pathlib import Path

from parihs.errors import ParihsError
from parihs.model import ParsedTranscript
from parihs.transcribe.assemble import assemble
from parihs.transcribe.journal import Journal
from parihs.transcribe.messages import (
    OPTIONAL,
    Failed,
    Finished,
    Message,
    Stage,
    StageStarted,
    StageWarning,
)
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.stages import Task, child_main, without

POLL_S = 0.25
_one_at_a_time = threading.Lock()


class Cancelled(ParihsError):
    """The person stopped the transcription."""

    def __init__(self) -> None:
        super().__init__(
            "The transcription was stopped; what was recognised so far is kept.",
            "Try again to go on from there.",
        )


def transcribe(
    source: Path,
    folder: Path,
    models: Path,
    settings: TranscriptionSettings,
    *,
    listen: Callable[[Message], None] = lambda message: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ParsedTranscript:
    """Transcribe a recording, going on from whatever ``folder`` holds of an earlier attempt.

    ``listen`` hears every message of the child process. Raises ParihsError when no text could be
    made, and Cancelled soon after ``cancelled`` says so; trouble after the text is there only adds
    a warning to it.
    """
    task = Task(source, folder, models, settings)
    with _one_at_a_time:
        while (died_at := _run_child(task, listen, cancelled)) is not None:
            text = f"{without(died_at)} That step ended unexpectedly; memory may have run out."
            Journal(folder).warn(text)
            listen(StageWarning(died_at, text))
            task = replace(task, skip=task.skip | {died_at})
    return result(folder, settings)


def result(folder: Path, settings: TranscriptionSettings) -> ParsedTranscript:
    """The transcript that a finished journal holds."""
    journal = Journal(folder)
    notes = journal.notes()
    recognised, aligned = journal.recognised(), journal.aligned()
    chosen = [aligned.get(index, recognised[index]) for index in sorted(recognised)]
    return assemble(
        [said for said in chosen if said.text],
        journal.voices() or [],
        language=settings.language,
        warnings=journal.warnings(),
        provenance={
            **notes.get("about", {}),
            "speakers": notes.get("speakers", "not told apart"),
            "language": settings.language,
            "chunk_seconds": str(settings.chunk_seconds),
            "beam": str(settings.beam),
            "compute_type": settings.compute_type,
        },
    )


def _run_child(
    task: Task, listen: Callable[[Message], None], cancelled: Callable[[], bool]
) -> Stage | None:
    """Run one child process; None when it finished, else the optional stage it died in."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=child_main, args=(task, sender), daemon=True)
    child.start()
    sender.close()
    stage: Stage | None = None
    end: Message | None = None
    try:
        while end is None:
            if cancelled():
                raise Cancelled
            if not connection.wait([receiver], POLL_S):
                continue
            try:
                message = receiver.recv()
            except (EOFError, OSError):
                break
            if isinstance(message, StageStarted):
                stage = message.stage
            if isinstance(message, Finished | Failed):
                end = message
            listen(message)
        child.join(5)
    finally:
        _end(child)
        receiver.close()
    if isinstance(end, Failed):
        raise ParihsError(end.message, end.hint)
    if end is not None:
        return None
    if stage in OPTIONAL and stage not in task.skip:
        return stage
    raise _death(child.exitcode)


def _end(child: multiprocessing.process.BaseProcess) -> None:
    if child.is_alive():
        child.terminate()
        child.join(3)
    if child.is_alive():
        child.kill()
        child.join()


def _death(exit_code: int | None) -> ParihsError:
    if exit_code in (-9, 137):
        return ParihsError(
            "The system ended the transcription, most likely because memory ran out; what was "
            "recognised so far is kept.",
            "Close other programs, or choose a smaller model or batch, then try again.",
        )
    return ParihsError(
        f"The transcription software crashed (exit code {exit_code}); what was recognised so far "
        "is kept.",
        "Try again. If it crashes at the same place, try another model or engine.",
    )
