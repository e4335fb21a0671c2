"""The route with which the reader asks how often some words are said in the whole study."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from parihs.search import Asked, find
from parihs.web.api import reading
from parihs.web.context import context
from parihs.web.tokens import Grant


def search(request: Request, grant: Grant) -> dict[str, Any]:
    """Matches of ``words``, in ``code`` where given; from the ``from``-th, fifty at a time."""
    asked = request.query_params
    first = asked.get("from", "0")
    with context().store.read() as session:
        found = find(
            session,
            grant.study_id,
            grant.coder_id,
            Asked(asked.get("words", ""), code_id=asked.get("code")),
            first=int(first) if first.isdigit() else 0,
        )
    return {
        "total": found.total,
        "in_transcripts": found.in_transcripts,
        "hits": [asdict(hit) for hit in found.hits],
    }


routes = [Route("/api/search", reading(search), methods=["GET"])]
