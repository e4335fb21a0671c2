"""``parihs team``: who is in it, who codes what, roles and release."""

from __future__ import annotations

from collections.abc import Iterable

import click
from sqlalchemy.orm import Session

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.cli.viewing import as_option, viewer
from parihs.coding.assignments import assign, assigned
from parihs.coding.team import team
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import Coder
from parihs.model.terms import CODER_ROLES
from parihs.store import Store
from parihs.store.roles import give_role
from parihs.store.studies import coders, find_workshop, get_study
from parihs.store.transcripts import release, transcripts

ACTOR = "command line"


@click.group("team")
def team_command() -> None:
    """Coders, their roles, who codes what, and what is released."""


@team_command.command("list")
@as_option
@study_option
@json_option
@home_option
def list_command(home: Home, reader: str | None, study: str | None, as_json: bool) -> None:
    """Show transcripts by coders: assigned, coded so far, read to the end."""
    with Store(home).read() as session:
        found = get_study(session, study)
        people = team(session, found.id, viewer(session, found.id, reader))
    keys = {coder.id: coder.key for coder in people.coders}
    rows = [
        {
            "workshop": row.workshop_key,
            "transcript": row.label,
            "released": row.released,
            "coders": {
                keys[coder_id]: {
                    "assigned": cell.assigned,
                    "state": cell.state,
                    "codings": cell.n_codings,
                }
                for coder_id, cell in row.cells.items()
            },
        }
        for row in people.rows
    ]
    lines = [
        f"{coder.key:12} {CODER_ROLES[coder.role].lower():8} {coder.name}"
        for coder in people.coders
    ]
    if not people.leads:
        lines.append("No lead: everybody may do what leads may.")
    for row in people.rows:
        states = ", ".join(
            f"{keys[coder_id]} {cell.state}" + (f" ({cell.n_codings})" if cell.n_codings else "")
            for coder_id, cell in row.cells.items()
            if cell.state
        )
        seen = "released" if row.released else "blind"
        lines.append(f"{row.workshop_key:16} {seen:9} {states or 'nobody'}")
    value = {
        "coders": [
            {"key": coder.key, "name": coder.name, "role": coder.role} for coder in people.coders
        ],
        "transcripts": rows,
    }
    answer(as_json, value, lines)


@team_command.command("assign")
@click.argument("keys", nargs=-1, required=True)
@click.option("--workshop", "places", multiple=True, help="Only transcripts of these workshops.")
@click.option("--withdraw", is_flag=True, help="Take them away instead.")
@study_option
@json_option
@home_option
def assign_command(
    home: Home,
    keys: tuple[str, ...],
    places: tuple[str, ...],
    withdraw: bool,
    study: str | None,
    as_json: bool,
) -> None:
    """Assign transcripts to the coders KEYS; all transcripts unless --workshop names some."""
    with Store(home).write(ACTOR) as tx:
        found = get_study(tx.session, study)
        people = {_coder(tx.session, found.id, key).id for key in keys}
        now = assigned(tx.session, found.id)
        ids = _transcripts(tx.session, found.id, places)
        wanted = {
            key: set(now.get(key, ())) - people if withdraw else set(now.get(key, ())) | people
            for key in ids
        }
        changed = assign(tx, found.id, wanted)
    done = "withdrawn" if withdraw else "assigned"
    answer(as_json, {"changed": len(changed)}, [f"{len(changed)} {done}."])


@team_command.command("role")
@click.argument("key")
@click.argument("role", type=click.Choice(list(CODER_ROLES)))
@study_option
@json_option
@home_option
def role_command(home: Home, key: str, role: str, study: str | None, as_json: bool) -> None:
    """Give the coder KEY a role."""
    with Store(home).write(ACTOR) as tx:
        found = get_study(tx.session, study)
        coder = _coder(tx.session, found.id, key)
        give_role(tx, coder.id, role)
    answer(as_json, {"coder": key, "role": role}, [f"{coder.name} is a {role} now."])


@team_command.command("release")
@click.option("--workshop", "places", multiple=True, help="Only transcripts of these workshops.")
@click.option("--close", is_flag=True, help="Have them coded blind again.")
@study_option
@json_option
@home_option
def release_command(
    home: Home, places: tuple[str, ...], close: bool, study: str | None, as_json: bool
) -> None:
    """Let coders see each other's codings; of all transcripts unless --workshop names some."""
    with Store(home).write(ACTOR) as tx:
        found = get_study(tx.session, study)
        ids = set(_transcripts(tx.session, found.id, places))
        changing = [
            each.id
            for each in transcripts(tx.session, found.id)
            if each.id in ids and each.released == close
        ]
        for transcript_id in changing:
            release(tx, transcript_id, not close)
    done = "closed" if close else "released"
    answer(as_json, {done: len(changing)}, [f"{len(changing)} {done}."])


def _coder(session: Session, study_id: str, key: str) -> Coder:
    people = {coder.key: coder for coder in coders(session, study_id)}
    if key not in people:
        known = ", ".join(people) or "nobody yet"
        raise ParihsError(f"There is no coder “{key}”.", f"Known: {known}.")
    return people[key]


def _transcripts(session: Session, study_id: str, places: Iterable[str]) -> list[str]:
    wanted = {find_workshop(session, study_id, key).id for key in places}
    return [
        each.id
        for each in transcripts(session, study_id)
        if not wanted or each.workshop_id in wanted
    ]
