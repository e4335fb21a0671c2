"""Everything ``parihs models check`` looks at, as one answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from parihs.errors import ParihsError
from parihs.transcribe.messages import OPTIONAL, Message
from parihs.transcribe.models import room
from parihs.transcribe.models.folder import choose, find_models
from parihs.transcribe.models.kinds import Model, size_words
from parihs.transcribe.models.manifest import hashes_changed, read_manifest
from parihs.transcribe.models.needs import STAGE_NAMES, Finding, check, is_ready
from parihs.transcribe.models.self_test import SelfTest, try_out
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.stages import without

Verdict = Literal["ready", "usable", "not usable"]
EXIT_CODES: dict[Verdict, int] = {"ready": 0, "usable": 1, "not usable": 2}


@dataclass(frozen=True, slots=True)
class Verified:
    """A model whose files were read again and compared with its manifest."""

    model: Model
    state: Literal["same", "changed", "no manifest", "incomplete"]
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What works here and what does not."""

    stages: tuple[Finding, ...]
    models: tuple[Verified, ...]
    resources: tuple[Finding, ...]
    self_test: SelfTest | None
    trouble: tuple[str, ...]
    """Why the self-test failed, or what is wrong although it went through."""
    verdict: Verdict


def examine(
    folder: Path,
    work: Path,
    settings: TranscriptionSettings,
    sound: Path | None,
    *,
    progress: Callable[[Model, int], None] = lambda model, done: None,
    listen: Callable[[Message], None] = lambda message: None,
) -> Report:
    """Verify the models by hash, look at what each stage needs, and try them out on ``sound``.

    Without a sound nothing is tried out. ``work`` is where jobs keep their checkpoints.
    """
    stages = check(folder, settings)
    models = tuple(_verify(model, progress) for model in find_models(folder))
    resources = tuple(_resources(folder, work, settings))
    test, trouble = None, list(_test_models(folder, settings))
    broken = any(v.state == "changed" for v in models)
    usable = is_ready(stages) and not trouble
    if sound is not None and is_ready(stages):
        try:
            test = try_out(sound, folder, settings, listen=listen)
        except ParihsError as problem:
            usable = False
            trouble.append(f"The self-test failed. {problem.message} {problem.hint}")
    if test is not None:
        trouble += _promised_and_not_done(stages, test)
    if test is not None and test.heard_next_to_nothing:
        trouble.append(
            f"It heard {test.n_words} words in {test.sound_s:.0f} s full of English speech: the "
            "model may be damaged, or made for something else. Listen before you trust it."
        )
    if test is not None and test.reached_for_network:
        trouble.append(
            "Part of the software tried to reach the network. It was refused; nothing left this "
            "machine. Please report this."
        )
    whole = all(found.ok for found in (*stages, *resources)) and not trouble and not broken
    verdict: Verdict = "not usable" if not usable else "ready" if whole else "usable"
    return Report(tuple(stages), models, resources, test, tuple(trouble), verdict)


def _verify(model: Model, progress: Callable[[Model, int], None]) -> Verified:
    if model.trouble and model.missing:
        return Verified(model, "incomplete", model.trouble)
    manifest = read_manifest(model.path)
    if manifest is None:
        if model.damaged:
            return Verified(model, "changed", model.trouble)
        text = (
            "Copied by hand, so there is nothing to compare it with; its files look whole. "
            f"To have it watched from now on: parihs models add {model.path}"
        )
        return Verified(model, "no manifest", text)
    wrong = hashes_changed(model.path, manifest, lambda done: progress(model, done))
    if wrong or model.damaged:
        text = " ".join(dict.fromkeys((*wrong, *model.damaged)))
        return Verified(model, "changed", f"{text} Bring it again with: parihs models add FOLDER")
    return Verified(model, "same", f"As it was when it was added ({manifest.added[:10]}).")


def _promised_and_not_done(stages: list[Finding], test: SelfTest) -> list[str]:
    """What a stage with all its files still could not do."""
    ready = {found.stage for found in stages if found.ok}
    return [
        f"{STAGE_NAMES[stage]} did not work although its model is here. {warning}"
        for stage in OPTIONAL
        if stage in ready
        for warning in test.warnings
        if warning.startswith(without(stage))
    ]


def _test_models(folder: Path, settings: TranscriptionSettings) -> list[str]:
    try:
        model = choose("asr", settings.model, folder)
    except ParihsError:
        return []
    if model is None or not model.for_tests:
        return []
    return [f"“{model.name}” is a test model: it invents sentences. Never use it for your study."]


def _resources(folder: Path, work: Path, settings: TranscriptionSettings) -> list[Finding]:
    free = room.disk_free(work)
    hours = free / room.DISK_PER_HOUR
    disk = Finding(
        "disk",
        hours > 6,
        False,
        f"{size_words(free)} free, room for transcribing {min(hours, 999):.0f} hours of sound.",
        "" if hours > 6 else "Free some disk space before a long recording.",
    )
    memory = room.memory_free()
    try:
        model = choose("asr", settings.model, folder)
    except ParihsError:
        model = None
    if memory is None or model is None:
        text = "unknown" if memory is None else f"{size_words(memory)} free."
        return [disk, Finding("memory", True, False, text)]
    need = room.memory_needed(model)
    text = f"{size_words(memory)} free; “{model.name}” is likely to need {size_words(need)}."
    hint = "Close other programs, or choose a smaller model."
    return [disk, Finding("memory", memory > need, False, text, "" if memory > need else hint)]
