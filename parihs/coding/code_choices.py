"""Codes as one coder keeps them at hand, pinned or under words of their own; and how often each is
used, of what a viewer may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from parihs.coding.visibility import open_to
from parihs.errors import ParihsError
from parihs.model import Code, Codebook, CodeChoice, Coder, Coding, Transcript
from parihs.store import Transaction

MOST_SYNONYMS: Final = 30
LONGEST_SYNONYM: Final = 60


def choices(session: Session, coder_id: str) -> dict[str, dict[str, Any]]:
    """Code id → ``pinned`` and ``synonyms``, of the codes for which this coder chose anything."""
    query = select(CodeChoice).filter_by(coder_id=coder_id).order_by(CodeChoice.code_id)
    return {
        each.code_id: {"pinned": each.pinned, "synonyms": list(each.synonyms)}
        for each in session.scalars(query)
        if each.pinned or each.synonyms
    }


def choose(
    tx: Transaction,
    coder_id: str,
    code_id: str,
    *,
    pinned: bool | None = None,
    synonyms: Iterable[str] | None = None,
) -> Mapping[str, Any]:
    """Pin a code or let it go, and set a coder's own words for it; None leaves it as it is.

    Words are kept once each, without regard to case. It leaves no line in the trail: it says how
    somebody works, not what they did. Raises ParihsError where the code is not in their study.
    """
    coder = tx.session.get(Coder, coder_id)
    query = select(Codebook.study_id).join(Code, Code.codebook_id == Codebook.id)
    study_id = tx.session.scalar(query.where(Code.id == code_id))
    if coder is None or study_id != coder.study_id:
        raise ParihsError("This code is not in your study, so nothing was kept.", "Reload.")
    choice = tx.session.get(CodeChoice, (coder_id, code_id))
    if choice is None:
        choice = CodeChoice(coder_id=coder_id, code_id=code_id)
        tx.session.add(choice)
    if pinned is not None:
        choice.pinned = pinned
    if synonyms is not None:
        choice.synonyms = _clean(synonyms)
    tx.session.flush()
    return {"pinned": choice.pinned, "synonyms": list(choice.synonyms)}


def code_counts(session: Session, study_id: str, viewer_id: str | None) -> dict[str, int]:
    """Code id → number of codings with it in the study, of those that the viewer may see."""
    # Counted in the order of the index that holds all of it, and only then by code.
    by = (Coding.transcript_id, Coding.coder_id, Coding.code_id)
    counted = (
        select(*by, func.count().label("n"))
        .where(Coding.study_id == study_id, Coding.uncoded.is_(False))
        .group_by(*by)
        .subquery()
    )
    query = (
        select(counted.c.code_id, func.sum(counted.c.n))
        .join(Transcript, Transcript.id == counted.c.transcript_id)
        .group_by(counted.c.code_id)
    )
    if viewer_id is not None:
        query = query.where(or_(counted.c.coder_id == viewer_id, open_to(viewer_id)))
    return {row[0]: int(row[1]) for row in session.execute(query)}


def _clean(synonyms: Iterable[str]) -> list[str]:
    kept: dict[str, str] = {}
    for each in synonyms:
        word = " ".join(str(each).split())[:LONGEST_SYNONYM]
        if word:
            kept.setdefault(word.casefold(), word)
    return list(kept.values())[:MOST_SYNONYMS]
