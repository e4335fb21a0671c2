"""Passages as the excerpt list shows them, and where each opens in its transcript."""

from __future__ import annotations

import time
from collections.abc import Iterable

from parihs.coding.around import around
from parihs.compare.passages import Passage, passages
from parihs.model.terms import valence_number
from parihs.store.codebooks import definitions
from parihs.ui.clock import clock
from parihs.ui.state import Current
from parihs.ui.widgets.excerpts import CodeChip, ExcerptView
from parihs.web.media import recording_url

AROUND = 90
"""Code points of talk shown before and after an excerpt."""


def excerpt_views(
    now: Current, excerpt_ids: Iterable[str]
) -> tuple[list[ExcerptView], dict[str, dict[str, str]]]:
    """The excerpts to show, and the code page's query for each of them."""
    assert now.codebook is not None
    with now.app.store.read() as session:
        found = passages(session, excerpt_ids, viewer_id=now.viewer_id)
        colours = {c.code_id: c.colour for c in definitions(session, now.codebook.id)}
        beside = around(session, [(p.version_id, p.start, p.end) for p in found], AROUND)
    views = []
    targets = {}
    for passage, (before, after) in zip(found, beside, strict=True):
        key = passage.excerpt_ids[0]
        views.append(_view(now, key, passage, before, after, colours))
        targets[key] = {
            "transcript": passage.transcript_id,
            "start": str(passage.start),
            "end": str(passage.end),
            "play": "1",
            # So that the same excerpt opens again when it is asked for again.
            "at": str(time.time_ns()),
        }
    return views, targets


def _view(
    now: Current, key: str, passage: Passage, before: str, after: str, colours: dict[str, str]
) -> ExcerptView:
    held = f"{passage.held_on.day} {passage.held_on:%b %Y}" if passage.held_on else ""
    at = clock(passage.start_ms) if passage.start_ms is not None else ""
    place = " · ".join(part for part in (passage.site, passage.workshop, held, at) if part)
    signs: dict[str, dict[str, None]] = {}
    for coding in passage.codings:
        signs.setdefault(coding.code_id, {})[sign(coding.valence)] = None
    names = {coding.code_id: coding.code for coding in passage.codings}
    chips = [
        CodeChip(names[code], colours.get(code, "#777777"), " / ".join(filter(None, given)))
        for code, given in signs.items()
    ]
    memos = "".join(f" · {coder}: “{memo}”" for coder, memo in passage.memos)
    playable = passage.recording_id is not None and passage.start_ms is not None
    audio = None
    if playable and passage.recording_id is not None:
        audio = recording_url(passage.recording_id, now.token())
    start = passage.start_ms or 0
    return ExcerptView(
        id=key,
        before=before,
        quote=passage.quote,
        after=after,
        speaker=" and ".join(passage.speakers) or "Unknown speaker",
        place=place,
        codes=chips,
        note=f"coded by {' and '.join(passage.coders)}{memos}",
        audio=audio,
        from_ms=start,
        to_ms=passage.end_ms or start + 5_000,
        missing="No times in this transcript" if passage.recording_id else "No recording",
    )


def sign(valence: str) -> str:
    """A valence as a short mark beside a code."""
    number = valence_number(valence)
    if number is not None:
        return f"{number:+d}".replace("-", "−") if number else "0"
    return "±" if valence == "mixed" else ""
