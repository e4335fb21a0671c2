"""Whether a file of weights is whole, told from the file alone: sticks and downloads break off.

Nothing is loaded or unpacked; the files say themselves how long they have to be.
"""

from __future__ import annotations

import json
import re
import struct
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from parihs.transcribe.models.known import Shape

LARGEST_HEADER = 100_000_000
"""Bytes of a safetensors header; more than any real one, so that a damaged length is noticed."""


class Damaged(Exception):
    """The file is not what its name says; the message is the reason, for people."""


def problem(file: Path) -> str:
    """What is wrong with a file of a model, as one sentence, or an empty string."""
    state = file.stat()
    return _problem(file, state.st_size, state.st_mtime_ns)


def whisper_shape(model_bin: Path) -> Shape | None:
    """The measures of the Whisper in a CTranslate2 file, or None where it cannot be read."""
    state = model_bin.stat()
    try:
        return _ctranslate2(model_bin, state.st_size, state.st_mtime_ns)
    except Damaged:
        return None


@lru_cache(maxsize=256)
def _problem(file: Path, size: int, changed: int) -> str:
    try:
        _look(file, size, changed)
    except Damaged as reason:
        return f"{file.name} {reason}"
    except OSError as reason:
        return f"{file.name} cannot be read ({reason.strerror or reason})."
    return ""


def _look(file: Path, size: int, changed: int) -> None:
    if size == 0:
        raise Damaged("is empty.")
    with file.open("rb") as stream:
        head = stream.read(256)
    if head.startswith(b"version https://git-lfs"):
        raise Damaged(
            "is only a signpost (Git LFS) to the real file; download the file itself, "
            "on the project's page."
        )
    if head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise Damaged("is a web page that was saved under this name, not the file.")
    if file.name == "model.bin":
        _ctranslate2(file, size, changed)
    elif file.suffix == ".safetensors":
        _safetensors(file, size)
    elif file.suffix in (".pt", ".pth", ".bin", ".npz"):
        _packed(file, head)
    elif file.suffix == ".json":
        _json(file)


def _packed(file: Path, head: bytes) -> None:
    """PyTorch and NumPy write ZIP files; very old PyTorch files are one pickle, left unchecked."""
    if head.startswith(b"PK"):
        if not zipfile.is_zipfile(file):
            raise Damaged("ends too early: it was not copied or downloaded to the end.")
    elif not head.startswith(b"\x80"):
        raise Damaged("is not a file of weights.")


def _safetensors(file: Path, size: int) -> None:
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if not 2 <= length <= LARGEST_HEADER:
            raise Damaged("is not a safetensors file.")
        try:
            tensors = json.loads(stream.read(length))
            ends = [t["data_offsets"][1] for n, t in tensors.items() if n != "__metadata__"]
        except (ValueError, KeyError, TypeError, AttributeError) as reason:
            raise Damaged("is not a safetensors file, or its beginning is damaged.") from reason
    _same_length(size, 8 + length + max(ends, default=0))


def _json(file: Path) -> None:
    try:
        json.loads(file.read_bytes())
    except ValueError as reason:
        raise Damaged("is not readable as JSON; it was not copied to the end.") from reason


def _same_length(size: int, expected: int) -> None:
    if size < expected:
        raise Damaged(
            f"ends too early: {size / expected:.0%} of it is here. Copy or download it again."
        )
    if size > expected:
        raise Damaged("has something behind its end; copy or download it again.")


@lru_cache(maxsize=64)
def _ctranslate2(file: Path, size: int, changed: int) -> Shape:
    """Walk over all weights of a CTranslate2 file without reading them.

    The file is a version, a name, and for each weight its name, measures, number of bytes, bytes.
    """
    measures: dict[str, tuple[int, ...]] = {}
    with file.open("rb") as stream:
        (version,) = _numbers(stream, "<I")
        if not 2 <= version <= 100:
            raise Damaged("is not a model in CTranslate2 form.")
        kind = _name(stream)
        if kind != "WhisperSpec":
            raise Damaged("is a CTranslate2 model, but not a Whisper: it cannot hear speech.")
        _, weights = _numbers(stream, "<II")
        for _ in range(weights):
            name = _name(stream)
            (rank,) = _numbers(stream, "<B")
            measures[name] = _numbers(stream, f"<{rank}I")
            _, n_bytes = _numbers(stream, "<BI")
            stream.seek(n_bytes, 1)
            if stream.tell() > size:
                raise Damaged(
                    "ends too early: it was not copied or downloaded to the end. Copy it again."
                )
        (others,) = _numbers(stream, "<I")
        for _ in range(2 * others):
            _name(stream)
        _same_length(size, stream.tell())
    width, mels, *_ = (*measures.get("encoder/conv1/weight", ()), 0, 0)
    vocabulary, *_ = (*measures.get("decoder/embeddings/weight", ()), 0)
    return Shape(
        width, _layers(measures, "encoder"), _layers(measures, "decoder"), mels, vocabulary
    )


def _layers(measures: dict[str, tuple[int, ...]], half: str) -> int:
    pattern = re.compile(rf"{half}/layer_(\d+)/")
    return len({found[1] for name in measures if (found := pattern.match(name))})


def _numbers(stream: BinaryIO, form: str) -> tuple[int, ...]:
    data = stream.read(struct.calcsize(form))
    try:
        return struct.unpack(form, data)
    except struct.error as reason:
        raise Damaged("ends too early: it was not copied or downloaded to the end.") from reason


def _name(stream: BinaryIO) -> str:
    (length,) = _numbers(stream, "<H")
    return stream.read(length).rstrip(b"\0").decode("utf-8", "replace")
