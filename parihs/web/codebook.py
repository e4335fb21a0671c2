"""The routes with which the reader gets the codebook, and keeps codes at hand or adds its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from parihs.codebook.mentions import by_name
from parihs.coding.code_choices import choices, choose, code_counts
from parihs.coding.codebook_changes import add_inductive
from parihs.errors import ParihsError
from parihs.model import Codebook, CodebookVersion
from parihs.store.codebooks import CodeView, definitions, retired_codes
from parihs.web.api import NO_STORE, bearer, reading, refusal
from parihs.web.context import context
from parihs.web.tokens import Grant


def codebook(request: Request, grant: Grant) -> dict[str, Any]:
    """A codebook version: its codes with their rules, in tree order, and what the coder keeps.

    ``retired`` are the names of codes that only earlier versions have, ``choices`` the coder's own
    pins and words, ``counts`` codings per code in the study, of those that the coder may see.
    """
    with context().store.read() as session:
        version, book = _version(session, request.path_params["codebook_version_id"], grant)
        views = definitions(session, version.id)
        retired = retired_codes(session, version.id)
        kept = choices(session, grant.coder_id)
        counts = code_counts(session, grant.study_id, grant.coder_id)
    ids = {view.key: view.code_id for view in views}
    names = {key: f"{name} (retired)" for key, name in retired.values()}
    names |= {view.key: view.name for view in views}
    return {
        "id": version.id,
        "book": book.id,
        "number": version.number,
        "note": version.note,
        "name": book.name,
        "codes": [_code(view, ids, names) for view in views],
        "retired": {code_id: name for code_id, (_, name) in retired.items()},
        "choices": kept,
        "counts": counts,
    }


def _code(view: CodeView, ids: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    rules = view.definition
    return {
        "id": view.code_id,
        "key": view.key,
        "name": view.name,
        "parent": ids.get(view.parent_key or ""),
        "depth": view.depth,
        "construct": view.construct_key,
        "colour": view.colour,
        "origin": rules.origin,
        "definition": by_name(rules.definition, names),
        "when_to_use": by_name(rules.when_to_use, names),
        "when_not": by_name(rules.when_not, names),
        "example": rules.example,
        "enabling": rules.enabling,
        "constraining": rules.constraining,
    }


def _keep(grant: Grant, body: dict[str, Any]) -> dict[str, Any]:
    """Pin a code or let it go (``pinned``), set the coder's words for it (``synonyms``)."""
    pinned, words = body.get("pinned"), body.get("synonyms")
    if not isinstance(words, list | None) or not isinstance(pinned, bool | None):
        raise ParihsError("The page sent something unreadable.", "Reload it.")
    with context().store.write(grant.coder_id) as tx:
        kept = choose(tx, grant.coder_id, str(body["code"]), pinned=pinned, synonyms=words)
        return dict(kept)


def _add(grant: Grant, body: dict[str, Any]) -> dict[str, Any]:
    """Add a code of the team's own ``below`` another; answers with it and the new version."""
    with context().store.read() as session:
        version, _ = _version(session, str(body["codebook"]), grant)
    with context().store.write(grant.coder_id) as tx:
        made, code_id = add_inductive(
            tx, version.id, str(body["below"]), str(body["name"]), str(body.get("definition", ""))
        )
        return {"codebook": made.id, "code": code_id}


def _writing(
    work: Callable[[Grant, dict[str, Any]], dict[str, Any]],
) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            grant = bearer(request)
            if not grant.coder_id:
                raise ParihsError("Nothing was kept, since nobody is named.", "Say who you are.")
            try:
                body = dict(await request.json())
                answer = await run_in_threadpool(work, grant, body)
            except (ValueError, KeyError, TypeError) as error:
                raise ParihsError("The page sent something unreadable.", "Reload it.") from error
        except ParihsError as error:
            return refusal(error)
        return JSONResponse(answer, headers=NO_STORE)

    return endpoint


def _version(session: Session, version_id: str, grant: Grant) -> tuple[CodebookVersion, Codebook]:
    version = session.get(CodebookVersion, version_id)
    book = session.get(Codebook, version.codebook_id) if version else None
    if version is None or book is None or book.study_id != grant.study_id:
        raise ParihsError("This codebook is not in this study.", "Reload the page.")
    return version, book


routes = [
    Route("/api/codebooks/{codebook_version_id}", reading(codebook)),
    Route("/api/choices", _writing(_keep), methods=["POST"]),
    Route("/api/codes", _writing(_add), methods=["POST"]),
]
