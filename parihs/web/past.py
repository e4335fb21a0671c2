"""Routes for what was done: the steps a coder can take back, and the history of one coding."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from parihs.coding.trail import excerpt_history
from parihs.coding.undoing import past
from parihs.errors import ParihsError
from parihs.model import Coding
from parihs.web.api import reading, version_of
from parihs.web.context import context
from parihs.web.tokens import Grant


def version_past(request: Request, grant: Grant) -> dict[str, Any]:
    """The coder's own steps on a version: ``done`` and ``undone``, the newest last."""
    with context().store.read() as session:
        version, _ = version_of(session, request.path_params["version_id"], grant)
        return asdict(past(session, grant.coder_id, version.id))


def coding_history(request: Request, grant: Grant) -> dict[str, Any]:
    """What happened to one coding that this coder may see, oldest first."""
    coding_id = request.path_params["coding_id"]
    with context().store.read() as session:
        coding = session.get(Coding, coding_id)
        if coding is None or coding.study_id != grant.study_id:
            raise ParihsError("This coding is not here.", "Reload the page.")
        found = excerpt_history(session, coding_id, grant.coder_id)
    return {
        "lines": [
            {"at": line.at.isoformat(), "who": line.who, "did": line.sentence} for line in found
        ]
    }


routes = [
    Route("/api/versions/{version_id}/past", reading(version_past)),
    Route("/api/codings/{coding_id}/history", reading(coding_history)),
]
