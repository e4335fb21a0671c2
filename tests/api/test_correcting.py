"""Correcting over HTTP: saved once, met halfway, and nobody's coding lost meanwhile."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from parihs.model import Coding, ReviewItem, TranscriptVersion, Turn
from parihs.store.transcripts import stretch
from tests.api.conftest import Desk

SPLIT = ("It does not fit here.", "It never has.")
TURN = "It does not fit here. It never has."


def change(*texts: str, first: int = 1, before: str = TURN, **more: Any) -> dict[str, Any]:
    return {"first": first, "last": first, "before": before, "texts": list(texts), **more}


def correct(
    desk: Desk,
    headers: dict[str, str],
    *edits: dict[str, Any],
    version: str = "",
    save: bool = True,
) -> Any:
    path = f"/api/versions/{version or desk.version}/corrections"
    return desk.client.post(path, json={"edits": edits, "save": save}, headers=headers)


def texts(desk: Desk, version_id: str) -> list[str]:
    with desk.store.read() as session:
        query = select(Turn.text).filter_by(version_id=version_id).order_by(Turn.position)
        return list(session.scalars(query))


def coding(desk: Desk, coding_id: str) -> Coding:
    with desk.store.read() as session:
        return session.get_one(Coding, coding_id)


def test_corrections_become_one_version_and_codings_follow(desk: Desk) -> None:
    start = 23 + TURN.index("here")
    op = desk.code_op(start, start + 4)
    desk.send(desk.ada, op)
    done = correct(desk, desk.ben, change("It really does not fit here. It never has.")).json()
    assert (done["number"], done["edits"], done["clashes"]) == (2, [], [])
    assert texts(desk, done["version_id"])[1] == "It really does not fit here. It never has."
    answer = desk.client.get(f"/api/versions/{done['version_id']}/codings", headers=desk.ada)
    (moved,) = answer.json()["codings"]
    assert (moved["id"], moved["start"]) == (op["coding_id"], start + len("really "))
    old = desk.client.get(f"/api/versions/{desk.version}/codings?since=1", headers=desk.ada)
    assert old.json()["newest"] == done["version_id"]
    assert old.json()["codings"] == []


def test_the_same_corrections_sent_again_are_saved_once(desk: Desk) -> None:
    first = correct(desk, desk.ada, change(*SPLIT)).json()
    assert correct(desk, desk.ada, change(*SPLIT)).json() == first


def test_two_people_on_one_turn_choose_and_on_two_turns_meet(desk: Desk) -> None:
    one = correct(desk, desk.ada, change(*SPLIT)).json()
    other = change("Café talk, naïve as it was.", first=2, before="Café talk, naïve as it is.")
    mine = change("It fits. It never has.")
    both = correct(desk, desk.ben, mine, other).json()
    assert both["version_id"] == one["version_id"]
    (clash,), (moved,) = both["clashes"], both["edits"]
    assert clash["original"] == TURN
    assert clash["before"] == "\n".join(SPLIT)
    assert clash["texts"] == ["It fits. It never has."]
    assert (moved["first"], moved["texts"]) == (3, ["Café talk, naïve as it was."])
    chosen = correct(desk, desk.ben, clash, moved, version=one["version_id"]).json()
    assert texts(desk, chosen["version_id"])[1:] == [
        "It fits. It never has.",
        "Café talk, naïve as it was.",
    ]


def test_looking_saves_nothing(desk: Desk) -> None:
    looked = correct(desk, desk.ada, change(*SPLIT), save=False).json()
    assert looked["version_id"] == desk.version
    assert looked["edits"][0]["texts"] == list(SPLIT)
    with desk.store.read() as session:
        assert session.query(TranscriptVersion).count() == 2


def test_what_does_not_fit_is_refused_in_words(desk: Desk) -> None:
    wrong = correct(desk, desk.ada, change("Mine", before="Never said"))
    assert wrong.status_code == 400
    assert "does not fit" in wrong.json()["message"]
    assert correct(desk, desk.ada, {"first": 1}).status_code == 400
    assert correct(desk, {}, change("Mine")).status_code == 401
    nobody = correct(desk, desk.headers(""), change("Mine"))
    assert "nobody is named" in nobody.json()["message"]
    other = correct(desk, desk.headers(desk.small.ada.id, "elsewhere"), change("Mine"))
    assert other.status_code == 400


def test_codings_queued_on_the_old_text_find_their_place(desk: Desk) -> None:
    """Ben's connection was down while Ada corrected; what he coded is where he saw it."""
    start = 23 + TURN.index("never")
    coded, gone = desk.code_op(start, start + 5), desk.code_op(23 + 3, 23 + 11)
    newest = correct(desk, desk.ada, change("It fits. It has never been.")).json()["version_id"]
    uncoded = {"op_id": "1" * 32, "verb": "uncode", "coding_id": coded["coding_id"]}
    answer = desk.send(desk.ben, coded, gone).json()
    assert sorted(answer["acked"]) == sorted([coded["op_id"], gone["op_id"]])
    assert answer["newest"] == newest
    here = coding(desk, coded["coding_id"])
    with desk.store.read() as session:
        assert here.version_id == newest
        assert stretch(session, newest, here.start, here.end) == here.quote == "never"
        (item,) = session.scalars(select(ReviewItem))
    assert coding(desk, gone["coding_id"]).version_id == desk.version
    assert (item.coding_id, item.reason, item.old_quote) == (gone["coding_id"], "lost", "does not")
    assert desk.send(desk.ben, uncoded).json()["acked"] == ["1" * 32]
    assert coding(desk, coded["coding_id"]).uncoded


def test_a_coding_cannot_be_moved_to_words_that_are_gone(desk: Desk) -> None:
    op = desk.code_op(23, 25)
    desk.send(desk.ada, op)
    correct(desk, desk.ben, change("It fits. It never has."))
    moved = {
        "op_id": "2" * 32,
        "verb": "change",
        "coding_id": op["coding_id"],
        "set": {"start": 23 + 3, "end": 23 + 11},
    }
    (refusal,) = desk.send(desk.ada, moved).json()["refused"]
    assert "corrected meanwhile" in refusal["message"]
    assert coding(desk, op["coding_id"]).quote == "It"
