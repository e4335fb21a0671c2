"""Reading tidy tables row by row, and putting their words where Plotly shows them."""

from __future__ import annotations

from typing import Any

import pandas as pd


def records(frame: pd.DataFrame, unique: str | None = None) -> list[dict[str, Any]]:
    """The rows as dicts; with ``unique``, the first row of each value of that column."""
    chosen = frame if unique is None else frame.drop_duplicates(unique)
    names = list(map(str, chosen.columns))
    # whole columns at once: a column of texts gives out single ones slowly
    values = zip(*(chosen[name].tolist() for name in chosen.columns), strict=True)
    return [dict(zip(names, row, strict=True)) for row in values]


def plural(number: int, noun: str) -> str:
    """``1 word``, ``2,000 words``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def shortened(text: str, room: int) -> str:
    """Text cut to ``room`` characters, with an ellipsis where something is missing."""
    return text if len(text) <= room else text[: max(1, room - 1)].rstrip() + "…"


def escaped(text: object) -> str:
    """Text that Plotly shows as it is, although it reads markup."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clock(ms: float) -> str:
    """Milliseconds as ``m:ss`` or ``h:mm:ss``."""
    minutes, seconds = divmod(int(ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
