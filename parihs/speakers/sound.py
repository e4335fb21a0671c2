"""What a voice sounds like, in numbers, without any model: cepstra and pitch of its loudest frames.

Mel cepstra (25 ms windows every 10 ms, 40 bands from 60 to 7,600 Hz, coefficients 1 to 20) tell
the colour of a voice; the pitch tells how high it is. Kept are means and spreads over the louder
half of the frames. A room and a microphone colour a voice as well: prints are compared only after
what all voices of a recording have in common is taken off (``prints.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

METHOD: Final = "cepstra and pitch 1"
"""Changes whenever the numbers would: prints of two methods are never compared."""
RATE: Final = 16_000
LEAST_MS: Final = 6_000
"""Less talk than this says nothing about a voice."""

_WINDOW, _STEP, _SIZE = 400, 160, 512
_BANDS, _KEPT = 40, 20
_LOW, _HIGH = 60.0, 7_600.0
_PITCH_WINDOW = 640
_LOWEST, _HIGHEST = 70, 400
"""Hz between which a pitch is looked for."""
_VOICED = 0.5
"""How much a frame must resemble itself one period later to have a pitch."""
_AT_ONCE = 3_000

Floats = NDArray[np.float64]


def print_of(pieces: Sequence[NDArray[Any]]) -> list[float] | None:
    """The print of a voice from stretches of its talk; None where they are too short.

    ``pieces`` are samples at 16 kHz, int16 or float.
    """
    sounds = [_scaled(piece) for piece in pieces if len(piece) >= 2 * _PITCH_WINDOW]
    if sum(map(len, sounds)) < LEAST_MS * RATE // 1000:
        return None
    energy, cepstra = zip(*map(_cepstra, sounds), strict=True)
    loud = np.concatenate(energy)
    frames = np.concatenate(cepstra)[loud >= np.median(loud)]
    pitch = np.concatenate([_pitch(sound) for sound in sounds])
    height = np.log(pitch) if len(pitch) >= 10 else np.full(10, np.log(150.0))
    low, middle, high = np.percentile(height, [20, 50, 80])
    numbers = [*frames.mean(axis=0), *frames.std(axis=0), middle, high - low]
    return [round(float(number), 4) for number in numbers]


def _scaled(piece: NDArray[Any]) -> Floats:
    sound = piece.astype(np.float64)
    loudest = np.abs(sound).max(initial=0.0)
    return sound / loudest if loudest else sound


def _frames(sound: Floats, size: int, step: int) -> Floats:
    windows = np.lib.stride_tricks.sliding_window_view(sound, size)
    return windows[::step]


def _cepstra(sound: Floats) -> tuple[Floats, Floats]:
    """Loudness (dB) and cepstra of each frame."""
    lifted = np.append(sound[0], sound[1:] - 0.97 * sound[:-1])
    frames = _frames(lifted, _WINDOW, _STEP)
    energies, found = [], []
    for first in range(0, len(frames), _AT_ONCE):
        part = frames[first : first + _AT_ONCE] * np.hamming(_WINDOW)
        power = np.abs(np.fft.rfft(part, _SIZE)) ** 2
        bands = np.log(power @ _BANK.T + 1e-10)
        energies.append(10 * np.log10(power.sum(axis=1) + 1e-10))
        found.append(bands @ _COSINES.T)
    return np.concatenate(energies), np.concatenate(found)


def _pitch(sound: Floats) -> Floats:
    """Pitch in Hz of the frames that have one."""
    frames = _frames(sound, _PITCH_WINDOW, 2 * _STEP)
    shortest, longest = RATE // _HIGHEST, RATE // _LOWEST
    found = []
    for first in range(0, len(frames), _AT_ONCE):
        part = frames[first : first + _AT_ONCE]
        part = part - part.mean(axis=1, keepdims=True)
        spectrum = np.abs(np.fft.rfft(part, 2 * _PITCH_WINDOW)) ** 2
        alike = np.fft.irfft(spectrum)[:, :_PITCH_WINDOW]
        # fewer samples overlap at longer lags
        alike = alike / np.arange(_PITCH_WINDOW, 0, -1) * _PITCH_WINDOW
        strength = alike[:, shortest:longest] / (alike[:, :1] + 1e-9)
        best = strength.argmax(axis=1)
        loud = alike[:, 0] > np.median(alike[:, 0])
        voiced = loud & (strength.max(axis=1) > _VOICED)
        found.append(RATE / (best[voiced] + shortest))
    return np.concatenate(found)


def _bank() -> Floats:
    def mel(hertz: float) -> float:
        return float(2595 * np.log10(1 + hertz / 700))

    edges = np.linspace(mel(_LOW), mel(_HIGH), _BANDS + 2)
    hertz = 700 * (10 ** (edges / 2595) - 1)
    bins = np.arange(_SIZE // 2 + 1) * RATE / _SIZE
    left, middle, right = hertz[:-2, None], hertz[1:-1, None], hertz[2:, None]
    rising, falling = (bins - left) / (middle - left), (right - bins) / (right - middle)
    bank: Floats = np.maximum(0.0, np.minimum(rising, falling))
    return bank


def _cosines() -> Floats:
    places = (np.arange(_BANDS) + 0.5) / _BANDS
    waves: Floats = np.cos(np.pi * np.arange(1, _KEPT + 1)[:, None] * places)
    scaled: Floats = waves * np.sqrt(2 / _BANDS)
    return scaled


_BANK, _COSINES = _bank(), _cosines()
