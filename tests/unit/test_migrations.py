"""Opening databases of other versions, and keeping migrations and model in step."""

from __future__ import annotations

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import Base
from parihs.store import Store, backup
from parihs.store.engine import connect
from parihs.store.schema import HEAD, current_revision, known_revisions, upgrade
from parihs.store.studies import add_study, get_study


def test_head_is_the_newest_migration() -> None:
    assert max(known_revisions()) == HEAD


def test_migrations_make_exactly_the_model(any_store: Store) -> None:
    with any_store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_newer_database_is_refused_and_left_alone(home: Home) -> None:
    store = Store(home)
    with store.write("test") as tx:
        add_study(tx, key="s", name="S")
        tx.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    before = home.database_file.read_bytes()
    with pytest.raises(ParihsError, match="newer version of parihs"):
        Store(home)
    assert home.database_file.read_bytes() == before


def test_a_foreign_database_is_refused(home: Home) -> None:
    with sqlite3.connect(home.database_file) as connection:
        connection.execute("CREATE TABLE study (name TEXT)")
    with pytest.raises(ParihsError, match="did not make"):
        Store(home)


@pytest.mark.parametrize("revision", sorted(known_revisions() - {HEAD}))
def test_an_older_database_is_backed_up_and_keeps_its_content(home: Home, revision: str) -> None:
    engine = connect(home.database_url)
    upgrade(engine, revision)
    with engine.execution_options(parihs_write=True).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO study (key, name, description, fictional, created_at, id)"
                " VALUES ('s', 'Kept', '', 0, '2026-01-02 03:04:05', 'id')"
            )
        )
    engine.dispose()
    store = Store(home)
    assert current_revision(store.engine) == HEAD
    with store.read() as session:
        assert get_study(session).name == "Kept"
    store.close()
    (copy,) = home.backups.glob("*.sqlite")
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT name FROM study").fetchall() == [("Kept",)]
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [(revision,)]


def test_a_backup_holds_what_is_not_yet_in_the_main_file(home: Home) -> None:
    import zipfile

    store = Store(home)
    with store.write("test") as tx:
        add_study(tx, key="s", name="In the write-ahead log")
    path = backup(store.engine, home)
    with zipfile.ZipFile(path) as bundle:
        bundle.extract("study.sqlite", home.work)
        assert "manifest.json" in bundle.namelist()
    with sqlite3.connect(home.work / "study.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM study").fetchone() == (1,)
    with store.read() as session:
        assert get_study(session).key == "s"
    assert not list(home.backups.glob("*.part"))
