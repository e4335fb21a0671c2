"""Runs a transcription in a child process and makes of its end a result or a clear error."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from parihs.errors import ParihsError
from parihs.model import ParsedTranscript
from parihs.transcribe import outcome
from parihs.transcribe.journal import Journal
from parihs.transcribe.messages import (
    OPTIONAL,
    Failed,
    Finished,
    Message,
    Stage,
    StageStarted,
    StageWarning,
    from_json,
)
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.stages import Task, without

HERE = str(Path(__file__).parents[2])
"""Where the package lies, so that the child process finds it however this one was started."""
POLL_S = 0.25
ENDING_S = 5
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
    child = subprocess.Popen(
        [sys.executable, "-m", "parihs.transcribe.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [HERE, *sys.path]))},
        text=True,
        encoding="utf-8",
    )
    stage: Stage | None = None
    end: Message | None = None
    try:
        lines = _lines(child)
        _give(child, task)
        while end is None:
            if cancelled():
                raise Cancelled
            try:
                line = lines.get(timeout=POLL_S)
            except queue.Empty:
                continue
            if line is None:
                break
            message = from_json(line)
            if isinstance(message, StageStarted):
                stage = message.stage
            if isinstance(message, Finished | Failed):
                end = message
            listen(message)
        with suppress(subprocess.TimeoutExpired):
            child.wait(ENDING_S)
    finally:
        _end(child)
    if isinstance(end, Failed):
        raise ParihsError(end.message, end.hint)
    if end is not None:
        return None
    if stage in OPTIONAL and stage not in task.skip:
        return stage
    raise _death(child.returncode)


def _give(child: subprocess.Popen[str], task: Task) -> None:
    """Tell the child what to do; its input stays open, for its end would be the child's."""
    if child.stdin is not None:
        # a child that is dead already is noticed where its messages are read
        with suppress(OSError):
            child.stdin.write(json.dumps(task.as_dict()) + "\n")
            child.stdin.flush()


def _lines(child: subprocess.Popen[str]) -> queue.SimpleQueue[str | None]:
    """What the child writes, line by line as it comes; None at the end."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        for line in child.stdout or ():
            if line.endswith("\n"):
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, name="transcription messages", daemon=True).start()
    return lines


def _end(child: subprocess.Popen[str]) -> None:
    if child.poll() is None:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(ENDING_S)
    if child.poll() is None:
        child.kill()
    child.wait()
    if child.stdin is not None:
        with suppress(OSError):
            child.stdin.close()


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
