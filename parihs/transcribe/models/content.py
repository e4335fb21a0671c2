"""Which models a folder holds, told from its content, and what of them is missing or damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from parihs.transcribe.models import known, weights
from parihs.transcribe.models.kinds import CTC_ALIGNER, MANIFEST, Kind, Model
from parihs.transcribe.models.manifest import read_card, read_manifest, sizes_changed

WHISPER_FILES = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
PREPROCESSOR = "preprocessor_config.json"
USUAL_MELS = 80
"""Frequency bands every program assumes where ``preprocessor_config.json`` does not say more."""

HUGGING_FACE_ALIGNER = ("config.json", "vocab.json", PREPROCESSOR)
HUGGING_FACE_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
MAY_COME_ALONG = (
    *("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"),
    *("generation_config.json", "README.md", "LICENSE", "LICENSE.txt", "LICENSE.md"),
)
SPEAKER_PARTS = {
    "segmentation": ("pytorch_model.bin",),
    "embedding": ("pytorch_model.bin",),
    "plda": ("xvec_transform.npz", "plda.npz"),
}
"""Parts of a pyannote pipeline and their files; without one, pyannote asks the internet for it."""

TEST_MODEL = "Test model: answers any recording with made-up sentences"


def look(kind: Kind, folder: Path) -> Model:
    """The model of that kind that a folder holds, or what it lacks to hold one."""
    if kind == "asr":
        return _whisper(folder)
    if kind == "diarise":
        return _speakers(folder)
    return next(iter(aligners_in(folder)), None) or _hugging_face(folder)


def models_in(folder: Path) -> list[Model]:
    """Every model that lies directly in a folder, complete or not; one folder can hold several."""
    names = _names(folder)
    config = _config(folder)
    found = aligners_in(folder)
    if (folder / "config.yaml").is_file() and "pipeline" in _yaml(folder / "config.yaml"):
        found.append(_speakers(folder))
    elif _is_ctc(config) or names >= {"vocab.json", PREPROCESSOR}:
        found.append(_hugging_face(folder))
    elif "model_type" not in config and (
        "model.bin" in names or (names & set(VOCABULARIES) and "tokenizer.json" in names)
    ):
        found.append(_whisper(folder))
    return found


def foreign_form(folder: Path) -> str:
    """What to say about speech models in a form that parihs cannot use; empty where there are none.

    Whisper is published in several forms; only that of CTranslate2 is read here.
    """
    names = _names(folder)
    if _config(folder).get("model_type") == "whisper" and not names & {"model.bin"}:
        return "This is a Whisper in the form of the transformers library."
    sizes = ("tiny", "base", "small", "medium", "large", "turbo")
    if any(n.endswith(".pt") and n.startswith(sizes) for n in names):
        return "This is a Whisper in OpenAI's own form (a single .pt file)."
    if any(n.startswith("ggml-") or n.endswith(".gguf") for n in names):
        return "This is a model for whisper.cpp (ggml)."
    return ""


def aligners_in(folder: Path) -> list[Model]:
    """Aligners that are told by the names of their files."""
    names = _names(folder)
    found = []
    for language, file in known.TORCHAUDIO_ALIGNERS.items():
        if file in names:
            title = f"wav2vec2 aligner of torchaudio ({language})"
            licence = known.NOT_COMMERCIAL if file in known.NON_COMMERCIAL else "MIT"
            found.append(_model("align", folder, (file,), title, licence, (language,)))
    if CTC_ALIGNER in names:
        weights_file = "ctc_align.safetensors"
        width = _json(folder / CTC_ALIGNER).get("d_model", 0)
        toy = isinstance(width, int) and width < known.NARROWEST_WHISPER
        found.append(
            _model(
                "align",
                folder,
                (CTC_ALIGNER, weights_file),
                TEST_MODEL if toy else "Character aligner on a Whisper encoder",
                missing=() if weights_file in names else (weights_file,),
                for_tests=toy,
            )
        )
    return found


def _whisper(folder: Path) -> Model:
    names = _names(folder)
    shape = weights.whisper_shape(folder / "model.bin") if "model.bin" in names else None
    missing = [name for name in WHISPER_FILES if name not in names]
    damaged = []
    if not names & set(VOCABULARIES):
        missing.append(VOCABULARIES[0])
    if shape is not None and PREPROCESSOR not in names and shape.mels != USUAL_MELS:
        missing.append(PREPROCESSOR)
    if shape is not None and PREPROCESSOR in names:
        bands = _json(folder / PREPROCESSOR).get("feature_size", USUAL_MELS)
        if bands != shape.mels:
            damaged.append(
                f"{PREPROCESSOR} belongs to another model: it speaks of {bands} frequency bands, "
                f"the weights want {shape.mels}."
            )
    title, licence, languages, toy = "Whisper model", "", None, False
    if shape is not None:
        name = known.whisper_name(shape)
        toy = shape.width < known.NARROWEST_WHISPER
        title = TEST_MODEL if toy else f"Whisper {name}" if name else "Whisper of unusual size"
        licence = "MIT, if it is OpenAI’s own" if name else ""
        languages = known.whisper_languages(shape)
    files = (*WHISPER_FILES, *VOCABULARIES, PREPROCESSOR)
    return _model(
        "asr", folder, files, title, licence, languages, tuple(missing), tuple(damaged), toy
    )


def _hugging_face(folder: Path) -> Model:
    names = _names(folder)
    missing = [name for name in HUGGING_FACE_ALIGNER if name not in names]
    present = [name for name in HUGGING_FACE_WEIGHTS if name in names]
    whole = [name for name in present if not weights.problem(folder / name)]
    if not present:
        missing.append(HUGGING_FACE_WEIGHTS[0])
    files = (*HUGGING_FACE_ALIGNER, *(whole or present)[:1])
    return _model("align", folder, files, "wav2vec2 aligner", missing=tuple(missing))


def _speakers(folder: Path) -> Model:
    file = folder / "config.yaml"
    if not file.is_file():
        return _model("diarise", folder, (), "Speaker model", missing=("config.yaml",))
    pipeline = _yaml(file).get("pipeline")
    settings = pipeline.get("params") if isinstance(pipeline, dict) else None
    if not isinstance(settings, dict):
        damaged = ("config.yaml does not describe a pyannote pipeline.",)
        return _model("diarise", folder, ("config.yaml",), "Speaker model", damaged=damaged)
    missing, damaged_parts, files = [], [], ["config.yaml"]
    for part, part_files in SPEAKER_PARTS.items():
        place = settings.get(part)
        if isinstance(place, str) and place.startswith("$model/"):
            inside = place.removeprefix("$model/").partition("@")[0]
            files += [f"{inside}/{name}" for name in part_files]
            missing += [
                f"{inside}/{name}" for name in part_files if not (folder / inside / name).is_file()
            ]
        else:
            named = f"“{place}”" if isinstance(place, str) else "nothing"
            damaged_parts.append(
                f"config.yaml names {named} for the part “{part}”, which is not in this folder: "
                "pyannote would ask the internet for it."
            )
    modern = settings.get("clustering") == "VBxClustering"
    return _model(
        "diarise",
        folder,
        tuple(files),
        "pyannote speaker pipeline, community-1" if modern else "pyannote speaker pipeline",
        "CC BY 4.0, if it is pyannote’s own" if modern else "",
        missing=tuple(missing),
        damaged=tuple(damaged_parts),
    )


def _model(
    kind: Kind,
    folder: Path,
    files: tuple[str, ...],
    title: str,
    licence: str = "",
    languages: tuple[str, ...] | None = None,
    missing: tuple[str, ...] = (),
    damaged: tuple[str, ...] = (),
    for_tests: bool = False,
) -> Model:
    """Put together what the content says with what manifest and card say."""
    files = tuple(name for name in files if (folder / name).is_file())
    manifest, card = read_manifest(folder), read_card(folder)
    problems = [text for name in files if (text := weights.problem(folder / name))]
    if manifest is not None and not problems:
        problems = sizes_changed(folder, manifest)
        problems = [p for p in problems if p.split(" ", 1)[0] not in missing]
    # a known restriction outweighs whatever else is said
    if licence != known.NOT_COMMERCIAL:
        licence = (manifest.licence if manifest else "") or card.licence or licence
    if manifest is not None:
        languages = manifest.languages if manifest.languages is not None else languages
    elif kind == "align" and languages is None and len(card.languages) == 1:
        languages = card.languages
    extra = tuple(n for n in MAY_COME_ALONG if (folder / n).is_file() and n not in files)
    if kind == "align" and len(files) == 1:
        extra = ()  # the README beside a single file may be about anything
    return Model(
        kind=kind,
        name=folder.name,
        path=folder,
        n_bytes=sum((folder / name).stat().st_size for name in files),
        missing=missing,
        licence=licence,
        title=title,
        languages=languages,
        files=(*files, *extra),
        damaged=(*damaged, *problems),
        source=manifest.source if manifest else "",
        for_tests=for_tests,
    )


def _names(folder: Path) -> set[str]:
    try:
        return {file.name for file in folder.iterdir() if file.name != MANIFEST and file.is_file()}
    except OSError:
        return set()


def _is_ctc(config: dict[str, Any]) -> bool:
    makes = config.get("architectures")
    makes = makes if isinstance(makes, list) else []
    return config.get("model_type") == "wav2vec2" or any(str(m).endswith("ForCTC") for m in makes)


def _config(folder: Path) -> dict[str, Any]:
    return _json(folder / "config.json")


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _yaml(file: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}
