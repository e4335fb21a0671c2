"""Turns of speakers found without any speaker model.

The segmentation network that lies inside the whisperx package hears who speaks when within five
seconds; what it cannot know is whether two such voices are the same person. Here that is guessed
from the colour of the voice (means and spreads of cepstral coefficients). The boundaries are good,
the guess is not: people have to say who speaks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchaudio
import whisperx
from pyannote.audio import Model
from pyannote.audio.core.plda import PLDA
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.pipelines import SpeakerDiarization

from parihs.transcribe.speech import SAMPLE_RATE, Progress, Voice

WINDOW_S = 5.0
COEFFICIENTS = 24
SAME_VOICE = 1.1
"""Cosine distance up to which two voices count as one; chosen on thirty-second meeting clips."""


class VoiceColour(Model):  # type: ignore[misc]
    """Means and spreads of the cepstral coefficients of a voice, weighted by when it speaks."""

    def __init__(
        self, sample_rate: int = SAMPLE_RATE, num_channels: int = 1, task: Any = None
    ) -> None:
        super().__init__(sample_rate=sample_rate, num_channels=num_channels, task=task)
        self.cepstrum = torchaudio.transforms.MFCC(
            sample_rate,
            n_mfcc=COEFFICIENTS,
            melkwargs={
                "n_fft": 512,
                "win_length": 400,
                "hop_length": 160,
                "n_mels": 40,
                "f_min": 60,
                "f_max": 7600,
            },
        )
        self.specifications = Specifications(
            problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=WINDOW_S
        )

    @property
    def dimension(self) -> int:
        """Length of the description of a voice."""
        return 2 * (COEFFICIENTS - 1)

    def forward(self, sound: torch.Tensor, weights: torch.Tensor | None = None) -> torch.Tensor:
        """Describe ``(batch, 1, samples)`` with ``(batch, frames)`` weights."""
        # the first coefficient is loudness, which says more about the microphone than the person
        shape = self.cepstrum(sound.squeeze(1))[:, 1:]
        if weights is None:
            weights = torch.ones(len(sound), shape.shape[2], device=sound.device)
        weight = torch.nn.functional.interpolate(
            weights[:, None].float(), size=shape.shape[2], mode="nearest"
        )
        weight = weight / weight.sum(2, keepdim=True).clamp_min(1e-6)
        mean = (shape * weight).sum(2)
        variance = ((shape - mean[:, :, None]) ** 2 * weight).sum(2)
        return torch.cat([mean, variance.clamp_min(1e-4).sqrt()], dim=1)


class TurnFinder(SpeakerDiarization):  # type: ignore[misc]
    """pyannote's diarisation with voice colour in the place of a speaker model."""

    def get_embeddings(self, *arguments: Any, **options: Any) -> np.ndarray:
        colours: np.ndarray = super().get_embeddings(*arguments, **options)
        flat = colours.reshape(-1, colours.shape[-1])
        known = flat[~np.isnan(flat).any(axis=1)]
        # each recording has its own room and microphone: compare voices within it only
        relative: np.ndarray = (colours - known.mean(axis=0)) / (known.std(axis=0) + 1e-6)
        return relative


def find_turns(
    samples: np.ndarray,
    duration_ms: int,
    progress: Progress,
    min_speakers: int | None = None,
    max_speakers: int | None = None,
) -> list[Voice]:
    """Who speaks when, with labels that hold within the recording, in order of time."""
    share = {"segmentation": (0.0, 0.7), "embeddings": (0.7, 1.0)}

    def report(step: str, *_: Any, total: int = 0, completed: int = 0, **__: Any) -> None:
        if total and step in share:
            low, high = share[step]
            progress(int(duration_ms * (low + (high - low) * completed / total)), duration_ms)

    answer = _pipeline()(
        {"waveform": torch.from_numpy(samples[None]), "sample_rate": SAMPLE_RATE},
        min_speakers=min_speakers,
        max_speakers=max_speakers,
        hook=report,
    )
    return [
        Voice(round(turn.start * 1000), round(turn.end * 1000), str(label))
        for turn, _, label in answer.speaker_diarization.itertracks(yield_label=True)
    ]


def _pipeline() -> TurnFinder:
    weights = Path(whisperx.__file__).parent / "assets" / "pytorch_model.bin"
    pipeline = TurnFinder(
        segmentation=Model.from_pretrained(weights).eval(),
        # half a window at a time: memory of the clustering grows with the square of the windows
        segmentation_step=0.5,
        embedding=VoiceColour(),
        embedding_exclude_overlap=True,
        # clustering by distance never asks the scoring model that the constructor insists on
        plda=PLDA.__new__(PLDA),
        clustering="AgglomerativeClustering",
        segmentation_batch_size=8,
        embedding_batch_size=16,
    )
    pipeline.instantiate(
        {
            "segmentation": {"threshold": 0.5, "min_duration_off": 0.3},
            "clustering": {"method": "average", "threshold": SAME_VOICE, "min_cluster_size": 3},
        }
    )
    return pipeline
