"""``parihs suggest``: learn from the team's codings, and say how good the suggestions are."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

import click

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.cli.viewing import as_option, viewer
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.store import Store
from parihs.store.codebooks import codebooks, definitions, latest_codebook_version
from parihs.store.studies import get_study
from parihs.suggestions import Results, load_results, start_training


@click.group("suggest")
def suggest_command() -> None:
    """Suggestions that learn from the team's own codings; nothing leaves this computer."""


@suggest_command.command("train")
@as_option
@study_option
@json_option
@home_option
def train(home: Home, reader: str | None, study: str | None, as_json: bool) -> None:
    """Learn from the codings, test it by workshop, and report how good it is."""
    store = Store(home)
    with store.read() as session:
        study_id = get_study(session, study).id
        viewer_id = viewer(session, study_id, reader)
    training = start_training(home, study_id, viewer_id)
    while training.running:
        training.wait(0.5)
        if sys.stderr.isatty():
            click.echo(f"\r{training.share:4.0%} {training.doing:<45}", nl=False, err=True)
    if sys.stderr.isatty():
        click.echo(err=True)
    if training.problem:
        raise ParihsError(training.problem)
    _tell(store, home, study_id, viewer_id, as_json)


@suggest_command.command("report")
@as_option
@study_option
@json_option
@home_option
def report(home: Home, reader: str | None, study: str | None, as_json: bool) -> None:
    """How good the suggestions are, code by code, and why some are not offered."""
    store = Store(home)
    with store.read() as session:
        study_id = get_study(session, study).id
        viewer_id = viewer(session, study_id, reader)
    _tell(store, home, study_id, viewer_id, as_json)


def _tell(store: Store, home: Home, study_id: str, viewer_id: str | None, as_json: bool) -> None:
    with store.read() as session:
        results = load_results(session, home, study_id, viewer_id)
        books = codebooks(session, study_id)
        book = latest_codebook_version(session, books[0].id) if books else None
        keys = {v.code_id: v.key for v in definitions(session, book.id)} if book else {}
    if results is None:
        raise ParihsError("Nothing has been learned yet.", "Run: parihs suggest train")
    answer(as_json, _as_json(results, keys), _lines(results, keys))


def _as_json(results: Results, keys: dict[str, str]) -> dict[str, Any]:
    codes = [
        {"code": keys.get(c.code_id, c.code_id)} | asdict(c)
        for c in [*results.offered, *results.refused]
    ]
    return {
        "made_at": results.made_at,
        "n_sentences": results.n_units,
        "n_workshops": results.n_workshops,
        "n_folds": results.n_folds,
        "n_codings": results.n_codings,
        "seconds": results.seconds,
        "cpu_seconds": results.cpu_seconds,
        "overlooking": asdict(results.overlooking),
        "codes": codes,
    }


def _lines(results: Results, keys: dict[str, str]) -> list[str]:
    lines = [
        f"{len(results.offered)} of {len(results.codes)} codes are offered; learned from "
        f"{results.n_codings} codings on {results.n_units} sentences of {results.n_workshops} "
        f"workshops, tested in {results.n_folds} parts by workshop, in {results.seconds:.0f} s "
        f"({results.cpu_seconds:.0f} s of processor time)."
    ]
    for code in results.offered:
        lines.append(
            f"{keys.get(code.code_id, '?'):<34} right {code.right} of {code.suggested} "
            f"({code.precision:.0%}), finds {code.recall:.0%} of {code.n_examples}; "
            f"at random {code.base_rate:.0%}"
        )
    lines += [f"{keys.get(c.code_id, '?'):<34} not offered: {c.refused}" for c in results.refused]
    seen = results.overlooking
    lines.append(
        f"Overlooked: of the {seen.of} sentences most like coded ones, {seen.coded} are coded; "
        f"of all sentences, {seen.base_rate:.0%}."
    )
    return lines
