"""Blind at every route: a coder's answers do not depend on what others coded in a blind transcript.

Each route is asked in two worlds that differ only in that. A new route needs a line in CALLS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from parihs.coding.assignments import assign
from parihs.home import Home
from parihs.model import Coding, new_id
from parihs.store import Store
from parihs.store.roles import give_role
from parihs.web.app import ROUTES
from parihs.web.context import context
from parihs.web.tokens import Grant
from tests.support.two_worlds import PLACES, SECRET, Worlds, make_worlds, masked

BLIND = ("ada", "cy", "vera", "nobody")
"""Who is blind: a coder, a lead who codes the transcript, a viewer, somebody without a name."""

Ask = Callable[..., Any]

CALLS: dict[str, tuple[str, ...]] = {
    "/api/versions/{version_id}/text": ("",),
    "/api/versions/{version_id}/words": ("",),
    "/api/versions/{version_id}/codings": ("", "?since=1"),
    "/api/versions/{version_id}/past": ("",),
    "/api/versions/{version_id}/speakers": ("",),
    "/api/codings/{coding_id}/history": ("",),
    "/api/codebooks/{codebook_version_id}": ("",),
    "/api/search": ("?words=it*", "?words=it*&code={code}"),
    "/api/suggestions": ("", "?mode=overlooked"),
    "/api/suggestions/answers": ("", "?turned_down=1"),
    "/api/memos": ("", "?transcript={transcript}", "?type=coding&id={coding}"),
}
"""Routes asked by GET, and what is added to their paths."""
SPOKEN_FOR = {
    "/api/ops": "tested below",
    "/api/suggestions/turned-down": "refused where one is blind, tested in test_suggestions",
    "/api/suggestions/undo": "one's own answers only, tested in test_suggestions",
    "/api/choices": "a coder's own pins and words for codes",
    "/api/codes": "adds a code to the codebook, which is everybody's; knows no codings",
    "/api/uploads": "takes a file in; viewers are refused, below",
    "/api/recordings/{recording_id}/audio": "sound only",
    "/api/recordings/{recording_id}/peaks": "sound only",
    "/api/speakers": "changes who speaks; knows no codings",
    "/api/versions/{version_id}/corrections": "answers with text and places, no codings",
}
"""Other routes, and how they keep to the rule."""


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return make_worlds(tmp_path_factory.mktemp("worlds"), pytest.MonkeyPatch())


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, worlds: Worlds) -> Iterator[Ask]:
    """Asks a route as somebody, in one world."""

    def asked(home: Home, who: str, method: str, path: str, **more: Any) -> Any:
        monkeypatch.setenv("PARIHS_HOME", str(home.path))
        grant = Grant(worlds.small.study.id, worlds.people[who], worlds.small.codebook.id)
        headers = {"Authorization": f"Bearer {context().tokens.issue(grant)}"}
        with TestClient(Starlette(routes=ROUTES)) as client:
            return client.request(method, path, headers=headers, **more)

    yield asked
    for home in worlds:
        monkeypatch.setenv("PARIHS_HOME", str(home.path))
        context().store.close()


def filled(worlds: Worlds, path: str) -> str:
    """A route's path with the ids of the blind transcript."""
    ids = {
        "version_id": worlds.blind,
        "coding_id": worlds.bens,
        "codebook_version_id": worlds.small.codebook.id,
    }
    return re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], path)


def test_every_route_says_how_it_keeps_to_the_rule() -> None:
    assert {route.path for route in ROUTES} == CALLS.keys() | SPOKEN_FOR.keys()


@pytest.mark.parametrize("who", BLIND)
@pytest.mark.parametrize("path", CALLS)
def test_a_route_answers_the_same_in_both_worlds(
    path: str, who: str, ask: Ask, worlds: Worlds
) -> None:
    for query in CALLS[path]:
        target = filled(worlds, path) + query.format(
            transcript=worlds.transcript, coding=worlds.bens, code=worlds.small.codes["help"]
        )
        quiet, busy = (masked(ask(home, who, "GET", target).text, home) for home in worlds)
        assert quiet == busy
        assert SECRET not in busy


def test_the_worlds_differ_for_those_who_may_see(ask: Ask, worlds: Worlds) -> None:
    """The comparison can fail: to a lead who codes neither, and to Ben, the answers differ."""
    for who in ("lea", "ben"):
        for path in ("/api/versions/{version_id}/codings", "/api/memos"):
            target = filled(worlds, path)
            quiet, busy = (ask(home, who, "GET", target).text for home in worlds)
            assert quiet != busy
            assert SECRET in busy
    history = filled(worlds, "/api/codings/{coding_id}/history")
    assert ask(worlds.busy, "lea", "GET", history).json()["lines"]


