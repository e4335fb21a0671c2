"""The adjudication queue: every disagreement a team can settle, in the order of the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from parihs.coding.adjudication import Settled, settlements
from parihs.coding.assignments import finished_readers
from parihs.coding.consensus import Span
from parihs.coding.disagreements import KINDS, Place, compare
from parihs.coding.discussion import remarks
from parihs.coding.levels import Level
from parihs.coding.visibility import may_see, open_to
from parihs.errors import ParihsError
from parihs.model import Code, Codebook, CodebookVersion, Coding, Transcript, Turn
from parihs.store.codebooks import definitions
from parihs.store.studies import workshops
from parihs.store.transcripts import latest_versions, transcripts

OPEN: Final = "open"
SETTLED: Final = "settled"
STALE: Final = "stale"
STATES: Final = (OPEN, SETTLED, STALE)

NOT_RELEASED: Final = "not released"
TOO_FEW: Final = "fewer than two coders"


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A disagreement with what was decided about it; or a stale decision left without one."""

    state: str
    """``settled`` when decisions cover all of its codings, ``stale`` when one of these decisions
    needs another look, else ``open``."""
    transcript_id: str
    version_id: str
    start: int
    end: int
    place: Place | None
    """None where a settled disagreement has gone, because codings changed or were taken back."""
    settlements: tuple[Settled, ...] = ()
    """Decisions in force about its codings; an open place may have one about part of them."""
    n_remarks: int = 0

    @property
    def kind(self) -> str | None:
        """How coders differ, or differed when it was settled."""
        if self.place is not None:
            return self.place.kind
        return self.settlements[0].settlement.kind


@dataclass(frozen=True, slots=True)
class Queue:
    """What is to be settled, and how far the team has got."""

    items: tuple[QueueItem, ...]
    """By site, workshop and position in the text."""
    n_agreed: int
    """Places where all coders compared gave the same code, valence and boundaries."""
    left_out: dict[str, str]
    """Transcript id → why it was not compared: ``not released`` or ``fewer than two coders``."""

    def count(self, state: str) -> int:
        """Number of items in a state."""
        return sum(item.state == state for item in self.items)

    @property
    def n_open(self) -> int:
        """Disagreements that nobody has settled, or not for all coders compared."""
        return self.count(OPEN)

    @property
    def n_settled(self) -> int:
        """Disagreements that are settled."""
        return self.count(SETTLED)

    @property
    def n_stale(self) -> int:
        """Decisions to look at again, since a coding they settled has changed."""
        return self.count(STALE)

    def counts(self) -> dict[str, dict[str, int]]:
        """Kind → state → number of disagreements."""
        table = {kind: dict.fromkeys(STATES, 0) for kind in KINDS}
        for item in self.items:
            if item.kind in table:
                table[item.kind][item.state] += 1
        return table


def adjudication_queue(
    session: Session,
    study_id: str,
    codebook_version_id: str,
    *,
    viewer_id: str | None = None,
    coder_ids: Collection[str] | None = None,
    transcript_ids: Collection[str] | None = None,
    level: Level = "code",
) -> Queue:
    """Gather the disagreements of a study's newest transcript versions under one codebook.

    ``coder_ids`` and ``transcript_ids`` are those compared, by default all. A coder counts as
    having read a transcript once they have coded anything in it, even if it was taken back, or say
    that they have read all of it: their silence in it is then a statement. As long as coders work
    blind, a ``viewer_id`` finds only transcripts of which they may see all codings; None sees all.

    Raises ParihsError when the codebook is not in the study or the level is unknown.
    """
    codebook_id = _codebook(session, study_id, codebook_version_id)
    codes = definitions(session, codebook_version_id)
    chosen = _in_order(session, study_id, transcript_ids)
    open_ids = set(session.scalars(select(Transcript.id).where(open_to(viewer_id))))
    seen = [t for t in chosen if t.id in open_ids]
    left_out = {t.id: NOT_RELEASED for t in chosen if t not in seen}
    newest = latest_versions(session, study_id)
    versions = {t.id: newest[t.id].id for t in seen if t.id in newest}
    spans, readers = _codings(session, list(versions.values()), codebook_id, viewer_id)
    turns = _turns(session, list(versions.values()))
    finished = finished_readers(session, versions)
    decided = settlements(
        session, study_id, viewer_id=viewer_id, transcript_ids=[t.id for t in seen]
    )
    said: dict[str, set[str]] = defaultdict(set)
    for remark in remarks(session, study_id):
        for coding_id in remark.coding_ids:
            said[coding_id].add(remark.memo.id)
    items: list[QueueItem] = []
    n_agreed = 0
    for transcript_id, version_id in versions.items():
        read = readers[version_id] | finished[transcript_id]
        coders = {c for c in read if coder_ids is None or c in coder_ids}
        if len(coders) < 2:
            left_out[transcript_id] = TOO_FEW
            continue
        places = compare(spans[version_id], turns[version_id], codes, level=level, coders=coders)
        n_agreed += sum(not place.kinds for place in places)
        here = [each for each in decided if each.settlement.version_id == version_id]
        found = _items(transcript_id, [place for place in places if place.kinds], here, said)
        items += sorted(found, key=lambda item: (item.start, item.end))
    return Queue(tuple(items), n_agreed, left_out)


