"""``parihs search``: words and “phrases” in everything that was said, each in its line."""

from __future__ import annotations

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.cli.viewing import as_option, viewer
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import Code, Codebook, Site
from parihs.search import Asked, Hit, find, search_table
from parihs.store import Store
from parihs.store.studies import get_study

WIDE = 34


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--site", "sites", multiple=True, help="Key of a site: only there.")
@click.option("--role", "roles", multiple=True, help="Only what people in this role say.")
@click.option("--code", help="Key of a code: only inside excerpts with it, or one below it.")
@as_option
@study_option
@json_option
@home_option
def search_command(
    home: Home,
    words: tuple[str, ...],
    sites: tuple[str, ...],
    roles: tuple[str, ...],
    code: str | None,
    reader: str | None,
    study: str | None,
    as_json: bool,
) -> None:
    """Find WORDS in the newest transcripts; all of them have to be said in one turn.

    A phrase stands in quotation marks within the shell's: '"nobody asked"'. implement* is whatever
    begins so. Case and accents do not matter.
    """
    with Store(home).read() as session:
        found_study = get_study(session, study)
        viewer_id = viewer(session, found_study.id, reader)
        asked = Asked(
            " ".join(words),
            site_ids=_sites(session, found_study.id, sites) if sites else None,
            roles=roles or None,
            code_id=_code(session, found_study.id, code) if code else None,
        )
        found = find(session, found_study.id, viewer_id, asked, limit=None)
    lines = [_line(hit) for hit in found.hits]
    places = len(found.in_transcripts)
    lines.append(
        f"{found.total} match{'' if found.total == 1 else 'es'} in {places} "
        f"transcript{'' if places == 1 else 's'}"
    )
    answer(as_json, search_table(found.hits), lines)


def _line(hit: Hit) -> str:
    left, right = hit.left[-WIDE:].rjust(WIDE), hit.right[:WIDE].ljust(WIDE)
    return f"{left} [{hit.match}] {right}  {hit.workshop}, turn {hit.turn}, {hit.speaker or '?'}"


def _sites(session: Session, study_id: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    query = select(Site.key, Site.id).where(Site.study_id == study_id)
    known = {row.key: row.id for row in session.execute(query)}
    for key in keys:
        if key not in known:
            raise ParihsError(f"There is no site “{key}”.", f"Known: {', '.join(known)}.")
    return tuple(known[key] for key in keys)


def _code(session: Session, study_id: str, key: str) -> str:
    query = select(Code.id).join(Codebook).where(Codebook.study_id == study_id, Code.key == key)
    found = session.scalar(query)
    if found is None:
        raise ParihsError(f"There is no code “{key}”.", "Its key stands on the Codebook page.")
    return found
