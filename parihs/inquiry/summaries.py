"""Writing the framework grid's summaries: nothing overwritten unseen, every text kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.compare.axes import ROW_COLUMNS
from parihs.errors import ParihsError
from parihs.inquiry.bearing import borne_by
from parihs.inquiry.texts import (
    NewerTextError,
    Saved,
    current_rev,
    history,
    one_of,
    refuse_unknown_code,
    who,
    written,
)
from parihs.model import Event, GridCell, Participant, Site, Workshop, utc_now
from parihs.store import Transaction

EMPTY: Final = "empty"
DRAFTED: Final = "drafted"
AGREED: Final = "agreed"
STATUSES: Final = {EMPTY: "Empty", DRAFTED: "Drafted", AGREED: "Agreed"}

_KEPT: Final = {"site": Site, "workshop": Workshop, "participant": Participant}


def save_cell(
    tx: Transaction,
    study_id: str,
    case_type: str,
    case_id: str,
    code_id: str,
    *,
    summary: str,
    base_rev: int,
    status: str = DRAFTED,
    excerpt_ids: Sequence[str] = (),
    seen_rev: int | None = None,
) -> GridCell:
    """Save a summary in the name of whoever writes (``tx.actor``).

    ``base_rev`` is the cell's ``rev`` that the writer started from (0: nothing was there);
    ``seen_rev`` is the ``Grid.rev`` they looked at (None: all codings as of now). Without text the
    status is ``empty``. Saving the same again changes nothing; saving the same text with a newer
    ``seen_rev`` confirms that it still holds.

    Raises NewerTextError, which has both texts, when another text was saved meanwhile; ParihsError
    for an unknown case, code, status or excerpt, or a text that is too long.
    """
    one_of(status, STATUSES, "status of a summary")
    summary = written(summary)
    status = (DRAFTED if status == EMPTY else status) if summary else EMPTY
    now = current_rev(tx.session)
    seen_rev = now if seen_rev is None else min(seen_rev, now)
    cell = find_cell(tx.session, study_id, case_type, case_id, code_id)
    if cell is None:
        refuse_unknown_code(tx.session, study_id, code_id)
        _refuse_unknown_case(tx.session, study_id, case_type, case_id)
        cell = GridCell(study_id=study_id, case_type=case_type, case_id=case_id, code_id=code_id)
    ids = borne_by(tx.session, study_id, excerpt_ids, cell.excerpt_ids)
    same = (cell.summary, cell.status, cell.excerpt_ids) == (summary, status, ids)
    if same and (seen_rev <= cell.seen_rev or not cell.rev):
        return cell
    if not same and base_rev != cell.rev:
        by = who(tx.session, cell.author)
        raise NewerTextError(yours=summary, theirs=cell.summary, by=by, rev=cell.rev)
    _keep(tx, cell, "confirmed" if same else "saved", summary, status, ids, seen_rev)
    return cell


def find_cell(
    session: Session, study_id: str, case_type: str, case_id: str, code_id: str
) -> GridCell | None:
    """The cell of a case and a code, if anything was ever written there."""
    return session.scalar(
        select(GridCell).filter_by(
            study_id=study_id, case_type=case_type, case_id=case_id, code_id=code_id
        )
    )


def cell_history(session: Session, cell_id: str) -> list[Saved]:
    """Every text a cell has had, newest first; ``data`` holds ``summary, status, excerpt_ids,
    seen_rev``."""
    return history(session, "grid_cell", cell_id)


def restore_cell(tx: Transaction, cell_id: str, seq: int, *, base_rev: int) -> GridCell:
    """Put an earlier text back (``seq`` of its history), as a new line of the history.

    Its excerpts come back with it, and it has seen no more codings than it had then. Raises
    NewerTextError as ``save_cell`` does, ParihsError when the cell had no such text.
    """
    cell = tx.session.get_one(GridCell, cell_id)
    event = tx.session.get(Event, seq)
    if event is None or (event.object_type, event.object_id) != ("grid_cell", cell_id):
        raise ParihsError("This cell never had that text; nothing was changed.", "Reload.")
    data = event.data
    if base_rev != cell.rev:
        by = who(tx.session, cell.author)
        raise NewerTextError(yours=data["summary"], theirs=cell.summary, by=by, rev=cell.rev)
    _keep(
        tx, cell, "restored", data["summary"], data["status"], data["excerpt_ids"], data["seen_rev"]
    )
    return cell


def _keep(
    tx: Transaction,
    cell: GridCell,
    verb: str,
    summary: str,
    status: str,
    excerpt_ids: list[str],
    seen_rev: int,
) -> None:
    cell.summary, cell.status, cell.excerpt_ids = summary, status, list(excerpt_ids)
    cell.seen_rev, cell.author, cell.updated_at = seen_rev, tx.actor, utc_now()
    tx.session.add(cell)
    tx.session.flush()
    data: dict[str, Any] = {
        "case_type": cell.case_type,
        "case_id": cell.case_id,
        "code_id": cell.code_id,
        "summary": summary,
        "status": status,
        "excerpt_ids": list(excerpt_ids),
        "seen_rev": seen_rev,
    }
    cell.rev = tx.record(cell.study_id, verb, "grid_cell", cell.id, data)


def _refuse_unknown_case(session: Session, study_id: str, case_type: str, case_id: str) -> None:
    one_of(case_type, ROW_COLUMNS, "kind of case")
    if case_type not in _KEPT or (case_type, case_id) == ("participant", ""):
        return  # a role, a cycle, or the voices that are linked to nobody
    found: Any = session.get(_KEPT[case_type], case_id)
    if found is None or found.study_id != study_id:
        raise ParihsError(
            f"This {case_type} is no longer in the study, so nothing was saved.", "Reload."
        )
