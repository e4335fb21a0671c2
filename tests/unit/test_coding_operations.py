"""Coding: operations happen once, errors are refusals, and coders stay blind until release."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from parihs.coding import OpsResult, apply_ops
from parihs.coding.consensus import Span, joint_valence, shared_spans
from parihs.coding.operations import changes
from parihs.model import Coding, Event, new_id
from parihs.store import Store
from parihs.store.transcripts import release, version_text
from tests.support.small_study import SmallStudy, make_small_study


def send(
    store: Store, small: SmallStudy, coder: str, *ops: dict[str, Any], since: int = 0
) -> OpsResult:
    return apply_ops(
        store,
        coder_id=coder,
        version_id=small.versions[0].id,
        codebook_version_id=small.codebook.id,
        ops=ops,
        since=since,
    )


def code_op(
    small: SmallStudy, start: int, end: int, code: str = "fit", **more: Any
) -> dict[str, Any]:
    return {
        "op_id": new_id(),
        "verb": "code",
        "coding_id": new_id(),
        "start": start,
        "end": end,
        "code": small.codes[code],
        **more,
    }


def test_a_coding_keeps_quote_and_context_in_code_points(any_store: Store) -> None:
    small = make_small_study(any_store)
    result = send(any_store, small, small.ada.id, code_op(small, 15, 22, memo="aha", valence="-2"))
    assert len(result.acked) == 1
    with any_store.read() as session:
        coding = session.scalars(select(Coding)).one()
        text = version_text(session, small.versions[0].id)
    assert coding.quote == text[15:22]
    assert text[:15].endswith(coding.prefix)
    assert text[22:].startswith(coding.suffix)
    assert (coding.valence, coding.memo) == ("-2", "aha")


def test_sending_again_does_it_once(any_store: Store) -> None:
    small = make_small_study(any_store)
    op = code_op(small, 0, 5)
    undo = {"op_id": new_id(), "verb": "uncode", "coding_id": op["coding_id"]}
    send(any_store, small, small.ada.id, op)
    for _ in range(3):
        result = send(any_store, small, small.ada.id, op, undo)
        assert sorted(result.acked) == sorted([op["op_id"], undo["op_id"]])
    with any_store.read() as session:
        assert session.scalars(select(Coding)).one().uncoded
        verbs = session.scalars(select(Event.verb).where(Event.object_type == "coding")).all()
    assert sorted(verbs) == ["coded", "uncoded"]


def test_one_refused_operation_does_not_stop_the_others(store: Store, small: SmallStudy) -> None:
    outside = code_op(small, 5, 10_000)
    blank = code_op(small, 5, 6)
    good = code_op(small, 0, 5)
    bad_valence = code_op(small, 0, 5, valence="7")
    unknown = {**code_op(small, 0, 5), "code": "no such code"}
    result = send(store, small, small.ada.id, outside, blank, good, bad_valence, unknown)
    assert result.acked == [good["op_id"]]
    assert {r["op_id"] for r in result.refused} == {
        op["op_id"] for op in (outside, blank, bad_valence, unknown)
    }
    assert all(r["message"] for r in result.refused)


def test_a_coder_cannot_touch_anothers_coding(store: Store, small: SmallStudy) -> None:
    op = code_op(small, 0, 5)
    send(store, small, small.ada.id, op)
    theft = {"op_id": new_id(), "verb": "uncode", "coding_id": op["coding_id"]}
    assert send(store, small, small.ben.id, theft).refused
    with store.read() as session:
        assert not session.scalars(select(Coding)).one().uncoded


def test_coders_are_blind_until_release(any_store: Store) -> None:
    small = make_small_study(any_store)
    op = code_op(small, 0, 5)
    send(any_store, small, small.ada.id, op)
    result = send(any_store, small, small.ben.id, code_op(small, 0, 8))
    assert all(coding["coder"] == small.ben.id for coding in result.delta)
    with any_store.write("lead") as tx:
        release(tx, small.versions[0].transcript_id)
    with any_store.read() as session:
        _, seen = changes(session, small.ben.id, small.versions[0].id)
    assert {coding["coder"] for coding in seen} == {small.ada.id, small.ben.id}


def test_the_delta_holds_what_changed_since(store: Store, small: SmallStudy) -> None:
    first = send(store, small, small.ada.id, code_op(small, 0, 5))
    op = code_op(small, 0, 8)
    second = send(store, small, small.ada.id, op, since=first.rev)
    assert [coding["id"] for coding in second.delta] == [op["coding_id"]]
    change = {
        "op_id": new_id(),
        "verb": "change",
        "coding_id": op["coding_id"],
        "set": {"valence": "mixed", "start": 6, "end": 14, "memo": "moved"},
    }
    third = send(store, small, small.ada.id, change, since=second.rev)
    (coding,) = third.delta
    assert (coding["valence"], coding["start"], coding["end"], coding["memo"]) == (
        "mixed",
        6,
        14,
        "moved",
    )
    assert third.rev > second.rev


def spans() -> st.SearchStrategy[list[Span]]:
    one = st.builds(
        lambda number, code, coder, start, length: Span(
            str(number), "v", code, coder, start, start + length, "1"
        ),
        st.integers(0, 10**6),
        st.sampled_from("xy"),
        st.sampled_from("abc"),
        st.integers(0, 30),
        st.integers(1, 12),
    )
    return st.lists(one, max_size=12)


@given(spans(), st.integers(2, 3))
def test_consensus_is_exactly_the_characters_that_enough_coders_gave_one_code(
    some: list[Span], at_least: int
) -> None:
    found = shared_spans(some, at_least=at_least)
    for code in "xy":
        expected = {
            position
            for position in range(50)
            if len({s.coder_id for s in some if s.code_id == code and s.start <= position < s.end})
            >= at_least
        }
        got = [p for s in found if s.code_id == code for p in range(s.start, s.end)]
        assert sorted(got) == sorted(expected)
        stretches = sorted((s.start, s.end) for s in found if s.code_id == code)
        assert all(a[1] < b[0] for a, b in pairwise(stretches))


@pytest.mark.parametrize(
    ("valences", "expected"),
    [
        (["1", "2"], "1"),
        (["-2", "-1"], "-1"),
        (["1", "-1"], "mixed"),
        (["0", "2"], "0"),
        (["unrated", "-2"], "-2"),
        (["unrated", "unrated"], "unrated"),
        (["mixed", "1"], "mixed"),
    ],
)
def test_joint_valence_keeps_what_is_shared(valences: list[str], expected: str) -> None:
    assert joint_valence(valences) == expected
