"""Folders that look like published speech models, without their weights: enough to be told apart.

The files have the real forms (a CTranslate2 header, a safetensors header, a ZIP), a few bytes each.
"""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path

FREE_TO_SAY = """---
language: {language}
license: {licence}
---
# A model
"""


def whisper(
    folder: Path,
    *,
    width: int = 768,
    layers: tuple[int, int] = (12, 12),
    mels: int = 80,
    vocabulary: int = 51_865,
    preprocessor: int | None = None,
) -> Path:
    """A Whisper in CTranslate2 form; the defaults are those of “small”, as it is published."""
    folder.mkdir(parents=True, exist_ok=True)
    encoder, decoder = layers
    names = [
        ("decoder/embeddings/weight", (vocabulary, width)),
        *((f"decoder/layer_{n}/ffn/linear_0/weight", (width, width)) for n in range(decoder)),
        ("encoder/conv1/weight", (width, mels, 3)),
        *((f"encoder/layer_{n}/ffn/linear_0/weight", (width, width)) for n in range(encoder)),
    ]
    (folder / "model.bin").write_bytes(ctranslate2_file("WhisperSpec", names))
    (folder / "config.json").write_text('{"lang_ids": [50259]}')
    (folder / "tokenizer.json").write_text("{}")
    (folder / "vocabulary.txt").write_text("a\nb\n")
    if preprocessor is not None:
        (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": preprocessor}))
    return folder


def ctranslate2_file(spec: str, weights: list[tuple[str, tuple[int, ...]]]) -> bytes:
    """A file of that form, whose weights are sixteen bytes long whatever their measures."""

    def text(value: str) -> bytes:
        data = value.encode() + b"\0"
        return struct.pack("<H", len(data)) + data

    parts = [struct.pack("<I", 6), text(spec), struct.pack("<II", 3, len(weights))]
    for name, shape in weights:
        parts += [text(name), struct.pack(f"<B{len(shape)}I", len(shape), *shape)]
        parts += [struct.pack("<BI", 4, 16), bytes(16)]
    return b"".join([*parts, struct.pack("<I", 0)])


def torchaudio_aligner(folder: Path, file: str) -> Path:
    """A single-file aligner under its published name."""
    folder.mkdir(parents=True, exist_ok=True)
    zipped(folder / file)
    return folder


def hugging_face_aligner(folder: Path, language: str = "nl", licence: str = "apache-2.0") -> Path:
    """A wav2vec2 folder with the card that says language and licence."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(
        '{"model_type": "wav2vec2", "architectures": ["Wav2Vec2ForCTC"]}'
    )
    (folder / "vocab.json").write_text('{"a": 0}')
    (folder / "preprocessor_config.json").write_text("{}")
    (folder / "README.md").write_text(FREE_TO_SAY.format(language=language, licence=licence))
    (folder / "model.safetensors").write_bytes(safetensors_file())
    return folder


def safetensors_file() -> bytes:
    """One tensor of eight bytes."""
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(8)


def speaker_pipeline(folder: Path) -> Path:
    """A pyannote pipeline laid out as community-1 is."""
    for part, names in {
        "segmentation": ["pytorch_model.bin"],
        "embedding": ["pytorch_model.bin"],
        "plda": ["plda.npz", "xvec_transform.npz"],
    }.items():
        (folder / part).mkdir(parents=True)
        for name in names:
            zipped(folder / part / name)
    (folder / "config.yaml").write_text(
        "pipeline:\n  name: pyannote.audio.pipelines.SpeakerDiarization\n  params:\n"
        "    clustering: VBxClustering\n    segmentation: $model/segmentation\n"
        "    embedding: $model/embedding\n    plda: $model/plda\n"
    )
    return folder


def zipped(file: Path) -> None:
    """A small ZIP, as PyTorch and NumPy write their weights."""
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("data", bytes(64))
