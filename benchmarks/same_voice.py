"""How often “may be the same voice” is right, on voices that espeak-ng speaks in made-up rooms.

Each of several rooms (an echo and a tilt of its own, some noise) holds twelve of twenty-four
voices, which say other words in each. A table for several thresholds: how many pairs are suggested,
how many of them are right, and how many of the pairs that could be found were.

Synthetic voices are more even than people's and rooms worse than any formula: read the figures as
the best that can be expected. ``python -m benchmarks.same_voice``
"""

from __future__ import annotations

import io
import random
import subprocess
import wave
from itertools import combinations
from typing import Any

import numpy as np

from parihs.speakers import likeness
from parihs.speakers.sound import RATE, print_of

VARIANTS = (
    *("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "Annie"),
    *("Andy", "linda", "steph", "klatt", "klatt4", "grandma", "grandpa", "adam", "Michael"),
    "Diogo",
)
LANGUAGES = ("en-us", "en-gb", "en-gb-scotland")
TALK = (
    "the ward nurses need more time with every patient because nobody asked them before the rota "
    "changed and we never had enough staff to keep the clinic open in winter when buses stop"
)
ROOMS, IN_A_ROOM, SENTENCES = 6, 12, 9


def speak(number: int, seed: str) -> np.ndarray:
    """About half a minute of one voice at 16 kHz."""
    dice = random.Random(seed)
    text = ". ".join(" ".join(dice.choices(TALK.split(), k=9)) for _ in range(SENTENCES))
    voice = f"{LANGUAGES[number % 3]}+{VARIANTS[number]}"
    pitch, speed = 35 + number * 7 % 40, 140 + number * 5 % 40
    options = ["-v", voice, "-p", str(pitch), "-s", str(speed), "--stdout", text]
    said = subprocess.run(["espeak-ng", *options], capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(said)) as sound:
        rate = sound.getframerate()
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16) / 32768
    wanted = np.arange(len(samples) * RATE // rate) * rate / RATE
    return np.interp(wanted, np.arange(len(samples)), samples)


def in_room(sound: np.ndarray, number: int) -> np.ndarray:
    """The same as a recorder in a room hears it: echo, a tilt of up to 12 dB, noise."""
    dice = np.random.default_rng(number)
    echo = dice.normal(size=800) * np.exp(-np.arange(800) / (60 + 60 * dice.random()))
    echo[0] += 3 + 6 * dice.random()
    heard = np.convolve(sound, echo)[: len(sound)]
    hertz = np.fft.rfftfreq(2 * len(heard), 1 / RATE)
    tilt = 10 ** (-12 * dice.random() * np.log2(np.maximum(hertz, 100) / 100) / 120)
    heard = np.fft.irfft(np.fft.rfft(heard, 2 * len(heard)) * tilt)[: len(heard)]
    heard = heard / np.abs(heard).max()
    return heard + dice.normal(size=len(heard)) * 0.003 * (1 + 2 * dice.random())


def main() -> None:
    """Print the table."""
    prints: list[Any] = []
    rooms: list[int] = []
    who: list[int] = []
    for room in range(ROOMS):
        for voice in random.Random(room).sample(range(len(VARIANTS)), IN_A_ROOM):
            prints.append(print_of([in_room(speak(voice, f"{voice}-{room}"), room)]))
            rooms.append(room)
            who.append(voice)
    pairs = combinations(range(len(who)), 2)
    could = sum(who[a] == who[b] and rooms[a] != rooms[b] for a, b in pairs)
    print(f"{len(VARIANTS)} voices, {ROOMS} rooms of {IN_A_ROOM}; {could} pairs could be found")
    print("threshold  suggested   right   right of suggested   found of all")
    chosen = likeness.ALIKE
    for threshold in (0.5, 0.6, chosen, 0.75, 0.8, 0.85, 0.9):
        likeness.ALIKE = threshold  # type: ignore[misc]
        found = likeness.alike(prints, rooms)
        right = sum(who[pair.one] == who[pair.other] for pair in found)
        print(
            f"{threshold:9.2f}{'*' if threshold == chosen else ' '} {len(found):10} {right:7}"
            f" {right / max(1, len(found)):20.0%} {right / could:14.0%}"
        )


if __name__ == "__main__":
    main()
