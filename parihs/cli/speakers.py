"""``parihs speakers``: who speaks in each transcript, naming voices, merging them."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import Participant, Speaker, Transcript, Workshop
from parihs.speakers import Voice, add_and_link, link_voice, merge, name_voice, undo, voices
from parihs.store import Store
from parihs.store.studies import find_workshop, get_study
from parihs.store.transcripts import latest_version, transcripts

ACTOR = "command line"


@click.group("speakers")
def speakers_command() -> None:
    """Say who speaks in a study's transcripts."""


@speakers_command.command("list")
@click.option("--workshop", default=None, help="Key of a workshop: only its transcripts.")
@study_option
@json_option
@home_option
def list_command(home: Home, workshop: str | None, study: str | None, as_json: bool) -> None:
    """List the voices of each transcript, with their ids and how much they say."""
    with Store(home).read() as session:
        rows = _rows(session, get_study(session, study).id, workshop)
    lines = []
    for row in rows:
        who = row["participant"] or "not known"
        turns = f"{row['turns']} turn{'' if row['turns'] == 1 else 's'}"
        unsure = f", {row['unsure']} not sure" if row["unsure"] else ""
        lines.append(
            f"{row['id']}  {row['workshop']}  {row['label']} ({who}): "
            f"{turns}, {row['words']} words{unsure}"
        )
    answer(as_json, rows, lines or ["Nobody speaks in this study yet."])


@speakers_command.command("name")
@click.argument("voice")
@click.argument("name")
@click.option("--new", is_flag=True, help="Add NAME as a participant first.")
@click.option("--role", default="", help="With --new: role of the participant.")
@click.option("--label", "only_label", is_flag=True, help="Rename in the transcript only.")
@study_option
@json_option
@home_option
def name_command(
    home: Home,
    voice: str,
    name: str,
    new: bool,
    role: str,
    only_label: bool,
    study: str | None,
    as_json: bool,
) -> None:
    """Say that VOICE (an id from the list) is the participant with the pseudonym NAME."""
    store = Store(home)
    with store.write(ACTOR) as tx:
        study_id = get_study(tx.session, study).id
        found = _voice(tx.session, study_id, voice)
        if only_label:
            name_voice(tx, found.id, name)
        elif new:
            transcript = tx.session.get_one(Transcript, found.transcript_id)
            site_id = tx.session.get_one(Workshop, transcript.workshop_id).site_id
            add_and_link(tx, found.id, pseudonym=name, role=role, site_id=site_id)
        else:
            person = tx.session.scalar(
                select(Participant).filter_by(study_id=study_id, pseudonym=name)
            )
            if person is None:
                raise ParihsError(
                    f"There is no participant “{name}”, so nothing was changed.",
                    "Add --new to make one, or --label to rename the voice only.",
                )
            link_voice(tx, found.id, person.id)
    answer(as_json, {"voice": found.id, "name": name}, [f"{found.label} is {name} now."])


@speakers_command.command("merge")
@click.argument("voice")
@click.argument("into")
@study_option
@json_option
@home_option
def merge_command(home: Home, voice: str, into: str, study: str | None, as_json: bool) -> None:
    """Make VOICE and INTO (ids from the list) one: all turns of VOICE become INTO's."""
    with Store(home).write(ACTOR) as tx:
        study_id = get_study(tx.session, study).id
        one, other = _voice(tx.session, study_id, voice), _voice(tx.session, study_id, into)
        label, kept = one.label, other.label
        seq = merge(tx, one.id, other.id)
    said = f"{label} is merged into {kept}. parihs speakers undo {seq} takes it back."
    answer(as_json, {"change": seq, "voice": other.id}, [said])


@speakers_command.command("undo")
@click.argument("change", type=int)
@study_option
@json_option
@home_option
def undo_command(home: Home, change: int, study: str | None, as_json: bool) -> None:
    """Take back a CHANGE of speakers by its number in the audit trail."""
    with Store(home).write(ACTOR) as tx:
        seq = undo(tx, get_study(tx.session, study).id, change)
    answer(as_json, {"change": seq}, [f"Undone; parihs speakers undo {seq} makes it again."])


def _rows(session: Session, study_id: str, workshop: str | None) -> list[dict[str, Any]]:
    only = find_workshop(session, study_id, workshop).id if workshop else None
    rows = []
    for transcript in transcripts(session, study_id):
        version = latest_version(session, transcript.id)
        if version is None or only not in (None, transcript.workshop_id):
            continue
        key = session.get_one(Workshop, transcript.workshop_id).key
        heard = voices(session, version.id)
        rows += [_row(each, key, transcript) for each in heard if each.id is not None]
    return rows


def _row(voice: Voice, workshop: str, transcript: Transcript) -> dict[str, Any]:
    return {
        "id": voice.id,
        "workshop": workshop,
        "transcript": transcript.title,
        "label": voice.label,
        "participant": voice.participant.pseudonym if voice.participant else None,
        "turns": voice.n_turns,
        "words": voice.n_words,
        "talk_ms": voice.talk_ms,
        "unsure": voice.n_unsure,
    }


def _voice(session: Session, study_id: str, given: str) -> Speaker:
    """The voice with this id, or with an id that alone begins so."""
    query = (
        select(Speaker)
        .join(Transcript, Transcript.id == Speaker.transcript_id)
        .where(Transcript.study_id == study_id, Speaker.id.startswith(given, autoescape=True))
        .limit(2)
    )
    found = list(session.scalars(query))
    if len(found) != 1 or not given:
        raise ParihsError(
            f"No single voice has the id “{given}”, so nothing was changed.",
            "parihs speakers list shows the ids.",
        )
    return found[0]
