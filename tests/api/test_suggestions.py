"""The routes of suggestions: asked for by one coder, taken as an operation, or turned down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from parihs.home import Home
from parihs.model import Coding, Event, new_id
from parihs.store.roles import give_role
from parihs.store.transcripts import release
from parihs.suggestions.results import (
    CodeQuality,
    Overlooked,
    Overlooking,
    Place,
    Results,
    Suggested,
    save_results,
)
from parihs.web import api, suggestions
from parihs.web.context import context
from tests.api.conftest import Desk
from tests.support.small_study import make_small_study

PLACE = (24, 46)


@pytest.fixture
def desk(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A released transcript, and results that suggest something there to Ada."""
    monkeypatch.setenv("PARIHS_HOME", str(home.path))
    store = context().store
    with TestClient(Starlette(routes=[*api.routes, *suggestions.routes])) as client:
        desk = Desk(client, home, store, make_small_study(store))
        like = new_id()
        op = {**desk.code_op(50, 60), "coding_id": like}
        assert desk.send(desk.ben, op).json()["refused"] == []
        with store.write("test") as tx:
            release(tx, desk.small.versions[0].transcript_id)
        place = Place(desk.version, desk.small.versions[0].transcript_id, *PLACE)
        results = Results(
            study_id=desk.small.study.id,
            viewer_id=desk.small.ada.id,
            made_at="",
            n_units=1,
            n_workshops=1,
            n_folds=1,
            n_codings=1,
            seconds=0.0,
            cpu_seconds=0.0,
            open_transcripts=[place.transcript_id],
            codes=[CodeQuality(desk.small.codes["fit"], 30, 3, 20, 15, 0.75, 0.5)],
            suggested=[Suggested(place, desk.small.codes["fit"], 0.9, [like])],
            overlooked=[Overlooked(place, 0.5, [like])],
            overlooking=Overlooking(10, 8, 0.3),
        )
        save_results(home, results, desk.small.ada.id)
        yield desk
    store.close()


def asked(desk: Desk, headers: dict[str, str], mode: str = "codes") -> Any:
    return desk.client.get(f"/api/suggestions?mode={mode}", headers=headers).json()


def test_a_suggestion_comes_with_its_words_and_its_reason(desk: Desk) -> None:
    (item,) = asked(desk, desk.ada)["items"]
    assert (item["start"], item["end"]) == PLACE
    assert item["code"] == desk.small.codes["fit"]
    assert [each["code"] for each in item["like"]] == ["Fit"]
    assert item["like"][0]["quote"]
    words = item["before"] + item["text"] + item["after"]
    # Other turns stand around it, since a sentence alone cannot be judged.
    assert " / It does not fit here. It never has. / " in words
    assert "\n" not in words


def test_others_get_only_what_they_learned_themselves(desk: Desk) -> None:
    assert asked(desk, desk.ben) == {"items": [], "total": 0}
    assert asked(desk, desk.headers("")) == {"items": [], "total": 0}
    assert desk.client.get("/api/suggestions").status_code == 401


def test_taking_one_is_an_operation_that_says_so(desk: Desk) -> None:
    (item,) = asked(desk, desk.ada)["items"]
    op = {**desk.code_op(item["start"], item["end"]), "suggested": "codes"}
    assert desk.send(desk.ada, op).json()["refused"] == []
    assert asked(desk, desk.ada)["items"] == []
    assert asked(desk, desk.ada, "overlooked")["items"] == []
    with desk.store.read() as session:
        query = select(Event.data).filter_by(object_id=op["coding_id"])
        assert session.scalars(query).one()["suggested"] == "codes"


def test_turning_one_down_is_remembered_and_codes_nothing(desk: Desk) -> None:
    body = {"version_id": desk.version, "start": PLACE[0], "end": PLACE[1]}
    body["code"] = desk.small.codes["fit"]
    done = desk.client.post("/api/suggestions/turned-down", json=body, headers=desk.ada)
    assert done.status_code == 200
    assert asked(desk, desk.ada)["items"] == []
    assert len(asked(desk, desk.ada, "overlooked")["items"]) == 1
    with desk.store.read() as session:
        mine = select(Coding.id).filter_by(coder_id=desk.small.ada.id)
        assert session.scalars(mine).all() == []


def test_nothing_is_sent_once_the_transcript_is_coded_blind(desk: Desk) -> None:
    with desk.store.write("test") as tx:
        release(tx, desk.small.versions[0].transcript_id, False)
    for mode in ("codes", "overlooked"):
        assert asked(desk, desk.ada, mode) == {"items": [], "total": 0}
    body = {"version_id": desk.version, "start": 0, "end": 5, "code": "x"}
    done = desk.client.post("/api/suggestions/turned-down", json=body, headers=desk.ada)
    assert done.status_code == 403


def test_viewers_are_shown_and_turn_down_nothing(desk: Desk) -> None:
    with desk.store.write("test") as tx:
        give_role(tx, desk.small.ben.id, "lead")
        give_role(tx, desk.small.ada.id, "viewer")
    assert asked(desk, desk.ada)["items"] == []
    body = {"version_id": desk.version, "start": 0, "end": 5, "code": "x"}
    done = desk.client.post("/api/suggestions/turned-down", json=body, headers=desk.ada)
    assert done.status_code == 403


def answered(desk: Desk, headers: dict[str, str]) -> Any:
    return desk.client.get("/api/suggestions/answers?turned_down=1", headers=headers).json()


def undo(desk: Desk, headers: dict[str, str], answer: Any) -> Any:
    return desk.client.post("/api/suggestions/undo", json={"answer": answer}, headers=headers)


def test_what_was_turned_down_is_put_back_and_comes_again(desk: Desk) -> None:
    body = {"version_id": desk.version, "start": PLACE[0], "end": PLACE[1]}
    body["code"] = desk.small.codes["fit"]
    desk.client.post("/api/suggestions/turned-down", json=body, headers=desk.ada)
    said = answered(desk, desk.ada)
    (item,) = said["turned_down"]
    assert said["last"] == item
    assert (item["name"], item["text"], item["taken"]) == ("Fit", "t does not fit here. I", False)
    assert answered(desk, desk.ben) == {"last": None, "turned_down": [], "total": 0}
    assert undo(desk, desk.ben, item["answer"]).status_code == 403
    assert undo(desk, desk.ada, item["answer"]).status_code == 200
    assert answered(desk, desk.ada)["turned_down"] == []
    assert len(asked(desk, desk.ada)["items"]) == 1
    refused = undo(desk, desk.ada, item["answer"])
    assert refused.status_code == 400
    assert "undone already" in refused.json()["message"]


def test_a_code_that_was_given_is_taken_back_by_its_answer(desk: Desk) -> None:
    op = {**desk.code_op(*PLACE), "suggested": "codes"}
    desk.send(desk.ada, op)
    last = answered(desk, desk.ada)["last"]
    assert (last["taken"], last["name"]) == (True, "Fit")
    assert undo(desk, desk.ada, last["answer"]).json()["start"] == PLACE[0]
    assert answered(desk, desk.ada)["last"] is None
    assert len(asked(desk, desk.ada)["items"]) == 1
    with desk.store.read() as session:
        assert session.get_one(Coding, op["coding_id"]).uncoded


def test_what_cannot_be_read_is_refused_in_words(desk: Desk) -> None:
    for wrong in ("x", None):
        answer = undo(desk, desk.ada, wrong)
        assert answer.status_code == 400
        assert answer.json()["message"]
    assert undo(desk, desk.headers(""), 1).status_code == 400
