"""Every route wants a valid token, and a token opens one study only."""

from __future__ import annotations

import time
from typing import Any

import pytest

from parihs.exchange.demo import load_demo
from parihs.store.codebooks import codebooks, latest_codebook_version
from parihs.store.studies import workshops
from parihs.store.transcripts import latest_versions
from parihs.web import tokens
from parihs.web.tokens import Grant, Tokens
from tests.api.conftest import Desk

CALLS = {
    "text": ("GET", "/api/versions/{version}/text"),
    "words": ("GET", "/api/versions/{version}/words"),
    "codings": ("GET", "/api/versions/{version}/codings"),
    "codebook": ("GET", "/api/codebooks/{codebook}"),
    "ops": ("POST", "/api/ops"),
    "choices": ("POST", "/api/choices"),
    "codes": ("POST", "/api/codes"),
    "suggestion answers": ("GET", "/api/suggestions/answers"),
    "suggestion undo": ("POST", "/api/suggestions/undo"),
    "upload": ("PUT", "/api/uploads?filename=a.wav"),
    "peaks": ("GET", "/api/recordings/any/peaks"),
    "audio": ("GET", "/api/recordings/any/audio"),
}


def call(desk: Desk, name: str, token: str | None) -> Any:
    method, path = CALLS[name]
    path = path.format(version=desk.version, codebook=desk.small.codebook.id)
    headers = {}
    if token is not None and name == "audio":
        path = f"{path}?t={token}"
    elif token is not None:
        headers = {"Authorization": f"Bearer {token}"}
    body = {"version_id": desk.version, "ops": []} if name == "ops" else None
    return desk.client.request(method, path, headers=headers, json=body)


@pytest.mark.parametrize("name", CALLS)
def test_no_token_no_answer(desk: Desk, name: str) -> None:
    answer = call(desk, name, None)
    assert answer.status_code == 401
    assert set(answer.json()) == {"message", "hint"}
    assert answer.json()["message"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", CALLS)
def test_a_forged_token_is_no_token(desk: Desk, name: str) -> None:
    grant = Grant(desk.small.study.id, desk.small.ada.id, desk.small.codebook.id)
    assert call(desk, name, Tokens("another home's secret").issue(grant)).status_code == 401
    good = desk.token(desk.small.ada.id)
    head, _, rest = good.partition(".")
    assert call(desk, name, f"{head[:-2]}xx.{rest}").status_code == 401


@pytest.mark.parametrize("name", CALLS)
def test_an_old_token_is_no_token(desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    good = desk.token(desk.small.ada.id)
    assert call(desk, name, good).status_code != 401
    later = time.time() + tokens.LIFETIME_S + 60
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert call(desk, name, good).status_code == 401


def test_a_basic_header_is_not_a_token(desk: Desk) -> None:
    headers = {"Authorization": f"Basic {desk.token(desk.small.ada.id)}"}
    answer = desk.client.get(f"/api/versions/{desk.version}/text", headers=headers)
    assert answer.status_code == 401


def test_another_study_is_out_of_reach(desk: Desk) -> None:
    """A token of one study opens neither text, codings, codebook nor sound of another."""
    demo = load_demo(desk.store)
    with desk.store.read() as session:
        version = next(iter(latest_versions(session, demo.id).values()))
        book = latest_codebook_version(session, codebooks(session, demo.id)[0].id)
        assert workshops(session, demo.id)
    assert book is not None
    for path in (
        f"/api/versions/{version.id}/text",
        f"/api/versions/{version.id}/words",
        f"/api/versions/{version.id}/codings",
        f"/api/codebooks/{book.id}",
    ):
        answer = desk.client.get(path, headers=desk.ada)
        assert answer.status_code == 400, path
        assert "not in this study" in answer.json()["message"]
        own = desk.client.get(path, headers=desk.headers(desk.small.ada.id, demo.id))
        assert own.status_code == 200, path
    refused = desk.send(desk.ada, desk.code_op(0, 5), version=version.id)
    assert refused.status_code == 400
    with desk.store.read() as session:
        assert latest_versions(session, demo.id)


def test_a_coder_of_one_study_cannot_code_in_another(desk: Desk) -> None:
    """Even a token that names a foreign study does not let its coder write there."""
    demo = load_demo(desk.store)
    with desk.store.read() as session:
        version = next(iter(latest_versions(session, demo.id).values()))
    headers = desk.headers(desk.small.ada.id, demo.id)
    answer = desk.send(headers, desk.code_op(0, 5), version=version.id)
    assert answer.status_code == 400
    assert answer.json()["message"]
