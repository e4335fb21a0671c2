"""Which of the voices heard in windows are the same person, and when each of them speaks.

One clustering for the whole recording, however it was cut for recognition. Follows pyannote's
arithmetic; what is different keeps memory flat: a long recording is clustered by a sample of its
windows, all others go to the nearest of the voices found, and nothing is ever held per window and
person at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyannote.core import SlidingWindow, SlidingWindowFeature
from scipy.spatial.distance import cdist

from parihs.transcribe.speaker_windows import Float, Heard, SpeakerModels
from parihs.transcribe.speech import Voice

MOST_WINDOWS = 2_400
"""Windows that are clustered; the cost grows with their square. At least forty minutes of speech
are heard whole, and of a longer recording an even sample."""
BLOCK = 1_000
"""Windows looked at together."""
FRAMES = 50_000
CLOSE = 0.1
"""A second voice that is less than this share farther away fits nearly as well."""
NEARLY = 0.6
"""A voice that has less than this share of the votes for a moment is not sure."""


def tell_apart(
    heard: Heard,
    models: SpeakerModels,
    duration_ms: int,
    min_speakers: int | None = None,
    max_speakers: int | None = None,
) -> list[Voice]:
    """Who speaks when, in order of time; labels hold within the recording, overlaps are possible.

    The same number twice says how many people there are.
    """
    speaking = _speaking(heard, models)
    if not len(speaking):
        return []
    like = _Likeness(heard, models, speaking)
    clusters, margins = _clustered(heard, models, like, speaking, min_speakers, max_speakers)
    n_people = int(clusters.max()) + 1
    votes, doubts, count = _votes(heard, models, clusters, margins, n_people)
    most = min(n_people, max_speakers or n_people)
    active, sure = _chosen(votes, np.minimum(count, most), doubts)
    return _voices(active, sure, models, duration_ms)


def _blocks(n_windows: int) -> Iterator[slice]:
    for first in range(0, n_windows, BLOCK):
        yield slice(first, min(first + BLOCK, n_windows))


def _speaking(heard: Heard, models: SpeakerModels) -> NDArray[np.intp]:
    """Windows in which anybody speaks."""
    found = [
        block.start + np.flatnonzero((heard.scores[block] > models.onset).any(axis=(1, 2)))
        for block in _blocks(len(heard.scores))
    ]
    return np.concatenate(found) if found else np.zeros(0, np.intp)


def _silent(scores: NDArray[Any], models: SpeakerModels) -> NDArray[np.bool_]:
    """Which voices of some windows say nothing in them."""
    return np.asarray(np.max(scores, axis=1) <= models.onset)


class _Likeness:
    """Embeddings that can be compared: as they are, or relative to the recording's own mean."""

    def __init__(self, heard: Heard, models: SpeakerModels, speaking: NDArray[np.intp]) -> None:
        self._embeddings = heard.embeddings
        self._mean: Any = 0.0
        self._spread: Any = 1.0
        if models.relative:
            total, squares, n = 0.0, 0.0, 0
            for first in range(0, len(speaking), BLOCK):
                windows = speaking[first : first + BLOCK]
                # silent voices count too: measured on meetings, that tells people apart better
                known = heard.embeddings[windows].reshape(-1, self._embeddings.shape[2])
                known = known.astype(np.float64)
                total = total + known.sum(axis=0)
                squares = squares + (known**2).sum(axis=0)
                n += len(known)
            self._mean = np.float32(total / n)
            spread = np.sqrt(np.maximum(squares / n - np.square(total / n), 0))
            self._spread = (spread + 1e-6).astype(np.float32)

    def __getitem__(self, windows: Any) -> Float:
        found: Float = (self._embeddings[windows] - self._mean) / self._spread
        return found


def _clustered(
    heard: Heard,
    models: SpeakerModels,
    like: _Likeness,
    speaking: NDArray[np.intp],
    min_speakers: int | None,
    max_speakers: int | None,
) -> tuple[NDArray[np.int16], Float]:
    """For every voice of every window its person, and how clearly so.

    −2 is nobody. The margin is how much farther the second-best person is, as a share.
    """
    sample = speaking
    if len(speaking) > MOST_WINDOWS:
        sample = speaking[np.linspace(0, len(speaking) - 1, MOST_WINDOWS).round().astype(np.intp)]
    active = (heard.scores[sample] > models.onset).astype(np.float32)
    window = SlidingWindow(duration=models.window_ms / 1000, step=models.step_ms / 1000)
    with np.errstate(all="ignore"):
        of_sample, _, centres = models.clustering(
            embeddings=like[sample],
            segmentations=SlidingWindowFeature(active, window),
            num_clusters=min_speakers if min_speakers == max_speakers else None,
            min_clusters=min_speakers or 1,
            max_clusters=max_speakers or np.inf,
        )
    n_windows, _, n_voices = heard.scores.shape
    clusters = np.full((n_windows, n_voices), -2, np.int16)
    margins = np.ones((n_windows, n_voices), np.float32)
    alone = len(centres) < 2 or not np.isfinite(centres).all()
    known_number = min_speakers is not None and min_speakers == max_speakers
    for first in range(0, len(speaking), BLOCK):
        windows = speaking[first : first + BLOCK]
        silent = _silent(heard.scores[windows], models)
        if alone:
            found: NDArray[Any] = np.zeros((len(windows), n_voices), np.int16)
        else:
            found, margins[windows] = _nearest(
                like[windows], centres, silent, models, constrained=not known_number
            )
        found[silent] = -2
        clusters[windows] = found
    if len(sample) == len(speaking):
        silent = _silent(active, models)
        clusters[sample] = np.where(silent, -2, of_sample)
    return clusters, margins


