"""Changing a study's codebook so that no coding is lost: versions, merging, splitting, own codes.

Every change is a new version with a note. Codings keep the code that their coder gave until a
person changes it, with one exception that the trail tells: merging gives the codings of one code
to another, all in one step that can be taken back; where a coder had given both to the very same
words, one coding is left (``merged_twins``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.codebook.book import CodebookFile, CodeEntry
from parihs.codebook.differences import join
from parihs.codebook.editing import add, entry_of, merge, new_id, split
from parihs.coding.merged_twins import fold_twins, standing_merges, unfold_twins
from parihs.errors import ParihsError
from parihs.model import Codebook, CodebookVersion, Coding, Event, utc_now
from parihs.store import Transaction
from parihs.store.codebooks import (
    code_ids,
    codebook_file,
    latest_codebook_version,
    save_codebook,
)
from parihs.store.roles import require

INDUCTIVE = "inductive"


class NewerCodebookError(ParihsError):
    """Somebody saved a version of the codebook since the one that the changes began from."""


def save_changes(
    tx: Transaction, seen_version_id: str, book: CodebookFile, note: str
) -> CodebookVersion:
    """Save a changed codebook as the version after the one it began from.

    Raises NewerCodebookError when somebody saved another meanwhile, MayNotError for whoever may
    not change the codebook, and ParihsError without a note, without a change, or with faults.
    """
    codebook, seen = _book_of(tx.session, seen_version_id)
    require(tx.session, codebook.study_id, tx.actor, "codebook")
    newest = _newest(tx.session, codebook)
    if newest.id != seen.id:
        raise NewerCodebookError(
            f"The codebook was changed meanwhile (version {newest.number}), so yours was not "
            "saved over it.",
            "Look at both, and save again.",
        )
    reason = _note(note)
    version = save_codebook(tx, codebook.study_id, book, reason)
    if version.id == newest.id:
        raise ParihsError("Nothing differs from the newest version.", "There is nothing to save.")
    return version


def add_inductive(
    tx: Transaction, codebook_version_id: str, below: str, name: str, definition: str = ""
) -> tuple[CodebookVersion, str]:
    """Add a code of the team's own below the code with the id ``below``; gives its code id, too.

    It goes into the newest version, whichever one the coder saw. Raises ParihsError when the name
    is empty or taken there, or the code above is gone; MayNotError for viewers.
    """
    codebook, _ = _book_of(tx.session, codebook_version_id)
    newest = _newest(tx.session, codebook)
    book = codebook_file(tx.session, newest.id)
    ids = code_ids(tx.session, codebook.id)
    above = entry_of(book, _key(ids, below))
    entry = CodeEntry(
        id=new_id(ids, name, above.id),
        name=" ".join(name.split()),
        parent=above.id,
        origin=INDUCTIVE,
        definition=definition.strip(),
        rate_valence=above.rate_valence,
    )
    note = f"“{entry.name}”, a new code below “{above.name}”"
    changed = add(book, entry, after=above.id)
    version = save_codebook(tx, codebook.study_id, changed, note, verb="extended")
    return version, code_ids(tx.session, codebook.id)[entry.id]


def merge_codes(
    tx: Transaction, seen_version_id: str, key: str, into: str, note: str
) -> CodebookVersion:
    """Merge a code into another (both by key): a new version, and all its codings recoded.

    Codings by everybody and in every transcript go along, with an event each, so that the trail and
    the history of each excerpt say it; those taken back, too, since they may be brought back. Of
    two by one coder on the very same words one is left.
    Raises as ``save_changes`` does.
    """
    codebook, seen = _book_of(tx.session, seen_version_id)
    book = codebook_file(tx.session, seen.id)
    names = entry_of(book, key).name, entry_of(book, into).name
    told = f"“{names[0]}” into “{names[1]}”: {_note(note)}"
    version = save_changes(tx, seen.id, merge(book, key, into), told)
    ids = code_ids(tx.session, codebook.id)
    recoded = _codings(tx.session, ids[key])
    for coding in recoded:
        _recode(tx, coding, ids[into], version)
    fold_twins(tx, version, ids[key], {coding.id for coding in recoded})
    data = {"from": ids[key], "to": ids[into], "number": version.number, "note": told}
    tx.record(codebook.study_id, "merged", "codebook_version", version.id, data)
    return version


def last_merge(session: Session, codebook_id: str) -> CodebookVersion | None:
    """The newest merging that was not taken back, as the version that it made."""
    merges = standing_merges(session, codebook_id)
    return session.get_one(CodebookVersion, merges[0].object_id) if merges else None


def undo_merge(tx: Transaction, merged_version_id: str) -> CodebookVersion:
    """Take a merging back: the code is in the newest version again, and its codings carry it.

    Codings whose code somebody changed after the merging stay as they are now. What else changed in
    the codebook meanwhile stays, too. Raises ParihsError when it was taken back already, and
    MayNotError for whoever may not change the codebook.
    """
    codebook, merged = _book_of(tx.session, merged_version_id)
    require(tx.session, codebook.study_id, tx.actor, "codebook")
    last = last_merge(tx.session, codebook.id)
    if last is None or last.id != merged.id:
        raise ParihsError("This merging is not the last one.", "Take back the later one first.")
    event = tx.session.scalars(select(Event).filter_by(verb="merged", object_id=merged.id)).one()
    before = tx.session.scalars(
        select(CodebookVersion).filter_by(codebook_id=codebook.id, number=merged.number - 1)
    ).one()
    newest = _newest(tx.session, codebook)
    joined = join(
        codebook_file(tx.session, merged.id),
        codebook_file(tx.session, before.id),
        codebook_file(tx.session, newest.id),
    )
    told = f"taken back: {event.data['note']}"
    version = save_codebook(tx, codebook.study_id, joined.book, told)
    unfold_twins(tx, merged.id)
    for coding_id, seq in _recodings(tx.session, merged.id).items():
        coding = tx.session.get_one(Coding, coding_id)
        if coding.code_id == event.data["to"] and not _changed_since(tx.session, coding_id, seq):
            _recode(tx, coding, event.data["from"], version)
    data = {"undoes": merged.id, "number": version.number, "note": told}
    tx.record(codebook.study_id, "unmerged", "codebook_version", version.id, data)
    return version


def split_code(
    tx: Transaction,
    seen_version_id: str,
    key: str,
    parts: Sequence[tuple[str, str]],
    note: str,
    *,
    holds_below: int = 0,
) -> CodebookVersion:
    """Split a code (by key) into new ones, ``(name, definition)`` each, where it stood.

    Its codings keep it until somebody decides about each (see ``recoding``). The codes below it
    come below the part with the number ``holds_below``, from 0; they and their codings stay as they
    are. Raises as ``save_changes`` does.
    """
    codebook, seen = _book_of(tx.session, seen_version_id)
    book = codebook_file(tx.session, seen.id)
    old = entry_of(book, key)
    taken = set(code_ids(tx.session, codebook.id))
    entries = []
    for name, definition in parts:
        made = new_id(taken, name, old.parent)
        taken.add(made)
        entries.append(
            CodeEntry(
                id=made,
                name=" ".join(name.split()),
                origin=old.origin if old.origin == INDUCTIVE else "extension",
                definition=definition.strip(),
                rate_valence=old.rate_valence,
                source=old.source,
            )
        )
    told = f"“{old.name}” into {', '.join(f'“{entry.name}”' for entry in entries)}: {_note(note)}"
    version = save_changes(tx, seen.id, split(book, key, entries, holds_below=holds_below), told)
    ids = code_ids(tx.session, codebook.id)
    data: dict[str, Any] = {"from": ids[key], "to": [ids[entry.id] for entry in entries]}
    data |= {"number": version.number, "note": told}
    tx.record(codebook.study_id, "split", "codebook_version", version.id, data)
    return version


def _recode(tx: Transaction, coding: Coding, code_id: str, version: CodebookVersion) -> None:
    before, coding.code_id = coding.code_id, code_id
    coding.codebook_version_id = version.id
    coding.updated_at = utc_now()
    data = {"from": {"code": before}, "to": {"code": code_id}, "merge": version.id}
    coding.rev = tx.record(coding.study_id, "recoded", "coding", coding.id, data)


def _codings(session: Session, code_id: str) -> list[Coding]:
    return list(session.scalars(select(Coding).filter_by(code_id=code_id).order_by(Coding.id)))


def _recodings(session: Session, merged_version_id: str) -> dict[str, int]:
    """Coding id → number of the event with which a merging recoded it."""
    query = select(Event).filter_by(object_type="coding", verb="recoded").order_by(Event.seq)
    return {
        event.object_id: event.seq
        for event in session.scalars(query)
        if event.data.get("merge") == merged_version_id
    }


def _changed_since(session: Session, coding_id: str, seq: int) -> bool:
    """Whether somebody gave the coding a code after event ``seq``."""
    query = select(Event.data).where(
        Event.object_type == "coding",
        Event.object_id == coding_id,
        Event.verb == "changed",
        Event.seq > seq,
    )
    return any("code" in data.get("to", {}) for data in session.scalars(query))


def _book_of(session: Session, version_id: str) -> tuple[Codebook, CodebookVersion]:
    version = session.get(CodebookVersion, version_id)
    if version is None:
        raise ParihsError("This codebook is not here any more.", "Reload the page.")
    return session.get_one(Codebook, version.codebook_id), version


def _newest(session: Session, codebook: Codebook) -> CodebookVersion:
    newest = latest_codebook_version(session, codebook.id)
    assert newest is not None
    return newest


def _key(ids: dict[str, str], code_id: str) -> str:
    for key, each in ids.items():
        if each == code_id:
            return key
    raise ParihsError("This code is not in the codebook.", "Choose another one.")


def _note(note: str) -> str:
    if not note.strip():
        raise ParihsError("What changed, and why, is not said yet; nothing was saved.", "Write it.")
    return note.strip()
