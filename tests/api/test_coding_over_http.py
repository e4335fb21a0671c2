"""Operations over HTTP: once each, blind until release, refused in words."""

from __future__ import annotations

import pytest

from parihs.store.transcripts import release
from tests.api.conftest import Desk


def seen(desk: Desk, headers: dict[str, str]) -> list[str]:
    answer = desk.client.get(f"/api/versions/{desk.version}/codings", headers=headers)
    assert answer.status_code == 200
    return [coding["id"] for coding in answer.json()["codings"]]


def test_an_operation_sent_again_is_done_once(desk: Desk) -> None:
    op = desk.code_op(0, 5, valence="-1", memo="why here")
    first = desk.send(desk.ada, op)
    assert first.headers["cache-control"] == "no-store"
    again = desk.send(desk.ada, op, since=first.json()["rev"])
    assert first.json()["acked"] == again.json()["acked"] == [op["op_id"]]
    assert again.json()["rev"] == first.json()["rev"]
    assert again.json()["delta"] == []
    assert seen(desk, desk.ada) == [op["coding_id"]]
    (coding,) = first.json()["delta"]
    assert (coding["valence"], coding["memo"], coding["coder"]) == (
        "-1",
        "why here",
        desk.small.ada.id,
    )


def test_a_refused_operation_comes_back_with_a_reason(desk: Desk) -> None:
    good, bad = desk.code_op(0, 5), desk.code_op(0, 5, valence="7")
    answer = desk.send(desk.ada, bad, good).json()
    assert answer["acked"] == [good["op_id"]]
    (refusal,) = answer["refused"]
    assert refusal["op_id"] == bad["op_id"]
    assert "not a valence" in refusal["message"]


def test_a_blind_coder_receives_nothing_of_others(desk: Desk) -> None:
    """Neither in the list, nor in the answer to their own work, nor in the text."""
    secret = "memo that only Ada may read"
    hidden = desk.code_op(0, 5, memo=secret)
    desk.send(desk.ada, hidden)
    own = desk.code_op(0, 8)
    answer = desk.send(desk.ben, own)
    assert [coding["id"] for coding in answer.json()["delta"]] == [own["coding_id"]]
    assert seen(desk, desk.ben) == [own["coding_id"]]
    for path in (
        f"/api/versions/{desk.version}/text",
        f"/api/versions/{desk.version}/words",
        f"/api/versions/{desk.version}/codings",
        f"/api/codebooks/{desk.small.codebook.id}",
    ):
        body = desk.client.get(path, headers=desk.ben).text
        assert secret not in body
        assert hidden["coding_id"] not in body
    with desk.store.write("lead") as tx:
        release(tx, desk.small.versions[0].transcript_id)
    assert set(seen(desk, desk.ben)) == {hidden["coding_id"], own["coding_id"]}


def test_what_happens_to_a_hidden_coding_stays_hidden(desk: Desk) -> None:
    hidden = desk.code_op(0, 5)
    rev = desk.send(desk.ada, hidden).json()["rev"]
    change = {
        "op_id": "1" * 32,
        "verb": "change",
        "coding_id": hidden["coding_id"],
        "set": {"memo": "thought better of it"},
    }
    desk.send(desk.ada, change)
    path = f"/api/versions/{desk.version}/codings?since={rev}"
    assert desk.client.get(path, headers=desk.ben).json()["codings"] == []
    theft = {"op_id": "2" * 32, "verb": "uncode", "coding_id": hidden["coding_id"]}
    answer = desk.send(desk.ben, theft).json()
    assert [refusal["op_id"] for refusal in answer["refused"]] == ["2" * 32]
    assert seen(desk, desk.ada) == [hidden["coding_id"]]


def test_a_reader_without_a_name_cannot_code(desk: Desk) -> None:
    """Nobody chosen in the side bar: the page may read, but nothing can be saved."""
    answer = desk.send(desk.headers(""), desk.code_op(0, 5))
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert seen(desk, desk.ada) == []


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        b"{}",
        b'{"version_id": "v"}',
        b'{"version_id": "v", "ops": 3}',
        b'{"version_id": "v", "ops": ["x"]}',
    ],
)
def test_an_unreadable_body_is_answered_in_words(desk: Desk, body: bytes) -> None:
    answer = desk.client.post("/api/ops", content=body, headers=desk.ada)
    assert answer.status_code == 400
    assert answer.json()["message"] == "The page sent something unreadable."


@pytest.mark.parametrize(
    "broken",
    [
        {"verb": "code"},
        {"op_id": "3" * 32, "verb": "code", "coding_id": "4" * 32},
        {"op_id": "3" * 32, "verb": "code", "coding_id": "4" * 32, "start": "x", "end": 5},
        {"op_id": "3" * 32, "verb": "change"},
        {"op_id": "3" * 32, "verb": "change", "coding_id": "4" * 32, "set": 7},
    ],
)
def test_a_broken_operation_never_crashes_the_route(desk: Desk, broken: dict[str, object]) -> None:
    """A page of another version may send anything; the rest of its batch must still be saved."""
    good = desk.code_op(0, 5)
    answer = desk.send(desk.ada, broken, good)
    if "op_id" not in broken:
        assert answer.status_code == 400
        assert answer.json()["message"] == "The page sent something unreadable."
        return
    assert answer.json()["acked"] == [good["op_id"]]
    assert [refusal["op_id"] for refusal in answer.json()["refused"]] == [broken["op_id"]]


@pytest.mark.parametrize(
    "bad", [{"valence": "7"}, {"memo": "x" * 100_001}, {"start": 9, "end": 3}, {"end": "far"}]
)
def test_a_refused_change_leaves_no_trace(desk: Desk, bad: dict[str, object]) -> None:
    op = desk.code_op(0, 5, valence="1")
    desk.send(desk.ada, op)
    change = {
        "op_id": "6" * 32,
        "verb": "change",
        "coding_id": op["coding_id"],
        "set": {"code": desk.small.codes["help"], **bad},
    }
    assert desk.send(desk.ada, change).json()["refused"]
    path = f"/api/versions/{desk.version}/codings"
    (coding,) = desk.client.get(path, headers=desk.ada).json()["codings"]
    assert (coding["code"], coding["valence"]) == (desk.small.codes["fit"], "1")


def test_too_much_at_once_is_refused(desk: Desk) -> None:
    answer = desk.send(desk.ada, *[{"op_id": "5" * 32}] * 5_001)
    assert answer.status_code == 400
    assert "too much" in answer.json()["message"]
