"""The routes the reader talks to: text, words, codings, operations.

All answers are JSON. Confidential text is never to be kept in a browser's cache, so nothing here
may be stored.
"""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from parihs.coding.operations import apply_ops, changes, sight_changed
from parihs.correction import superseded
from parihs.errors import ParihsError
from parihs.model import (
    Participant,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
)
from parihs.store.codebooks import newest_version_id
from parihs.store.roles import MayNotError
from parihs.store.transcripts import latest_version
from parihs.web.context import context
from parihs.web.tokens import Grant, NotAllowedError

NO_STORE = {"Cache-Control": "no-store"}
COMPRESSED_FROM = 10_000
"""Bytes. Streamlit compresses what we do not, six times slower for a tenth less."""
MAX_OPS = 5_000

Work = Callable[[Request, Grant], Any]


def bearer(request: Request) -> Grant:
    """The grant in the request's Authorization header. Raises NotAllowedError without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return context().tokens.read(token if scheme.lower() == "bearer" else None)


def refusal(error: ParihsError) -> JSONResponse:
    """An error as a person can read it: 401 without a token, 403 without the right, else 400."""
    statuses = {NotAllowedError: 401, MayNotError: 403}
    status = statuses.get(type(error), 400)
    body = {"message": error.message, "hint": error.hint}
    return JSONResponse(body, status_code=status, headers=NO_STORE)


def reading(work: Work) -> Callable[[Request], Awaitable[Response]]:
    """Make a GET endpoint of ``work(request, grant)``, which may use the database."""

    async def endpoint(request: Request) -> Response:
        try:
            grant = bearer(request)
            return await run_in_threadpool(lambda: packed(request, work(request, grant)))
        except ParihsError as error:
            return refusal(error)

    return endpoint


def packed(request: Request, answer: Any) -> Response:
    """An answer as JSON, quickly compressed where it is long and the browser can read that."""
    response = JSONResponse(answer, headers=NO_STORE)
    accepted = request.headers.get("accept-encoding", "")
    if len(response.body) < COMPRESSED_FROM or "gzip" not in accepted:
        return response
    headers = {**NO_STORE, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(gzip.compress(response.body, 1), 200, headers, response.media_type)


def version_text(request: Request, grant: Grant) -> dict[str, Any]:
    """A version's turns as ``[speaker index, start, text, start_ms, end_ms]``, and its speakers."""
    with context().store.read() as session:
        version, transcript = version_of(session, request.path_params["version_id"], grant)
        voices = _voices(session, transcript.id)
        numbers: dict[str, int] = {}
        # Columns, not objects: thousands of turns, and their timed words are not needed here.
        query = (
            select(Turn.speaker_id, Turn.start, Turn.text, Turn.start_ms, Turn.end_ms)
            .where(Turn.version_id == version.id)
            .order_by(Turn.position)
        )
        turns = [
            [None if voice is None else numbers.setdefault(voice, len(numbers)), *place]
            for voice, *place in session.execute(query).all()
        ]
        return {
            "version_id": version.id,
            "transcript_id": transcript.id,
            "title": transcript.title,
            "n_chars": version.n_chars,
            "number": version.number,
            "speakers": [voices[speaker_id] for speaker_id in numbers],
            "turns": turns,
        }


def _voices(session: Session, transcript_id: str) -> dict[str, dict[str, Any]]:
    query = (
        select(Speaker, Participant)
        .outerjoin(Participant, Participant.id == Speaker.participant_id)
        .where(Speaker.transcript_id == transcript_id)
    )
    found = {}
    for speaker, person in session.execute(query):
        name = person.pseudonym if person else speaker.label
        found[speaker.id] = {
            "id": speaker.id,
            "label": name,
            "name": name,
            "role": (person.description or person.role) if person else "",
            "facilitator": bool(person and person.facilitator),
        }
    return found


def version_words(request: Request, grant: Grant) -> dict[str, Any]:
    """Timed words per turn, as stored, or null; and the marks of those turns that have any."""
    with context().store.read() as session:
        version, _ = version_of(session, request.path_params["version_id"], grant)
        query = select(Turn.words, Turn.marks).filter_by(version_id=version.id)
        rows = session.execute(query.order_by(Turn.position)).all()
        marks = {number: row.marks for number, row in enumerate(rows) if row.marks}
        return {"turns": [row.words for row in rows], "marks": marks}


def version_codings(request: Request, grant: Grant) -> dict[str, Any]:
    """The codings this coder may see, or those changed since a revision."""
    since = request.query_params.get("since", "0")
    with context().store.read() as session:
        version, _ = version_of(session, request.path_params["version_id"], grant)
        seen = int(since) if since.isdigit() else 0
        anew = sight_changed(session, version.id, seen)
        rev, codings = changes(session, grant.coder_id, version.id, seen)
        newest = _newest(session, version)
        book = newest_version_id(session, grant.codebook_version_id)
    return {"rev": rev, "codings": codings, "all": anew, "newest": newest, "codebook": book}


def _newest(session: Session, version: TranscriptVersion) -> str:
    """Id of the version that this one has become, so that readers of the old text come along."""
    newest = latest_version(session, version.transcript_id)
    return version.id if newest is None else newest.id


async def ops(request: Request) -> Response:
    """Apply a coder's operations; safe to send again."""
    try:
        grant = bearer(request)
        try:
            body = await request.json()
            version_id, since = str(body["version_id"]), int(body.get("since", 0))
            batch = [dict(op) for op in body["ops"]]
            book = str(body.get("codebook") or grant.codebook_version_id)
        except (ValueError, KeyError, TypeError) as error:
            raise ParihsError("The page sent something unreadable.", "Reload it.") from error
        if len(batch) > MAX_OPS:
            raise ParihsError("The page sent too much at once.", "Reload it.")
        result, newest, book = await run_in_threadpool(
            _apply, grant, version_id, book, since, batch
        )
    except ParihsError as error:
        return refusal(error)
    return JSONResponse(
        {
            "rev": result.rev,
            "acked": result.acked,
            "refused": result.refused,
            "delta": result.delta,
            "all": result.all,
            "newest": newest,
            "codebook": book,
        },
        headers=NO_STORE,
    )


def _apply(
    grant: Grant, version_id: str, book: str, since: int, batch: list[dict[str, Any]]
) -> Any:
    """Apply operations given under ``book``, the codebook version that the page shows."""
    with context().store.read() as session:
        version_of(session, version_id, grant)
    result = apply_ops(
        context().store,
        coder_id=grant.coder_id,
        version_id=version_id,
        codebook_version_id=book,
        ops=batch,
        since=since,
        moved_on=superseded,
    )
    with context().store.read() as session:
        newest = _newest(session, version_of(session, version_id, grant)[0])
        return result, newest, newest_version_id(session, grant.codebook_version_id)


def version_of(
    session: Session, version_id: str, grant: Grant
) -> tuple[TranscriptVersion, Transcript]:
    """A version and its transcript. Raises ParihsError where it is not in the grant's study."""
    version = session.get(TranscriptVersion, version_id)
    transcript = session.get(Transcript, version.transcript_id) if version else None
    if version is None or transcript is None or transcript.study_id != grant.study_id:
        raise ParihsError("This transcript is not in this study.", "Open it again from its list.")
    return version, transcript


routes = [
    Route("/api/versions/{version_id}/text", reading(version_text)),
    Route("/api/versions/{version_id}/words", reading(version_words)),
    Route("/api/versions/{version_id}/codings", reading(version_codings)),
    Route("/api/ops", ops, methods=["POST"]),
]
