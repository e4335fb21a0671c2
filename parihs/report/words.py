"""Numbers, dates and lists as reports write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def count(number: int, noun: str, several: str = "") -> str:
    """``1 word``, ``2,000 words``, ``2 studies``."""
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"


def day(moment: date | datetime) -> str:
    """``5 November 2024``, whatever language the computer speaks."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def listed(names: Iterable[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    all_names = list(names)
    if len(all_names) < 2:
        return "".join(all_names)
    return f"{', '.join(all_names[:-1])} and {all_names[-1]}"


def span(days: Sequence[date]) -> str:
    """``between 5 November 2024 and 22 January 2026``; empty where no day is known."""
    if not days:
        return ""
    first, last = min(days), max(days)
    return f"on {day(first)}" if first == last else f"between {day(first)} and {day(last)}"


def clock(ms: int | None) -> str:
    """Milliseconds as ``m:ss`` or ``h:mm:ss``; empty for None."""
    if ms is None:
        return ""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def signed(number: float) -> str:
    """``+3``, ``0``, ``−2`` with a real minus sign."""
    return f"{number:+,.0f}".replace("-", "−") if number else "0"
