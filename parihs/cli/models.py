"""``parihs models``: speech models on this machine; list them, add one from a stick, check them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from parihs.cli.main import answer, home_option, json_option
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.transcribe.messages import Message, StageStarted
from parihs.transcribe.models import (
    KINDS,
    KNOWN,
    NAMES,
    Kind,
    Known,
    Model,
    add,
    find_models,
    search,
    size_words,
)
from parihs.transcribe.models.checking import EXIT_CODES, Report, examine
from parihs.transcribe.models.manifest import read_manifest
from parihs.transcribe.models.needs import Finding
from parihs.transcribe.models.self_test import SelfTest, keep
from parihs.transcribe.settings import TranscriptionSettings

TRY_HOURS = 3
MARKS = {"ready": "ok     ", "without": "without", "missing": "MISSING"}


@click.group("models")
def models_command() -> None:
    """Speech models: list them, add one from a stick, check them. Nothing is downloaded."""


@models_command.command("list")
@click.option("--known", is_flag=True, help="List models that can be fetched on another computer.")
@json_option
@home_option
def list_models(home: Home, known: bool, as_json: bool) -> None:
    """List installed models with size, languages and licence."""
    if known:
        answer(as_json, [asdict(model) for model in KNOWN], _known_lines())
        return
    models = find_models(home.models)
    lines = [f"Model folder: {home.models}"]
    for kind in KINDS:
        lines += ["", f"{NAMES[kind].capitalize()}s"]
        lines += [line for m in models if m.kind == kind for line in _model_lines(m)] or ["  none"]
    if not models:
        lines += ["", "Bring one from a connected computer: parihs models list --known"]
    answer(as_json, [_model_values(model) for model in models], lines)


@models_command.command("add")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", help="Name for the model here; default: from its folder.")
@click.option("--language", help="Language code, for a word aligner that does not say it.")
@click.option("--licence", help="Licence, where the folder does not say it.")
@click.option("--source", help="Where it comes from, for your methods section.")
@click.option("--replace", "replace_old", is_flag=True, help="Replace one of the same name.")
@json_option
@home_option
def add_models(
    home: Home,
    folder: Path,
    name: str | None,
    language: str | None,
    licence: str | None,
    source: str | None,
    replace_old: bool,
    as_json: bool,
) -> None:
    """Copy every model in FOLDER (a stick, say) into the model folder, and verify the copy."""
    found = search(folder)
    for refusal in found.refused:
        click.echo(f"refused  {refusal.text}\n         {refusal.hint}", err=True)
    if not found.models:
        raise ParihsError(
            f"There is no model in {folder} that could be added.",
            "parihs models list --known says which files a model consists of.",
        )
    if len(found.models) > 1 and (name or language):
        raise ParihsError(
            f"{folder} holds {len(found.models)} models; a name or language can be given to one.",
            "Give the folder of that one model.",
        )
    installed, failures = [], []
    for model in found.models:
        try:
            with _progress_of(model, quiet=as_json) as bar:
                done = add(
                    model,
                    home.models,
                    name=name,
                    language=language,
                    licence=licence,
                    source=source,
                    replace_old=replace_old,
                    progress=bar,
                )
        except ParihsError as problem:
            failures.append(problem)
            click.echo(f"not added  {problem.message}\n           {problem.hint}", err=True)
        else:
            installed.append(done)
    lines = [line for model in installed for line in ("added", *_model_lines(model))]
    answer(as_json, [_model_values(model) for model in installed], lines)
    if failures or found.refused:
        sys.exit(1)


@models_command.command("check")
@click.option("--model", default=None, help="Name or folder of the recognition model.")
@click.option("--language", default=None, help="Code of the language spoken, for example en.")
@click.option("--engine", default="auto", help="whisperx, faster_whisper, or the default, auto.")
@click.option(
    "--files-only", is_flag=True, help="Leave out trying the models on a minute of sound."
)
@json_option
@home_option
def check_models(
    home: Home,
    model: str | None,
    language: str | None,
    engine: str,
    files_only: bool,
    as_json: bool,
) -> None:
    """Verify models by hash, say what each stage needs, try them out, and time it.

    Ends with 0 when everything is ready, 1 when usable without something, 2 when not usable.
    """
    settings = TranscriptionSettings(model=model, language=language, engine=engine)
    report = examine(
        home.models,
        home.work,
        settings,
        None if files_only else _sound(),
        progress=lambda *_: None,
        listen=_say_nothing if as_json else _say,
    )
    if report.self_test is not None:
        keep(report.self_test, home.path)
    answer(as_json, _report_values(report, home), _report_lines(report, home))
    sys.exit(EXIT_CODES[report.verdict])


def _sound() -> Path:
    """The synthesised recording of the demo study."""
    from parihs.exchange.demo import demo_folder

    return next(demo_folder().glob("*.ogg"))


def _say(message: Message) -> None:
    if isinstance(message, StageStarted):
        click.echo(f"trying: {message.stage}", err=True)


def _say_nothing(_: Message) -> None:
    pass


@contextmanager
def _progress_of(model: Model, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on the error stream; only a terminal shows it moving."""
    label = f"{NAMES[model.kind]} {model.path.name}, {size_words(model.n_bytes)}"
    total = 2 * sum((model.path / name).stat().st_size for name in model.files)
    with click.progressbar(length=total, label=label, file=sys.stderr, hidden=quiet) as bar:

        def show(done: int, _: int) -> None:
            bar.update(done - bar.pos)

        yield show


