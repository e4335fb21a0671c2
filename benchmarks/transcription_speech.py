"""Speech of any length for measuring transcription: the test sentences, spoken and repeated."""

from __future__ import annotations

import sys
import tempfile
import wave
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.unit.transcribe_speech import RATE, model_folder, workshop  # noqa: E402

MINUTES = 6
"""Of three voices; longer recordings repeat them."""


def recording(folder: Path, minutes: float, every_s: float = 6.0) -> Path:
    """A WAV of so many minutes in ``folder``, a sentence about ``every_s``; made once."""
    path = folder / f"every-{every_s:g}-s-{minutes:g}-minutes.wav"
    if path.exists():
        return path
    once = folder / f"every-{every_s:g}-s.wav"
    if not once.exists():
        workshop(once, int(MINUTES * 60 / every_s), seed=3, pause_s=every_s - 3.4)
    with wave.open(str(once)) as sound:
        frames = sound.readframes(sound.getnframes())
    missing = int(minutes * 60) * RATE * 2
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        while missing > 0:
            sound.writeframes(frames[:missing])
            missing -= len(frames)
    return path


def models(folder: Path) -> Path:
    """A model folder with the fixture model as recogniser and aligner."""
    path = folder / "models"
    return path if path.exists() else model_folder(path)


def working_folder(given: str | None) -> Path:
    """Where recordings are kept between runs."""
    folder = Path(given) if given else Path(tempfile.gettempdir()) / "parihs-transcription"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
