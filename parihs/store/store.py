"""The door to a home's studies: transactions that write, record events, and read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from parihs.home import Home
from parihs.model import Event
from parihs.store.engine import connect, for_writing
from parihs.store.roles import require_event
from parihs.store.schema import prepare
from parihs.store.sizes import look_at_sizes


@dataclass(frozen=True, slots=True)
class Transaction:
    """A write transaction and who is writing; everything in it happens, or nothing does."""

    session: Session
    actor: str

    def record(
        self,
        study_id: str | None,
        verb: str,
        object_type: str,
        object_id: str,
        data: dict[str, Any] | None = None,
        *,
        op_id: str | None = None,
    ) -> int:
        """Append a line to the audit trail and return its sequence number.

        Raises MayNotError where the role of whoever writes does not allow this change.
        """
        require_event(self.session, study_id, self.actor, verb, object_type)
        event = Event(
            study_id=study_id,
            actor=self.actor,
            verb=verb,
            object_type=object_type,
            object_id=object_id,
            data=data or {},
            op_id=op_id,
        )
        self.session.add(event)
        self.session.flush()
        return event.seq


class Store:
    """All studies of one home; open it once per process and share it between threads."""

    def __init__(self, home: Home | None = None) -> None:
        """Open the home's database, creating or upgrading its schema.

        Raises ParihsError when the database was written by a newer parihs.
        """
        self.home = home or Home()
        self.engine = connect(self.home.database_url)
        self._writing = for_writing(self.engine)
        prepare(self.engine, self.home)
        look_at_sizes(self.engine)

    @contextmanager
    def write(self, actor: str) -> Iterator[Transaction]:
        """A transaction that commits at the end of the block and rolls back on any error."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield Transaction(session, actor)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view for reading; what is changed in it is never saved."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    def close(self) -> None:
        """Give back all connections."""
        look_at_sizes(self.engine)
        self.engine.dispose()
