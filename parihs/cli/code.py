"""``parihs code list`` and ``parihs code export``: codings as text and as a table."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.cli.viewing import as_option, viewer
from parihs.coding.visibility import visible_codings
from parihs.exchange import write_codings
from parihs.home import Home
from parihs.model import Code, Codebook, Coder, Coding, Transcript, Workshop
from parihs.store import Store
from parihs.store.studies import get_study
from parihs.store.transcripts import latest_versions, turns


@click.group("code")
def code_command() -> None:
    """List or export codings."""


def _codings(
    session: Session, study_id: str, workshop: str | None, reader: str | None
) -> list[Coding]:
    seen = visible_codings(viewer(session, study_id, reader))
    query = seen.where(Coding.study_id == study_id, Coding.uncoded.is_(False))
    if workshop is not None:
        query = query.join(Workshop, Workshop.id == Transcript.workshop_id).where(
            Workshop.key == workshop
        )
    return list(session.scalars(query.order_by(Coding.transcript_id, Coding.start)))


def _keys(session: Session, study_id: str) -> tuple[dict[str, str], dict[str, str]]:
    codes = session.scalars(
        select(Code)
        .join(Codebook, Codebook.id == Code.codebook_id)
        .where(Codebook.study_id == study_id)
    )
    coders = session.scalars(select(Coder).filter_by(study_id=study_id))
    return {code.id: code.key for code in codes}, {coder.id: coder.key for coder in coders}


@code_command.command("list")
@click.option("--workshop", default=None, help="Only this workshop.")
@as_option
@study_option
@json_option
@home_option
def list_command(
    home: Home, workshop: str | None, reader: str | None, study: str | None, as_json: bool
) -> None:
    """List codings with their quotes."""
    store = Store(home)
    with store.read() as session:
        found = get_study(session, study)
        codes, coders = _keys(session, found.id)
        rows = [
            {
                "id": coding.id,
                "transcript": coding.transcript_id,
                "start": coding.start,
                "end": coding.end,
                "code": codes[coding.code_id],
                "coder": coders[coding.coder_id],
                "valence": coding.valence,
                "quote": coding.quote,
                "memo": coding.memo,
            }
            for coding in _codings(session, found.id, workshop, reader)
        ]
    lines = [f"{r['code']:38} {r['valence']:>7} {r['coder']:8} {r['quote']}" for r in rows]
    answer(as_json, rows, [*lines, f"{len(rows)} codings"])


@code_command.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@as_option
@study_option
@home_option
def export_command(home: Home, folder: Path, reader: str | None, study: str | None) -> None:
    """Write one CSV of codings per workshop into FOLDER, in the form that import reads."""
    store = Store(home)
    folder.mkdir(parents=True, exist_ok=True)
    with store.read() as session:
        found = get_study(session, study)
        codes, coders = _keys(session, found.id)
        versions = latest_versions(session, found.id)
        by_transcript: dict[str, list[Coding]] = {}
        for coding in _codings(session, found.id, None, reader):
            by_transcript.setdefault(coding.transcript_id, []).append(coding)
        for transcript_id, version in versions.items():
            transcript = session.get_one(Transcript, transcript_id)
            workshop = session.get_one(Workshop, transcript.workshop_id)
            table = write_codings(
                by_transcript.get(transcript_id, []),
                turns(session, version.id),
                code_keys=codes,
                coder_keys=coders,
            )
            target = folder / f"{workshop.key}.csv"
            target.write_text(table, encoding="utf-8")
            click.echo(f"{target.name}: {len(by_transcript.get(transcript_id, []))} codings")
