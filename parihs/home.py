"""The folder that holds one team's studies: database, media, models, logs and backups."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

DEFAULT_HOME = "~/parihs"


class Home:
    """Paths inside a home folder; created on first use, readable by its owner only.

    ``path`` defaults to the environment variable ``PARIHS_HOME``, then ``~/parihs``.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        chosen = path or os.environ.get("PARIHS_HOME") or DEFAULT_HOME
        self.path = Path(chosen).expanduser().resolve()
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def database_file(self) -> Path:
        """The SQLite file of the studies, used unless a database URL is set."""
        return self.path / "study.sqlite"

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the studies: ``PARIHS_DATABASE_URL`` or the file in this folder."""
        return os.environ.get("PARIHS_DATABASE_URL") or f"sqlite:///{self.database_file}"

    @property
    def jobs_url(self) -> str:
        """SQLAlchemy URL of the job queue: a file of its own, or tables of their own on a server.

        Several computers cannot share a SQLite file, so a server for the studies serves jobs too.
        """
        studies = self.database_url
        apart = studies if studies.startswith("postgresql") else self._jobs_file
        return os.environ.get("PARIHS_JOBS_URL") or apart

    @property
    def _jobs_file(self) -> str:
        return f"sqlite:///{self.path / 'jobs.sqlite'}"

    @property
    def media(self) -> Path:
        """Recordings under their content hash, and what is derived from them."""
        return self._folder("media")

    @property
    def models(self) -> Path:
        """Speech models; ``PARIHS_MODELS`` points elsewhere, for example to a shared folder."""
        chosen = os.environ.get("PARIHS_MODELS")
        return Path(chosen).expanduser() if chosen else self._folder("models")

    @property
    def work(self) -> Path:
        """Unfinished uploads and the checkpoints of running jobs."""
        return self._folder("work")

    @property
    def logs(self) -> Path:
        """Logs of the app and the workers; never transcript text or names."""
        return self._folder("logs")

    @property
    def backups(self) -> Path:
        """Copies of the database made before each migration and on request."""
        return self._folder("backups")

    def secret(self) -> str:
        """The key that signs this home's tokens; kept on disk so that they survive a restart."""
        file = self.path / "secret"
        if not file.exists():
            draft = file.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(32), encoding="ascii")
            try:
                os.link(draft, file)
            except FileExistsError:
                pass
            except OSError:
                draft.replace(file)
            draft.unlink(missing_ok=True)
        return file.read_text(encoding="ascii").strip()

    def _folder(self, name: str) -> Path:
        folder = self.path / name
        folder.mkdir(exist_ok=True, mode=0o700)
        return folder
