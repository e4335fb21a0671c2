"""Bringing models from a stick into the model folder: whole and verified, or not at all.

A model is copied into a hidden folder, read back and compared by SHA-256, and only then moved to
its place in one step. What an interrupted copy leaves behind is never seen as a model, and the next
copy clears it away.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from parihs.errors import ParihsError
from parihs.transcribe.lock import held
from parihs.transcribe.models import content
from parihs.transcribe.models.kinds import NAMES, Model, size_words
from parihs.transcribe.models.manifest import BLOCK, FileEntry, Manifest, read_manifest, sha256

DEEPEST = 7
"""Folders below the one given that are still looked into; a download cache needs four."""

UNFINISHED = ".adding"
LOCK = ".adding.lock"
ROOM_TO_SPARE = 200_000_000
"""Bytes that stay free on the disk."""

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all; each byte counts twice, copied and read back."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A folder that holds a model which cannot be used, and why."""

    path: Path
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder and those inside it hold."""

    models: tuple[Model, ...]
    refused: tuple[Refusal, ...]


def search(folder: Path) -> Found:
    """Every model in a folder and the folders inside it, by content; looks only.

    Raises ParihsError where the folder is not there.
    """
    if not folder.is_dir():
        raise ParihsError(
            f"There is no folder {folder}.",
            "Give the folder on the stick that holds the model, or one that holds several.",
        )
    models: list[Model] = []
    refused: list[Refusal] = []
    for place in _folders(folder):
        here = content.models_in(place)
        for model in here:
            reason = _reason_against(model)
            if reason is None:
                models.append(model)
            else:
                refused.append(reason)
        foreign = "" if here else content.foreign_form(place)
        if foreign:
            hint = (
                "parihs needs the CTranslate2 form: look for the project that Systran (or another) "
                "publishes under “faster-whisper-…”."
            )
            refused.append(Refusal(place, f"{foreign} It cannot be used here.", hint))
    return Found(tuple(models), tuple(refused))


def add(
    model: Model,
    into: Path,
    *,
    name: str | None = None,
    language: str | None = None,
    licence: str | None = None,
    source: str | None = None,
    replace_old: bool = False,
    progress: Progress = lambda done, total: None,
) -> Model:
    """Copy a model that :func:`search` found into the model folder ``into``; returns it installed.

    A model that lies there already gets its manifest and stays where it is; an incomplete or
    damaged one of the same name is replaced. Raises ParihsError, leaving the model folder as it
    was, where the copy is not what it should be, the disk is too full, the name is taken, or the
    language of an aligner is not known.
    """
    target = into / model.kind / _name(model, name, language)
    spoken = (target.name,) if model.kind == "align" else model.languages
    about = replace(
        model,
        name=target.name,
        languages=spoken,
        licence=licence or model.licence,
        source=source or model.source or (f"folder “{model.path.name}”" if model.path.name else ""),
    )
    if model.path.resolve() == target.resolve():
        return _adopt(about, progress)
    if target.exists() and not replace_old and content.look(model.kind, target).whole:
        raise ParihsError(
            f"A {NAMES[model.kind]} “{target.name}” is already installed; it was left as it is.",
            "Add --replace to put the new one in its place, or --name for another name.",
        )
    into.mkdir(parents=True, exist_ok=True)
    with held(into / LOCK):
        unfinished = into / UNFINISHED
        shutil.rmtree(unfinished, ignore_errors=True)
        _require_room(into, about.n_bytes)
        try:
            _copy(about, unfinished, progress)
            _publish(unfinished, target)
        except OSError as problem:
            raise ParihsError(
                f"“{model.path.name}” could not be copied: {problem.strerror or problem}. "
                "Nothing was installed.",
                "Check that the stick is still plugged in and that the disk has room.",
            ) from problem
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return content.look(model.kind, target)


def suggested_name(model: Model) -> str:
    """The name under which a model would be installed, unless told otherwise."""
    if model.kind == "align":
        return model.languages[0] if model.languages else ""
    cached = next((p.name for p in model.path.parents if p.name.startswith("models--")), "")
    base = cached.split("--")[-1] if cached else model.path.name
    base = re.sub(r"[^A-Za-z0-9._-]+", "-", base).strip("-.")
    if model.kind == "diarise":
        return base.removeprefix("speaker-diarization-") or "speakers"
    known = model.title.removeprefix("Whisper ") if model.title.startswith("Whisper ") else ""
    base = base.removeprefix("faster-").removeprefix("whisper-").removesuffix("-ct2")
    return known if known and " " not in known and known not in base else base or known


def is_installed(model: Model, into: Path) -> bool:
    """Whether a usable model of the same kind lies under the name this one would get."""
    name = suggested_name(model)
    return bool(name) and content.look(model.kind, into / model.kind / name).whole


def _folders(top: Path) -> Iterator[Path]:
    """The folder and those inside it, by name; the parts inside a pipeline belong to it."""
    for place, inside, files in os.walk(top, followlinks=True):
        path = Path(place)
        yield path
        deep = len(path.relative_to(top).parts) >= DEEPEST
        pipeline = "config.yaml" in files
        inside[:] = [] if deep or pipeline else sorted(n for n in inside if not _hidden(n))


def _hidden(name: str) -> bool:
    return name.startswith((".", "$")) or name in ("System Volume Information", "__MACOSX")


def _reason_against(model: Model) -> Refusal | None:
    what = f"The {NAMES[model.kind]} in {model.path}"
    if model.for_tests:
        return Refusal(
            model.path,
            f"{what} is made for tests: it answers any recording with made-up sentences.",
            "It is never installed. See: parihs models list --known",
        )
    if model.whole:
        return None
    why = {
        "tokenizer.json": "Without tokenizer.json the recogniser would ask the internet for it. ",
        "preprocessor_config.json": (
            "Without preprocessor_config.json this model would hear through the wrong filter. "
        ),
    }
    reasons = "".join(why[name] for name in model.missing if name in why and model.kind == "asr")
    state = "is incomplete" if model.missing else "is damaged"
    return Refusal(
        model.path,
        f"{what} {state}: {model.trouble} {reasons}".strip(),
        "Download all files of the project again, and copy the whole folder.",
    )


def _name(model: Model, name: str | None, language: str | None) -> str:
    if model.kind == "align":
        chosen = language or suggested_name(model)
        if not re.fullmatch(r"[a-z]{2,3}", chosen):
            raise ParihsError(
                f"The word aligner in {model.path} does not say which language it is for.",
                "Say it with --language and the code of the language, for example: --language cy",
            )
        if model.languages and chosen not in model.languages:
            raise ParihsError(
                f"The word aligner in {model.path} is for “{model.languages[0]}”, not “{chosen}”.",
                "Leave --language out.",
            )
        return chosen
    chosen = name or suggested_name(model)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", chosen):
        raise ParihsError(
            f"“{chosen}” cannot be the name of a model.",
            "Use letters, digits, points and hyphens, for example: --name small",
        )
    return chosen


def _require_room(into: Path, n_bytes: int) -> None:
    free = shutil.disk_usage(into).free
    if free < n_bytes + ROOM_TO_SPARE:
        raise ParihsError(
            f"The model needs {size_words(n_bytes)}, and {size_words(free)} are free at {into}. "
            "Nothing was installed.",
            "Free some space, or let PARIHS_MODELS point to a folder on a larger disk.",
        )


def _copy(model: Model, into: Path, progress: Progress) -> None:
    """Copy, read back, compare with the source and with its manifest if it has one."""
    manifest = read_manifest(model.path)
    promised = {e.file: e.sha256 for e in manifest.files} if manifest else {}
    total = 2 * sum((model.path / name).stat().st_size for name in model.files)
    done = 0

    def count(n_bytes: int) -> None:
        nonlocal done
        done += n_bytes
        progress(done, total)

    entries = []
    for name in model.files:
        copy = into / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        read = _copy_file(model.path / name, copy, count)
        if promised.get(name, read) != read:
            raise ParihsError(
                f"{name} in {model.path} is not the file its manifest describes (other SHA-256). "
                "Nothing was installed.",
                "The stick or the download is damaged: copy the model again from where it came.",
            )
        if sha256(copy, count) != read:
            raise ParihsError(
                f"{name} arrived differently from how it was read. Nothing was installed.",
                "Try again; if it happens again, the stick or this disk is failing.",
            )
        entries.append(FileEntry(name, copy.stat().st_size, read))
    _manifest(model, tuple(entries)).write(into)


def _copy_file(source: Path, target: Path, progress: Callable[[int], None]) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as here, target.open("wb") as there:
        while block := here.read(BLOCK):
            digest.update(block)
            there.write(block)
            progress(len(block))
        there.flush()
        os.fsync(there.fileno())
    return digest.hexdigest()


def _publish(unfinished: Path, target: Path) -> None:
    """Put the finished folder in its place; an old one goes only when the new one is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        target.replace(old)
    try:
        unfinished.replace(target)
    except OSError:
        if old.exists():
            old.replace(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _adopt(model: Model, progress: Progress) -> Model:
    total = sum((model.path / name).stat().st_size for name in model.files)
    done = 0

    def count(n_bytes: int) -> None:
        nonlocal done
        done += n_bytes
        progress(done, total)

    entries = tuple(
        FileEntry(name, file.stat().st_size, sha256(file, count))
        for name in model.files
        if (file := model.path / name).is_file()
    )
    _manifest(model, entries).write(model.path)
    return content.look(model.kind, model.path)


def _manifest(model: Model, files: tuple[FileEntry, ...]) -> Manifest:
    return Manifest(
        model.kind,
        model.name,
        model.title,
        model.languages,
        model.licence,
        model.source,
        datetime.now(UTC).isoformat(timespec="seconds"),
        files,
    )
