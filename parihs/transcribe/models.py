"""The folder of speech models: what is in it, what a job would use, and what is missing.

``asr/<name>/`` holds recognition models, ``align/<language>/`` word aligners and
``diarise/<name>/`` speaker models. A model is named by its folder there, or by a path to any other
folder. Nothing here ever downloads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from parihs.errors import ParihsError
from parihs.transcribe import engine
from parihs.transcribe.settings import TranscriptionSettings

Kind = Literal["asr", "align", "diarise"]

CTC_ALIGNER = "ctc_align.json"
"""Marks a folder with a small character-CTC aligner; its weights lie beside it."""

TORCHAUDIO_ALIGNERS = {
    "en": "wav2vec2_fairseq_base_ls960_asr_ls960.pth",
    "fr": "wav2vec2_voxpopuli_base_10k_asr_fr.pt",
    "de": "wav2vec2_voxpopuli_base_10k_asr_de.pt",
    "es": "wav2vec2_voxpopuli_base_10k_asr_es.pt",
    "it": "wav2vec2_voxpopuli_base_10k_asr_it.pt",
}
"""Aligners that torchaudio publishes as a single file, by language."""

NON_COMMERCIAL = frozenset(TORCHAUDIO_ALIGNERS.values()) - {TORCHAUDIO_ALIGNERS["en"]}
"""Files under CC BY-NC 4.0."""

NAMES = {"asr": "recognition model", "align": "word aligner", "diarise": "speaker model"}


@dataclass(frozen=True, slots=True)
class Model:
    """A model folder; ``missing`` names the files without which it cannot work."""

    kind: Kind
    name: str
    path: Path
    n_bytes: int
    missing: tuple[str, ...] = ()
    licence: str = ""
    """Known restrictions; empty where the folder says nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check: a stage, whether it will work, and what to do if not."""

    stage: str
    ok: bool
    required: bool
    """False where the work goes on without, giving less."""
    text: str
    hint: str = ""


def find_models(folder: Path) -> list[Model]:
    """Everything in the model folder that could be a model, complete or not, by kind and name."""
    kinds: tuple[Kind, ...] = ("asr", "align", "diarise")
    return [
        _model(kind, path)
        for kind in kinds
        for path in sorted((folder / kind).glob("*"))
        if path.is_dir()
    ]


def choose(kind: Kind, name: str | None, folder: Path, default: str | None = None) -> Model | None:
    """The model meant by ``name``: a folder of that name, a path, or with None the one installed.

    ``default`` is looked for where no name is given (the language, for aligners); without it the
    first complete model by name is taken. Returns None where nothing was named and nothing fits.
    Raises ParihsError for a named model that is not there or not complete.
    """
    if name is None:
        models = [m for m in find_models(folder) if m.kind == kind and not m.missing]
        return next((m for m in models if default is None or m.name == default), None)
    path = folder / kind / name
    if not path.is_dir():
        path = Path(name).expanduser()
    what = NAMES[kind]
    if not path.is_dir():
        others = [m.name for m in find_models(folder) if m.kind == kind]
        raise ParihsError(
            f"The {what} “{name}” is not in the model folder {folder / kind}.",
            f"Installed are: {', '.join(others)}." if others else _how_to_get(kind, folder),
        )
    model = _model(kind, path)
    if model.missing:
        raise ParihsError(
            f"The {what} “{name}” is incomplete: {', '.join(model.missing)} is missing.",
            f"Copy all files of the model into {path}.",
        )
    return model


def require_recogniser(settings: TranscriptionSettings, folder: Path) -> Model:
    """The recognition model of these settings.

    Raises ParihsError, with where to get one, when there is none.
    """
    model = choose("asr", settings.model, folder)
    if model is None:
        raise ParihsError(
            f"No recognition model is installed in {folder / 'asr'}.", _how_to_get("asr", folder)
        )
    return model


def check(folder: Path, settings: TranscriptionSettings | None = None) -> list[Finding]:
    """What each stage of a transcription needs, and whether it is there; looks at files only."""
    settings = settings or TranscriptionSettings()
    looks: list[Callable[[Path, TranscriptionSettings], Finding]] = [
        _check_engine,
        _check_recogniser,
        _check_aligner,
        _check_speakers,
    ]
    return [look(folder, settings) for look in looks]


def is_ready(findings: list[Finding]) -> bool:
    """Whether a recording could be transcribed, be it without word times or speakers."""
    return all(finding.ok for finding in findings if finding.required)


def fingerprint(model: Model) -> str:
    """SHA-256 of the model's largest file, which is its weights."""
    weights = max((f for f in model.path.rglob("*") if f.is_file()), key=lambda f: f.stat().st_size)
    with weights.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _model(kind: Kind, path: Path) -> Model:
    files = {file.name: file.stat().st_size for file in path.rglob("*") if file.is_file()}
    missing = {"asr": _missing_asr, "align": _missing_align, "diarise": _missing_diarise}
    licence = "CC BY-NC 4.0: not for commercial use" if NON_COMMERCIAL & files.keys() else ""
    return Model(kind, path.name, path, sum(files.values()), missing[kind](set(files)), licence)


