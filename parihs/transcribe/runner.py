"""Runs a transcription in a child process and makes of its end a result or a clear error."""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from parihs.child import PATIENCE_S, answers_of, end_child, start_child
from parihs.errors import ParihsError
from parihs.model import ParsedTranscript
from parihs.transcribe import environment, outcome
from parihs.transcribe.journal import Journal
from parihs.transcribe.messages import (
    OPTIONAL,
    Failed,
    Finished,
    Message,
    Stage,
    StageStarted,
    StageWarning,
    from_plain,
)
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.stages import Task, without

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
    return outcome.transcript(Journal(folder), settings)


def _run_child(
    task: Task, listen: Callable[[Message], None], cancelled: Callable[[], bool]
) -> Stage | None:
    """Run one child process; None when it finished, else the optional stage it died in."""
    child = start_child("parihs.transcribe.child", task.as_dict(), **environment.FOR_CHILDREN)
    stage: Stage | None = None
    end: Message | None = None
    try:
        messages = _messages(child)
        while end is None:
            if cancelled():
                raise Cancelled
            try:
                message = messages.get(timeout=POLL_S)
            except queue.Empty:
                continue
            if message is None:
                break
            if isinstance(message, StageStarted):
                stage = message.stage
            if isinstance(message, Finished | Failed):
                end = message
            listen(message)
        with suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE_S)
    finally:
        end_child(child)
    if isinstance(end, Failed):
        raise ParihsError(end.message, end.hint)
    if end is not None:
        return None
    if stage in OPTIONAL and stage not in task.skip:
        return stage
    raise _death(child.returncode)


def _messages(child: subprocess.Popen[str]) -> queue.SimpleQueue[Message | None]:
    """What the child says, as it comes; None at the end."""
    messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()

    def read() -> None:
        for answer in answers_of(child):
            messages.put(from_plain(answer))
        messages.put(None)

    threading.Thread(target=read, name="transcription messages", daemon=True).start()
    return messages


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
