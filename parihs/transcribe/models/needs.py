"""What each stage of a transcription needs, and whether it is there."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from parihs.errors import ParihsError
from parihs.transcribe import engine
from parihs.transcribe.models.folder import choose, find_models, how_to_get, require_recogniser
from parihs.transcribe.models.kinds import Model, size_words
from parihs.transcribe.settings import TranscriptionSettings

STAGE_NAMES = {
    "engine": "Software",
    "speech": "Finding speech",
    "recognise": "Recognising words",
    "align": "Timing each word",
    "speakers": "Telling speakers apart",
    "disk": "Disk",
    "memory": "Memory",
}

NEEDS = {
    "engine": "WhisperX or faster-whisper",
    "speech": "a small network that comes with the software",
    "recognise": "a recognition model (Whisper)",
    "align": "a word aligner for the language",
    "speakers": "a speaker model (pyannote)",
}
"""What a stage needs, in a few words."""

INSTALL = "Install it with: pip install 'parihs[transcribe]'."
SPEECH_FINDER = "assets/silero_vad_v6.onnx"
TURN_NETWORK = "assets/pytorch_model.bin"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check: a stage, whether it will work, and what to do if not."""

    stage: str
    ok: bool
    required: bool
    """False where the work goes on without, giving less."""
    text: str
    hint: str = ""

    @property
    def name(self) -> str:
        """The stage as people say it."""
        return STAGE_NAMES.get(self.stage, self.stage)

    @property
    def needs(self) -> str:
        """What the stage needs, in a few words."""
        return NEEDS.get(self.stage, "")

    @property
    def state(self) -> str:
        """``ready``, ``without`` (usable, giving less) or ``missing``."""
        return "ready" if self.ok else "missing" if self.required else "without"


def check(folder: Path, settings: TranscriptionSettings | None = None) -> list[Finding]:
    """What each stage of a transcription needs, and whether it is there; looks at files only."""
    settings = settings or TranscriptionSettings()
    looks: list[Callable[[Path, TranscriptionSettings], Finding]] = [
        _check_engine,
        _check_speech,
        _check_recogniser,
        _check_aligner,
        _check_speakers,
    ]
    return [look(folder, settings) for look in looks]


def is_ready(findings: list[Finding]) -> bool:
    """Whether a recording could be transcribed, be it without word times or speakers."""
    return all(finding.ok for finding in findings if finding.required)


def _check_engine(_: Path, settings: TranscriptionSettings) -> Finding:
    try:
        name = engine.engine_name(settings)
    except ParihsError as problem:
        return Finding("engine", False, True, problem.message, problem.hint)
    if name in engine.ENGINES and not engine.is_installed(name):
        return Finding("engine", False, True, f"The engine {name} is not installed.", INSTALL)
    return Finding("engine", True, True, f"Recordings are transcribed with {name}.")


def _check_speech(_: Path, __: TranscriptionSettings) -> Finding:
    if _part_of("faster_whisper", SPEECH_FINDER) is None:
        text = "The network that finds speech is not here; it comes with faster-whisper."
        return Finding("speech", False, True, text, INSTALL)
    return Finding("speech", True, True, "Speech is found with the network that came along.")


def _check_recogniser(folder: Path, settings: TranscriptionSettings) -> Finding:
    try:
        model = require_recogniser(settings, folder)
    except ParihsError as problem:
        return Finding("recognise", False, True, problem.message, problem.hint)
    if model.for_tests:
        text = f"“{model.name}” is a test model: it invents sentences. Never use it for your study."
        return Finding("recognise", True, True, text, how_to_get("asr", folder))
    return Finding("recognise", True, True, f"Speech is recognised with {_told(model)}.")


def _check_aligner(folder: Path, settings: TranscriptionSettings) -> Finding:
    language: str | None = settings.language
    if settings.align_model is None and language in (None, "", "auto"):
        have = [m.name for m in find_models(folder) if m.kind == "align" and m.whole]
        if not have:
            text = "No word aligner: times of words will be estimates."
            return Finding("align", False, False, text, how_to_get("align", folder))
        text = f"Words are timed where one of these languages is spoken: {', '.join(have)}."
        return Finding("align", True, False, text)
    try:
        model = choose("align", settings.align_model, folder, language)
    except ParihsError as problem:
        return Finding("align", False, False, problem.message, problem.hint)
    if model is None:
        half = [m for m in find_models(folder) if m.kind == "align" and m.name == language]
        text = f"No word aligner for “{language}”: times of words will be estimates."
        if half:
            text = f"The word aligner “{half[0].name}” cannot be used: {half[0].trouble}"
        return Finding("align", False, False, text, how_to_get("align", folder))
    return Finding("align", True, False, f"Words are timed with {_told(model)}.")


def _check_speakers(folder: Path, settings: TranscriptionSettings) -> Finding:
    try:
        model = choose("diarise", settings.diarise_model, folder)
    except ParihsError as problem:
        return Finding("speakers", False, False, problem.message, problem.hint)
    if model is None:
        half = [m for m in find_models(folder) if m.kind == "diarise"]
        text = "No speaker model: turns are found, and you say who speaks; expect mistakes."
        if _part_of("whisperx", TURN_NETWORK) is None:
            text = "No speaker model, and WhisperX is not installed: speakers stay unnamed."
        if half:
            text = f"The speaker model “{half[0].name}” cannot be used: {half[0].trouble}"
        return Finding("speakers", False, False, text, how_to_get("diarise", folder))
    if _part_of("whisperx", TURN_NETWORK) is None:
        text = f"The speaker model “{model.name}” is here, but WhisperX, which uses it, is not."
        return Finding("speakers", False, False, text, INSTALL)
    return Finding("speakers", True, False, f"Speakers are told apart with {_told(model)}.")


def _told(model: Model) -> str:
    """A model in a sentence: its name, what it is, how large, under which licence."""
    about = [model.title, size_words(model.n_bytes), model.licence]
    return f"“{model.name}” ({'; '.join(part for part in about if part)})"


def _part_of(package: str, file: str) -> Path | None:
    """A file that lies inside an installed package, without importing the package."""
    found = importlib.util.find_spec(package)
    places = found.submodule_search_locations if found else None
    return next((path for place in places or [] if (path := Path(place) / file).is_file()), None)
