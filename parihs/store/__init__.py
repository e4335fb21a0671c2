"""Keeping a study: one database, transactions, an audit trail, backups."""

from parihs.store.backup import backup
from parihs.store.store import Store, Transaction

__all__ = ["Store", "Transaction", "backup"]