def _items(
    transcript_id: str,
    places: Iterable[Place],
    decided: Iterable[Settled],
    said: Mapping[str, set[str]],
) -> Iterator[QueueItem]:
    by_coding = {coding["id"]: each for each in decided for coding in each.settlement.codings}
    shown: set[str] = set()
    for place in places:
        ids = [span.id for span in place.codings]
        about = {each.settlement.id: each for i in ids if (each := by_coding.get(i)) is not None}
        shown.update(about)
        state = OPEN
        if all(coding_id in by_coding for coding_id in ids):
            state = STALE if any(each.stale for each in about.values()) else SETTLED
        yield QueueItem(
            state=state,
            transcript_id=transcript_id,
            version_id=place.version_id,
            start=place.start,
            end=place.end,
            place=place,
            settlements=tuple(about.values()),
            n_remarks=len(set().union(*(said.get(coding_id, ()) for coding_id in ids))),
        )
    for each in decided:
        settlement = each.settlement
        if each.stale and settlement.id not in shown:
            yield QueueItem(
                state=STALE,
                transcript_id=transcript_id,
                version_id=settlement.version_id,
                start=settlement.start,
                end=settlement.end,
                place=None,
                settlements=(each,),
            )


def _codebook(session: Session, study_id: str, codebook_version_id: str) -> str:
    query = (
        select(Codebook.id)
        .join(CodebookVersion, CodebookVersion.codebook_id == Codebook.id)
        .where(CodebookVersion.id == codebook_version_id, Codebook.study_id == study_id)
    )
    found = session.scalar(query)
    if found is None:
        raise ParihsError("This codebook is not in the study.", "Choose another codebook.")
    return found


def _in_order(
    session: Session, study_id: str, transcript_ids: Collection[str] | None
) -> list[Transcript]:
    order = {workshop.id: number for number, workshop in enumerate(workshops(session, study_id))}
    chosen = [
        transcript
        for transcript in transcripts(session, study_id)
        if transcript_ids is None or transcript.id in transcript_ids
    ]
    return sorted(chosen, key=lambda transcript: order[transcript.workshop_id])


def _codings(
    session: Session, version_ids: Collection[str], codebook_id: str, viewer_id: str | None
) -> tuple[dict[str, list[Span]], dict[str, set[str]]]:
    """By version: the present codings, and everyone who has coded in it."""
    query = (
        select(
            Coding.id,
            Coding.version_id,
            Coding.code_id,
            Coding.coder_id,
            Coding.start,
            Coding.end,
            Coding.valence,
            Coding.uncoded,
        )
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(
            Coding.version_id.in_(version_ids),
            Coding.code_id.in_(select(Code.id).where(Code.codebook_id == codebook_id)),
            may_see(viewer_id),
        )
    )
    spans: dict[str, list[Span]] = defaultdict(list)
    readers: dict[str, set[str]] = defaultdict(set)
    for id_, version_id, code_id, coder_id, start, end, valence, uncoded in session.execute(query):
        readers[version_id].add(coder_id)
        if not uncoded:
            span = Span(id_, version_id, code_id, coder_id, start, end, valence)
            spans[version_id].append(span)
    return spans, readers


def _turns(session: Session, version_ids: Collection[str]) -> dict[str, list[Turn]]:
    query = (
        select(Turn)
        .where(Turn.version_id.in_(version_ids))
        .options(load_only(Turn.version_id, Turn.position, Turn.start, Turn.end, Turn.text))
    )
    found: dict[str, list[Turn]] = defaultdict(list)
    for turn in session.scalars(query):
        found[turn.version_id].append(turn)
    return found
