"""``parihs history``: who did what, in words."""

from __future__ import annotations

from datetime import datetime

import click

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.cli.viewing import as_option, viewer
from parihs.coding.trail import Asked, as_rows, trail
from parihs.coding.trail_words import moment
from parihs.coding.verbs import KINDS
from parihs.home import Home
from parihs.store import Store
from parihs.store.studies import coders, get_study


@click.command("history")
@click.option("--who", default=None, help="Key of a coder, or another name in the trail.")
@click.option("--what", type=click.Choice(list(KINDS)), default=None, help="Only this kind.")
@click.option("--transcript", default=None, help="Id of a transcript.")
@click.option("--coding", default=None, help="Id of a coding: its whole history.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default=None, help="From this day on.")
@click.option("--limit", type=int, default=100, show_default=True, help="Newest lines; 0 for all.")
@as_option
@study_option
@json_option
@home_option
def history_command(
    home: Home,
    who: str | None,
    what: str | None,
    transcript: str | None,
    coding: str | None,
    since: datetime | None,
    limit: int,
    reader: str | None,
    study: str | None,
    as_json: bool,
) -> None:
    """Show who did what and when, newest first."""
    with Store(home).read() as session:
        found = get_study(session, study)
        people = {coder.key: coder.id for coder in coders(session, found.id)}
        asked = Asked(
            actor=people.get(who, who) if who else None,
            kind=what,
            transcript_id=transcript,
            since=since.astimezone() if since else None,
            coding_id=coding,
        )
        viewer_id = viewer(session, found.id, reader)
        lines = trail(session, found.id, viewer_id, asked, limit=limit or None)
    said = [f"{moment(line.at)}  {line.who} {line.sentence}" for line in lines]
    answer(as_json, as_rows(lines), said or ["Nothing yet."])
