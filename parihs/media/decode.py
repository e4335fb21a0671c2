"""Any recording to 16 kHz mono PCM on disk, which engines then read piece by piece."""

from __future__ import annotations

import os
import secrets
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from parihs.errors import ParihsError
from parihs.media.samples import INT16, Cancelled, Float32, Progress, Samples

RATE = 16_000
PER_MS = RATE // 1000
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


@dataclass(frozen=True, slots=True)
class PcmFile:
    """A decoded recording: a plain WAV file of 16 kHz mono signed 16-bit samples.

    One millisecond is exactly 16 samples, so times and samples convert without rounding.
    """

    path: Path
    n_samples: int
    silent: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def duration_ms(self) -> int:
        """Length in whole milliseconds, rounded down."""
        return self.n_samples // PER_MS

    @property
    def samples(self) -> NDArray[np.int16]:
        """All samples as a read-only map of the file: int16, shape (n_samples,)."""
        if not self.n_samples:
            return np.zeros(0, INT16)
        return np.memmap(
            self.path, dtype=INT16, mode="r", offset=_HEADER.size, shape=(self.n_samples,)
        )

    def read(self, start_ms: int, end_ms: int) -> Float32:
        """Samples of ``[start_ms, end_ms)`` as float32 in -1..1, cut at the recording's ends."""
        start, end = max(0, start_ms) * PER_MS, max(0, end_ms) * PER_MS
        return (self.samples[start:end] / np.float32(32768)).astype(np.float32)

    @classmethod
    def open(cls, path: Path) -> PcmFile:
        """Open a file that ``decode_to_pcm`` wrote; ParihsError if it is another kind of file."""
        with path.open("rb") as file:
            head = file.read(_HEADER.size)
        if len(head) == _HEADER.size:
            n_bytes = _HEADER.unpack(head)[-1]
            whole = path.stat().st_size == _HEADER.size + n_bytes
            if whole and head == _header(n_bytes):
                return cls(path, n_bytes // 2)
        raise ParihsError(
            f"The working copy {path.name} is damaged; the recording itself is not affected.",
            "Start the transcription again; the working copy is made anew.",
        )


def decode_to_pcm(
    source: Path,
    target: Path,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> PcmFile:
    """Decode ``source`` to ``target`` (WAV, 16 kHz mono s16), which appears only when complete.

    A damaged tail is tolerated: what decodes is kept and ``warnings`` tell how far it reaches.
    Raises ParihsError as ``probe`` does, and Stopped when ``cancelled`` says so.
    """
    samples = Samples(source, RATE, progress=progress, cancelled=cancelled)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("wb") as file:
            file.write(_header(0))
            for block in samples:
                file.write(block.tobytes())
            file.seek(0)
            file.write(_header(samples.n_samples * 2))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return PcmFile(target, samples.n_samples, samples.silent, samples.warnings)


def _header(n_bytes: int) -> bytes:
    """The 44 bytes before ``n_bytes`` of samples."""
    # RIFF size, "fmt " of 16 bytes: PCM, 1 channel, rate, bytes per second, 2 bytes, 16 bits.
    return _HEADER.pack(
        b"RIFF", 36 + n_bytes, b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16, b"data", n_bytes
    )
