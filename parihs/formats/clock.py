"""Moments in a recording: read from the notations transcripts use, printed in one of them.

Only integers are computed with, so a time that is printed and read again is the same millisecond.
"""

from __future__ import annotations

import re

CLOCK = r"(?:[0-9]{1,4}:)?[0-9]{1,3}:[0-9]{1,2}(?:[.,][0-9]{1,9})?"
"""Pattern of a time: hours optional, fraction after a dot or a comma."""

RANGE = rf"(?P<start>{CLOCK})(?:\s*(?:-->|-|–|—|to)\s*(?P<end>{CLOCK}))?"
"""Pattern of a time or of two with a dash or arrow between them."""

MAX_MS = 2**31 - 1
"""The longest time that every database keeps as an integer: 596 hours."""

_PARTS = re.compile(
    r"(?:(?P<hours>[0-9]{1,4}):)?(?P<minutes>[0-9]{1,3}):(?P<seconds>[0-9]{1,2})"
    # MAXQDA and f4 put tenths after a hyphen: 00:03:40-5
    r"(?:[.,-](?P<fraction>[0-9]{1,9}))?"
)


def parse_clock(text: str) -> int | None:
    """Return the milliseconds that ``text`` says, or None where it is not a time.

    Minutes may pass 59 only where no hours are given (``92:03``); digits beyond milliseconds are
    cut off. A time beyond 596 hours is none.
    """
    parts = _PARTS.fullmatch(text.strip())
    if parts is None:
        return None
    hours, minutes, seconds = (int(parts[name] or 0) for name in ("hours", "minutes", "seconds"))
    if seconds > 59 or (parts["hours"] is not None and minutes > 59):
        return None
    thousandths = int(((parts["fraction"] or "") + "000")[:3])
    ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
    return ms if ms <= MAX_MS else None


def format_clock(ms: int) -> str:
    """Print milliseconds as ``hh:mm:ss.mmm``; hours go on past 24 and past two digits."""
    seconds, thousandths = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}.{thousandths:03d}"


def seconds_to_ms(value: object) -> int | None:
    """Return milliseconds for a number of seconds, None for anything else, NaN included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return round(value * 1000) if 0 <= value <= MAX_MS // 1000 else None
