"""Times as people read them."""

from __future__ import annotations


def clock(ms: int) -> str:
    """Milliseconds as ``m:ss`` or ``h:mm:ss``; hours go on past 24."""
    seconds = ms // 1000
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
