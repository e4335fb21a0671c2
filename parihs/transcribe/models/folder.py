"""The model folder: what is installed, and which model a job would use.

``asr/<name>/`` holds recognition models, ``align/<language>/`` word aligners and
``diarise/<name>/`` speaker models. A model is named by its folder there, or by a path to any other
folder. Nothing here ever downloads.
"""

from __future__ import annotations

from pathlib import Path

from parihs.errors import ParihsError
from parihs.transcribe.models.content import look
from parihs.transcribe.models.kinds import KINDS, NAMES, Kind, Model
from parihs.transcribe.models.manifest import sha256
from parihs.transcribe.settings import TranscriptionSettings

ADD = "parihs models add FOLDER"


def find_models(folder: Path) -> list[Model]:
    """Everything in the model folder that could be a model, complete or not, by kind and name."""
    return [
        look(kind, path)
        for kind in KINDS
        for path in sorted((folder / kind).glob("*"))
        if path.is_dir() and not path.name.startswith(".")
    ]


def choose(kind: Kind, name: str | None, folder: Path, default: str | None = None) -> Model | None:
    """The model meant by ``name``: a folder of that name, a path, or with None the one installed.

    ``default`` is looked for where no name is given (the language, for aligners); without it the
    first complete model by name is taken, a test model only where there is no other. Returns None
    where nothing was named and nothing fits. Raises ParihsError for a named model that is not
    there, not complete or damaged.
    """
    if name is None:
        models = [m for m in find_models(folder) if m.kind == kind and m.whole]
        models.sort(key=lambda model: model.for_tests)
        return next((m for m in models if default is None or m.name == default), None)
    path = folder / kind / name
    if not path.is_dir():
        path = Path(name).expanduser()
    what = NAMES[kind]
    if not path.is_dir():
        others = [m.name for m in find_models(folder) if m.kind == kind]
        raise ParihsError(
            f"The {what} “{name}” is not in the model folder {folder / kind}.",
            f"Installed are: {', '.join(others)}." if others else how_to_get(kind, folder),
        )
    model = look(kind, path)
    if not model.whole:
        state = "incomplete" if model.missing else "damaged"
        raise ParihsError(
            f"The {what} “{name}” is {state}: {model.trouble}",
            f"Copy all files of the model into {path}, or bring it again with: {ADD}",
        )
    return model


def require_recogniser(settings: TranscriptionSettings, folder: Path) -> Model:
    """The recognition model of these settings.

    Raises ParihsError, with where to get one, when there is none, and when the one there is knows
    English only while another language is spoken.
    """
    model = choose("asr", settings.model, folder)
    if model is None:
        half = [m for m in find_models(folder) if m.kind == "asr"]
        if half:
            raise ParihsError(
                f"The recognition model “{half[0].name}” cannot be used: {half[0].trouble}",
                how_to_get("asr", folder),
            )
        raise ParihsError(
            f"No recognition model is installed in {folder / 'asr'}.", how_to_get("asr", folder)
        )
    spoken: str | None = settings.language
    if model.languages == ("en",) and spoken not in (None, "", "auto", "en"):
        raise ParihsError(
            f"The recognition model “{model.name}” knows English only, and “{spoken}” is spoken: "
            "it would write English words that nobody said.",
            "Choose a model without “.en” or “distil” in its name.",
        )
    return model


def fingerprint(model: Model) -> str:
    """SHA-256 of the model's largest file, which is its weights."""
    files = [path for name in model.files if (path := model.path / name).is_file()]
    return sha256(max(files, key=lambda file: file.stat().st_size))


def how_to_get(kind: Kind, folder: Path) -> str:
    """What to do on a connected computer, and then here, to have a model of this kind."""
    what = {
        "asr": (
            "On a connected computer open the project Systran/faster-whisper-small on Hugging Face "
            "(or another size) and download all its files into one folder"
        ),
        "align": (
            "On a connected computer download a wav2vec2 CTC model of the language (all its files) "
            "into one folder"
        ),
        "diarise": (
            "On a connected computer get the whole folder of "
            "pyannote/speaker-diarization-community-1 (CC BY 4.0)"
        ),
    }
    return (
        f"{what[kind]}. Carry it here and add it on the Transcription page or with: {ADD}. "
        f"It is kept in {folder / kind}."
    )