def _nearest(
    embeddings: Float,
    centres: NDArray[Any],
    silent: NDArray[np.bool_],
    models: SpeakerModels,
    *,
    constrained: bool,
) -> tuple[NDArray[Any], Float]:
    n_windows, n_voices, size = embeddings.shape
    flat = embeddings.reshape(-1, size)
    far = cdist(flat, centres, metric=models.clustering.metric).reshape(n_windows, n_voices, -1)
    best, second = np.sort(far, axis=2)[:, :, :2].transpose(2, 0, 1)
    margins = (second - best) / np.maximum(second, 1e-9)
    if constrained and models.clustering.constrained_assignment:
        fits = 2 - far
        fits[silent] = fits.min() - 1
        return models.clustering.constrained_argmax(fits), margins.astype(np.float32)
    return far.argmin(axis=2), margins.astype(np.float32)


def _votes(
    heard: Heard,
    models: SpeakerModels,
    clusters: NDArray[np.int16],
    margins: Float,
    n_people: int,
) -> tuple[Float, NDArray[np.bool_], NDArray[np.int64]]:
    """For every frame: votes of the windows over it for each person, whether most of these votes
    are doubtful, and how many people speak."""
    n_windows, n_frames, _ = heard.scores.shape
    grid = SlidingWindow(duration=models.frame_length_s, step=models.frame_s)
    step_s, half_s = models.step_ms / 1000, models.frame_length_s / 2
    end_s = models.window_ms / 1000 + (n_windows - 1) * step_s
    total = grid.closest_frame(end_s + half_s) + 1
    votes = np.zeros((total, n_people), np.float32)
    doubts = np.zeros(total, np.float32)
    speaking = np.zeros(total, np.float32)
    windows = np.zeros(total, np.float32)
    for index in range(n_windows):
        first = grid.closest_frame(index * step_s + half_s)
        place = slice(first, first + n_frames)
        n_here = len(windows[place])
        windows[place] += 1
        people = clusters[index]
        if (people == -2).all():
            continue
        scores = np.asarray(heard.scores[index, :n_here])
        active = scores > models.onset
        speaking[place] += active.sum(axis=1)
        doubts[place] += active[:, margins[index] < CLOSE].sum(axis=1)
        for person in np.unique(people[people >= 0]):
            votes[place, person] += scores[:, people == person].max(axis=1)
    count = np.rint(speaking / np.maximum(windows, 1e-12)).astype(np.int64)
    return votes, 2 * doubts > speaking, count


def _chosen(
    votes: Float, count: NDArray[np.int64], doubtful: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The people with most votes in every frame, as many as speak, and where that is sure."""
    active = np.zeros(votes.shape, np.bool_)
    sure = ~doubtful
    for first in range(0, len(votes), FRAMES):
        part = slice(first, first + FRAMES)
        order = np.argsort(-votes[part], axis=1, kind="stable")
        ranked = np.take_along_axis(votes[part], order, axis=1)
        ranks = np.arange(votes.shape[1])
        taken = (ranks < count[part, None]) & (ranked > 0)
        np.put_along_axis(active[part], order, taken, axis=1)
        last = np.where(taken, ranked, np.inf).min(axis=1)
        next_best = np.where(taken, 0.0, ranked).max(axis=1)
        sure[part] &= next_best < (1 - NEARLY) / NEARLY * last
    return active, sure


def _voices(
    active: NDArray[np.bool_], sure: NDArray[np.bool_], models: SpeakerModels, duration_ms: int
) -> list[Voice]:
    sure_before = np.concatenate([[0], np.cumsum(sure)])
    half_s = models.frame_length_s / 2
    voices = []
    for person in range(active.shape[1]):
        edges = np.flatnonzero(np.diff(active[:, person].astype(np.int8), prepend=0, append=0))
        for first, last in _joined(edges.reshape(-1, 2), models.longest_gap_s / models.frame_s):
            start = round((first * models.frame_s + half_s) * 1000)
            end = min(round((last * models.frame_s + half_s) * 1000), duration_ms)
            certain = sure_before[last] - sure_before[first]
            if end > start:
                label = f"SPEAKER_{person:02d}"
                voices.append(Voice(start, end, label, bool(2 * certain >= last - first)))
    return sorted(voices, key=lambda voice: (voice.start_ms, voice.end_ms, voice.label))


def _joined(runs: NDArray[np.intp], longest_gap: float) -> list[tuple[int, int]]:
    """Runs of frames with the gaps between them closed where they are short."""
    joined: list[tuple[int, int]] = []
    for first, last in runs.tolist():
        if joined and first - joined[-1][1] <= longest_gap:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined
