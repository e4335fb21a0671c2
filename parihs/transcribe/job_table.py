"""What the job library has no call for: the order of waiting jobs, who holds one, whose are lost.

This is the one place that reads and writes the library's table of jobs itself. Every change is one
transaction that says which state it expects, so that two pages or two workers at once cannot undo
each other's work.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, func, select, update
from sqlalchemy import create_engine as create
from sqlalchemy.engine import Connection, Engine, make_url

from parihs.transcribe import queue

Where = Literal["front", "up", "down", "back"]

LIBRARY_SCHEMA = "dbos"
"""Where the library keeps its tables on PostgreSQL; ours stand beside them."""
WAITING = ("ENQUEUED", "DELAYED")
ARRANGING = 0x71756575
"""Key of the PostgreSQL advisory lock that whoever moves a job holds until it is moved."""

metadata = MetaData(schema=LIBRARY_SCHEMA)
jobs = Table(
    "workflow_status",
    MetaData(schema=LIBRARY_SCHEMA),
    Column("workflow_uuid", Text, primary_key=True),
    Column("name", Text),
    Column("status", Text),
    Column("queue_name", Text),
    Column("executor_id", Text),
    Column("owner_xid", Text),
    Column("priority", Integer),
    Column("created_at", BigInteger),
    Column("updated_at", BigInteger),
    Column("started_at_epoch_ms", BigInteger),
)


@dataclass(frozen=True, slots=True)
class Hold:
    """Who has a job in hand: the worker, and which of its attempts."""

    worker: str
    attempt: str


def connect(url: str) -> Engine:
    """Connections to the job database; on SQLite its tables have no schema."""
    if make_url(url).get_backend_name() != "sqlite":
        # a server that went away is noticed within seconds, well before a worker counts as dead
        patience = {"connect_timeout": 5, "tcp_user_timeout": 5000}
        return create(url, pool_pre_ping=True, connect_args=patience)
    engine = create(url, connect_args={"timeout": 10, "check_same_thread": False})
    return engine.execution_options(schema_translate_map={LIBRARY_SCHEMA: None})


def now_ms() -> int:
    """The time that times of jobs are told in: milliseconds since 1970."""
    return int(time.time() * 1000)


class JobTable:
    """The library's table of jobs, as far as we touch it; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self) -> list[str]:
        """Ids of waiting jobs in the order they will be taken."""
        with self._engine.connect() as connection:
            return _waiting(connection)

    def last_place(self) -> int:
        """A priority behind every job that waits, so that a new one joins the end."""
        query = select(func.max(jobs.c.priority)).where(
            jobs.c.name == queue.WORKFLOW, jobs.c.status.in_(WAITING)
        )
        with self._engine.connect() as connection:
            return min((connection.scalar(query) or 0) + 1, 2**31 - 1)

    def move(self, job_id: str, where: Where) -> None:
        """Give a waiting job another place; nothing happens to a job that no longer waits."""
        with self._engine.connect() as connection:
            # one at a time, or who read the order first would put back what another just moved
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(select(func.pg_advisory_xact_lock(ARRANGING)))
            before = _waiting(connection)
            if job_id not in before:
                return
            places = {id_: place for place, id_ in enumerate(_moved(before, job_id, where), 1)}
            # always in the same order, or two people arranging at once could wait for each other
            for id_ in sorted(places):
                connection.execute(
                    update(jobs)
                    .where(jobs.c.workflow_uuid == id_, jobs.c.status.in_(WAITING))
                    .values(priority=places[id_])
                )
            connection.commit()

    def hold(self, job_id: str) -> Hold | None:
        """Who has the job in hand; None where nobody has, as when it was stopped or put back."""
        query = select(jobs.c.executor_id, jobs.c.owner_xid).where(
            jobs.c.workflow_uuid == job_id, jobs.c.status == "PENDING"
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else Hold(str(row[0]), str(row[1]))

    def put_back(self, job_id: str, hold: Hold) -> bool:
        """Return a job to its place in the queue, if this attempt still has it; whether it did."""
        changed = self._put_back(
            jobs.c.workflow_uuid == job_id,
            jobs.c.executor_id == hold.worker,
            jobs.c.owner_xid == hold.attempt,
        )
        return bool(changed)

    def put_back_lost(self, living: Collection[str]) -> Sequence[str]:
        """Return jobs to the queue that are in the hand of no living worker; gives their ids."""
        return self._put_back(jobs.c.executor_id.not_in(living))

    def _put_back(self, *which: object) -> Sequence[str]:
        # as the library itself does for a worker that restarts
        change = (
            update(jobs)
            .where(jobs.c.name == queue.WORKFLOW, jobs.c.status == "PENDING", *which)  # type: ignore[arg-type]
            .values(
                status="ENQUEUED",
                queue_name=queue.QUEUE,
                owner_xid=None,
                started_at_epoch_ms=None,
                updated_at=now_ms(),
            )
            .returning(jobs.c.workflow_uuid)
        )
        with self._engine.begin() as connection:
            return [str(row[0]) for row in connection.execute(change)]


def _waiting(connection: Connection) -> list[str]:
    query = (
        select(jobs.c.workflow_uuid)
        .where(jobs.c.name == queue.WORKFLOW, jobs.c.status.in_(WAITING))
        .order_by(jobs.c.priority, jobs.c.created_at)
    )
    return [str(row[0]) for row in connection.execute(query)]


def _moved(order: Sequence[str], job_id: str, where: Where) -> list[str]:
    """The same ids with one of them elsewhere."""
    rest = [id_ for id_ in order if id_ != job_id]
    here = order.index(job_id)
    place = {
        "front": 0,
        "up": max(here - 1, 0),
        "down": min(here + 1, len(rest)),
        "back": len(rest),
    }[where]
    return [*rest[:place], job_id, *rest[place:]]
