"""``parihs codebook``: show it with counts, its versions, what differs, and change it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.cli.viewing import as_option, viewer
from parihs.codebook import load
from parihs.codebook.differences import compare
from parihs.coding.code_choices import code_counts
from parihs.coding.codebook_changes import (
    add_inductive,
    last_merge,
    merge_codes,
    save_changes,
    split_code,
    undo_merge,
)
from parihs.coding.recoding import waiting, waiting_by_code
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import CodebookVersion
from parihs.store import Store, Transaction
from parihs.store.codebooks import (
    code_ids,
    codebook_file,
    codebook_versions,
    codebooks,
    definitions,
    latest_codebook_version,
    retired_codes,
)
from parihs.store.studies import get_study

ACTOR = "command line"
note_option = click.option("--note", required=True, help="What changed, and why.")


@click.group("codebook")
def codebook_command() -> None:
    """Codes with counts, versions, differences; add, merge and split codes."""


def _newest(session: Session, study_id: str) -> CodebookVersion:
    books = codebooks(session, study_id)
    newest = latest_codebook_version(session, books[0].id) if books else None
    if newest is None:
        raise ParihsError("This study has no codebook yet.", "Import one with the study.")
    return newest


def _numbered(session: Session, codebook_id: str, number: int) -> CodebookVersion:
    query = select(CodebookVersion).filter_by(codebook_id=codebook_id, number=number)
    found = session.scalar(query)
    if found is None:
        raise ParihsError(f"There is no version {number}.", "See: parihs codebook versions")
    return found


@codebook_command.command("show")
@as_option
@study_option
@json_option
@home_option
def show_command(home: Home, reader: str | None, study: str | None, as_json: bool) -> None:
    """The codes of the newest version, with the codings that carry them."""
    with Store(home).read() as session:
        found = get_study(session, study)
        newest = _newest(session, found.id)
        who = viewer(session, found.id, reader)
        views = definitions(session, newest.id)
        counts = code_counts(session, found.id, who)
        gone = retired_codes(session, newest.id)
        waits = waiting_by_code(session, newest.id, who)
        twice = waiting(session, newest.id, who) - sum(waits.values())
    rows = [
        {
            "code": view.key,
            "name": view.name,
            "below": view.parent_key,
            "origin": view.definition.origin,
            "codings": counts.get(view.code_id, 0),
            "waiting": False,
        }
        for view in views
    ]
    rows += [
        {"code": gone[code_id][0], "name": gone[code_id][1], "below": None, "origin": "retired"}
        | {"codings": many, "waiting": True}
        for code_id, many in waits.items()
    ]
    lines = [f"{r['code']:40} {r['codings']:>6}  {r['origin']:11} {r['name']}" for r in rows]
    lines.append(f"{len(views)} codes, version {newest.number}")
    if twice:
        lines.append(f"{twice} codings of merged codes were rated differently: see “To look at”")
    answer(as_json, rows, lines)


@codebook_command.command("versions")
@study_option
@json_option
@home_option
def versions_command(home: Home, study: str | None, as_json: bool) -> None:
    """The versions with their notes, newest first."""
    with Store(home).read() as session:
        newest = _newest(session, get_study(session, study).id)
        found = codebook_versions(session, newest.codebook_id)
    rows = [
        {"number": each.number, "saved_at": each.created_at.isoformat(), "note": each.note}
        for each in found
    ]
    lines = [f"{v.number:>4}  {v.created_at:%Y-%m-%d %H:%M}  {v.note}" for v in found]
    answer(as_json, rows, lines)


@codebook_command.command("diff")
@click.argument("before", type=int)
@click.argument("after", type=int)
@study_option
@json_option
@home_option
def diff_command(home: Home, before: int, after: int, study: str | None, as_json: bool) -> None:
    """What differs between two versions, by their numbers."""
    with Store(home).read() as session:
        book_id = _newest(session, get_study(session, study).id).codebook_id
        books = [
            codebook_file(session, _numbered(session, book_id, number).id)
            for number in (before, after)
        ]
    found = compare(*books)
    rows = [
        {"what": d.kind, "code": d.key, "field": d.field, "before": d.before, "after": d.after}
        for d in found
    ]
    lines: list[str] = []
    for each in found:
        lines.append(f"{each.kind:8} {each.key} {each.field}".rstrip())
        if each.kind in ("changed", "moved"):
            lines += [f"    - {each.before}", f"    + {each.after}"]
    answer(as_json, rows, lines or ["No difference."])


@codebook_command.command("save")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@note_option
@study_option
@home_option
def save_command(home: Home, file: Path, note: str, study: str | None) -> None:
    """Save a codebook FILE (YAML) as the next version."""
    book = load(file)
    _change(home, study, lambda tx, newest: save_changes(tx, newest.id, book, note))


@codebook_command.command("add")
@click.argument("below")
@click.argument("name")
@click.option("--definition", default="", help="What the new code means.")
@study_option
@home_option
def add_command(home: Home, below: str, name: str, definition: str, study: str | None) -> None:
    """Add a code of the team's own (inductive) called NAME below the code BELOW."""

    def added(tx: Transaction, newest: CodebookVersion) -> CodebookVersion:
        above = code_ids(tx.session, newest.codebook_id).get(below)
        if above is None:
            raise ParihsError(f"There is no code “{below}”.", "See: parihs codebook show")
        return add_inductive(tx, newest.id, above, name, definition)[0]

    _change(home, study, added)


@codebook_command.command("merge")
@click.argument("code")
@click.argument("into")
@note_option
@study_option
@home_option
def merge_command(home: Home, code: str, into: str, note: str, study: str | None) -> None:
    """Merge CODE into another: all its codings are recoded, as one step."""
    _change(home, study, lambda tx, newest: merge_codes(tx, newest.id, code, into, note))


@codebook_command.command("unmerge")
@study_option
@home_option
def unmerge_command(home: Home, study: str | None) -> None:
    """Take the last merging back."""

    def undone(tx: Transaction, newest: CodebookVersion) -> CodebookVersion:
        last = last_merge(tx.session, newest.codebook_id)
        if last is None:
            raise ParihsError("No codes were merged.", "There is nothing to take back.")
        return undo_merge(tx, last.id)

    _change(home, study, undone)


@codebook_command.command("split")
@click.argument("code")
@click.option("--below", help="Which of NAMES holds the codes below CODE; else the first.")
@note_option
@study_option
@home_option
def split_command(
    home: Home, code: str, names: tuple[str, ...], below: str | None, note: str, study: str | None
) -> None:
    """Split CODE into codes called NAMES; its codings wait for a person on the Codebook page."""
    parts = [(name, "") for name in names]
    if below is not None and below not in names:
        raise ParihsError(f"“{below}” is none of the new codes.", f"Use: {', '.join(names)}.")
    at = 0 if below is None else names.index(below)

    def done(tx: Transaction, newest: CodebookVersion) -> CodebookVersion:
        return split_code(tx, newest.id, code, parts, note, holds_below=at)

    _change(home, study, done)


def _change(
    home: Home, study: str | None, work: Callable[[Transaction, CodebookVersion], CodebookVersion]
) -> None:
    with Store(home).write(ACTOR) as tx:
        newest = _newest(tx.session, get_study(tx.session, study).id)
        version = work(tx, newest)
        told = f"Saved as version {version.number}: {version.note}"
    click.echo(told)
