"""A small character-CTC aligner kept as a folder, in the shape that WhisperX aligns with.

``ctc_align.json`` gives the labels and the size of a Whisper encoder, ``ctc_align.safetensors``
its weights (``encoder.*``) and those of one linear layer over it (``head.*``). Label 0 is the
blank, ``|`` stands between words.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional
from transformers import WhisperConfig
from transformers.models.whisper.modeling_whisper import WhisperEncoder
from whisperx.audio import log_mel_spectrogram

from parihs.transcribe.models import CTC_ALIGNER


class CtcAligner(nn.Module):  # type: ignore[misc]
    """Scores of every character for every 20 ms of sound."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.n_mels: int = config["num_mel_bins"]
        self.encoder = WhisperEncoder(
            WhisperConfig(**{key: value for key, value in config.items() if key != "labels"})
        )
        self.head = nn.Linear(config["d_model"], len(config["labels"]))

    def forward(
        self, sound: torch.Tensor, lengths: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Score ``(1, samples)``: ``(1, frames, labels)``, and ``lengths`` as they came."""
        mel = log_mel_spectrogram(sound[0].cpu().numpy(), self.n_mels).to(sound.device)
        return self.score(mel[None]), lengths

    def score(self, mels: torch.Tensor) -> torch.Tensor:
        """Score ``(batch, mels, 10 ms frames)``: ``(batch, 20 ms frames, labels)``."""
        frames = functional.gelu(self.encoder.conv1(mels[:, :, : mels.shape[2] // 2 * 2]))
        frames = functional.gelu(self.encoder.conv2(frames)).permute(0, 2, 1)
        # the encoder's own forward insists on thirty seconds; a chunk is shorter
        frames = frames + self.encoder.embed_positions.weight[: frames.shape[1]]
        for layer in self.encoder.layers:
            output = layer(frames, None, layer_head_mask=None)
            frames = output[0] if isinstance(output, tuple) else output
        scores: torch.Tensor = self.head(self.encoder.layer_norm(frames))
        return scores


def load(folder: Path, language: str, device: str) -> tuple[CtcAligner, dict[str, Any]]:
    """The aligner in ``folder`` and what ``whisperx.align`` wants to know about it."""
    config = json.loads((folder / CTC_ALIGNER).read_text(encoding="utf-8"))
    model = CtcAligner(config)
    weights = load_file(folder / "ctc_align.safetensors")
    model.load_state_dict({name: weight.float() for name, weight in weights.items()})
    about = {
        "language": language,
        "dictionary": {label.lower(): index for index, label in enumerate(config["labels"])},
        "type": "torchaudio",
    }
    return model.to(device).eval(), about