def _missing_asr(files: set[str]) -> tuple[str, ...]:
    needed = ["model.bin", "config.json", "tokenizer.json", "preprocessor_config.json"]
    missing = [name for name in needed if name not in files]
    if not files & {"vocabulary.json", "vocabulary.txt"}:
        missing.append("vocabulary.json")
    return tuple(missing)


def _missing_align(files: set[str]) -> tuple[str, ...]:
    if files & set(TORCHAUDIO_ALIGNERS.values()):
        return ()
    if CTC_ALIGNER in files:
        return () if "ctc_align.safetensors" in files else ("ctc_align.safetensors",)
    missing = [
        n for n in ("config.json", "vocab.json", "preprocessor_config.json") if n not in files
    ]
    if not files & {"model.safetensors", "pytorch_model.bin"}:
        missing.append("model.safetensors")
    return tuple(missing)


def _missing_diarise(files: set[str]) -> tuple[str, ...]:
    return () if "config.yaml" in files else ("config.yaml",)


def _how_to_get(kind: Kind, folder: Path) -> str:
    where = {
        "asr": (
            "On a connected computer open huggingface.co/Systran/faster-whisper-small (or another "
            f"size), download all its files and copy them into {folder / 'asr' / 'small'}."
        ),
        "align": (
            "On a connected computer download a wav2vec2 CTC model of the language (all its files) "
            f"and copy them into {folder / 'align' / '<language code>'}."
        ),
        "diarise": (
            "On a connected computer get the folder of pyannote speaker-diarization-community-1 "
            f"(CC BY 4.0) and copy it to {folder / 'diarise' / 'community-1'}."
        ),
    }
    return where[kind]


def _check_engine(_: Path, settings: TranscriptionSettings) -> Finding:
    try:
        name = engine.engine_name(settings)
    except ParihsError as problem:
        return Finding("engine", False, True, problem.message, problem.hint)
    if name in engine.ENGINES and not engine.is_installed(name):
        hint = "Install it with: pip install 'parihs[transcribe]'."
        return Finding("engine", False, True, f"The engine {name} is not installed.", hint)
    return Finding("engine", True, True, f"Recordings are transcribed with {name}.")


def _check_recogniser(folder: Path, settings: TranscriptionSettings) -> Finding:
    try:
        model = require_recogniser(settings, folder)
    except ParihsError as problem:
        return Finding("recognise", False, True, problem.message, problem.hint)
    return Finding("recognise", True, True, f"Speech is recognised with “{model.name}”.")


def _check_aligner(folder: Path, settings: TranscriptionSettings) -> Finding:
    try:
        model = choose("align", settings.align_model, folder, settings.language)
    except ParihsError as problem:
        return Finding("align", False, False, problem.message, problem.hint)
    if model is None:
        text = f"No word aligner for “{settings.language}”: times of words will be estimates."
        return Finding("align", False, False, text, _how_to_get("align", folder))
    licence = f" ({model.licence})" if model.licence else ""
    return Finding("align", True, False, f"Words are timed with “{model.name}”{licence}.")


def _check_speakers(folder: Path, settings: TranscriptionSettings) -> Finding:
    try:
        model = choose("diarise", settings.diarise_model, folder)
    except ParihsError as problem:
        return Finding("speakers", False, False, problem.message, problem.hint)
    if model is None:
        text = "No speaker model: turns are found, and you say who speaks; expect mistakes."
        return Finding("speakers", False, False, text, _how_to_get("diarise", folder))
    return Finding("speakers", True, False, f"Speakers are told apart with “{model.name}”.")
