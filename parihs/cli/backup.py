"""``parihs backup``: one file with the studies and their recordings."""

from __future__ import annotations

from pathlib import Path

import click

from parihs.cli.main import answer, home_option, json_option
from parihs.home import Home
from parihs.store import Store, backup


@click.command("backup")
@click.argument("target", required=False, type=click.Path(dir_okay=False, path_type=Path))
@json_option
@home_option
def backup_command(home: Home, target: Path | None, as_json: bool) -> None:
    """Write a consistent backup while people work; TARGET defaults to the backups folder."""
    path = backup(Store(home).engine, home, target)
    answer(as_json, {"file": str(path), "bytes": path.stat().st_size}, [f"Backup: {path}"])
