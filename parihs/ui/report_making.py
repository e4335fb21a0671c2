"""Making a report from a page: the choices, the work, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from parihs.compare.excerpts import CONSENSUS
from parihs.model import Event
from parihs.report import FORMATS, build, render
from parihs.ui.state import Current


@dataclass(frozen=True, slots=True)
class Made:
    """Files of one report, and the state of the study they show."""

    key: tuple[object, ...]
    """What they were made from: study, reader, choices and the last event."""
    as_of: datetime
    files: dict[str, bytes]
    facts: str
    without_pictures: bool


def key_of(now: Current, parts: tuple[str, ...], layer: str, kinds: tuple[str, ...]) -> object:
    """Changes with the choices, with the reader and with the study."""
    with now.app.store.read() as session:
        newest = select(func.max(Event.seq)).where(Event.study_id == now.study.id)
        seq = session.scalar(newest) or 0
    return (now.study.id, now.viewer_id, parts, layer, kinds, seq)


def make(
    now: Current,
    parts: tuple[str, ...],
    layer: str,
    kinds: tuple[str, ...],
    progress: Callable[[str, float], None],
) -> Made:
    """Gather the report and write its files, saying how far it is.

    What the reader may not see is left out.
    """
    assert now.codebook is not None
    key = key_of(now, parts, layer, kinds)
    with now.app.store.read() as session:
        report = build(
            session,
            now.study.id,
            codebook_version_id=now.codebook.id,
            viewer_id=now.viewer_id,
            layer=layer or CONSENSUS,
            parts=parts,
            progress=lambda what, share: progress(what, share * 0.6),
        )
    files = {}
    for number, kind in enumerate(kinds):
        progress(FORMATS[kind].name, 0.6 + 0.4 * number / len(kinds))
        files[kind] = render(report, kind)
    progress("Done", 1.0)
    facts = (
        f"{len(report.tables)} tables, {len(report.findings)} findings, "
        f"{len(report.excerpts):,} excerpts"
    )
    without = any(figure.png is None for figure in report.figures)
    return Made(key if isinstance(key, tuple) else (key,), report.as_of, files, facts, without)
