"""Bringing a database to the schema this version of parihs knows, or refusing to touch it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from parihs.errors import ParihsError
from parihs.home import Home
from parihs.store.backup import copy_database

HEAD = "0006"
"""The newest migration; a test compares it with the migrations folder."""

MIGRATIONS = Path(__file__).parent / "migrations"


def current_revision(engine: Engine) -> str | None:
    """The migration the database is at, or None for an empty database.

    Raises ParihsError when the database holds tables that parihs did not make.
    """
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        if "alembic_version" not in tables:
            if "study" in tables:
                raise ParihsError(
                    "This database has tables that parihs did not make; nothing was changed.",
                    "Point parihs at another folder or database.",
                )
            return None
        row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
        return None if row is None else str(row[0])


def prepare(engine: Engine, home: Home) -> None:
    """Create or upgrade the schema; a SQLite file is backed up before it is upgraded.

    Raises ParihsError when the database was written by a newer parihs.
    """
    revision = current_revision(engine)
    if revision == HEAD:
        return
    if revision is not None and revision not in known_revisions():
        raise ParihsError(
            "This study was last opened with a newer version of parihs; nothing was changed.",
            "Update parihs on this computer, or open an older backup from the backups folder.",
        )
    if revision is not None and engine.dialect.name == "sqlite":
        copy_database(engine, home.backups, label=f"before-{HEAD}")
    upgrade(engine)


def known_revisions() -> set[str]:
    """Every migration this version of parihs ships."""
    return {file.stem.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to ``revision`` in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(parihs_write=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
