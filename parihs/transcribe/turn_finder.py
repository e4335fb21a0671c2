"""Turns of speakers found without any speaker model.

The segmentation network that lies inside the whisperx package hears who speaks when within five
seconds; what it cannot know is whether two such voices are the same person. Here that is guessed
from the colour of the voice (means and spreads of cepstral coefficients), compared within the
recording only. The boundaries are good, the guess is not: people have to say who speaks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import torchaudio
import whisperx
from pyannote.audio import Model
from pyannote.audio.core.plda import PLDA
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.pipelines import SpeakerDiarization

from parihs.transcribe.speech import SAMPLE_RATE

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

    def forward_frames(self, sound: torch.Tensor) -> torch.Tensor:
        """Coefficients of ``(batch, 1, samples)`` over time: ``(batch, coefficients, frames)``."""
        # the first coefficient is loudness, which says more about the microphone than the person;
        # with its channel kept, no window's floor is set by a louder one it happens to come with
        shape: torch.Tensor = self.cepstrum(sound)[:, 0, 1:]
        return shape

    def forward_embedding(self, frames: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        """Describe each voice, ``(batch, voices, dimension)``, by when it speaks.

        ``weights`` are ``(batch, voices, frames)``, with any number of frames.
        """
        weight = torch.nn.functional.interpolate(
            weights.float(), size=frames.shape[2], mode="nearest"
        )[:, :, None]
        weight = weight / weight.sum(3, keepdim=True).clamp_min(1e-6)
        mean = (frames[:, None] * weight).sum(3)
        variance = ((frames[:, None] - mean[..., None]) ** 2 * weight).sum(3)
        return torch.cat([mean, variance.clamp_min(1e-4).sqrt()], dim=2)

    def forward(self, sound: torch.Tensor, weights: torch.Tensor | None = None) -> torch.Tensor:
        """Describe ``(batch, 1, samples)`` with ``(batch, frames)`` weights."""
        frames = self.forward_frames(sound)
        if weights is None:
            weights = torch.ones(len(sound), frames.shape[2], device=sound.device)
        return self.forward_embedding(frames, weights[:, None])[:, 0]


def turn_finder() -> SpeakerDiarization:
    """pyannote's diarisation with voice colour in the place of a speaker model."""
    weights = Path(whisperx.__file__).parent / "assets" / "pytorch_model.bin"
    pipeline = SpeakerDiarization(
        segmentation=Model.from_pretrained(weights).eval(),
        # half a window at a time is as good here, and five times cheaper
        segmentation_step=0.5,
        embedding=VoiceColour(),
        embedding_exclude_overlap=True,
        # clustering by distance never asks the scoring model that the constructor insists on
        plda=PLDA.__new__(PLDA),
        clustering="AgglomerativeClustering",
    )
    pipeline.instantiate(
        {
            "segmentation": {"threshold": 0.5, "min_duration_off": 0.3},
            "clustering": {"method": "average", "threshold": SAME_VOICE, "min_cluster_size": 3},
        }
    )
    return pipeline
