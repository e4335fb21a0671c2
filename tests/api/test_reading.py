"""What the reader fetches: text, words, codebook, codings; never kept in a cache."""

from __future__ import annotations

from parihs.model import ParsedTranscript, ParsedTurn, ParsedWord
from parihs.store.transcripts import save_transcript, version_text
from tests.api.conftest import Desk


def test_text_is_the_version_text_cut_into_turns(desk: Desk) -> None:
    answer = desk.client.get(f"/api/versions/{desk.version}/text", headers=desk.ada)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    with desk.store.read() as session:
        text = version_text(session, desk.version)
    assert "\n".join(turn[2] for turn in body["turns"]) == text
    assert body["n_chars"] == len(text)
    for speaker, start, words, start_ms, end_ms in body["turns"]:
        assert text[start : start + len(words)] == words
        assert start_ms < end_ms
        assert body["speakers"][speaker]["name"] in ("Mara", "Kim1", "Somebody")
    assert [s["facilitator"] for s in body["speakers"]] == [True, False, False]


def test_words_are_null_where_there_are_none(desk: Desk) -> None:
    answer = desk.client.get(f"/api/versions/{desk.version}/words", headers=desk.ada)
    assert answer.json() == {"turns": [None, None, None], "marks": {}}


def test_words_lie_in_their_turns(desk: Desk) -> None:
    turn = ParsedTurn(
        "Mara",
        "Näher 🙂 come.",
        0,
        900,
        (ParsedWord(0, 5, 0, 300, 0.9), ParsedWord(8, 13, 400, 900, 0.5)),
    )
    with desk.store.write("test") as tx:
        version = save_transcript(
            tx,
            workshop_id=desk.small.workshops[0].id,
            title="Timed",
            parsed=ParsedTranscript((turn,), "text"),
            reason="import",
        )
    answer = desk.client.get(f"/api/versions/{version.id}/words", headers=desk.ada)
    assert answer.json()["turns"] == [[[0, 5, 0, 300, 0.9, False], [8, 13, 400, 900, 0.5, False]]]


def test_codebook_comes_in_tree_order_with_its_rules(desk: Desk) -> None:
    path = f"/api/codebooks/{desk.small.codebook.id}"
    answer = desk.client.get(path, headers=desk.ada)
    assert answer.headers["cache-control"] == "no-store"
    codes = answer.json()["codes"]
    assert [code["key"] for code in codes] == ["fit", "fit.place", "fit.person", "help"]
    by_key = {code["key"]: code for code in codes}
    assert by_key["fit.place"]["parent"] == by_key["fit"]["id"]
    assert by_key["help"]["parent"] is None
    # Files name codes by key; people read names.
    assert by_key["fit.place"]["definition"] == "About “Place”."
    assert all(code["colour"].startswith("#") for code in codes)


def test_an_unknown_version_is_explained(desk: Desk) -> None:
    answer = desk.client.get("/api/versions/nothing/text", headers=desk.ada)
    assert answer.status_code == 400
    assert answer.json() == {
        "message": "This transcript is not in this study.",
        "hint": "Open it again from its list.",
    }


def test_codings_since_a_revision(desk: Desk) -> None:
    path = f"/api/versions/{desk.version}/codings"
    first = desk.send(desk.ada, desk.code_op(0, 5)).json()
    op = desk.code_op(6, 11)
    desk.send(desk.ada, op)
    everything = desk.client.get(path, headers=desk.ada).json()
    assert len(everything["codings"]) == 2
    news = desk.client.get(f"{path}?since={first['rev']}", headers=desk.ada).json()
    assert [coding["id"] for coding in news["codings"]] == [op["coding_id"]]
    nonsense = desk.client.get(f"{path}?since=now", headers=desk.ada).json()
    assert len(nonsense["codings"]) == 2