@pytest.mark.parametrize("who", ["ada", "cy"])
def test_sending_operations_brings_back_nothing_of_others(
    who: str, ask: Ask, worlds: Worlds
) -> None:
    start, end = PLACES[2]
    op = {"op_id": new_id(), "coding_id": new_id(), "verb": "code", "start": start, "end": end}
    op |= {"code": worlds.small.codes["help"]}
    body = {"version_id": worlds.blind, "since": 0, "ops": [op]}
    quiet, busy = (ask(home, who, "POST", "/api/ops", json=body).json() for home in worlds)
    assert quiet == busy
    assert {coding["coder"] for coding in busy["delta"]} == {worlds.people[who]}
    taken = {"op_id": new_id(), "coding_id": worlds.bens, "verb": "uncode"}
    (refused,) = ask(worlds.busy, who, "POST", "/api/ops", json={**body, "ops": [taken]}).json()[
        "refused"
    ]
    assert "another coder" in refused["message"]
    assert SECRET not in str(refused)


@pytest.mark.parametrize("who", ["vera", "lea", "nobody"])
def test_whoever_may_not_code_is_refused_by_the_server(who: str, ask: Ask, worlds: Worlds) -> None:
    op = {"op_id": new_id(), "coding_id": new_id(), "verb": "code", "start": 0, "end": 5}
    op |= {"code": worlds.small.codes["fit"]}
    body = {"version_id": worlds.blind, "since": 0, "ops": [op]}
    answer = ask(worlds.busy, who, "POST", "/api/ops", json=body)
    assert answer.status_code in (400, 403)
    assert answer.json()["message"]
    with Store(worlds.busy).read() as session:
        assert session.get(Coding, op["coding_id"]) is None


def test_a_viewer_brings_no_files(ask: Ask, worlds: Worlds) -> None:
    answer = ask(worlds.busy, "vera", "PUT", "/api/uploads", content=b"x")
    assert answer.status_code == 403


def test_a_token_outlives_no_role(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token names a person; what they may do is asked at each request."""
    own = make_worlds(tmp_path, pytest.MonkeyPatch())
    monkeypatch.setenv("PARIHS_HOME", str(own.busy.path))
    grant = Grant(own.small.study.id, own.people["ada"], own.small.codebook.id)
    headers = {"Authorization": f"Bearer {context().tokens.issue(grant)}"}
    op = {"coding_id": new_id(), "verb": "code", "start": 0, "end": 5}
    op |= {"code": own.small.codes["help"]}
    with TestClient(Starlette(routes=ROUTES)) as client:

        def send() -> int:
            ops = [{**op, "op_id": new_id(), "coding_id": new_id()}]
            body = {"version_id": own.blind, "since": 0, "ops": ops}
            return client.post("/api/ops", json=body, headers=headers).status_code

        assert send() == 200
        with context().store.write("test") as tx:
            give_role(tx, own.people["ada"], "viewer")
        assert send() == 403
        with context().store.write("test") as tx:
            give_role(tx, own.people["ada"], "lead")
        assert send() == 200
        with context().store.write("test") as tx:
            assign(tx, own.small.study.id, {own.transcript: [own.people["ben"]]})
        assert send() == 403
    context().store.close()


def test_a_release_is_heard_by_whoever_reads_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = make_worlds(tmp_path, pytest.MonkeyPatch())
    monkeypatch.setenv("PARIHS_HOME", str(own.busy.path))
    grant = Grant(own.small.study.id, own.people["ada"], own.small.codebook.id)
    headers = {"Authorization": f"Bearer {context().tokens.issue(grant)}"}
    with TestClient(Starlette(routes=ROUTES)) as client:

        def poll(since: int) -> dict[str, Any]:
            path = f"/api/versions/{own.blind}/codings?since={since}"
            return dict(client.get(path, headers=headers).json())

        since = poll(0)["rev"]
        assert poll(since)["all"] is False
        own.release()
        heard = poll(since)
        assert heard["all"] is True
        assert SECRET in str(heard["codings"])
        assert poll(heard["rev"]) | {"rev": 0} == {**poll(heard["rev"]), "rev": 0, "codings": []}
    context().store.close()
