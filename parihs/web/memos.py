"""The routes with which the reader lists and writes memos on what it shows."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from parihs.errors import ParihsError
from parihs.memos import MemoView, Target, find_memos, write_memo
from parihs.memos.finding import KINDS
from parihs.web.api import NO_STORE, bearer, reading, refusal
from parihs.web.context import context
from parihs.web.tokens import Grant


def memos(request: Request, grant: Grant) -> dict[str, Any]:
    """Memos about ``type`` and ``id``, or about everything in ``transcript``, newest first."""
    asked = request.query_params
    with context().store.read() as session:
        target = Target(asked["type"], asked["id"]) if "id" in asked and "type" in asked else None
        found = find_memos(session, grant.study_id, grant.coder_id, target=target)
    transcript_id = asked.get("transcript")
    if transcript_id is not None:
        found = [memo for memo in found if memo.about.transcript_id == transcript_id]
    return {"memos": [_sent(memo) for memo in found]}


async def write(request: Request) -> Response:
    """Write a memo in the name of the token's coder: ``kind``, ``type``, ``id``, ``text``."""
    try:
        grant = bearer(request)
        try:
            body = await request.json()
            wanted = {name: str(body[name]) for name in ("kind", "type", "id", "text")}
        except (ValueError, KeyError, TypeError) as error:
            raise ParihsError("The page sent something unreadable.", "Reload it.") from error
        memo_id = await run_in_threadpool(_write, grant, wanted)
    except ParihsError as error:
        return refusal(error)
    return JSONResponse({"id": memo_id}, headers=NO_STORE)


def _write(grant: Grant, wanted: dict[str, str]) -> str:
    if not grant.coder_id:
        raise ParihsError("Nobody is chosen in the side bar, so the memo was not saved.", "Choose.")
    with context().store.write(grant.coder_id) as tx:
        target = Target(wanted["type"], wanted["id"])
        memo = write_memo(
            tx, grant.study_id, kind=wanted["kind"], target=target, text=wanted["text"]
        )
        return memo.id


def _sent(memo: MemoView) -> dict[str, Any]:
    return {
        "id": memo.id,
        "kind": memo.kind,
        "kind_name": KINDS[memo.kind],
        "text": memo.text,
        "author": memo.author,
        "own": memo.own,
        "type": memo.target.type,
        "about": memo.about.label,
        "start": memo.about.start,
        "end": memo.about.end,
        "written_at": memo.created_at.isoformat(timespec="seconds"),
    }


routes = [
    Route("/api/memos", reading(memos), methods=["GET"]),
    Route("/api/memos", write, methods=["POST"]),
]
