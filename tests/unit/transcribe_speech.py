"""Speech to test with: sentences of the fixture model's grammar, spoken by espeak-ng."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

FIXTURE = Path(__file__).parents[1] / "fixture-model"
VOICES = [("en-us+f2", 48), ("en-gb+m3", 40), ("en-gb-scotland", 55)]
RATE = 16_000

_WHO = ["I think we", "The nurses", "My family", "Young people", "The council", "Our group"]
_WANT = ["need", "want", "asked for", "never had", "should get", "cannot afford", "really value"]
_WHAT = [
    "more time with the doctor",
    "a quiet waiting room",
    "better buses to the clinic",
    "warm homes in winter",
    "help with the damp",
    "somewhere safe to meet",
    "longer opening hours",
]
_WHY = ["", "", " every week", " before the summer", " because it matters"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence in a recording, with the number of the voice that said it."""

    text: str
    start_ms: int
    end_ms: int
    voice: int


def sentence(choose: random.Random) -> str:
    """A sentence the fixture model has learned to hear."""
    words = [choose.choice(_WHO), choose.choice(_WANT), choose.choice(_WHAT)]
    return " ".join(words) + choose.choice(_WHY) + "."


def speak(text: str, voice: str = "en-us", pitch: int = 50) -> np.ndarray:
    """The text as float32 samples at 16 kHz, without the silence around it."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    command = ["espeak-ng", "-v", voice, "-s", "160", "-p", str(pitch), "--stdout", text]
    spoken = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(spoken)) as sound:
        rate = sound.getframerate()
    samples = np.frombuffer(spoken[44 : len(spoken) // 2 * 2], np.int16) / 32768
    places = np.arange(0, len(samples) - 1, rate / RATE)
    samples = np.interp(places, np.arange(len(samples)), samples)
    loud = np.flatnonzero(np.abs(samples) > 0.002)
    return (samples[max(0, loud[0] - 160) : loud[-1] + 320] * 0.6).astype(np.float32)


def workshop(path: Path, sentences: int, seed: int = 1, pause_s: float = 2.6) -> list[Spoken]:
    """Write a WAV in which three voices take turns, and say what is in it."""
    choose = random.Random(seed)
    pieces, spoken, position = [], [], 0
    for _ in range(sentences):
        voice = choose.randrange(len(VOICES))
        text = sentence(choose)
        pause = np.zeros(int(RATE * choose.uniform(pause_s, pause_s + 0.4)), np.float32)
        sound = speak(text, *VOICES[voice])
        start = position + len(pause)
        position = start + len(sound)
        pieces += [pause, sound]
        spoken.append(Spoken(text, start * 1000 // RATE, position * 1000 // RATE, voice))
    samples = np.concatenate([*pieces, np.zeros(RATE, np.float32)])
    samples += np.random.default_rng(seed).normal(0, 2e-4, len(samples)).astype(np.float32)
    write_wav(path, samples)
    return spoken


def write_wav(path: Path, samples: np.ndarray) -> None:
    """Write float samples as a 16 kHz mono WAV."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def model_folder(path: Path) -> Path:
    """A model folder with the fixture as recogniser and as English aligner."""
    for place in ("asr/fixture", "align/en"):
        (path / place).parent.mkdir(parents=True, exist_ok=True)
        (path / place).symlink_to(FIXTURE, target_is_directory=True)
    return path


def word_error_rate(said: str, heard: str) -> float:
    """Share of words wrong, missing or too many."""
    reference, guess = said.lower().split(), heard.lower().split()
    row = list(range(len(guess) + 1))
    for i, word in enumerate(reference, start=1):
        above, row = row, [i]
        for j, other in enumerate(guess, start=1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (word != other)))
    return row[-1] / len(reference)
