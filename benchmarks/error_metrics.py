"""Word error rate and speaker error rate, as evaluations define them; needs no speech library.

Word error rate: the fewest substitutions, insertions and deletions that turn the reference into
what was heard, over the number of reference words. Speaker error rate (diarisation error rate): the
time that is missed, falsely taken for speech, or given to the wrong speaker, over the time of
reference speech. Speakers are matched one to one so that the error is smallest, and overlapping
speech counts for each speaker.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Edits between reference and what was heard; rates can exceed 1 where much was invented."""

    words: int
    substitutions: int
    insertions: int
    deletions: int

    @property
    def errors(self) -> int:
        return self.substitutions + self.insertions + self.deletions

    @property
    def rate(self) -> float | None:
        """None where the reference has no words."""
        return self.errors / self.words if self.words else None

    def __add__(self, other: WordErrors) -> WordErrors:
        return WordErrors(
            self.words + other.words,
            self.substitutions + other.substitutions,
            self.insertions + other.insertions,
            self.deletions + other.deletions,
        )


@dataclass(frozen=True, slots=True)
class SpeakerErrors:
    """Milliseconds of reference speech, and of each kind of error in it."""

    speech_ms: int
    missed_ms: int
    false_alarm_ms: int
    confusion_ms: int

    @property
    def rate(self) -> float | None:
        """None where the reference has no speech."""
        wrong = self.missed_ms + self.false_alarm_ms + self.confusion_ms
        return wrong / self.speech_ms if self.speech_ms else None

    def __add__(self, other: SpeakerErrors) -> SpeakerErrors:
        return SpeakerErrors(
            self.speech_ms + other.speech_ms,
            self.missed_ms + other.missed_ms,
            self.false_alarm_ms + other.false_alarm_ms,
            self.confusion_ms + other.confusion_ms,
        )


@dataclass(frozen=True, slots=True)
class Speech:
    """Somebody, known by a label, speaks during ``[start_ms, end_ms)``."""

    start_ms: int
    end_ms: int
    speaker: str


def normalised(text: str) -> list[str]:
    """Words without case and punctuation; apostrophes inside a word stay, hyphens part words.

    Numbers and abbreviations stay as they are written: “10” and “ten” count as different.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub("[\u2018\u2019\u02bc`\u00b4]", "'", plain)
    return [word for part in re.findall(r"[\w']+", plain) if (word := part.strip("'_"))]


def word_errors(reference: Sequence[str], heard: Sequence[str]) -> WordErrors:
    """The fewest edits; of several ways with as few, the one with the fewest substitutions.

    Memory grows with the length, not with its square: three hours of talk take some seconds.
    """
    numbers = {word: n for n, word in enumerate(dict.fromkeys([*reference, *heard]))}
    ours = np.array([numbers[word] for word in reference], np.int64)
    theirs = np.array([numbers[word] for word in heard], np.int64)
    # one number holds both counts: edits in its high part, substitutions in its low part
    edit = len(ours) + len(theirs) + 1
    steps = np.arange(len(theirs) + 1, dtype=np.int64) * edit
    row = steps.copy()
    for word in ours:
        replaced = row[:-1] + np.where(theirs == word, 0, edit + 1)
        best = np.concatenate([row[:1] + edit, np.minimum(row[1:] + edit, replaced)])
        # an insertion after an insertion: the cheapest place to start inserting, for all at once
        row = np.minimum.accumulate(best - steps) + steps
    edits, substitutions = divmod(int(row[-1]), edit)
    gaps = edits - substitutions
    insertions = (gaps + len(theirs) - len(ours)) // 2
    return WordErrors(len(ours), substitutions, insertions, gaps - insertions)


def speaker_errors(
    reference: Sequence[Speech], heard: Sequence[Speech], collar_ms: int = 0
) -> SpeakerErrors:
    """Errors over the whole recording; ``collar_ms`` before and after each reference boundary is
    left out, since people place boundaries only so exactly."""
    from scipy.optimize import linear_sum_assignment

    borders = [t for turn in reference for t in (turn.start_ms, turn.end_ms)]
    around = [(t - collar_ms, t + collar_ms) for t in borders] if collar_ms else []
    times = sorted(
        {t for turn in (*reference, *heard) for t in (turn.start_ms, turn.end_ms)}
        | {t for zone in around for t in zone}
    )
    scored: list[tuple[int, set[str], set[str]]] = []
    for start, end in pairwise(times):
        if any(a <= start and end <= b for a, b in around):
            continue
        said = {turn.speaker for turn in reference if turn.start_ms <= start and end <= turn.end_ms}
        found = {turn.speaker for turn in heard if turn.start_ms <= start and end <= turn.end_ms}
        if said or found:
            scored.append((end - start, said, found))
    rows = {name: n for n, name in enumerate(sorted({s for _, said, _ in scored for s in said}))}
    cols = {name: n for n, name in enumerate(sorted({f for *_, found in scored for f in found}))}
    together = np.zeros((len(rows), len(cols)))
    for length, said, found in scored:
        for one in said:
            for other in found:
                together[rows[one], cols[other]] += length
    pairs = set(zip(*(side.tolist() for side in linear_sum_assignment(-together)), strict=True))
    speech = missed = false_alarm = confusion = 0
    for length, said, found in scored:
        right = sum((rows[one], cols[other]) in pairs for one in said for other in found)
        speech += length * len(said)
        missed += length * max(0, len(said) - len(found))
        false_alarm += length * max(0, len(found) - len(said))
        confusion += length * (min(len(said), len(found)) - right)
    return SpeakerErrors(speech, missed, false_alarm, confusion)


def read_rttm(path: Path) -> dict[str, list[Speech]]:
    """Reference turns by recording, from the format that speaker evaluations use."""
    found: dict[str, list[Speech]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split()
        if cells and cells[0] == "SPEAKER":
            start, length = round(float(cells[3]) * 1000), round(float(cells[4]) * 1000)
            found.setdefault(cells[1], []).append(Speech(start, start + length, cells[7]))
    return found
