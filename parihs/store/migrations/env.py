"""Runs migrations on the connection that ``parihs.store.schema`` hands over."""

from __future__ import annotations

from alembic import context

from parihs.model import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
context.run_migrations()
