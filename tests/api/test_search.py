"""The search route, as the reader and other programs ask it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from parihs.web import search
from tests.api.conftest import Desk


@pytest.fixture
def searching(desk: Desk) -> TestClient:
    return TestClient(Starlette(routes=search.routes))


def test_it_answers_with_lines_and_counts(desk: Desk, searching: TestClient) -> None:
    answer = searching.get("/api/search?words=naive", headers=desk.ada)
    body = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert body["total"] == 2
    assert list(body["in_transcripts"].values()) == [1, 1]
    assert [hit["match"] for hit in body["hits"]] == ["naïve", "naïve"]


def test_in_codes_keeps_to_the_blind_rule(desk: Desk, searching: TestClient) -> None:
    start = "Shall we begin 🙂 then?\n".__len__()
    assert desk.send(desk.ben, desk.code_op(start, start + 21)).json()["acked"]
    asked = f"/api/search?words=fit&code={desk.small.codes['fit']}"
    assert searching.get(asked, headers=desk.ben).json()["total"] == 1
    assert searching.get(asked, headers=desk.ada).json()["total"] == 0


def test_nobody_searches_without_a_token_or_in_another_study(
    desk: Desk, searching: TestClient
) -> None:
    assert searching.get("/api/search?words=it").status_code == 401
    other = desk.headers(desk.small.ada.id, study_id="elsewhere")
    assert searching.get("/api/search?words=it", headers=other).json()["total"] == 0


def test_the_command_says_the_same(desk: Desk, searching: TestClient) -> None:
    command = [sys.executable, "-m", "parihs", "search", "naive", "--as", "ada", "--json"]
    environment = os.environ | {"PARIHS_HOME": str(desk.home.path)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    lines = json.loads(done.stdout)
    route = searching.get("/api/search?words=naive", headers=desk.ada).json()["hits"]
    assert [line["start"] for line in lines] == [hit["start"] for hit in route]
    command = [*command[:3], "search", "it", "--code", "nothing.such"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode != 0
    assert "no code" in done.stderr
