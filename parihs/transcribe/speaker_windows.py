"""Voices heard window by window: who is active in each, and what each of them sounds like.

The networks are pyannote's, and so are their numbers; only the way through the recording is ours.
A window's sound is all that is in memory, what was heard of it goes to disk, and an interrupted
search goes on at its last window. Which windows belong to the same person is decided afterwards,
once for the whole recording (``voice_clusters.py``).
"""

from __future__ import annotations

import json
import math
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from pyannote.audio import Pipeline
from pyannote.audio.pipelines import SpeakerDiarization

from parihs.errors import ParihsError
from parihs.transcribe.journal import write_json
from parihs.transcribe.speech import SAMPLE_RATE, Audio, Progress

TOGETHER = 8
"""Windows that go through the networks together."""
PER_WRITE = 32
"""Windows between two writes to disk."""
PER_MS = SAMPLE_RATE // 1000
BYTES = 4
"""Of one number."""

Float = NDArray[np.float32]


class Clustering(Protocol):
    """The part of pyannote's clusterings that is used here."""

    metric: str
    constrained_assignment: bool

    def __call__(self, **arguments: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Clusters of every voice of every window, how well they fit, and their centres."""
        ...

    def constrained_argmax(self, soft_clusters: NDArray[Any]) -> NDArray[Any]:
        """The best clusters where no two voices of a window may share one."""
        ...


class SpeakerModels:
    """The networks and settings of one way to tell speakers apart."""

    def __init__(self, pipeline: SpeakerDiarization, *, relative: bool = False) -> None:
        inference = pipeline._segmentation
        self.segmentation_model = inference.model
        self._segmentation = inference
        self._embedding = pipeline._embedding.model_
        self._device = inference.device
        self.window_ms = round(inference.duration * 1000)
        self.step_ms = round(inference.step * 1000)
        frames = inference.model.receptive_field
        self.frame_s: float = frames.step
        self.frame_length_s: float = frames.duration
        powerset = inference.model.specifications.powerset
        self.onset = 0.5 if powerset else float(pipeline.segmentation.threshold)
        self.longest_gap_s = float(pipeline.segmentation.min_duration_off)
        self.clustering: Clustering = pipeline.clustering
        self.relative = relative
        """Whether voices can be compared only within one recording: same room, same microphone."""
        self._least_samples = (
            pipeline._embedding.min_num_samples if pipeline.embedding_exclude_overlap else None
        )
        self._nobody: Float | None = None

    def hear(self, sound: Float) -> tuple[Float, Float]:
        """What is heard in ``(windows, samples)``.

        Returns how active each of a window's voices is, ``(windows, frames, voices)``, and what it
        sounds like, ``(windows, voices, numbers)``.
        """
        waves = torch.from_numpy(sound[:, None])
        scores: Float = self._segmentation.infer(waves)
        active = scores > self.onset
        embeddings = np.repeat(self._of_nobody(waves, active)[None], len(sound), axis=0)
        speaking = np.flatnonzero(active.any(axis=(1, 2)))
        if len(speaking):
            embeddings[speaking] = self._sound_of(waves[speaking], active[speaking])
        return scores, embeddings

    def _sound_of(self, waves: torch.Tensor, active: NDArray[np.bool_]) -> Float:
        """Embeddings of all voices of some windows: the costly part is done once per window.

        pyannote runs its network once for every voice of every window, also for silent ones.
        """
        n_frames = active.shape[1]
        weights = active
        if self._least_samples is not None:
            # who speaks alone is heard best, as long as there is enough of it
            clean = active & (active.sum(axis=2, keepdims=True) == 1)
            n_samples = self.window_ms * PER_MS
            least = math.ceil(n_frames * self._least_samples / n_samples)
            enough = clean.sum(axis=1, keepdims=True) > least
            weights = np.where(enough, clean, active)
        weight = torch.from_numpy(weights.transpose(0, 2, 1).astype(np.float32)).to(self._device)
        model = self._embedding
        with torch.inference_mode():
            waves = waves.to(self._device)
            if hasattr(model, "forward_frames"):
                found = model.forward_embedding(model.forward_frames(waves), weights=weight)
            else:
                voices = range(weight.shape[1])
                found = torch.stack([model(waves, weights=weight[:, v]) for v in voices], dim=1)
        embeddings: Float = found.cpu().numpy()
        return embeddings

    def _of_nobody(self, waves: torch.Tensor, active: NDArray[np.bool_]) -> Float:
        """What the network answers where nobody speaks; the same for every window."""
        if self._nobody is None:
            self._nobody = self._sound_of(torch.zeros_like(waves[:1]), np.zeros_like(active[:1]))[0]
        return self._nobody


def load(folder: Path | None, device: str) -> SpeakerModels:
    """The speaker model in ``folder``, or with None the turn finder that needs none.

    Raises ParihsError for a folder that holds some other kind of pipeline.
    """
    if folder is None:
        from parihs.transcribe.turn_finder import turn_finder

        return SpeakerModels(turn_finder().to(torch.device(device)), relative=True)
    pipeline = Pipeline.from_pretrained(folder)
    if not isinstance(pipeline, SpeakerDiarization):
        raise ParihsError(
            f"The speaker model “{folder.name}” is of a kind we cannot use.",
            "Use pyannote's speaker-diarization-community-1.",
        )
    return SpeakerModels(pipeline.to(torch.device(device)))


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard, window by window, mapped from disk."""

    scores: Float
    """How active each voice of a window is, 0–1: ``(windows, frames, voices)``."""
    embeddings: Float
    """What each sounds like: ``(windows, voices, numbers)``."""


def listen(audio: Audio, models: SpeakerModels, folder: Path, progress: Progress) -> Heard:
    """Hear all windows of a recording, going on after those that ``folder`` holds already."""
    n_windows = count_windows(audio.duration_ms, models.window_ms, models.step_ms)
    scores, embeddings = models.hear(_windows(audio, models, 0, 1))
    shape = {"windows": n_windows, "scores": scores.shape[1:], "embeddings": embeddings.shape[1:]}
    store = _Store(folder, json.loads(json.dumps(shape)))
    done = store.done()
    with store:
        for first in range(done, n_windows, PER_WRITE):
            last = min(first + PER_WRITE, n_windows)
            for start in range(first, last, TOGETHER):
                sound = _windows(audio, models, start, min(start + TOGETHER, last))
                store.add(*models.hear(sound))
            store.keep()
            progress(min(last * models.step_ms, audio.duration_ms), audio.duration_ms)
    return store.heard()


def count_windows(duration_ms: int, window_ms: int, step_ms: int) -> int:
    """Windows that cover the whole recording; the last may reach over its end."""
    return max(0, -(-(duration_ms - window_ms) // step_ms)) + 1


def _windows(audio: Audio, models: SpeakerModels, first: int, last: int) -> Float:
    """Sound of windows ``[first, last)`` as ``(windows, samples)``, silence after the end."""
    size, step = models.window_ms * PER_MS, models.step_ms * PER_MS
    start_ms = first * models.step_ms
    length = (last - first - 1) * step + size
    samples = audio.read(start_ms, start_ms + length // PER_MS)
    whole = np.pad(samples, (0, length - len(samples)))
    return np.stack([whole[i * step : i * step + size] for i in range(last - first)])


class _Store:
    """Two files of equal rows, one row per window; a torn row is heard again."""

    def __init__(self, folder: Path, shape: dict[str, Any]) -> None:
        self._folder = folder
        self._shape = shape
        self._files: list[Any] = []
        if not self._is_ours():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
            write_json(folder / "shape.json", shape)

    def _is_ours(self) -> bool:
        try:
            found = json.loads((self._folder / "shape.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return False
        return bool(found == self._shape)

    @property
    def _parts(self) -> list[tuple[Path, tuple[int, ...]]]:
        names = ("scores", "embeddings")
        return [(self._folder / f"{name}.f32", tuple(self._shape[name])) for name in names]

    def done(self) -> int:
        """Windows that both files hold whole; what is beyond is cut off."""
        rows = []
        for path, shape in self._parts:
            path.touch(mode=0o600)
            rows.append(path.stat().st_size // (math.prod(shape) * BYTES))
        for path, shape in self._parts:
            os.truncate(path, min(rows) * math.prod(shape) * BYTES)
        return min(rows)

    def __enter__(self) -> None:
        self._files = [path.open("ab") for path, _ in self._parts]

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def add(self, *values: Float) -> None:
        """Append rows to each file."""
        for file, value in zip(self._files, values, strict=True):
            file.write(np.ascontiguousarray(value, np.float32).tobytes())

    def keep(self) -> None:
        """Make sure that what was added is on the disk."""
        for file in self._files:
            file.flush()
            os.fsync(file.fileno())

    def heard(self) -> Heard:
        """All rows, mapped into memory as they are looked at."""
        n_windows = self._shape["windows"]
        scores, embeddings = (
            np.memmap(path, dtype=np.float32, mode="r", shape=(n_windows, *shape))
            for path, shape in self._parts
        )
        return Heard(scores, embeddings)
