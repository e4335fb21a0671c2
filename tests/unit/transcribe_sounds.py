"""Sounds in which nobody speaks, made by arithmetic: noise, machines, tones, music."""

from __future__ import annotations

import numpy as np

from tests.unit.transcribe_speech import RATE

CHORDS = [(220, 277.2, 329.6), (146.8, 220, 293.7), (164.8, 207.7, 246.9), (220, 261.6, 329.6)]
SCALE = [261.6, 293.7, 329.6, 349.2, 392, 440, 493.9, 523.3]


def _clock(seconds: float) -> np.ndarray:
    return np.arange(int(seconds * RATE)) / RATE


def _note(pitch: float, seconds: float, overtones: int, fade: float, vibrato: float) -> np.ndarray:
    t = _clock(seconds)
    phase = 2 * np.pi * pitch * t + vibrato * np.sin(2 * np.pi * 5.5 * t)
    sound = sum(np.sin(k * phase) / k for k in range(1, overtones + 1))
    return sound * np.minimum(1, t / 0.02) * np.exp(-fade * t)


def _loud(sound: np.ndarray) -> np.ndarray:
    return 0.5 * sound / np.abs(sound).max()


def chords(seconds: float, fade: float = 2.0, vibrato: float = 0.0) -> np.ndarray:
    """Four chords again and again: a piano with much ``fade``, an organ with little."""
    beats = [
        sum(_note(pitch, 0.6, 10, fade, vibrato) for pitch in CHORDS[(beat // 4) % 4])
        for beat in range(int(seconds / 0.6) + 1)
    ]
    return _loud(np.concatenate(beats)[: int(seconds * RATE)])


def melody(seconds: float, seed: int = 1) -> np.ndarray:
    """A tune with a singer's vibrato and no words."""
    choose = np.random.default_rng(seed)
    notes = [
        _note(choose.choice(SCALE), choose.choice([0.25, 0.5, 1.0]), 14, 0.8, 0.5)
        for _ in range(int(seconds * 4))
    ]
    return _loud(np.concatenate(notes)[: int(seconds * RATE)])


def drums(seconds: float) -> np.ndarray:
    """A beat of noise and a low thud."""
    random = np.random.default_rng(3)
    t = _clock(0.27)
    beats = [
        random.normal(0, 1, len(t)) * np.exp(-60 * t)
        + (3 * np.sin(2 * np.pi * 60 * t) * np.exp(-20 * t) if beat % 4 == 0 else 0)
        for beat in range(int(seconds / 0.27) + 1)
    ]
    return _loud(np.concatenate(beats)[: int(seconds * RATE)])


def no_speech(seconds: float) -> dict[str, np.ndarray]:
    """Each of the sounds, ``seconds`` long, as float samples."""
    t = _clock(seconds)
    random = np.random.default_rng(0)
    spectrum = np.fft.rfft(random.normal(0, 1, len(t)))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    return {
        "silence": np.zeros(len(t)),
        "hiss": random.normal(0, 0.05, len(t)),
        "room": 0.3 * np.fft.irfft(spectrum, len(t)) / np.abs(np.fft.irfft(spectrum)).max(),
        "mains hum": 0.2 * sum(np.sin(2 * np.pi * 50 * k * t) / k for k in (1, 2, 3, 5)),
        "tone": 0.4 * np.sin(2 * np.pi * 440 * t),
        "beeps": 0.4 * np.sin(2 * np.pi * 1_000 * t) * (t % 1 < 0.3),
        "sweep": 0.4 * np.sin(2 * np.pi * np.cumsum(100 + 600 * (t % 5)) / RATE),
        "piano": chords(seconds),
        "organ": chords(seconds, fade=0.1, vibrato=0.2),
        "tune": melody(seconds),
        "drums": drums(seconds),
        "band": _loud(chords(seconds) + drums(seconds) + melody(seconds, seed=5)),
    }
