"""What each role may change; asked wherever an event is recorded, so no door can forget it.

A *viewer* reads and changes nothing. A *coder* codes and does everything else that is not a lead's.
A *lead* also assigns transcripts, releases them, settles disagreements, edits the codebook and says
who has which role. In a study without a lead, everybody but viewers may do what leads may; so that
nobody is locked out, there are no viewers without a lead.

Whoever works outside the app's names (the command line, a script) holds the study's folder and may
do everything. On a laptop there is no password: these rules bind the app, not the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import Coder
from parihs.model.terms import CODER_ROLES

if TYPE_CHECKING:
    from parihs.store.store import Transaction

UNNAMED: Final = "lead"
"""What the app's pages write as while nobody is chosen in the side bar."""

LEAD: Final = "lead"
CODER: Final = "coder"
VIEWER: Final = "viewer"

LEAD_DEEDS: Final = {
    "assign": "says who codes what",
    "release": "releases transcripts",
    "settle": "settles disagreements",
    "codebook": "changes the codebook",
    "training": "makes training tests",
    "roles": "says who has which role",
}
"""What only a lead does where there is one, in words that follow “a lead”."""

DEED_OF: Final = {
    ("assigned", "assignment"): "assign",
    ("withdrew", "assignment"): "assign",
    ("released", "transcript"): "release",
    ("closed", "transcript"): "release",
    ("settled", "settlement"): "settle",
    ("reopened", "settlement"): "settle",
    ("added", "codebook"): "codebook",
    ("saved", "codebook_version"): "codebook",
    ("added", "training_test"): "training",
    ("withdrew", "training_test"): "training",
    ("gave a role", "coder"): "roles",
}
"""(verb, object type) of the events that are a lead's deeds."""


class MayNotError(ParihsError):
    """The one who asks has no right to this; nothing was changed."""


def leads(session: Session, study_id: str) -> list[Coder]:
    """The study's leads by key; where there is none, everybody may do what leads may."""
    query = select(Coder).filter_by(study_id=study_id, role=LEAD).order_by(Coder.key)
    return list(session.scalars(query))


def why_not(session: Session, study_id: str, actor: str, deed: str = "") -> str:
    """Why somebody may not do something, as a sentence; empty where they may.

    ``deed`` is one of ``LEAD_DEEDS``, or empty for any other change. An ``actor`` who is no coder
    of any study holds the folder; ``""`` and ``UNNAMED`` are somebody in the app who has not said
    who they are.
    """
    coder = session.get(Coder, actor) if actor else None
    if coder is None and actor not in ("", UNNAMED):
        return ""
    if coder is not None and coder.role == VIEWER:
        return f"{coder.name} is a viewer in this study: a viewer reads and changes nothing."
    if coder is not None and (not deed or coder.role == LEAD):
        return ""
    heads = leads(session, study_id)
    if not heads:
        return ""
    if coder is None:
        return "Nobody is chosen in the side bar, so this study is open for reading only."
    named = " or ".join(head.name for head in heads)
    return f"In this study a lead {LEAD_DEEDS[deed]}: ask {named}."


def require(session: Session, study_id: str, actor: str, deed: str = "") -> None:
    """Raise MayNotError with the reason of :func:`why_not`, if there is one."""
    reason = why_not(session, study_id, actor, deed)
    if reason:
        unnamed = actor in ("", UNNAMED)
        raise MayNotError(reason, "Say who you are there." if unnamed else "Nothing was changed.")


def require_event(
    session: Session, study_id: str | None, actor: str, verb: str, object_type: str
) -> None:
    """Raise MayNotError unless the actor may do what this event records."""
    if study_id is not None and actor:
        require(session, study_id, actor, DEED_OF.get((verb, object_type), ""))


def give_role(tx: Transaction, coder_id: str, role: str) -> None:
    """Say which role a coder has, one of ``CODER_ROLES``.

    Raises ParihsError for an unknown role, for a viewer in a study that has no lead, and for taking
    the last lead away while there are viewers; MayNotError for whoever may not say so.
    """
    coder = tx.session.get_one(Coder, coder_id)
    if role not in CODER_ROLES:
        raise ParihsError(f"“{role}” is not a role.", f"Use one of: {', '.join(CODER_ROLES)}.")
    if coder.role == role:
        return
    others = [head for head in leads(tx.session, coder.study_id) if head.id != coder_id]
    viewers = select(Coder.name).filter_by(study_id=coder.study_id, role=VIEWER)
    if role != LEAD and not others:
        if role == VIEWER:
            raise ParihsError(
                "A study needs a lead before it can have viewers; nothing was changed.",
                "Name somebody else as lead first.",
            )
        if coder.role == LEAD and tx.session.scalars(viewers).first():
            raise ParihsError(
                "The last lead cannot step down while there are viewers; nothing was changed.",
                "Name another lead first, or make the viewers coders.",
            )
    before = coder.role
    tx.record(coder.study_id, "gave a role", "coder", coder.id, {"from": before, "to": role})
    coder.role = role
    tx.session.flush()
