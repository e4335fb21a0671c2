"""SQLite learns how large the tables are, and then finds few codings among very many at once."""

from __future__ import annotations

from sqlalchemy import text

from parihs.home import Home
from parihs.model import Coding
from parihs.store import Store
from tests.support.small_study import make_small_study

MANY = 3_000


def codings_known(store: Store) -> int:
    """How many codings SQLite reckons with when it chooses an index; 0 where it never looked."""
    looked = text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
    stat = text("SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_coding_counted'")
    with store.engine.connect() as connection:
        if connection.scalar(looked) is None:
            return 0
        return int((connection.scalar(stat) or "0").split()[0])


def code_much(store: Store) -> None:
    small = make_small_study(store)
    version = small.versions[0]
    codings = (
        Coding(
            study_id=small.study.id,
            transcript_id=version.transcript_id,
            version_id=version.id,
            start=0,
            end=5,
            code_id=next(iter(small.codes.values())),
            codebook_version_id=small.codebook.id,
            coder_id=small.ada.id,
            quote="Shall",
        )
        for _ in range(MANY)
    )
    with store.write("test") as tx:
        tx.session.add_all(codings)


def test_a_study_that_has_grown_is_looked_at_when_it_is_closed(home: Home) -> None:
    store = Store(home)
    code_much(store)
    assert codings_known(store) == 0
    store.close()
    assert codings_known(store) == MANY
    store.close()


def test_a_study_that_was_cut_off_is_looked_at_when_it_is_opened(home: Home) -> None:
    store = Store(home)
    code_much(store)
    store.engine.dispose()
    opened = Store(home)
    assert codings_known(opened) == MANY
    opened.close()


def test_an_index_that_is_new_is_looked_at(home: Home) -> None:
    store = Store(home)
    code_much(store)
    store.close()
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM sqlite_stat1 WHERE idx = 'ix_coding_counted'"))
    store.close()
    assert codings_known(store) == MANY
    store.close()


def test_who_writes_just_now_is_not_waited_for(home: Home) -> None:
    store = Store(home)
    code_much(store)
    with store.write("test") as tx:
        tx.session.execute(text("SELECT 1"))
        other = Store(home)
        assert codings_known(other) == 0
    other.close()
    assert codings_known(store) == MANY
    store.close()
