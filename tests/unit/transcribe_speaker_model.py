"""A speaker model in the shape of the real one, with weights nobody trained.

``python -m tests.unit.transcribe_speaker_model FOLDER RECORDING.wav`` makes the model's folder, has
pyannote and us tell speakers apart with it, and prints how far the two are from each other.
"""

from __future__ import annotations

import json
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np

from parihs.transcribe import environment

environment.prepare()
environment.repair_torchaudio()

import torch  # noqa: E402
import whisperx  # noqa: E402
import yaml  # noqa: E402
from pyannote.audio import Model, Pipeline  # noqa: E402
from pyannote.audio.models.embedding import WeSpeakerResNet34  # noqa: E402
from pyannote.audio.utils.signal import binarize  # noqa: E402

from parihs.transcribe import speaker_windows, voice_clusters  # noqa: E402

CLUSTERINGS = {
    "AgglomerativeClustering": {"method": "centroid", "threshold": 0.05, "min_cluster_size": 2},
    "VBxClustering": {"threshold": 0.6, "Fa": 0.07, "Fb": 0.8},
}


class Sound:
    """Samples in memory, read like a recording on disk."""

    def __init__(self, samples: np.ndarray) -> None:
        self.samples = samples
        self.duration_ms = len(samples) // 16

    def read(self, start_ms: int, end_ms: int) -> np.ndarray:
        return self.samples[max(0, start_ms) * 16 : max(0, end_ms) * 16]


def make_model(folder: Path, clustering: str = "VBxClustering", step: float = 0.5) -> None:
    """Write a pipeline's folder: whisperx's segmentation, a random speaker network, random PLDA."""
    torch.manual_seed(0)
    segmentation = Path(whisperx.__file__).parent / "assets" / "pytorch_model.bin"
    for name in ("segmentation", "embedding", "plda"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "segmentation" / "pytorch_model.bin").write_bytes(segmentation.read_bytes())
    network = WeSpeakerResNet34().eval()
    like = torch.load(segmentation, weights_only=False, map_location="cpu")
    torch.save(
        {
            **{key: like[key] for key in ("epoch", "global_step", "pytorch-lightning_version")},
            "state_dict": network.state_dict(),
            "hyper_parameters": dict(network.hparams),
            "pyannote.audio": {
                "versions": like["pyannote.audio"]["versions"],
                "architecture": {
                    "module": "pyannote.audio.models.embedding.wespeaker",
                    "class": "WeSpeakerResNet34",
                },
                "specifications": like["pyannote.audio"].get("specifications"),
            },
        },
        folder / "embedding" / "pytorch_model.bin",
    )
    random = np.random.default_rng(0)
    size, small = 256, 128
    np.savez(
        folder / "plda" / "xvec_transform.npz",
        mean1=np.zeros(size),
        mean2=np.zeros(small),
        lda=np.linalg.qr(random.normal(size=(size, small)))[0],
    )
    np.savez(
        folder / "plda" / "plda.npz",
        mu=np.zeros(small),
        tr=np.linalg.qr(random.normal(size=(small, small)))[0],
        psi=np.linspace(4, 1, small),
    )
    config = {
        "version": "4.0.0",
        "pipeline": {
            "name": "pyannote.audio.pipelines.SpeakerDiarization",
            "params": {
                **{name: f"$model/{name}" for name in ("segmentation", "embedding", "plda")},
                "clustering": clustering,
                "segmentation_step": step,
                "embedding_exclude_overlap": True,
                "embedding_batch_size": 8,
                "segmentation_batch_size": 8,
            },
        },
        "params": {
            "segmentation": {"threshold": 0.5, "min_duration_off": 0.2},
            "clustering": CLUSTERINGS[clustering],
        },
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config))


def compare(folder: Path, samples: np.ndarray, clustering: str, n: int | None) -> dict[str, Any]:
    """How pyannote and we differ on a recording."""
    make_model(folder / clustering, clustering)
    pipeline = Pipeline.from_pretrained(folder / clustering)
    file = {"waveform": torch.from_numpy(samples[None]), "sample_rate": 16_000, "uri": "x"}
    scores = pipeline.get_segmentations(file)
    active = binarize(scores, onset=0.5, initial_state=False)
    embeddings = pipeline.get_embeddings(file, active, exclude_overlap=True)
    theirs = pipeline(file, num_speakers=n).speaker_diarization

    models = speaker_windows.load(folder / clustering, "cpu")
    assert isinstance(models.segmentation_model, Model)
    heard = speaker_windows.listen(
        Sound(samples), models, folder / f"heard-{clustering}", lambda done, total: None
    )
    ours, prints = voice_clusters.tell_apart(heard, models, len(samples) // 16, n, n)

    grid = np.zeros((2, len(samples) // 160, 99), bool)
    names: dict[str, int] = {}
    for turn, _, label in theirs.itertracks(yield_label=True):
        person = names.setdefault(f"theirs {label}", len(names))
        grid[0, round(turn.start * 100) : round(turn.end * 100), person] = True
    for voice in ours:
        person = names.setdefault(voice.label, len(names))
        grid[1, voice.start_ms // 10 : voice.end_ms // 10, person] = True
    # the same people under other names: match each of ours with whom of theirs it shares most
    shared = grid[0].T.astype(int) @ grid[1].astype(int)
    agree = shared.max(axis=0).sum()
    return {
        "embeddings": float(np.abs(embeddings - heard.embeddings).max()),
        "scores": float(np.abs(scores.data - heard.scores).max()),
        "theirs": int(grid[0].sum()),
        "ours": int(grid[1].sum()),
        "agree": int(agree),
        "people": [len(theirs.labels()), len(prints)],
        "silent voices": int((active.data.sum(axis=1) == 0).sum()),
        "refused": list(environment.refused),
    }


def main() -> None:
    folder, recording = Path(sys.argv[1]), sys.argv[2]
    with wave.open(recording) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    # our recordings end at whole milliseconds
    floats = (samples[: len(samples) // 16 * 16] / 32768).astype(np.float32)
    cases = {"AgglomerativeClustering": None, "VBxClustering": 3}
    print(json.dumps({name: compare(folder, floats, name, n) for name, n in cases.items()}))


if __name__ == "__main__":
    main()
