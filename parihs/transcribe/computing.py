"""What a recogniser runs on: the device and number format that are really there."""

from __future__ import annotations

import os
from dataclasses import dataclass

from parihs.errors import ParihsError
from parihs.transcribe.settings import TranscriptionSettings

BATCH = {"cpu": 4, "cuda": 16}
BATCH_MS = {"cpu": 60_000, "cuda": 16 * 30_000}
"""Sound in a batch, which is what an interruption costs: a card hears eight minutes in seconds."""
PREFERRED = {
    "cpu": ("int8", "int8_float32", "int16", "float32"),
    "cuda": ("float16", "int8_float16", "bfloat16", "float32"),
}
"""Number formats, best first: the fastest that hears as well as the model can."""


@dataclass(frozen=True, slots=True)
class Device:
    """Where and how to compute; ``index`` tells several graphics cards apart."""

    kind: str
    """``cpu`` or ``cuda``."""
    index: int
    compute_type: str
    batch: int
    threads: int

    @property
    def batch_ms(self) -> int:
        """The most sound to be recognised together."""
        return BATCH_MS[self.kind]

    @property
    def torch_name(self) -> str:
        """The device as torch calls it."""
        return "cpu" if self.kind == "cpu" else f"cuda:{self.index}"


def find_device(settings: TranscriptionSettings) -> Device:
    """What these settings come to on this machine.

    Raises ParihsError for a graphics card that is not there and a number format it cannot do.
    """
    import ctranslate2

    cards = ctranslate2.get_cuda_device_count()
    kind, _, number = settings.device.partition(":")
    if kind == "auto":
        kind = "cuda" if cards else "cpu"
    index = int(number or 0)
    if kind == "cuda" and index >= cards:
        raise ParihsError(
            f"The device “{settings.device}” is not usable here; "
            f"{cards or 'no'} graphics card{'s' if cards != 1 else ''} can be used.",
            "Choose auto or cpu, or install the graphics card's CUDA driver.",
        )
    able = ctranslate2.get_supported_compute_types(kind, index)
    compute_type = settings.compute_type
    if compute_type == "auto":
        compute_type = next((name for name in PREFERRED[kind] if name in able), "default")
    elif compute_type not in able:
        raise ParihsError(
            f"This {'processor' if kind == 'cpu' else 'graphics card'} cannot compute in "
            f"“{compute_type}”.",
            f"Choose auto, or one of: {', '.join(sorted(able))}.",
        )
    return Device(kind, index, compute_type, settings.batch or BATCH[kind], _threads())


def _threads() -> int:
    """Cores this process may use, which in a container are fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
