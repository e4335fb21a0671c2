"""Which workers are alive: each writes a sign of life every few seconds into the job database.

A worker on another computer that has been silent for too long counts as dead, and its job goes back
to the queue for another; on the same computer the lock it holds says whether it lives. Should it
only have been held up, it notices that the job is no longer its own and stops.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BigInteger, Column, Table, Text, delete, func, insert, select, text, update
from sqlalchemy.engine import Connection, Engine

from parihs.transcribe.job_table import metadata, now_ms

BEAT_S = 3.0
SILENT_BEATS = 5
"""So many signs of life missed in a row mean that a worker is dead."""
DEVICES = "auto, cpu, cuda, or cuda:0, cuda:1 … for one graphics card of several"

table = Table(
    "parihs_worker",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("machine", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("job_id", Text),
    Column("beat_ms", BigInteger, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker as others see it; times in UTC."""

    id: str
    name: str
    machine: str
    """Name of the computer it runs on."""
    device: str
    job_id: str | None
    """What it is at, or None while it waits."""
    alive: bool
    seen_at: datetime

    @property
    def here(self) -> bool:
        """Whether it runs on this computer."""
        return self.machine == socket.gethostname()


def worker_id(name: str) -> str:
    """The same after a restart, so that a worker finds its own interrupted job."""
    return f"{socket.gethostname()}:{name}"


class Workers:
    """The table of workers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self) -> None:
        """Make the table where there is none."""
        metadata.create_all(self._engine, tables=[table])

    def join(self, name: str, device: str, beat_s: float) -> str:
        """Enter a worker, or a restarted one again; gives its id."""
        id_ = worker_id(name)
        with self._engine.begin() as connection:
            now = _now(connection)
            connection.execute(delete(table).where(table.c.id == id_))
            connection.execute(
                insert(table).values(
                    id=id_,
                    name=name,
                    machine=socket.gethostname(),
                    device=device,
                    job_id=None,
                    beat_ms=int(beat_s * 1000),
                    started_at=now,
                    seen_at=now,
                )
            )
        return id_

    def beat(self, id_: str) -> bool:
        """A sign of life; False where the worker was taken off the table in the meantime."""
        with self._engine.begin() as connection:
            change = update(table).where(table.c.id == id_).values(seen_at=_now(connection))
            return connection.execute(change).rowcount > 0

    def busy(self, id_: str, job_id: str | None) -> None:
        """Note what a worker is at; None for nothing."""
        with self._engine.begin() as connection:
            connection.execute(update(table).where(table.c.id == id_).values(job_id=job_id))

    def leave(self, id_: str) -> None:
        """Take a worker off the table that ends properly."""
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.id == id_))

    def all(self) -> Sequence[Worker]:
        """All workers on the table, by name."""
        with self._engine.connect() as connection:
            now = _now(connection)
            rows = connection.execute(select(table).order_by(table.c.name)).all()
        return [
            Worker(
                id=row.id,
                name=row.name,
                machine=row.machine,
                device=row.device,
                job_id=row.job_id,
                alive=now - row.seen_at <= row.beat_ms * SILENT_BEATS,
                seen_at=datetime.fromtimestamp(row.seen_at / 1000, UTC),
            )
            for row in rows
        ]


def _now(connection: Connection) -> int:
    """Milliseconds by one clock for all: the server's, or on a file this computer's."""
    if connection.dialect.name != "postgresql":
        return now_ms()
    seconds = func.extract("epoch", func.clock_timestamp())
    return int(connection.execute(select(seconds * text("1000"))).scalar_one())
