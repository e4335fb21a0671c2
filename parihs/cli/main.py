"""The ``parihs`` command and what its subcommands share."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from parihs import __version__
from parihs.errors import ParihsError
from parihs.home import Home

P = ParamSpec("P")

COMMANDS = {
    "demo": "parihs.cli.serve",
    "app": "parihs.cli.serve",
    "worker": "parihs.cli.transcribing",
    "import": "parihs.cli.importing",
    "export": "parihs.cli.export",
    "transcribe": "parihs.cli.transcribing",
    "jobs": "parihs.cli.jobs",
    "team": "parihs.cli.team",
    "code": "parihs.cli.code",
    "codebook": "parihs.cli.codebook",
    "history": "parihs.cli.history",
    "speakers": "parihs.cli.speakers",
    "memos": "parihs.cli.memos",
    "search": "parihs.cli.search",
    "compare": "parihs.cli.compare",
    "report": "parihs.cli.report",
    "figure": "parihs.cli.figure",
    "participation": "parihs.cli.participation",
    "agreement": "parihs.cli.agreement",
    "backup": "parihs.cli.backup",
    "models": "parihs.cli.models",
    "suggest": "parihs.cli.suggest",
    "doctor": "parihs.cli.doctor",
}
"""Each command and the module that holds it; a module is loaded when its command is used."""


class LazyGroup(click.Group):
    """Loads a command's module only when it is called, so that every command starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[name])
        command: click.Command = getattr(module, f"{name}_command")
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="parihs")
def cli() -> None:
    """From a workshop recording to a site comparison that opens to the voice behind it."""


def main() -> None:
    """Entry point: errors that a person can mend end in one clear line and exit status 1."""
    try:
        cli(standalone_mode=False)
    except ParihsError as error:
        click.echo(f"parihs: {error.message}", err=True)
        if error.hint:
            click.echo(f"        {error.hint}", err=True)
        sys.exit(1)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)


def home_option(command: Callable[P, Any]) -> Callable[..., Any]:
    """Adds ``--home`` and hands the command a Home."""

    @click.option(
        "--home",
        "home_folder",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="PARIHS_HOME",
        help="Folder of the studies. Default: PARIHS_HOME, else ~/parihs.",
    )
    @wraps(command)
    def wrapped(home_folder: Path | None, **kwargs: Any) -> Any:
        return command(home=Home(home_folder), **kwargs)  # type: ignore[call-arg, arg-type]

    return wrapped


study_option = click.option("--study", default=None, help="Key of the study, if there are several.")
json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


def answer(as_json: bool, value: Any, lines: list[str]) -> None:
    """Print a result for a machine or for a person."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))
    else:
        for line in lines:
            click.echo(line)
