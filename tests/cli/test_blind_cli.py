"""Blind at every command: with ``--as`` it tells what that coder may see, and no more.

Each command that shows codings is run in two worlds that differ only in what Ada may not know: what
it prints and every file it writes have to be the same. A new command needs a line here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from parihs.cli.main import COMMANDS, cli
from parihs.figures import FIGURES
from parihs.home import Home
from parihs.report import FORMATS
from tests.support.two_worlds import SECRET, Worlds, make_worlds, masked

SHOWING: dict[str, list[list[str]]] = {
    "code list": [[], ["--json"]],
    "code export": [["OUT"]],
    "codebook show": [[], ["--json"]],
    "compare": [["--layer", layer, "--cols", "code"] for layer in ("consensus", "all", "ben")]
    + [["--cooccurrence", "turn", "--layer", "all"], ["--json"]],
    "figure": [["heatmap", "--layer", "all", "--out", "OUT/figure.csv"]],
    "agreement": [["--b", "0"], ["--b", "0", "--unreleased"]],
    "report": [["--out", "OUT"], ["--out", "OUT", "--layer", "all"]],
    "search": [["it"], ["it", "--code", "fit"], ["it", "--code", "help", "--json"]],
    "memos": [[], ["--json"], ["--csv", "OUT/memos.csv"]],
    "team list": [[], ["--json"]],
    "history": [["--limit", "0"], ["--limit", "0", "--json"], ["--coding", "BENS"]],
}
"""Commands that show codings or what rests on them, with the options to run them with."""
NOT_SHOWING = {
    "suggest train": "learns from visible codings only, tested in unit/test_suggestions",
    "suggest report": "what that coder learned; void once a transcript is closed to them",
    "demo": "serves the app, whose pages and routes are tested",
    "app": "serves the app, whose pages and routes are tested",
    "worker": "transcribes",
    "transcribe": "transcribes",
    "jobs": "transcribes",
    "models": "models on disk",
    "import": "takes files in",
    "export": "transcripts, no codings",
    "participation": "who spoke, no codings",
    "speakers list": "who speaks, no codings",
    "speakers name": "who speaks, no codings",
    "speakers merge": "who speaks, no codings",
    "speakers undo": "who speaks, no codings",
    "codebook versions": "versions and their notes, no codings",
    "codebook diff": "what codes mean, no codings",
    "codebook save": "changes the codebook",
    "codebook add": "changes the codebook",
    "codebook merge": "changes the codebook; tells no codings",
    "codebook unmerge": "changes the codebook; tells no codings",
    "codebook split": "changes the codebook; tells no codings",
    "team assign": "changes who codes what",
    "team role": "changes a role",
    "team release": "releases",
    "backup": "the whole folder, for whoever holds it",
    "doctor": "the installation",
}
"""Every other command, and why it tells nothing of codings."""


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    """Every command by its full name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_every_command_says_whether_it_shows_codings() -> None:
    assert isinstance(cli, click.Group)
    found = set(commands(cli))
    assert {name.split()[0] for name in found} == COMMANDS.keys()
    grouped = {name for name in found if name.split()[0] in NOT_SHOWING}
    assert found - grouped == (SHOWING.keys() | NOT_SHOWING.keys()) & found - grouped
    assert SHOWING.keys() <= found


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return make_worlds(tmp_path_factory.mktemp("worlds"), pytest.MonkeyPatch())


def told(worlds: Worlds, home: Home, out: Path, command: str, given: list[str], who: str) -> str:
    """What a command prints, and what is in the files it writes."""
    out.mkdir(parents=True)
    words = [each.replace("OUT", str(out)).replace("BENS", worlds.bens) for each in given]
    as_whom = ["--as", who] if who else []
    arguments = [*command.split(), *words, *as_whom, "--home", str(home.path)]
    done = CliRunner(env={"PARIHS_DATABASE_URL": None}).invoke(cli, arguments)
    problem = str(done.exception) if done.exception else ""
    files = [
        f"{file.relative_to(out)}: {file.read_bytes()!r}"
        for file in sorted(out.rglob("*"))
        if file.is_file()
    ]
    text = "\n".join([done.output, problem, *files]).replace(str(out), "OUT")
    return masked(text, home)


@pytest.mark.parametrize("who", ["ada", pytest.param("cy", marks=pytest.mark.slow)])
@pytest.mark.parametrize("command", SHOWING)
def test_a_command_tells_a_blind_coder_the_same_in_both_worlds(
    command: str, who: str, worlds: Worlds, tmp_path: Path
) -> None:
    for number, given in enumerate(SHOWING[command]):
        quiet, busy = (
            told(worlds, home, tmp_path / str(number) / home.path.name, command, given, who)
            for home in worlds
        )
        assert quiet == busy, given
        assert SECRET not in busy
        assert busy.strip()


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_no_figure_shows_more(name: str, worlds: Worlds, tmp_path: Path) -> None:
    given = [name, "--layer", "all", "--out", "OUT/figure.csv"]
    given += ["--transcript", worlds.transcript] if name == "timeline" else []
    quiet, busy = (
        told(worlds, home, tmp_path / home.path.name, "figure", given, "ada") for home in worlds
    )
    assert quiet == busy
    assert "figure.csv" in busy


@pytest.mark.parametrize("command", ["code list", "team list", "history", "memos", "compare"])
def test_whoever_holds_the_folder_is_told_all(command: str, worlds: Worlds, tmp_path: Path) -> None:
    """So the comparison can fail: without ``--as`` the worlds differ."""
    quiet, busy = (
        told(worlds, home, tmp_path / home.path.name, command, SHOWING[command][0], "")
        for home in worlds
    )
    assert quiet != busy


def test_a_stranger_is_named_as_one(worlds: Worlds, tmp_path: Path) -> None:
    said = told(worlds, worlds.quiet, tmp_path / "x", "code list", [], "mallory")
    assert re.search("no coder “mallory”", said)


def test_every_format_of_the_report_is_among_the_files(worlds: Worlds, tmp_path: Path) -> None:
    said = told(worlds, worlds.busy, tmp_path / "x", "report", ["--out", "OUT"], "ada")
    assert all(f"{kind.filename}: b" in said for kind in FORMATS.values())
