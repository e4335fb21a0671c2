"""Studies, sites, workshops and participants: making and finding them."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import Attendance, Base, Coder, Participant, Site, Study, Workshop
from parihs.model.terms import SITE_KINDS, WORKSHOP_KINDS
from parihs.store.store import Transaction

T = TypeVar("T", bound=Base)


def add_study(
    tx: Transaction, *, key: str, name: str, description: str = "", fictional: bool = False
) -> Study:
    """Start a study. Raises ParihsError when the key is taken."""
    if find_study(tx.session, key) is not None:
        raise ParihsError(f"There is already a study called “{key}”.", "Choose another key.")
    study = Study(key=key, name=name, description=description, fictional=fictional)
    return _added(tx, study.id, study, {"key": key})


def add_site(tx: Transaction, study_id: str, *, key: str, name: str, kind: str = "other") -> Site:
    """Add a site to a study. ``kind`` is one of ``SITE_KINDS``."""
    _require(kind, SITE_KINDS, "site kind")
    _refuse_taken(tx.session, Site, study_id, key)
    position = _count(tx.session, Site, study_id)
    site = Site(study_id=study_id, key=key, name=name, kind=kind, position=position)
    return _added(tx, study_id, site, {"key": key})


def add_workshop(
    tx: Transaction,
    study_id: str,
    *,
    site_id: str,
    key: str,
    title: str,
    kind: str = "workshop",
    held_on: date | None = None,
    cycle: int | None = None,
) -> Workshop:
    """Add a workshop (or interview, observation, document) at a site."""
    _require(kind, WORKSHOP_KINDS, "workshop kind")
    _refuse_taken(tx.session, Workshop, study_id, key)
    workshop = Workshop(
        study_id=study_id,
        site_id=site_id,
        key=key,
        title=title,
        kind=kind,
        held_on=held_on,
        cycle=cycle,
        position=_count(tx.session, Workshop, study_id),
    )
    return _added(tx, study_id, workshop, {"key": key})


def add_participant(
    tx: Transaction,
    study_id: str,
    *,
    pseudonym: str,
    role: str = "",
    description: str = "",
    site_id: str | None = None,
    facilitator: bool = False,
) -> Participant:
    """Add a participant under a pseudonym; real names do not belong in the study database."""
    taken = select(Participant).filter_by(study_id=study_id, pseudonym=pseudonym)
    if tx.session.scalar(taken) is not None:
        raise ParihsError(
            f"The pseudonym “{pseudonym}” is already used in this study.", "Choose another one."
        )
    participant = Participant(
        study_id=study_id,
        pseudonym=pseudonym,
        role=role,
        description=description,
        site_id=site_id,
        facilitator=facilitator,
    )
    return _added(tx, study_id, participant, {})


def add_coder(tx: Transaction, study_id: str, *, key: str, name: str) -> Coder:
    """Add a coder to a study."""
    _refuse_taken(tx.session, Coder, study_id, key)
    return _added(tx, study_id, Coder(study_id=study_id, key=key, name=name), {"key": key})


def attend(tx: Transaction, workshop_id: str, participant_id: str) -> None:
    """Note that a participant took part in a workshop; noting it twice changes nothing."""
    if tx.session.get(Attendance, (workshop_id, participant_id)) is None:
        tx.session.add(Attendance(workshop_id=workshop_id, participant_id=participant_id))
        tx.session.flush()


def studies(session: Session) -> list[Study]:
    """All studies of this home, oldest first."""
    return list(session.scalars(select(Study).order_by(Study.created_at)))


def find_study(session: Session, key: str) -> Study | None:
    """The study with this key, if there is one."""
    return session.scalar(select(Study).filter_by(key=key))


def get_study(session: Session, key: str | None = None) -> Study:
    """The study with this key, or the only one. Raises ParihsError where that is not clear."""
    if key is not None:
        found = find_study(session, key)
        if found is None:
            raise ParihsError(f"There is no study called “{key}”.", _known(session))
        return found
    everything = studies(session)
    if len(everything) == 1:
        return everything[0]
    if not everything:
        raise ParihsError("There is no study here yet.", "Make one in the app, or run parihs demo.")
    raise ParihsError("There are several studies here.", f"Say which one. {_known(session)}")


def sites(session: Session, study_id: str) -> list[Site]:
    """The study's sites in their order."""
    return list(session.scalars(select(Site).filter_by(study_id=study_id).order_by(Site.position)))


def workshops(session: Session, study_id: str) -> list[Workshop]:
    """The study's workshops, by site and then in their order."""
    query = (
        select(Workshop)
        .join(Site, Site.id == Workshop.site_id)
        .where(Workshop.study_id == study_id)
        .order_by(Site.position, Workshop.held_on, Workshop.position)
    )
    return list(session.scalars(query))


def participants(session: Session, study_id: str) -> list[Participant]:
    """The study's participants by pseudonym."""
    query = select(Participant).filter_by(study_id=study_id).order_by(Participant.pseudonym)
    return list(session.scalars(query))


def coders(session: Session, study_id: str) -> list[Coder]:
    """The study's coders by key."""
    return list(session.scalars(select(Coder).filter_by(study_id=study_id).order_by(Coder.key)))


def find_workshop(session: Session, study_id: str, key: str) -> Workshop:
    """The workshop with this key. Raises ParihsError, naming the known keys, when there is none."""
    found = session.scalar(select(Workshop).filter_by(study_id=study_id, key=key))
    if found is None:
        known = ", ".join(w.key for w in workshops(session, study_id)) or "none yet"
        raise ParihsError(f"There is no workshop called “{key}”.", f"Known workshops: {known}.")
    return found


def _added(tx: Transaction, study_id: str, thing: T, data: dict[str, str]) -> T:
    tx.session.add(thing)
    tx.session.flush()
    tx.record(study_id, "added", thing.__tablename__, thing.id, data)  # type: ignore[attr-defined]
    return thing


def _refuse_taken(session: Session, kind: type[Base], study_id: str, key: str) -> None:
    if session.scalar(select(kind).filter_by(study_id=study_id, key=key)) is not None:
        noun = kind.__tablename__
        raise ParihsError(f"This study already has a {noun} “{key}”.", "Choose another key.")


def _count(session: Session, kind: type[Base], study_id: str) -> int:
    query = select(func.count()).select_from(kind).filter_by(study_id=study_id)
    return session.scalar(query) or 0


def _require(value: str, allowed: dict[str, str], what: str) -> None:
    if value not in allowed:
        raise ParihsError(f"“{value}” is not a {what}.", f"Use one of: {', '.join(allowed)}.")


def _known(session: Session) -> str:
    return f"Known studies: {', '.join(s.key for s in studies(session)) or 'none'}."
