"""Consistent copies of a study's database and recordings while people go on working."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from parihs.errors import ParihsError
from parihs.home import Home


def copy_database(engine: Engine, folder: Path, *, label: str = "backup") -> Path:
    """Write a consistent copy of a SQLite database into ``folder`` and return its path.

    Uses ``VACUUM INTO``: a plain copy of a database in write-ahead mode misses its newest rows.
    Raises ParihsError on PostgreSQL, which has its own tool for this.
    """
    if engine.dialect.name != "sqlite":
        raise ParihsError(
            "A PostgreSQL database is not backed up by parihs.", "Use pg_dump on the server."
        )
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    target = folder / f"study-{stamp}-{label}.sqlite"
    source = engine.url.database
    connection = sqlite3.connect(str(source))
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    target.chmod(0o600)
    return target


def backup(engine: Engine, home: Home, target: Path | None = None) -> Path:
    """Write one ZIP with the database, all recordings and a manifest of their hashes.

    Recordings are stored uncompressed. The file appears under its name only when complete. Job
    checkpoints and speech models are left out: both can be made again. So are voice prints, since
    a backup leaves the machine and they must not.
    """
    stamp = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    target = target or home.backups / f"parihs-{stamp}.zip"
    draft = target.with_suffix(".part")
    database = copy_database(engine, home.work, label="bundle")
    manifest: dict[str, dict[str, str | int]] = {}
    try:
        _forget_voice_prints(database)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as bundle:
            files = [(database, "study.sqlite")]
            files += [
                (file, str(file.relative_to(home.path)))
                for file in sorted(home.media.rglob("*"))
                if file.is_file()
            ]
            for file, name in files:
                with file.open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
                bundle.write(file, name)
                manifest[name] = {"sha256": digest, "bytes": file.stat().st_size}
            bundle.writestr("manifest.json", json.dumps(manifest, indent=1, sort_keys=True))
        draft.chmod(0o600)
        draft.replace(target)
    finally:
        database.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    return target


def _forget_voice_prints(database: Path) -> None:
    connection = sqlite3.connect(str(database), isolation_level=None)
    try:
        # overwritten, not only unlinked
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("DELETE FROM voice_print")
    finally:
        connection.close()
