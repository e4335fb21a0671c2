"""The routes of suggestions: what one coder is shown when asked for, and what they answer.

To take a suggestion is an ordinary operation (``/api/ops``) that says of itself ``suggested``;
every answer, taken or turned down, can be undone by the number of its event.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from parihs.coding.around import around
from parihs.coding.assignments import why_not_code
from parihs.errors import ParihsError
from parihs.model import Coding, Participant, Speaker, Transcript, Turn, Workshop
from parihs.store.codebooks import CodeView, definitions
from parihs.store.transcripts import stretch
from parihs.suggestions.answers import Answer, last_answer, take_back, turned_down
from parihs.suggestions.offering import NO_CODE, candidates, missed, reject
from parihs.suggestions.results import Place, load_results
from parihs.web.api import NO_STORE, bearer, reading, refusal
from parihs.web.context import context
from parihs.web.media import recording_url
from parihs.web.tokens import Grant

AROUND: Final = 200
"""Code points of talk shown on either side: a few words alone cannot be judged."""
MOST_ANSWERS: Final = 100


def suggestions(request: Request, grant: Grant) -> dict[str, Any]:
    """Suggestions for the token's coder: ``mode`` is ``codes`` or ``overlooked``.

    ``code`` and ``transcript`` narrow it down. Nothing of a transcript that they code blind.
    """
    asked = request.query_params
    where = asked.get("transcript") or None
    app = context()
    token = request.headers.get("authorization", "").partition(" ")[2]
    with app.store.read() as session:
        results = load_results(session, app.home, grant.study_id, grant.coder_id)
        if results is None:
            return {"items": [], "total": 0}
        views = definitions(session, grant.codebook_version_id)
        by_id = {view.code_id: view for view in views}
        found: list[tuple[Place, str, Sequence[Coding]]]
        if asked.get("mode") == NO_CODE:
            overlooked, total = missed(session, results, grant.coder_id, transcript_id=where)
            found = [(each.place, "", each.like) for each in overlooked]
        else:
            shown, total = candidates(
                session,
                results,
                grant.coder_id,
                views,
                code_id=asked.get("code") or None,
                transcript_id=where,
            )
            found = [(each.place, each.code_id, each.like) for each in shown]
        items = [_item(session, grant, token, by_id, *each) for each in found]
    return {"items": items, "total": total}


def _item(
    session: Session,
    grant: Grant,
    token: str,
    codes: dict[str, CodeView],
    place: Place,
    code_id: str,
    like: Sequence[Coding],
) -> dict[str, Any]:
    turn, who, transcript, workshop = _around(session, place)
    [(before, after)] = around(session, [(place.version_id, place.start, place.end)], AROUND)
    named = codes.get(code_id) or next((codes[c.code_id] for c in like if c.code_id in codes), None)
    audio = None
    if transcript.recording_id is not None and turn.start_ms is not None:
        audio = recording_url(transcript.recording_id, token)
    return {
        "version_id": place.version_id,
        "transcript_id": place.transcript_id,
        "start": place.start,
        "end": place.end,
        "code": code_id,
        "guess": named.code_id if named else "",
        "before": before,
        "text": stretch(session, place.version_id, place.start, place.end),
        "after": after,
        "who": who,
        "where": workshop,
        "like": [_reason(session, codes, coding) for coding in like],
        "why_not": why_not_code(session, grant.coder_id, place.transcript_id),
        "audio": audio,
        **_times(turn, place),
    }


def _reason(session: Session, codes: dict[str, CodeView], coding: Coding) -> dict[str, str]:
    view = codes.get(coding.code_id)
    place = Place(coding.version_id, coding.transcript_id, coding.start, coding.end)
    _, who, _, workshop = _around(session, place)
    return {
        "quote": coding.quote,
        "code": view.name if view else "a code of another codebook",
        "colour": view.colour if view else "#777777",
        "place": f"{who}, {workshop}",
    }


def _around(session: Session, place: Place) -> tuple[Turn, str, Transcript, str]:
    query = (
        select(Turn, Speaker.label, Participant.pseudonym, Transcript, Workshop.title)
        .select_from(Turn)
        .join(Transcript, Transcript.id == place.transcript_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .outerjoin(Speaker, Speaker.id == Turn.speaker_id)
        .outerjoin(Participant, Participant.id == Speaker.participant_id)
        .where(Turn.version_id == place.version_id, Turn.end > place.start)
        .order_by(Turn.position)
        .limit(1)
    )
    turn, label, pseudonym, transcript, title = session.execute(query).one()
    return turn, pseudonym or label or "Unknown speaker", transcript, title


def _times(turn: Turn, place: Place) -> dict[str, int]:
    first, last = place.start - turn.start, place.end - turn.start
    timed = [w for w in turn.words or () if w[0] < last and w[1] > first and w[2] is not None]
    start = timed[0][2] if timed else turn.start_ms or 0
    end = timed[-1][3] if timed and timed[-1][3] is not None else turn.end_ms or start + 5_000
    return {"from_ms": start, "to_ms": end}


def answers(request: Request, grant: Grant) -> dict[str, Any]:
    """The last answer of the token's coder, and with ``turned_down=1`` what they turned down.

    ``transcript`` narrows the latter down. Nothing of a transcript that they code blind.
    """
    asked = request.query_params
    who = grant.study_id, grant.coder_id
    with context().store.read() as session:
        codes = {v.code_id: v for v in definitions(session, grant.codebook_version_id)}
        last = last_answer(session, *who)
        listed = []
        if asked.get("turned_down"):
            listed = turned_down(session, *who, asked.get("transcript") or None)
        return {
            "last": _answer(session, codes, last) if last else None,
            "turned_down": [_answer(session, codes, each) for each in listed[:MOST_ANSWERS]],
            "total": len(listed),
        }


def _answer(session: Session, codes: dict[str, CodeView], answer: Answer) -> dict[str, Any]:
    place = answer.place
    _, who, _, workshop = _around(session, place)
    view = codes.get(answer.code)
    name = view.name if view else "a code of another codebook"
    return {
        "answer": answer.seq,
        "taken": answer.taken,
        "version_id": place.version_id,
        "transcript_id": place.transcript_id,
        "start": place.start,
        "end": place.end,
        "code": answer.code,
        "name": "Nothing missed" if answer.code == NO_CODE else name,
        "colour": view.colour if view else "#777777",
        "text": stretch(session, place.version_id, place.start, place.end),
        "who": who,
        "where": workshop,
        "at": answer.at.isoformat(),
    }


async def turn_down(request: Request) -> Response:
    """Remember what the token's coder does not want: ``version_id, start, end, code``."""
    try:
        grant = bearer(request)
        try:
            body = await request.json()
            place = str(body["version_id"]), int(body["start"]), int(body["end"])
            code = str(body.get("code") or NO_CODE)
        except (ValueError, KeyError, TypeError) as error:
            raise ParihsError("The page sent something unreadable.", "Reload it.") from error
        await run_in_threadpool(_turn_down, grant, place, code)
    except ParihsError as error:
        return refusal(error)
    return JSONResponse({}, headers=NO_STORE)