def _model_lines(model: Model) -> list[str]:
    about = [
        model.title,
        size_words(model.n_bytes),
        _languages(model),
        model.licence or "licence unknown",
    ]
    lines = [f"  {model.name}: {'; '.join(part for part in about if part)}"]
    if model.trouble:
        state = "INCOMPLETE" if model.missing else "DAMAGED"
        lines.append(f"      {state}: {model.trouble}")
    elif model.for_tests:
        lines.append("      Never use it for your study.")
    elif read_manifest(model.path) is None:
        lines.append("      Copied by hand: no manifest to verify it with.")
    return lines


def _languages(model: Model) -> str:
    if model.for_tests or model.kind == "diarise":
        return ""
    if model.languages:
        return f"language {', '.join(model.languages)}"
    return "many languages" if model.kind == "asr" else ""


def _model_values(model: Model) -> dict[str, Any]:
    manifest = read_manifest(model.path)
    return {
        **asdict(model),
        "complete": model.whole,
        "manifest": asdict(manifest) if manifest else None,
    }


def _known_lines() -> list[str]:
    lines = [
        "Models known to work. Fetch one on a connected computer, carry it here, and run:",
        "    parihs models add FOLDER",
    ]
    for kind in KINDS:
        lines += ["", f"{NAMES[kind].capitalize()}s ({_files(kind)})"]
        lines += [_known_line(model) for model in KNOWN if model.kind == kind]
    return lines


def _known_line(model: Known) -> str:
    size = size_words(model.megabytes * 1_000_000)
    return f"  {model.name:16} {size:>7}  {model.languages}; {model.licence}; {model.source}"


def _files(kind: Kind) -> str:
    return {
        "asr": "model.bin, config.json, tokenizer.json, vocabulary.txt or .json; for large-v3 and "
        "turbo also preprocessor_config.json",
        "align": "one file from torchaudio, or a Hugging Face folder with config.json, vocab.json, "
        "preprocessor_config.json and model.safetensors",
        "diarise": "config.yaml with its folders segmentation, embedding and plda",
    }[kind]


def _report_lines(report: Report, home: Home) -> list[str]:
    lines = ["", f"Model folder: {home.models}", ""]
    lines += [line for found in report.stages for line in _finding_lines(found)]
    lines += [line for found in report.resources for line in _finding_lines(found)]
    if report.models:
        lines += ["", "Files"]
    for verified in report.models:
        mark = "ok     " if verified.state in ("same", "no manifest") else "DAMAGED"
        lines.append(f"{mark}  {NAMES[verified.model.kind]} {verified.model.name}: {verified.text}")
    if report.self_test is not None:
        lines += ["", *_test_lines(report.self_test)]
    lines += ["", *(f"!  {text}" for text in report.trouble)] if report.trouble else []
    tried = report.self_test is not None
    verdicts = {
        "ready": "Ready." if tried else "Everything is in its place; it was not tried out.",
        "usable": "Usable; what is marked above is missing or gives less.",
        "not usable": "Not usable yet: see what is marked MISSING or ! above.",
    }
    return [*lines, "", verdicts[report.verdict]]


def _finding_lines(found: Finding) -> list[str]:
    lines = [f"{MARKS[found.state]}  {found.name}: {found.text}"]
    return [*lines, f"         {found.hint}"] if found.hint else lines


def _test_lines(test: SelfTest) -> list[str]:
    stages = ", ".join(f"{name} {rate:.2f}" for name, rate in test.rates.items() if rate >= 0.005)
    return [
        f"Tried “{test.model}” on {test.sound_s:.0f} s of a made-up recording ({test.engine}).",
        f"  {TRY_HOURS} h of recording takes about {test.minutes(TRY_HOURS):.0f} minutes here.",
        f"  Seconds of work for each second of sound: {stages}.",
        f"  It heard {test.n_words} words: “{test.heard} …”",
        "  Network: "
        + ("attempts were refused." if test.reached_for_network else "nothing tried to reach it."),
        *(f"  note: {text}" for text in test.warnings),
    ]


def _report_values(report: Report, home: Home) -> dict[str, Any]:
    test = report.self_test
    return {
        "verdict": report.verdict,
        "folder": str(home.models),
        "stages": [{**asdict(f), "state": f.state} for f in report.stages],
        "resources": [{**asdict(f), "state": f.state} for f in report.resources],
        "models": [
            {"kind": v.model.kind, "name": v.model.name, "state": v.state, "text": v.text}
            for v in report.models
        ],
        "self_test": None
        if test is None
        else {
            **asdict(test),
            "minutes_for_3_hours": round(test.minutes(TRY_HOURS), 1),
            "reached_for_network": test.reached_for_network,
        },
        "trouble": list(report.trouble),
    }
