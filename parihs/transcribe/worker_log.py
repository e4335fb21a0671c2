"""The worker's log: one readable line per event, with its time in UTC and no transcript text.

While the job database is away, the same trouble comes every second; it is told once a minute.
"""

from __future__ import annotations

import logging
import time
import traceback
from pathlib import Path
from types import TracebackType

from parihs.errors import ParihsError

log = logging.getLogger("parihs.worker")

EXPECTED = (
    "DBOSAwaitedWorkflowCancelledError",
    "DBOSWorkflowCancelledError",
    "DBOSWorkflowConflictIDError",
)
"""How the job library's run of a job ends that was stopped, paused or moved: no trouble at all."""
ROUTINE = ("no longer owned by this execution", "was cancelled during execution")
"""What it says about the same thing. As of a job that fails, our own line is there already."""


SAY_AGAIN_S = 60.0
LONGEST = 300


class _Plain(logging.Formatter):
    """Time, how serious, what; an error is told in one line, by its kind."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s  %(levelname)s  %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(record.created))
        line = f"{moment}  {record.levelname}  {_first_line(record)}"
        if record.exc_info and record.exc_info[0] is not None:
            # where, and no message: it might quote what somebody said
            line += f" {record.exc_info[0].__name__}{_place(record.exc_info[2])}"
        return line


class _Quieter:
    """Leaves out what is no trouble, and what was said a moment ago."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def __call__(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, ParihsError):
            return False
        if any(kind.__name__ in EXPECTED for kind in type(error).__mro__):
            return False
        line = _first_line(record)
        if any(words in line for words in ROUTINE):
            return False
        if record.levelno < logging.WARNING:
            return True
        before = self._said.get(line, -SAY_AGAIN_S)
        if record.created - before < SAY_AGAIN_S:
            return False
        self._said[line] = record.created
        return True


def _first_line(record: logging.LogRecord) -> str:
    text = record.getMessage().strip()
    return text.splitlines()[0][:LONGEST] if text else ""


def _place(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def begin() -> None:
    """Send our lines, and what of the job library's is worth one, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Plain())
    handler.addFilter(_Quieter())
    for logger, level in ((log, logging.INFO), (logging.getLogger("dbos"), logging.WARNING)):
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level)
