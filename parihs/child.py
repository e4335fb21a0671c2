"""Programs of our own beside the app: one task each, ended with whoever asked.

Transcribing, learning and listening to voices each run as ``python -m some.module``, so that their
memory, their crashes and their altered surroundings end there, and so that starting one never runs
anything of the program that asks: not a page, not a notebook, not a script. The task goes in as one
line of JSON, answers come out a line each, and the input stays open: its end is the asker's end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = str(Path(__file__).parents[1])
"""Where the package lies, so that a child finds it however this program was started."""
PATIENCE_S = 5
"""How long a child may take to end once it was asked to."""
PATIENT_THREADS = {"OMP_WAIT_POLICY": "PASSIVE", "KMP_BLOCKTIME": "0"}
"""Waiting threads spin by default: on a busy machine that costs three times the time."""


def start_child(module: str, task: object, **environment: str) -> subprocess.Popen[str]:
    """Start ``module`` as a program of its own and tell it its task.

    A child that is dead before it could be told is noticed where its answers are read.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={
            **PATIENT_THREADS,
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [HERE, *sys.path])),
            **environment,
        },
        text=True,
        encoding="utf-8",
    )
    assert child.stdin is not None
    with suppress(OSError):
        child.stdin.write(json.dumps(task) + "\n")
        child.stdin.flush()
    return child


def answers_of(child: subprocess.Popen[str]) -> Iterator[Any]:
    """What a child says, as it comes, to its end; a line that its death cut short is left out."""
    assert child.stdout is not None
    with child.stdout:
        for line in child.stdout:
            if line.endswith("\n"):
                yield json.loads(line)


def end_child(child: subprocess.Popen[str]) -> None:
    """End a child if it has not ended: politely first, then at once."""
    if child.poll() is None:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE_S)
    if child.poll() is None:
        child.kill()
    child.wait()
    if child.stdin is not None:
        with suppress(OSError):
            child.stdin.close()


def begin() -> tuple[Any, Callable[[object], None]]:
    """In a child: its task, and what sends an answer to whoever asked.

    From here on the child ends at once when its asker is gone, and nothing else it prints is heard:
    libraries print file names, and sometimes text.
    """
    task = json.loads(sys.stdin.readline())
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)

    def say(answer: object) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    threading.Thread(target=_end_with_input, daemon=True).start()
    return task, say


def _end_with_input() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)
