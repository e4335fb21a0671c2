"""The route that takes corrections in: all of them become one new version, or none does."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from parihs.correction import Edit, rebase, save_corrections
from parihs.correction.edits import MOST_EDITS, read_edit
from parihs.correction.rebase import Clash
from parihs.correction.saving import Saved
from parihs.errors import ParihsError
from parihs.model import Coder
from parihs.store.transcripts import latest_version
from parihs.web.api import NO_STORE, bearer, refusal, version_of
from parihs.web.context import context
from parihs.web.tokens import Grant


async def corrections(request: Request) -> Response:
    """Save edits made on a version, or with ``save: false`` only say where they stand now.

    The answer names the newest version. Where somebody else changed the same turns it holds
    ``edits`` and ``clashes`` for that version, and nothing was saved.
    """
    try:
        grant = bearer(request)
        try:
            body = await request.json()
            sent = [dict(edit) for edit in body["edits"]]
            save = bool(body.get("save", True))
        except (ValueError, KeyError, TypeError) as error:
            raise ParihsError("The page sent something unreadable.", "Reload it.") from error
        if len(sent) > MOST_EDITS:
            raise ParihsError("These are too many corrections at once.", "Save more often.")
        edits = [read_edit(edit) for edit in sent]
        version_id = request.path_params["version_id"]
        done = await run_in_threadpool(_save if save else _look, grant, version_id, edits)
    except ParihsError as error:
        return refusal(error)
    return JSONResponse(_answer(done), headers=NO_STORE)


def _save(grant: Grant, version_id: str, edits: list[Edit]) -> Saved:
    with context().store.write(grant.coder_id) as tx:
        version_of(tx.session, version_id, grant)
        if tx.session.get(Coder, grant.coder_id) is None:
            raise ParihsError(
                "Nothing was saved, because nobody is named as the one who corrects.",
                "Say who you are in the side bar; your corrections are kept in this browser.",
            )
        return save_corrections(tx, version_id, edits)


def _look(grant: Grant, version_id: str, edits: list[Edit]) -> Saved:
    with context().store.read() as session:
        version, transcript = version_of(session, version_id, grant)
        newest = latest_version(session, transcript.id) or version
        rebased = rebase(session, version, newest, edits)
    return Saved(newest, None, rebased.edits, rebased.clashes)


def _answer(saved: Saved) -> dict[str, Any]:
    return {
        "version_id": saved.version.id,
        "number": saved.version.number,
        "edits": [_edit(edit) for edit in saved.edits],
        "clashes": [_clash(clash) for clash in saved.clashes],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "first": edit.first,
        "last": edit.last,
        "before": edit.before,
        "texts": edit.texts,
        "kept": edit.kept or edit.script.kept,
    }


def _clash(clash: Clash) -> dict[str, Any]:
    return {**_edit(clash.edit), "original": clash.original}


routes = [
    Route("/api/versions/{version_id}/corrections", corrections, methods=["POST"]),
]
