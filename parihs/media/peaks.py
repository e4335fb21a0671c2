"""The waveform's outline, drawn without loading the sound: lowest and highest sample per bucket."""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from parihs.errors import ParihsError
from parihs.media.samples import Cancelled, Int16, Progress, Samples

PER_SECOND = 20
_RATE = 16_000
_BUCKET = _RATE // PER_SECOND
_HEADER = struct.Struct("<4sHHI")
_MAGIC = b"PEAK"
_SILENT = 1


@dataclass(frozen=True, slots=True)
class Peaks:
    """Outline of one recording. ``pairs`` is int8 of shape (buckets, 2): lowest, highest."""

    pairs: NDArray[np.int8]
    duration_ms: int
    silent: bool = False

    def to_list(self) -> list[int]:
        """``[lowest, highest, lowest, highest, …]`` from -128 to 127, 20 pairs a second."""
        values: list[int] = self.pairs.reshape(-1).tolist()
        return values


def make_peaks(
    source: Path,
    target: Path,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Peaks:
    """Compute the outline of ``source`` in one pass and store it at ``target`` in one rename.

    Raises ParihsError as ``probe`` does, and Stopped when ``cancelled`` says so.
    """
    samples = Samples(source, _RATE, progress=progress, cancelled=cancelled)
    rest: Int16 = np.zeros(0, np.int16)
    parts: list[NDArray[np.int8]] = []
    for block in samples:
        joined = np.concatenate([rest, block])
        whole = len(joined) // _BUCKET * _BUCKET
        parts.append(_outline(joined[:whole].reshape(-1, _BUCKET)))
        rest = joined[whole:]
    if len(rest):
        parts.append(_outline(rest.reshape(1, -1)))
    peaks = Peaks(np.concatenate(parts), samples.duration_ms, samples.silent)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    head = _HEADER.pack(_MAGIC, PER_SECOND, _SILENT if peaks.silent else 0, peaks.duration_ms)
    draft.write_bytes(head + peaks.pairs.tobytes())
    draft.replace(target)
    return peaks


def load_peaks(path: Path) -> Peaks:
    """Read what ``make_peaks`` stored; ParihsError if the file is missing or damaged."""
    try:
        data = path.read_bytes()
        magic, per_second, flags, duration_ms = _HEADER.unpack_from(data)
        pairs = np.frombuffer(data, np.int8, offset=_HEADER.size).reshape(-1, 2)
        if (magic, per_second) != (_MAGIC, PER_SECOND):
            raise ValueError(magic)
    except (OSError, struct.error, ValueError) as error:
        raise ParihsError(
            "The waveform of this recording is missing or damaged; the recording is not affected.",
            "It is made anew when the recording is prepared again.",
        ) from error
    return Peaks(pairs, duration_ms, bool(flags & _SILENT))


def _outline(buckets: Int16) -> NDArray[np.int8]:
    """Lowest and highest sample of each row, as int8 pairs."""
    # Rounded outwards, so that quiet speech still shows as more than a line.
    low = (buckets.min(axis=1) >> 8).astype(np.int8)
    high = -(-buckets.max(axis=1).astype(np.int32) >> 8)
    return np.stack([low, high.clip(-128, 127).astype(np.int8)], axis=1)