def _turn_down(grant: Grant, place: tuple[str, int, int], code: str) -> None:
    if not grant.coder_id:
        raise ParihsError("Nobody is chosen in the side bar; nothing was changed.", "Choose.")
    with context().store.write(grant.coder_id) as tx:
        reject(tx, grant.study_id, *place, code)


async def undo(request: Request) -> Response:
    """Undo an answer of the token's coder: ``answer``, the number of its event."""
    try:
        grant = bearer(request)
        try:
            seq = int((await request.json())["answer"])
        except (ValueError, KeyError, TypeError) as error:
            raise ParihsError("The page sent something unreadable.", "Reload it.") from error
        undone = await run_in_threadpool(_undo, grant, seq)
    except ParihsError as error:
        return refusal(error)
    return JSONResponse(undone, headers=NO_STORE)


def _undo(grant: Grant, seq: int) -> dict[str, Any]:
    if not grant.coder_id:
        raise ParihsError("Nobody is chosen in the side bar; nothing was changed.", "Choose.")
    with context().store.write(grant.coder_id) as tx:
        undone = take_back(tx, grant.study_id, seq)
        codes = {v.code_id: v for v in definitions(tx.session, grant.codebook_version_id)}
        return _answer(tx.session, codes, undone)


routes = [
    Route("/api/suggestions", reading(suggestions), methods=["GET"]),
    Route("/api/suggestions/answers", reading(answers), methods=["GET"]),
    Route("/api/suggestions/undo", undo, methods=["POST"]),
    Route("/api/suggestions/turned-down", turn_down, methods=["POST"]),
]
