"""What the agreement page compares, and what it asks of the coding room; kept until data change."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import streamlit as st
from sqlalchemy import func, select

from parihs.coding.compared import Compared, load_compared
from parihs.coding.levels import LEVELS, Level
from parihs.coding.queue import Queue, adjudication_queue
from parihs.coding.study_agreement import Rung, StudyAgreement, code_ladder, study_agreement
from parihs.coding.visibility import open_to
from parihs.model import Event, Site, Transcript, Workshop
from parihs.store.studies import coders
from parihs.ui.choose import choose
from parihs.ui.state import Current, remember, remembered
from parihs.web.context import context

LEVEL_WORDS: dict[str, str] = {
    "code": "Every code",
    "parent": "Parents: the level below the constructs",
    "construct": "Constructs",
}
AT_ONCE = 50
"""Transcripts that are compared where nobody chose any; all of a large study take minutes."""
# What no coefficient depends on: deciding and discussing must not compute them again.
_NOT_COUNTED = ("settlement", "memo")


@dataclass(frozen=True, slots=True)
class AgreementChoice:
    """What a person chose to compare; None for all."""

    level: Level
    transcripts: tuple[str, ...] | None = None
    coders: tuple[str, ...] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values, to be remembered."""
        return asdict(self)


def choices(now: Current) -> AgreementChoice:
    """Level, transcripts and coders, remembered from the last visit."""
    kept = remembered(f"agreement:{now.study.key}", {})
    with now.app.store.read() as session:
        people = {person.id: person.name for person in coders(session, now.study.id)}
        titles = _released(now)
    one, two, three = st.columns([2, 3, 2], vertical_alignment="bottom")
    level = choose(
        one,
        "Compare",
        LEVEL_WORDS,
        key=f"agreement-level-{now.study.key}",
        wanted=kept.get("level"),
    )
    transcripts = two.multiselect(
        "Transcripts",
        list(titles),
        default=[i for i in kept.get("transcripts") or [] if i in titles],
        format_func=lambda i: titles[i],
        placeholder=f"all {len(titles)} released"
        if len(titles) <= AT_ONCE
        else f"the first {AT_ONCE} of {len(titles):,} released",
        key=f"agreement-transcripts-{now.study.key}",
    )
    chosen = three.multiselect(
        "Coders",
        list(people),
        default=[i for i in kept.get("coders") or [] if i in people],
        format_func=lambda i: people[i],
        placeholder="all",
        key=f"agreement-coders-{now.study.key}",
    )
    choice = AgreementChoice(
        next(known for known in LEVELS if known == level),
        tuple(transcripts) or None,
        tuple(chosen) or None,
    )
    remember(f"agreement:{now.study.key}", choice.as_dict())
    if transcripts or len(titles) <= AT_ONCE:
        return choice
    if st.toggle(
        f"Compare all {len(titles):,} transcripts",
        help="This may take minutes and a few GB of memory. Without it, choose transcripts above, "
        f"or the first {AT_ONCE} are compared.",
        key=f"agreement-all-{now.study.key}",
    ):
        return choice
    return replace(choice, transcripts=tuple(titles)[:AT_ONCE])


def _released(now: Current) -> dict[str, str]:
    query = (
        select(Transcript.id, Workshop.title)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .join(Site, Site.id == Workshop.site_id)
        .where(Transcript.study_id == now.study.id, open_to(now.viewer_id))
        .order_by(Site.position, Workshop.held_on, Workshop.position)
    )
    with now.app.store.read() as session:
        return {row.id: row.title for row in session.execute(query)}


def material(now: Current, choice: AgreementChoice) -> Compared:
    """What is compared."""
    return _material(*_key(now, choice, decisions=False))


def numbers(now: Current, choice: AgreementChoice) -> StudyAgreement:
    """Every number of the choice."""
    return _numbers(choice.level, *_key(now, choice, decisions=False))


def ladder(now: Current, choice: AgreementChoice, code_id: str) -> Rung:
    """One code in every unit."""
    return _ladder(code_id, choice.level, *_key(now, choice, decisions=False))


def queue(now: Current, choice: AgreementChoice) -> Queue:
    """The disagreements of the choice, with what was decided about them."""
    return _queue(choice.level, *_key(now, choice, decisions=True))


Ids = tuple[str, ...] | None


def _key(
    now: Current, choice: AgreementChoice, *, decisions: bool
) -> tuple[str, str, str, str, Ids, Ids, int]:
    """Whatever the answer depends on, the last event of the database included."""
    assert now.codebook is not None
    query = select(func.max(Event.seq))
    if not decisions:
        query = query.where(Event.object_type.not_in(_NOT_COUNTED))
    with now.app.store.read() as session:
        seen = session.scalar(query) or 0
    return (
        str(now.app.home.path),
        now.study.id,
        now.codebook.id,
        now.viewer_id,
        choice.transcripts,
        choice.coders,
        seen,
    )


@st.cache_resource(max_entries=8, show_spinner="Reading the codings…")
def _material(
    home: str,
    study_id: str,
    book_id: str,
    viewer_id: str,
    transcripts: Ids,
    who: Ids,
    seen: int,
) -> Compared:
    with context().store.read() as session:
        return load_compared(
            session,
            study_id,
            book_id,
            viewer_id=viewer_id,
            transcript_ids=transcripts,
            coder_ids=who,
        )


@st.cache_resource(max_entries=8, show_spinner="Computing agreement and its intervals…")
def _numbers(level: Level, *key: Any) -> StudyAgreement:
    return study_agreement(_material(*key), level=level)


@st.cache_resource(max_entries=64, show_spinner=False)
def _ladder(code_id: str, level: Level, *key: Any) -> Rung:
    return code_ladder(_material(*key), code_id, level=level)


@st.cache_resource(max_entries=4, show_spinner=False)
def _queue(
    level: Level,
    home: str,
    study_id: str,
    book_id: str,
    viewer_id: str,
    transcripts: Ids,
    who: Ids,
    seen: int,
) -> Queue:
    with context().store.read() as session:
        return adjudication_queue(
            session,
            study_id,
            book_id,
            viewer_id=viewer_id,
            transcript_ids=transcripts,
            coder_ids=who,
            level=level,
        )
