"""How much disk and memory is free, and how much a transcription is likely to need."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

from parihs.transcribe.models.kinds import Model

SOFTWARE = 1_200_000_000
"""Bytes of memory that the speech software takes besides the weights (measured: 0.9 to 1.2 GB)."""

DISK_PER_HOUR = 115_200_000 + 40_000_000
"""Bytes an hour of sound takes while it is transcribed: 16 kHz samples and the checkpoints."""


def memory_needed(model: Model) -> int:
    """Bytes of memory that transcribing with a recognition model is likely to need."""
    return SOFTWARE + model.n_bytes


def disk_free(folder: Path) -> int:
    """Free bytes where a folder lies, or will lie."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def memory_free() -> int | None:
    """Bytes of memory that programs can have now; None where the system does not say."""
    try:
        if sys.platform == "win32":
            return _windows()
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        available = next(line for line in lines if line.startswith("MemAvailable:"))
        return int(available.split()[1]) * 1024
    except (OSError, StopIteration, ValueError):
        return _in_all()


def _in_all() -> int | None:
    """All memory of the machine, which is the best macOS says without other programs."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _windows() -> int | None:
    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("in_all", ctypes.c_ulonglong),
            ("available", ctypes.c_ulonglong),
            ("others", ctypes.c_ulonglong * 5),
        )

    status = Status(length=ctypes.sizeof(Status))
    library = getattr(ctypes, "windll")  # noqa: B009  exists on Windows only
    done = library.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.available) if done else None
