"""The study store: transactions, the audit trail, and what two writers at once must not lose."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from parihs.errors import ParihsError
from parihs.model import Event, Study, Turn
from parihs.store import Store
from parihs.store.studies import add_site, add_study, get_study, sites
from parihs.store.transcripts import latest_version, stretch, turns, version_text
from tests.support.small_study import make_small_study


def test_a_failed_block_leaves_nothing_behind(any_store: Store) -> None:
    def break_down() -> None:
        with any_store.write("test") as tx:
            add_study(tx, key="gone", name="Gone")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_down()
    with any_store.read() as session:
        assert session.scalar(select(func.count()).select_from(Study)) == 0
        assert session.scalar(select(func.count()).select_from(Event)) == 0


def test_every_addition_is_in_the_audit_trail(any_store: Store) -> None:
    with any_store.write("ada") as tx:
        study = add_study(tx, key="s", name="S")
        add_site(tx, study.id, key="north", name="North", kind="hospital")
    with any_store.read() as session:
        events = list(session.scalars(select(Event).order_by(Event.seq)))
    assert [(e.actor, e.verb, e.object_type) for e in events] == [
        ("ada", "added", "study"),
        ("ada", "added", "site"),
    ]


@pytest.mark.parametrize("change", ["UPDATE event SET actor = 'x'", "DELETE FROM event"])
def test_the_audit_trail_cannot_be_rewritten(any_store: Store, change: str) -> None:
    with any_store.write("ada") as tx:
        add_study(tx, key="s", name="S")
    with pytest.raises(DBAPIError, match="append-only"), any_store.write("eve") as tx:
        tx.session.execute(text(change))
    with any_store.read() as session:
        assert session.scalars(select(Event.actor)).all() == ["ada"]


def test_concurrent_writers_lose_nothing(any_store: Store) -> None:
    with any_store.write("test") as tx:
        study = add_study(tx, key="s", name="0")

    def count_up() -> None:
        for _ in range(25):
            with any_store.write("test") as tx:
                row = tx.session.get_one(Study, study.id)
                row.name = str(int(row.name) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_store.read() as session:
        assert get_study(session).name == "100"


def test_taken_keys_and_unknown_kinds_are_refused(store: Store) -> None:
    with store.write("test") as tx:
        study = add_study(tx, key="s", name="S")
        add_site(tx, study.id, key="north", name="North")
        with pytest.raises(ParihsError, match="already has a site"):
            add_site(tx, study.id, key="north", name="Again")
        with pytest.raises(ParihsError, match="not a site kind"):
            add_site(tx, study.id, key="x", name="X", kind="castle")
    with store.read() as session:
        assert [site.key for site in sites(session, study.id)] == ["north"]


def test_turn_positions_are_code_points_of_the_version_text(any_store: Store) -> None:
    small = make_small_study(any_store)
    with any_store.read() as session:
        version = small.versions[0]
        whole = version_text(session, version.id)
        views = turns(session, version.id)
        assert len(whole) == version.n_chars
        for view in views:
            assert whole[view.turn.start : view.turn.end] == view.turn.text
        edges = [edge for v in views for edge in (v.turn.start, v.turn.end)]
        for start, end in [(0, 5), (12, 30), (20, version.n_chars), *pairwise(edges)]:
            assert stretch(session, version.id, start, end) == whole[start:end]


def test_speakers_with_a_known_pseudonym_are_linked(store: Store) -> None:
    small = make_small_study(store)
    with store.read() as session:
        views = turns(session, small.versions[0].id)
    assert [view.speaker for view in views] == ["Mara", "Kim1", "Somebody"]
    assert [view.participant is not None for view in views] == [True, True, False]
    assert views[0].participant is not None
    assert views[0].participant.facilitator


def test_versions_are_numbered_and_the_latest_is_found(store: Store) -> None:
    from parihs.model import ParsedTranscript, ParsedTurn
    from parihs.store.transcripts import save_transcript

    small = make_small_study(store)
    first = small.versions[0]
    with store.write("test") as tx:
        second = save_transcript(
            tx,
            workshop_id=small.workshops[0].id,
            title="again",
            parsed=ParsedTranscript((ParsedTurn("Mara", "Anew.\nYes"),), "text"),
            reason="correction",
            transcript_id=first.transcript_id,
        )
    assert (second.number, second.parent_id) == (2, first.id)
    with store.read() as session:
        found = latest_version(session, first.transcript_id)
        assert found is not None
        assert found.id == second.id
        assert session.scalars(select(Turn.text).filter_by(version_id=second.id)).all() == [
            "Anew. Yes"
        ]
