"""The worker's log: one readable line per event, with its time in UTC and no transcript text."""

from __future__ import annotations

import logging
import time

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


class _Plain(logging.Formatter):
    """Time, how serious, what."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s  %(levelname)s  %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(record.created))


def _worth_a_line(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, ParihsError):
        return False
    if any(kind.__name__ in EXPECTED for kind in type(error).__mro__):
        return False
    return not any(words in record.getMessage() for words in ROUTINE)


def begin() -> None:
    """Send our lines, and what of the job library's is worth one, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Plain())
    handler.addFilter(_worth_a_line)
    for logger, level in ((log, logging.INFO), (logging.getLogger("dbos"), logging.WARNING)):
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level)
