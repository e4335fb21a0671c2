"""Whose eyes a command uses: everything, or what one coder may see."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.store.studies import coders

as_option = click.option(
    "--as",
    "reader",
    default=None,
    envvar="PARIHS_CODER",
    help="Key of a coder: only what they may see. Also PARIHS_CODER. Without it everything, since "
    "whoever has the folder has all of it.",
)


def viewer(session: Session, study_id: str, reader: str | None) -> str | None:
    """Id of the coder with this key, None for everything. Raises ParihsError for an unknown key."""
    if not reader:
        return None
    people = {coder.key: coder.id for coder in coders(session, study_id)}
    if reader not in people:
        raise ParihsError(f"There is no coder “{reader}”.", f"Known: {', '.join(people)}.")
    return people[reader]
