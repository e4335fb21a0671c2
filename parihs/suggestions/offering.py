"""Which suggestions one coder is shown; the rule of blind coding holds here, at the last moment.

Only in transcripts whose codings are all open to them: never where they code blind. Only on the
text as it is now, only codes they have not given there, only what they have not turned down.
Nothing here is a coding: accepting one is an ordinary operation of that coder.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.visibility import is_open_to, open_transcripts, visible_codings
from parihs.errors import ParihsError
from parihs.model import Coder, Coding, Event, TranscriptVersion
from parihs.store import Transaction
from parihs.store.codebooks import CodeView
from parihs.store.roles import VIEWER, MayNotError
from parihs.store.transcripts import latest_versions
from parihs.suggestions.material import above, parents_of
from parihs.suggestions.results import Overlooked, Place, Results, Suggested

AT_A_TIME: Final = 100
NO_CODE: Final = "overlooked"
"""Stands for the code where a sentence was called overlooked, whatever its code."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code that one coder may give to a sentence, or not."""

    place: Place
    code_id: str
    score: float
    like: list[Coding]
    """Why: the coded excerpts most like it that the coder may see."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A sentence without any coding, and the coded excerpts most like it."""

    place: Place
    likeness: float
    like: list[Coding]


def candidates(
    session: Session,
    results: Results,
    viewer_id: str,
    codes: Iterable[CodeView],
    *,
    code_id: str | None = None,
    transcript_id: str | None = None,
    limit: int = AT_A_TIME,
) -> tuple[list[Candidate], int]:
    """The surest suggestions for one coder, and how many there are in all.

    A code is left out where one below it is suggested for the same sentence. ``code_id`` and
    ``transcript_id`` narrow it down.
    """
    parents = parents_of(codes)
    higher = {code_id: frozenset(above(code_id, parents)[1:]) for code_id in parents}
    sight = _Sight(session, results.study_id, viewer_id)
    sure = {code.code_id: code.precision or 0.0 for code in results.codes if not code.refused}
    fine: list[Suggested] = []
    implied: dict[Place, set[str]] = defaultdict(set)
    for each in results.suggested:
        if each.code_id not in higher or not sight.shows(each.place, transcript_id):
            continue
        if sight.has(each.place, each.code_id, higher):
            continue
        if sight.turned_down(each.place, each.code_id):
            continue
        fine.append(each)
        implied[each.place] |= higher[each.code_id]
    shown = [
        each
        for each in fine
        if each.code_id not in implied[each.place] and code_id in (None, each.code_id)
    ]
    shown.sort(key=lambda each: (-sure.get(each.code_id, 0.0), -each.score))
    codings = _codings(session, viewer_id, [key for each in shown[:limit] for key in each.like])
    return [
        Candidate(each.place, each.code_id, each.score, _known(codings, each.like))
        for each in shown[:limit]
    ], len(shown)


def missed(
    session: Session,
    results: Results,
    viewer_id: str,
    *,
    transcript_id: str | None = None,
    limit: int = AT_A_TIME,
) -> tuple[list[Missed], int]:
    """Sentences that nobody has coded, those most like coded ones first, and how many in all."""
    sight = _Sight(session, results.study_id, viewer_id)
    shown: list[Overlooked] = [
        each
        for each in results.overlooked
        if sight.shows(each.place, transcript_id)
        and not sight.coded(each.place)
        and not sight.turned_down(each.place, NO_CODE)
    ]
    codings = _codings(session, viewer_id, [key for each in shown[:limit] for key in each.like])
    return [
        Missed(each.place, each.likeness, _known(codings, each.like)) for each in shown[:limit]
    ], len(shown)


def reject(
    tx: Transaction, study_id: str, version_id: str, start: int, end: int, code: str
) -> None:
    """Remember that a coder does not want a suggestion: a code id, or ``overlooked``.

    Raises MayNotError where they could not have been shown it.
    """
    version = tx.session.get(TranscriptVersion, version_id)
    if version is None or not is_open_to(tx.session, tx.actor, version.transcript_id):
        raise MayNotError("There is no suggestion here for you.", "Reload the page.")
    require_coder(tx.session, study_id, tx.actor)
    data = {"version": version_id, "start": start, "end": end, "code": code[:64]}
    data["transcript"] = version.transcript_id
    tx.record(study_id, "turned down", "suggestion", _id(version_id, start, end, code), data)


