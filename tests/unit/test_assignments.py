"""Who codes what, who has read what, and what leads see of transcripts they do not code."""

from __future__ import annotations

from typing import Any

import pytest

from parihs.coding.adjudication import settle
from parihs.coding.assignments import (
    anything_assigned,
    assign,
    assigned,
    finish,
    finished_readers,
    why_not_code,
)
from parihs.coding.compared import load_compared
from parihs.coding.operations import OpsResult, apply_ops, changes
from parihs.coding.queue import adjudication_queue
from parihs.coding.visibility import is_open_to, visible_codings
from parihs.errors import ParihsError
from parihs.model import Event, new_id
from parihs.store import Store
from parihs.store.roles import MayNotError, give_role
from parihs.store.studies import add_coder
from parihs.store.transcripts import release
from tests.support.small_study import SmallStudy


def give(store: Store, small: SmallStudy, first: set[str], second: set[str]) -> None:
    """Assign the two transcripts."""
    with store.write("test") as tx:
        wanted = dict(zip((v.transcript_id for v in small.versions), (first, second), strict=True))
        assign(tx, small.study.id, wanted)


def code(
    store: Store, small: SmallStudy, coder_id: str, *, version: int = 0, since: int = 0, **op: Any
) -> OpsResult:
    """One coding of the second turn's first words."""
    made = {
        "op_id": new_id(),
        "verb": "code",
        "coding_id": new_id(),
        "start": 23,
        "end": 30,
        "code": small.codes["fit"],
    }
    return apply_ops(
        store,
        coder_id=coder_id,
        version_id=small.versions[version].id,
        codebook_version_id=small.codebook.id,
        ops=[{**made, **op}],
        since=since,
    )


def test_until_anything_is_assigned_everybody_codes(store: Store, small: SmallStudy) -> None:
    assert code(store, small, small.ada.id).acked
    with store.read() as session:
        assert not anything_assigned(session, small.study.id)


def test_a_coder_codes_what_is_assigned(store: Store, small: SmallStudy) -> None:
    give(store, small, {small.ada.id}, set())
    assert code(store, small, small.ada.id).acked
    with pytest.raises(MayNotError, match="not assigned to Ben"):
        code(store, small, small.ben.id)
    with pytest.raises(MayNotError, match="not assigned to Ada"):
        code(store, small, small.ada.id, version=1)
    give(store, small, set(), {small.ada.id})
    with pytest.raises(MayNotError):
        code(store, small, small.ada.id)
    assert code(store, small, small.ada.id, version=1).acked


def test_a_viewer_does_not_code(store: Store, small: SmallStudy) -> None:
    with store.write("test") as tx:
        give_role(tx, small.ada.id, "lead")
        give_role(tx, small.ben.id, "viewer")
    with pytest.raises(MayNotError, match="viewers do not code"):
        code(store, small, small.ben.id)
    with pytest.raises(ParihsError, match="does not code"):
        give(store, small, {small.ben.id}, set())


def test_assigning_again_changes_only_what_differs(store: Store, small: SmallStudy) -> None:
    both = {small.ada.id, small.ben.id}
    give(store, small, both, {small.ada.id})
    with store.read() as session:
        before = session.query(Event).count()
    give(store, small, both, {small.ada.id})
    with store.read() as session:
        assert session.query(Event).count() == before
        first, second = (v.transcript_id for v in small.versions)
        assert assigned(session, small.study.id) == {
            first: [small.ada.id, small.ben.id],
            second: [small.ada.id],
        }


def test_strangers_are_not_assigned(store: Store, small: SmallStudy) -> None:
    for transcript_id, coder_id in (
        ("gone", small.ada.id),
        (small.versions[0].transcript_id, "gone"),
    ):
        with pytest.raises(ParihsError), store.write("test") as tx:
            assign(tx, small.study.id, {transcript_id: [coder_id]})


