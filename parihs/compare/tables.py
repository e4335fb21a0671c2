"""Comparison tables as files that a spreadsheet opens without running anything in them."""

from __future__ import annotations

import pandas as pd

_COMMANDS = ("=", "+", "-", "@", "\t", "\r")


def to_csv(frame: pd.DataFrame) -> str:
    """The table as CSV text; empty where there is no number.

    A text that a spreadsheet would take for a formula (it starts with ``=``, ``+``, ``-`` or
    ``@``) gets an apostrophe before it, which spreadsheets show as plain text.
    """
    texts = frame.select_dtypes(["object", "string", "category"]).columns
    headings = {name: _plain(name) for name in frame.columns}
    safe = frame.assign(**{name: frame[name].map(_plain) for name in texts})
    return safe.rename(columns=headings).to_csv(index=False, lineterminator="\n")


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_COMMANDS) else value
