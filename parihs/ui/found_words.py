"""Matches of a search as the page shows them, and where each opens in its transcript."""

from __future__ import annotations

import time

from parihs.search import Hit
from parihs.ui.clock import clock
from parihs.ui.state import Current
from parihs.ui.widgets.concordance import LineView
from parihs.web.media import recording_url


def line_views(now: Current, hits: list[Hit]) -> tuple[list[LineView], dict[str, dict[str, str]]]:
    """The lines to show, and the code page's query for each of them."""
    lines, targets = [], {}
    for hit in hits:
        key = f"{hit.version_id}-{hit.start}-{hit.end}"
        lines.append(_line(now, key, hit))
        targets[key] = {
            "transcript": hit.transcript_id,
            "start": str(hit.start),
            "end": str(hit.end),
            "play": "1",
            # So that the same words open again when they are asked for again.
            "at": str(time.time_ns()),
        }
    return lines, targets


def _line(now: Current, key: str, hit: Hit) -> LineView:
    audio = None
    if hit.recording_id is not None and hit.start_ms is not None:
        audio = recording_url(hit.recording_id, now.token())
    at = clock(hit.start_ms) if hit.start_ms is not None else f"turn {hit.turn}"
    start = hit.start_ms or 0
    return LineView(
        id=key,
        left=hit.left,
        match=hit.match,
        right=hit.right,
        who=", ".join(part for part in (hit.speaker or "Unknown speaker", hit.role) if part),
        place=f"{hit.workshop} · {at}",
        codes=", ".join(hit.codes),
        audio=audio,
        from_ms=start,
        to_ms=hit.end_ms or start + 5_000,
    )
