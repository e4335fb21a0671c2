"""Which processor or graphics card a worker may use, and how politely it computes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress

from parihs.errors import ParihsError

NICENESS = 10
"""Anything else that wants the processor comes first; alone on the machine it costs nothing."""
BELOW_NORMAL = 0x4000


def restrict(device: str, environment: MutableMapping[str, str]) -> None:
    """Let programs with this environment see one device only: cpu, or a card as cuda:1.

    ``auto`` and ``cuda`` leave the choice to the engine. The settings of a job stay as they are, so
    a job can move from one device to another. Raises ParihsError for a device that cannot be.
    """
    if device in ("auto", "cuda"):
        return
    card = re.fullmatch(r"cuda:(\d+)", device)
    if device != "cpu" and card is None:
        raise ParihsError(
            f"“{device}” is not a device.",
            "Give auto, cpu (the processor), cuda (a graphics card) or cuda:1 for the second card.",
        )
    environment["CUDA_VISIBLE_DEVICES"] = card[1] if card else ""


def worker_name(device: str, name: str | None = None) -> str:
    """The name of a worker: the one given, else that of its device.

    Raises ParihsError for a name that could not be part of a file's name.
    """
    if name is None:
        return "main" if device == "auto" else device.replace(":", "-")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", name):
        raise ParihsError(
            f"“{name}” cannot be the name of a worker.",
            "Use up to 40 letters, digits, hyphens and underscores.",
        )
    return name


def step_back() -> None:
    """Give this process a lower priority than who started it, so that the page answers."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), BELOW_NORMAL)
    else:
        with suppress(OSError):
            os.nice(NICENESS)
