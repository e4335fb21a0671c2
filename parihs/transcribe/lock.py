"""A lock that one process holds on a file; the system lets go of it when the process dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parihs.errors import ParihsError

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def held(path: Path, wait_s: float = 0) -> Iterator[None]:
    """Hold the lock for the block, waiting up to ``wait_s`` seconds for it.

    Raises ParihsError where another process keeps it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    until = time.monotonic() + wait_s
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _taken(descriptor):
            if time.monotonic() >= until:
                raise ParihsError(
                    "Another process is already doing this.",
                    "Wait until it has finished, or close the other window.",
                )
            time.sleep(0.1)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether some process holds the lock right now."""
    try:
        with held(path):
            return False
    except ParihsError:
        return True


def _taken(descriptor: int) -> bool:
    try:
        _take(descriptor)
    except OSError:
        return False
    return True
