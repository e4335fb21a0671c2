"""The team at a glance: transcripts by coders, how far each is, and how much is coded twice.

How far somebody is shows as much as the viewer may know: that a transcript is assigned, and that
its coder says to have read all of it, everybody sees; whether they have begun only those who may
see their codings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Final

from sqlalchemy.orm import Session

from parihs.coding.assignments import CODES, anything_assigned, assigned, finished_readers
from parihs.coding.progress import WorkshopStatus, study_status
from parihs.coding.visibility import open_transcripts
from parihs.model import Coder
from parihs.store.roles import leads
from parihs.store.studies import coders

FINISHED: Final = "finished"
SO_FAR: Final = "so far"
NOT_BEGUN: Final = "not begun"
HIDDEN: Final = "hidden"
NONE: Final = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One transcript and one coder."""

    assigned: bool
    state: str
    """``finished``, ``so far``, ``not begun``, ``hidden`` (assigned, and not for these eyes), or
    empty: neither assigned nor coded, as far as one may see."""
    n_codings: int | None
    """None where the viewer may not know."""


@dataclass(frozen=True, slots=True)
class Row:
    """One transcript."""

    transcript_id: str
    label: str
    site: str
    workshop_key: str
    n_words: int
    released: bool
    open: bool
    """Whether the viewer may see everybody's codings of it."""
    cells: dict[str, Cell]
    """By coder id."""

    @property
    def n_coders(self) -> int:
        """How many people it is assigned to."""
        return sum(cell.assigned for cell in self.cells.values())

    @property
    def n_finished(self) -> int:
        """How many say that they have read all of it."""
        return sum(cell.state == FINISHED for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody, and what they are to code."""

    coders: tuple[Coder, ...]
    leads: tuple[Coder, ...]
    rows: tuple[Row, ...]
    anything_assigned: bool

    def double_coded(self, *, finished: bool = False) -> tuple[int, float]:
        """Transcripts that two or more are to code (or have finished), and their share of words."""
        twice = [r for r in self.rows if (r.n_finished if finished else r.n_coders) >= 2]
        words = sum(row.n_words for row in self.rows)
        return len(twice), sum(row.n_words for row in twice) / words if words else 0.0


def team(session: Session, study_id: str, viewer_id: str | None) -> Team:
    """The team of a study as one viewer may see it; None sees everything."""
    status = study_status(session, study_id, viewer_id)
    given = assigned(session, study_id)
    shown = [row for row in status.workshops if row.transcript is not None]
    finished = finished_readers(session, [r.transcript.id for r in shown if r.transcript])
    seen = open_transcripts(session, study_id, viewer_id)
    people = coders(session, study_id)
    rows = []
    for row in shown:
        assert row.transcript is not None
        key = row.transcript.id
        cells = {
            coder.id: _cell(
                row,
                coder.id,
                given.get(key, ()),
                finished.get(key, set()),
                visible=key in seen or coder.id == viewer_id,
            )
            for coder in people
        }
        rows.append(
            Row(
                key,
                row.label,
                row.site.name,
                row.workshop.key,
                row.version.n_words if row.version else 0,
                row.transcript.released,
                key in seen,
                cells,
            )
        )
    return Team(
        tuple(people),
        tuple(leads(session, study_id)),
        tuple(rows),
        anything_assigned(session, study_id),
    )


def _cell(
    row: WorkshopStatus,
    coder_id: str,
    given: Sequence[str],
    finished: set[str],
    *,
    visible: bool,
) -> Cell:
    mine = coder_id in given
    number = row.codings.get(coder_id, 0) if visible else None
    if coder_id in finished:
        return Cell(mine, FINISHED, number)
    if number:
        return Cell(mine, SO_FAR, number)
    state = (NOT_BEGUN if visible else HIDDEN) if mine else NONE
    return Cell(mine, state, number)


def deal(transcript_ids: Sequence[str], people: Sequence[Coder], each: int) -> dict[str, list[str]]:
    """Share transcripts out in turn: ``each`` different coders to a transcript, about as many each.

    Pairs change from one transcript to the next, so that everybody is compared with everybody.
    """
    able = [coder.id for coder in people if coder.role in CODES]
    each = min(each, len(able))
    if not each:
        return {}
    wanted: dict[str, list[str]] = {}
    load = dict.fromkeys(able, 0)
    met: dict[frozenset[str], int] = {}
    for transcript_id, first in zip(transcript_ids, islice(cycle(able), None), strict=False):
        chosen: list[str] = []
        while len(chosen) < each:
            left = [coder for coder in able if coder not in chosen]
            chosen.append(
                min(
                    left,
                    key=lambda c: (
                        load[c],
                        sum(met.get(frozenset((c, other)), 0) for other in chosen),
                        c != first,
                    ),
                )
            )
        for coder in chosen:
            load[coder] += 1
            for other in chosen:
                if other != coder:
                    pair = frozenset((coder, other))
                    met[pair] = met.get(pair, 0) + 1
        wanted[transcript_id] = chosen
    return wanted