def test_finishing_is_said_by_oneself_and_can_be_taken_back(
    store: Store, small: SmallStudy
) -> None:
    transcript_id = small.versions[0].transcript_id
    with store.write(small.ada.id) as tx:
        finish(tx, transcript_id, small.ada.id)
    with pytest.raises(MayNotError), store.write(small.ada.id) as tx:
        finish(tx, transcript_id, small.ben.id)
    with store.read() as session:
        assert finished_readers(session, [transcript_id]) == {transcript_id: {small.ada.id}}
        assert not anything_assigned(session, small.study.id)
        assert why_not_code(session, small.ben.id, transcript_id) == ""
    with store.write(small.ada.id) as tx:
        finish(tx, transcript_id, small.ada.id, finished=False)
    with store.read() as session:
        assert not finished_readers(session, [transcript_id])


def test_reading_all_and_coding_nothing_is_a_statement(store: Store, small: SmallStudy) -> None:
    version = small.versions[0]
    code(store, small, small.ada.id)
    with store.write("test") as tx:
        release(tx, version.transcript_id)

    def seen() -> tuple[list[Any], int]:
        with store.read() as session:
            compared = load_compared(session, small.study.id, small.codebook.id)
            queue = adjudication_queue(session, small.study.id, small.codebook.id)
            return [sorted(t.readers) for t in compared.transcripts], queue.n_open

    assert seen() == ([], 0)
    with store.write(small.ben.id) as tx:
        finish(tx, version.transcript_id, small.ben.id)
    assert seen() == ([sorted([small.ada.id, small.ben.id])], 1)


def visible(store: Store, viewer_id: str | None) -> int:
    """How many codings somebody sees."""
    with store.read() as session:
        return len(session.scalars(visible_codings(viewer_id)).all())


def test_what_a_lead_sees_before_release(store: Store, small: SmallStudy) -> None:
    """Blind where they code, open where they do not."""
    with store.write("test") as tx:
        cy = add_coder(tx, small.study.id, key="cy", name="Cy")
        give_role(tx, cy.id, "lead")
    code(store, small, small.ben.id)
    code(store, small, small.ben.id, version=1)
    assert visible(store, cy.id) == 0, "a lead is taken to code everything"
    give(store, small, {small.ben.id}, {small.ben.id, cy.id})
    assert visible(store, cy.id) == 1
    with store.read() as session:
        assert is_open_to(session, cy.id, small.versions[0].transcript_id)
        assert not is_open_to(session, cy.id, small.versions[1].transcript_id)
    code(store, small, cy.id, version=1)
    give(store, small, {small.ben.id}, {small.ben.id})
    assert visible(store, cy.id) == 2, "having coded it, they stay blind for it"
    assert visible(store, small.ada.id) == 0
    assert visible(store, "") == 0
    assert visible(store, None) == 3
    with store.write("test") as tx:
        for version in small.versions:
            release(tx, version.transcript_id)
    assert visible(store, cy.id) == visible(store, small.ada.id) == visible(store, "") == 3


def test_a_release_brings_older_codings_to_those_already_reading(
    store: Store, small: SmallStudy
) -> None:
    version = small.versions[0]
    code(store, small, small.ben.id)
    with store.read() as session:
        since, seen = changes(session, small.ada.id, version.id)
        assert seen == []
    with store.write("test") as tx:
        release(tx, version.transcript_id)
    with store.read() as session:
        _, seen = changes(session, small.ada.id, version.id, since)
    assert [coding["coder"] for coding in seen] == [small.ben.id]
    answer = code(store, small, small.ada.id, since=since)
    assert answer.all
    assert {coding["coder"] for coding in answer.delta} == {small.ada.id, small.ben.id}
    again = code(store, small, small.ada.id, since=answer.rev, start=26)
    assert not again.all
    assert len(again.delta) == 1


def test_a_blind_lead_settles_nothing(store: Store, small: SmallStudy) -> None:
    code(store, small, small.ada.id)
    code(store, small, small.ben.id, start=31, end=38)
    with store.write("test") as tx:
        give_role(tx, small.ada.id, "lead")
    with store.read() as session:
        (item, *_) = adjudication_queue(session, small.study.id, small.codebook.id).items
        blind = adjudication_queue(
            session, small.study.id, small.codebook.id, viewer_id=small.ada.id
        )
    assert blind.items == ()
    assert item.place is not None
    with pytest.raises(ParihsError, match="blind"), store.write(small.ada.id) as tx:
        settle(tx, item.place, outcome="neither", reason="Because.")