def why_none(session: Session, study_id: str, viewer_id: str) -> str:
    """Why somebody is shown no suggestions at all; empty where they may be."""
    if not viewer_id:
        return "Suggestions are made for one coder. Say who you are in the side bar."
    coder = session.get(Coder, viewer_id)
    if coder is None or coder.study_id != study_id:
        return "This coder does not belong to this study."
    if coder.role == VIEWER:
        return f"{coder.name} is a viewer in this study, and viewers do not code."
    return ""


def require_coder(session: Session, study_id: str, viewer_id: str) -> None:
    """Raise MayNotError for whoever is shown no suggestions."""
    reason = why_none(session, study_id, viewer_id)
    if reason:
        raise MayNotError(reason, "Nothing was changed.")


def turned_down_events(session: Session, study_id: str, viewer_id: str) -> list[Event]:
    """The events with which a coder turned down what they have not put back, oldest first."""
    query = (
        select(Event)
        .filter_by(object_type="suggestion", actor=viewer_id, study_id=study_id)
        .order_by(Event.seq)
    )
    newest = {event.object_id: event for event in session.scalars(query)}
    return sorted((e for e in newest.values() if e.verb == "turned down"), key=lambda e: e.seq)


class _Sight:
    """What one coder may be shown in a study, read once."""

    def __init__(self, session: Session, study_id: str, viewer_id: str) -> None:
        named = not why_none(session, study_id, viewer_id)
        self._open = open_transcripts(session, study_id, viewer_id) if named else set()
        self._newest = {key: v.id for key, v in latest_versions(session, study_id).items()}
        self._given: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
        query = (
            visible_codings(viewer_id)
            .with_only_columns(
                Coding.version_id, Coding.start, Coding.end, Coding.code_id, Coding.coder_id
            )
            .where(Coding.study_id == study_id, Coding.uncoded.is_(False))
        )
        for version_id, start, end, code_id, coder_id in session.execute(query):
            self._given[version_id].append((start, end, code_id, coder_id))
        refused = turned_down_events(session, study_id, viewer_id)
        self._refused = {event.object_id for event in refused}
        self._viewer_id = viewer_id

    def shows(self, place: Place, transcript_id: str | None) -> bool:
        """Whether suggestions may be shown there: open to them, and the text as it is now."""
        return (
            transcript_id in (None, place.transcript_id)
            and place.transcript_id in self._open
            and self._newest.get(place.transcript_id) == place.version_id
        )

    def has(self, place: Place, wanted: str, higher: dict[str, frozenset[str]]) -> bool:
        """Whether the coder gave the code, or one below it, to these words already."""
        for start, end, code_id, coder_id in self._given[place.version_id]:
            if coder_id != self._viewer_id or start >= place.end or end <= place.start:
                continue
            if code_id == wanted or wanted in higher.get(code_id, ()):
                return True
        return False

    def coded(self, place: Place) -> bool:
        """Whether anybody gave these words any code."""
        given = self._given[place.version_id]
        return any(start < place.end and end > place.start for start, end, *_ in given)

    def turned_down(self, place: Place, code: str) -> bool:
        """Whether the coder has said no to it."""
        return _id(place.version_id, place.start, place.end, code) in self._refused


def _id(version_id: str, start: int, end: int, code: str) -> str:
    return f"{version_id}-{start}-{end}-{code[:64]}"


def _codings(session: Session, viewer_id: str, ids: list[str]) -> dict[str, Coding]:
    found: dict[str, Coding] = {}
    distinct = sorted(set(ids))
    for first in range(0, len(distinct), 500):
        some = distinct[first : first + 500]
        query = visible_codings(viewer_id).where(Coding.id.in_(some), Coding.uncoded.is_(False))
        found |= {coding.id: coding for coding in session.scalars(query)}
    return found


def _known(codings: dict[str, Any], ids: list[str]) -> list[Coding]:
    return [codings[key] for key in dict.fromkeys(ids) if key in codings]


def require_known(results: Results | None) -> Results:
    """The results; raises ParihsError where there are none."""
    if results is None:
        raise ParihsError("Nothing has been learned yet.", "Press “Learn from the codings” first.")
    return results
