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
    ours = voice_clusters.tell_apart(heard, models, len(samples) // 16, n, n)

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
        "people": [len(theirs.labels()), len({voice.label for voice in ours})],
        "silent voices": int((active.data.sum(axis=1) == 0).sum()),
        "refused": list(environment.refused),
    }


def interrupted(folder: Path, samples: np.ndarray) -> bool:
    """Whether a search that is killed twice, once in the middle of a write, hears the same."""
    models = speaker_windows.load(None, "cpu")
    sound = Sound(samples)
    whole = speaker_windows.listen(sound, models, folder / "whole", lambda done, total: None)
    speaker_windows.PER_WRITE = 3

    class Killed(Exception):
        pass

    def kill(done: int, total: int) -> None:
        raise Killed

    for _ in range(2):
        try:
            speaker_windows.listen(sound, models, folder / "killed", kill)
        except Killed:
            path = folder / "killed" / "embeddings.f32"
            path.write_bytes(path.read_bytes()[:-5])
        else:
            raise AssertionError("it was not interrupted")
    again = speaker_windows.listen(sound, models, folder / "killed", lambda done, total: None)
    return bool(
        np.allclose(whole.scores, again.scores, atol=1e-4)
        and np.allclose(whole.embeddings, again.embeddings, rtol=1e-4, atol=1e-3)
    )


def long_meeting(n_windows: int = 6_000) -> dict[str, Any]:
    """Four hours of three clear voices and now and then a fourth, as windows that were heard."""
    random = np.random.default_rng(0)
    models = speaker_windows.load(None, "cpu")
    models.relative = False
    models.clustering.threshold = 0.5
    people = np.repeat(random.integers(0, 3, n_windows // 20), 20)
    for block in (31, 140, 260):
        people[block * 20 : (block + 1) * 20] = 3
    directions = np.linalg.qr(random.normal(size=(46, 4)))[0].T
    scores = np.zeros((n_windows, 293, 3), np.float32)
    scores[:, :, 0] = 1
    embeddings = random.normal(0, 0.02, (n_windows, 3, 46)).astype(np.float32)
    embeddings[:, 0] += directions[people]
    heard = speaker_windows.Heard(scores, embeddings)
    voices = voice_clusters.tell_apart(heard, models, n_windows * models.step_ms)
    wrong = 0
    names: dict[str, int] = {}
    for voice in voices:
        middle = (voice.start_ms + voice.end_ms - models.window_ms) // 2
        window = min(round(middle / models.step_ms), n_windows - 1)
        wrong += names.setdefault(voice.label, int(people[window])) != people[window]
    return {"people": len(names), "wrong": int(wrong), "voices": len(voices)}


def main() -> None:
    folder, recording = Path(sys.argv[1]), sys.argv[2]
    with wave.open(recording) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    # our recordings end at whole milliseconds
    floats = (samples[: len(samples) // 16 * 16] / 32768).astype(np.float32)
    cases = {"AgglomerativeClustering": None, "VBxClustering": 3}
    found: dict[str, Any] = {name: compare(folder, floats, name, n) for name, n in cases.items()}
    found["interrupted"] = interrupted(folder, floats)
    found["long"] = long_meeting()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
