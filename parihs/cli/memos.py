"""``parihs memos``: all memos of a study, as text, JSON or a table."""

from __future__ import annotations

from pathlib import Path

import click

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.cli.viewing import as_option, viewer
from parihs.home import Home
from parihs.memos import find_memos, memo_table
from parihs.memos.finding import KINDS
from parihs.store import Store
from parihs.store.studies import get_study


@click.command("memos")
@click.option("--kind", type=click.Choice(list(KINDS)), multiple=True, help="Only this kind.")
@click.option("--words", default="", help="Only memos with all of these words.")
@click.option("--csv", "file", type=click.Path(path_type=Path), help="Write a table to this file.")
@as_option
@study_option
@json_option
@home_option
def memos_command(
    home: Home,
    kind: tuple[str, ...],
    words: str,
    file: Path | None,
    reader: str | None,
    study: str | None,
    as_json: bool,
) -> None:
    """List memos, newest first."""
    with Store(home).read() as session:
        found_study = get_study(session, study)
        viewer_id = viewer(session, found_study.id, reader)
        found = find_memos(session, found_study.id, viewer_id, kinds=kind or None, words=words)
    table = memo_table(found)
    if file is not None:
        table.to_csv(file, index=False)
    rows = table.to_dict("records")
    lines = [f"{r['written_at'][:10]}  {r['kind']}: {r['about']}\n  {r['text']}" for r in rows]
    answer(as_json, rows, [*lines, f"{len(rows)} memos"])
