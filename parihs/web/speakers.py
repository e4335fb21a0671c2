"""Routes by which the reader says who speaks: what is known, and one change at a time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from parihs.errors import ParihsError
from parihs.model import Participant, Speaker, Transcript, TranscriptVersion, Turn
from parihs.speakers import Candidate, Target, candidates, mark_unsure, move, undo
from parihs.web.api import NO_STORE, bearer, reading, refusal
from parihs.web.context import context
from parihs.web.tokens import Grant


def version_speakers(request: Request, grant: Grant) -> dict[str, Any]:
    """Who speaks in each turn of a version, which turns are unsure, and who could be named.

    ``voices`` in order of first appearance, ``turns`` with the place of each turn's voice in them
    (null for nobody), ``unsure`` positions, ``people`` with the likeliest participants first.
    """
    with context().store.read() as session:
        return _speakers(session, request.path_params["version_id"], grant)


async def change(request: Request) -> Response:
    """Make one change and answer with what is so afterwards.

    ``verb`` is ``move`` (with ``turns`` as ``[position, voice seen there]`` each, ``to`` with one
    of ``voice``, ``person``, ``name`` or none, and ``unsure``), ``unsure`` or ``sure`` (with
    ``turns``), or ``undo`` (with ``seq``).
    """
    try:
        grant = bearer(request)
        try:
            body = dict(await request.json())
        except (ValueError, TypeError) as error:
            raise _unreadable() from error
        answer = await run_in_threadpool(_change, grant, body)
    except ParihsError as error:
        return refusal(error)
    return JSONResponse(answer, headers=NO_STORE)


def _change(grant: Grant, body: dict[str, Any]) -> dict[str, Any]:
    if not grant.coder_id:
        raise ParihsError(
            "Nothing was changed, because nobody is named as the coder.",
            "Say who you are in the side bar.",
        )
    store = context().store
    with store.read() as session:
        version, _ = _version(session, str(body.get("version_id", "")), grant)
    try:
        verb = str(body["verb"])
        seen = {int(place): voice for place, voice in body.get("turns", [])}
        to = Target(**body.get("to", {}))
        seq = int(body.get("seq", 0))
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error
    with store.write(grant.coder_id) as tx:
        if verb == "move":
            done = move(tx, version.id, seen, to, unsure=body.get("unsure") is True)
        elif verb in ("unsure", "sure"):
            done = mark_unsure(tx, version.id, seen, verb == "unsure")
        elif verb == "undo":
            done = undo(tx, grant.study_id, seq)
        else:
            raise _unreadable()
        return {"seq": done, **_speakers(tx.session, version.id, grant)}


def _unreadable() -> ParihsError:
    return ParihsError("The page sent something unreadable; nothing was changed.", "Reload it.")


def _speakers(session: Session, version_id: str, grant: Grant) -> dict[str, Any]:
    version, transcript = _version(session, version_id, grant)
    known = {
        speaker.id: (speaker, person)
        for speaker, person in session.execute(
            select(Speaker, Participant)
            .outerjoin(Participant, Participant.id == Speaker.participant_id)
            .where(Speaker.transcript_id == transcript.id)
        )
    }
    numbers: dict[str, int] = {}
    turns: list[int | None] = []
    unsure: list[int] = []
    rows = session.execute(
        select(Turn.speaker_id, Turn.position, Turn.marks)
        .where(Turn.version_id == version.id)
        .order_by(Turn.position)
    )
    for speaker_id, position, marks in rows:
        turns.append(None if speaker_id is None else numbers.setdefault(speaker_id, len(numbers)))
        if "unsure" in marks:
            unsure.append(position)
    return {
        "voices": [_voice(*known[key]) for key in numbers],
        "turns": turns,
        "unsure": unsure,
        "people": [_person(each) for each in candidates(session, transcript)],
    }


def _voice(speaker: Speaker, person: Participant | None) -> dict[str, Any]:
    name = person.pseudonym if person else speaker.label
    return {
        "id": speaker.id,
        "label": name,
        "name": name,
        "role": (person.description or person.role) if person else "",
        "facilitator": bool(person and person.facilitator),
    }


def _person(candidate: Candidate) -> dict[str, Any]:
    person = candidate.person
    return {
        "id": person.id,
        "name": person.pseudonym,
        "about": person.description or person.role,
        "attended": candidate.attended,
        "has_voice": bool(candidate.voices),
    }


def _version(
    session: Session, version_id: str, grant: Grant
) -> tuple[TranscriptVersion, Transcript]:
    version = session.get(TranscriptVersion, version_id)
    transcript = session.get(Transcript, version.transcript_id) if version else None
    if version is None or transcript is None or transcript.study_id != grant.study_id:
        raise ParihsError("This transcript is not in this study.", "Open it again from its list.")
    return version, transcript


routes = [
    Route("/api/versions/{version_id}/speakers", reading(version_speakers)),
    Route("/api/speakers", change, methods=["POST"]),
]
