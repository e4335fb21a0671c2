"""New versions of a transcript's text, and the way from any version to any other one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from parihs.correction.script import Script
from parihs.correction.word_diff import difference
from parihs.model import Event, Transcript, TranscriptVersion, Turn, new_id
from parihs.store import Transaction
from parihs.store.transcripts import SEPARATOR, version_text

CARRIED: Final = "carried"
"""Verb of the event that holds the script from a version's parent to it."""
COPIED: Final = ("text", "n_words", "speaker_id", "start_ms", "end_ms", "words", "marks")
"""What a turn takes along into another version."""


def turns_of(session: Session, version_id: str) -> list[Turn]:
    """All turns of a version in order."""
    query = select(Turn).filter_by(version_id=version_id).order_by(Turn.position)
    return list(session.scalars(query))


def add_version(
    tx: Transaction,
    parent: TranscriptVersion,
    rows: Sequence[Mapping[str, Any]],
    *,
    reason: str,
    provenance: Mapping[str, Any] | None = None,
) -> TranscriptVersion:
    """Save turns as the version after ``parent``, in the name of whoever writes (``tx.actor``).

    ``rows`` are turns with ``position``, ``start``, ``end`` and what ``COPIED`` names.
    """
    text = SEPARATOR.join(row["text"] for row in rows)
    version = TranscriptVersion(
        transcript_id=parent.transcript_id,
        number=parent.number + 1,
        reason=reason,
        author=tx.actor,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        n_turns=len(rows),
        n_words=sum(row["n_words"] for row in rows),
        n_chars=len(text),
        provenance={**(provenance or {})},
        parent_id=parent.id,
    )
    tx.session.add(version)
    tx.session.flush()
    stored = [{"id": new_id(), "version_id": version.id, **row} for row in rows]
    tx.session.execute(insert(Turn), stored)
    study_id = tx.session.get_one(Transcript, parent.transcript_id).study_id
    data = {"transcript": parent.transcript_id, "number": version.number, "reason": reason}
    tx.record(study_id, "saved", "transcript_version", version.id, data)
    return version


def record_script(
    tx: Transaction,
    old: TranscriptVersion,
    new: TranscriptVersion,
    script: Script,
    counts: Mapping[str, int],
) -> int:
    """Keep the script from a version to the next one in the audit trail: by it everything moved."""
    study_id = tx.session.get_one(Transcript, new.transcript_id).study_id
    data = {"from": old.id, "kept": [list(block) for block in script.kept], **counts}
    return tx.record(study_id, CARRIED, "transcript_version", new.id, data)


def script_to(session: Session, version: TranscriptVersion) -> Script:
    """The script from a version's parent to it: as it was kept, else found by comparing words.

    The first version comes from an empty text.
    """
    parent = (
        None if version.parent_id is None else session.get(TranscriptVersion, version.parent_id)
    )
    if parent is None:
        return Script((), 0, version.n_chars)
    query = (
        select(Event.data)
        .where(
            Event.object_type == "transcript_version",
            Event.object_id == version.id,
            Event.verb == CARRIED,
        )
        .order_by(Event.seq.desc())
        .limit(1)
    )
    data = session.scalar(query)
    if data and data.get("from") == parent.id:
        return Script(tuple((a, b, n) for a, b, n in data["kept"]), parent.n_chars, version.n_chars)
    return difference(version_text(session, parent.id), version_text(session, version.id))


def script_between(session: Session, old: TranscriptVersion, new: TranscriptVersion) -> Script:
    """The script from any version of a transcript to any other one, through those between."""
    if old.number > new.number:
        return script_between(session, new, old).inverse()
    script = Script.same(old.n_chars)
    steps = []
    step: TranscriptVersion | None = new
    while step is not None and step.id != old.id:
        steps.append(step)
        step = session.get(TranscriptVersion, step.parent_id) if step.parent_id else None
    for each in reversed(steps):
        script = script.then(script_to(session, each))
    return script
