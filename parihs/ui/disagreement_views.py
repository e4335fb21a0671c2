"""Disagreements as the component shows them: their text, both sides, decisions and discussion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.adjudication import BOTH, CODER, EDITED, NEITHER, Settled
from parihs.coding.consensus import Span, joint_valence, shared_spans
from parihs.coding.discussion import Clarification, Remark, clarifications, remarks
from parihs.coding.queue import QueueItem
from parihs.model import Coding, Site, Transcript, Workshop
from parihs.store.codebooks import CodeView, definitions
from parihs.store.studies import coders
from parihs.store.transcripts import TurnView, turns
from parihs.ui.clock import clock
from parihs.ui.disagreement_words import KIND_WORDS, listed, outcome_words, rated, says
from parihs.ui.excerpt_views import sign
from parihs.ui.state import Current
from parihs.ui.widgets.disagreements import (
    CoderView,
    DecisionView,
    GivenView,
    Lane,
    Option,
    OutcomeView,
    PlaceView,
    RemarkView,
    TurnText,
)
from parihs.web.media import recording_url

LONG, AROUND, CONTEXT = 900, 320, 160
"""Code points: a turn longer than LONG is cut to AROUND beside the place; CONTEXT of neighbours."""
UNKNOWN = "#777777"


@dataclass(frozen=True, slots=True)
class Background:
    """Everything that several places need: names, codes, texts, talk."""

    coders: dict[str, str]
    styles: dict[str, int]
    codes: dict[str, CodeView]
    places: dict[str, Any]
    turns: dict[str, list[TurnView]]
    memos: dict[str, str]
    remarks: list[Remark]
    clarifications: list[Clarification]

    def code(self, code_id: str) -> str:
        """Name of a code, also of one that has left the book."""
        known = self.codes.get(code_id)
        return known.name if known else "a code of an older version"

    def colour(self, code_id: str) -> str:
        """Its colour."""
        known = self.codes.get(code_id)
        return known.colour if known else UNKNOWN


def place_views(now: Current, items: Sequence[QueueItem]) -> list[PlaceView]:
    """The places to show, ready to be drawn."""
    with now.app.store.read() as session:
        background = _background(session, now, items)
    return [_view(now, item, background) for item in items]


def _background(session: Session, now: Current, items: Sequence[QueueItem]) -> Background:
    assert now.codebook is not None
    people = coders(session, now.study.id)
    query = (
        select(Transcript.id, Transcript.recording_id, Workshop.title, Workshop.held_on, Site.name)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .join(Site, Site.id == Workshop.site_id)
        .where(Transcript.id.in_({item.transcript_id for item in items}))
    )
    return Background(
        coders={person.id: person.name for person in people},
        styles={person.id: number for number, person in enumerate(people)},
        codes={code.code_id: code for code in definitions(session, now.codebook.id)},
        places={row.id: row for row in session.execute(query)},
        turns={v: turns(session, v) for v in {item.version_id for item in items}},
        memos=_memos(session, [span.id for item in items for span in _spans(item)]),
        remarks=remarks(session, now.study.id),
        clarifications=clarifications(session, now.study.id),
    )


def _view(now: Current, item: QueueItem, known: Background) -> PlaceView:
    where = known.places[item.transcript_id]
    lines = known.turns[item.version_id]
    touched = [
        n for n, v in enumerate(lines) if v.turn.start < item.end and v.turn.end > item.start
    ]
    spans = _spans(item)
    by_coder = _by_coder(item, spans, known)
    code_ids = list(dict.fromkeys(span.code_id for span in spans))
    top = item.place.code_ids if item.place else code_ids
    from_ms, to_ms = _times([lines[n] for n in touched], item.start, item.end)
    at = clock(from_ms) if from_ms is not None else ""
    turn = f"turn {lines[touched[0]].turn.position + 1}" if touched else ""
    held = f"{where.held_on.day} {where.held_on:%b %Y}" if where.held_on else ""
    place = item.place
    audio = None
    if where.recording_id is not None and from_ms is not None:
        audio = recording_url(where.recording_id, now.token())
    about = [r for r in known.remarks if place is not None and r.is_about(place)]
    return PlaceView(
        id=item_id(item),
        kind=KIND_WORDS.get(item.kind or "", ""),
        state=item.state,
        title=" / ".join(known.code(code) for code in top),
        colour=known.colour(top[0]) if top else UNKNOWN,
        where=f"{where.title}, {turn}",
        place=" · ".join(part for part in (where.name, where.title, held, turn, at) if part),
        says=says(place, known.coders, {c: known.code(c) for c in place.code_ids})
        if place is not None
        else "The codings that were settled here have changed since, and no longer disagree.",
        turns=_texts(lines, touched, item.start, item.end),
        lanes=_lanes(item, by_coder, known),
        coders=[
            CoderView(known.coders[coder], known.styles[coder], _given(given, known))
            for coder, given in by_coder.items()
        ],
        outcomes=_outcomes(by_coder, known) if place is not None else [],
        decisions=[_decision(settled, known) for settled in item.settlements],
        thread=[
            RemarkView(_who(r.memo.author, known), _when(r.memo.created_at), r.memo.text)
            for r in about
        ],
        proposals=[
            f"Proposed for {known.code(c.code_id)}: {c.memo.text}"
            for c in known.clarifications
            if place is not None
            and (c.disagreement_id == place.id or c.coding_ids & place.coding_ids)
        ],
        codes=[Option(code, known.code(code)) for code in code_ids],
        edit=[
            {"start": s.start, "end": s.end, "code_id": s.code_id, "valence": s.valence}
            for s in shared_spans(spans, at_least=1)
        ],
        can_discuss=place is not None,
        audio=audio,
        from_ms=from_ms or 0,
        to_ms=to_ms or (from_ms or 0) + 5_000,
    )


def _memos(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(Coding.id, Coding.memo).where(Coding.id.in_(ids), Coding.memo != "")
    return {row.id: row.memo for row in session.execute(query)}


def item_id(item: QueueItem) -> str:
    """Id of a place, or of the decision that outlived it."""
    return item.place.id if item.place else item.settlements[0].settlement.id


def _spans(item: QueueItem) -> list[Span]:
    if item.place is not None:
        return list(item.place.codings)
    return [
        Span(version_id=item.version_id, **coding)
        for settled in item.settlements
        for coding in settled.settlement.codings
    ]


def _by_coder(item: QueueItem, spans: Sequence[Span], known: Background) -> dict[str, list[Span]]:
    """Each coder's codings, in the study's order of coders."""
    everyone = item.place.coder_ids if item.place else {span.coder_id for span in spans}
    return {c: [s for s in spans if s.coder_id == c] for c in known.coders if c in everyone}


def _lanes(
    item: QueueItem, by_coder: Mapping[str, Sequence[Span]], known: Background
) -> list[Lane]:
    lanes = []
    for coder, given in by_coder.items():
        for code_id in dict.fromkeys(span.code_id for span in given):
            mine = [span for span in given if span.code_id == code_id]
            lanes.append(
                Lane(
                    coder=known.coders[coder],
                    code=known.code(code_id),
                    colour=known.colour(code_id),
                    sign=sign(joint_valence([span.valence for span in mine])),
                    style=known.styles[coder],
                    spans=[(span.start, span.end) for span in mine],
                )
            )
    return lanes


def _given(spans: Iterable[Span], known: Background) -> list[GivenView]:
    found = []
    seen: dict[tuple[str, str], list[str]] = {}
    for span in spans:
        seen.setdefault((span.code_id, span.valence), []).append(known.memos.get(span.id, ""))
    for (code_id, valence), memos in seen.items():
        code = known.codes.get(code_id)
        path = " › ".join(code.path) if code else known.code(code_id)
        found.append(
            GivenView(
                known.code(code_id),
                known.colour(code_id),
                sign(valence),
                f"{path}: {rated(valence)}",
                " / ".join(filter(None, memos)),
            )
        )
    return found


def _outcomes(by_coder: Mapping[str, Sequence[Span]], known: Background) -> list[OutcomeView]:
    everything = [span for given in by_coder.values() for span in given]
    both = "Both" if len(by_coder) == 2 else "All of them"
    return [
        *(
            OutcomeView(f"{CODER}{coder}", known.coders[coder], _holds(given, known))
            for coder, given in by_coder.items()
        ),
        OutcomeView(BOTH, both, _holds(everything, known)),
        OutcomeView(NEITHER, "Neither", "no code stands here"),
        OutcomeView(EDITED, "Edit…", "another stretch, code or valence"),
    ]


def _holds(spans: Iterable[Span], known: Background) -> str:
    shared = shared_spans(spans, at_least=1)
    each = dict.fromkeys(f"{known.code(s.code_id)} {sign(s.valence)}".strip() for s in shared)
    return ", ".join(each) or "no code stands here"


def _decision(settled: Settled, known: Background) -> DecisionView:
    settlement = settled.settlement
    held = dict.fromkeys(
        f"{known.code(hold['code_id'])} {sign(hold['valence'])}".strip()
        for hold in settlement.result
    )
    stale = ""
    if settled.stale:
        what = [
            *(["changed"] if settled.changed else []),
            *(["taken back"] if settled.taken_back else []),
        ]
        stale = f"A coding was {listed(what)} since. It still holds; look at it again."
    return DecisionView(
        id=settlement.id,
        outcome=outcome_words(settlement.outcome, known.coders),
        holds=f"({', '.join(held) or 'no code stands here'})",
        reason=settlement.reason,
        by=_who(settlement.decided_by, known),
        when=_when(settlement.created_at),
        stale=stale,
    )


def _texts(
    lines: Sequence[TurnView], touched: Sequence[int], start: int, end: int
) -> list[TurnText]:
    shown = []
    if touched and touched[0] > 0:
        before = lines[touched[0] - 1]
        skip = max(0, len(before.turn.text) - CONTEXT)
        skip = before.turn.text.find(" ", skip) + 1 if skip else 0
        shown.append(_turn(before, skip, len(before.turn.text), context=True))
    for number in touched:
        turn = lines[number].turn
        first, last = 0, len(turn.text)
        if last > LONG:
            first = max(0, start - turn.start - AROUND)
            first = turn.text.find(" ", first) + 1 if first else 0
            last = min(last, end - turn.start + AROUND)
            if last < len(turn.text):
                last = max(turn.text.rfind(" ", 0, last), end - turn.start)
        shown.append(_turn(lines[number], first, last))
    if touched and touched[-1] + 1 < len(lines):
        after = lines[touched[-1] + 1]
        stop = len(after.turn.text)
        if stop > CONTEXT:
            stop = after.turn.text.rfind(" ", 0, CONTEXT)
        shown.append(_turn(after, 0, max(stop, 0), context=True))
    return shown


def _turn(view: TurnView, first: int, last: int, *, context: bool = False) -> TurnText:
    turn = view.turn
    return TurnText(
        speaker=view.speaker or "Unknown speaker",
        clock=clock(turn.start_ms) if turn.start_ms is not None else "",
        start=turn.start + first,
        text=turn.text[first:last],
        context=context,
        cut_before=first > 0,
        cut_after=last < len(turn.text),
    )


def _times(touched: Sequence[TurnView], start: int, end: int) -> tuple[int | None, int | None]:
    """From the first to the last timed word of the place; the turns' own times where none is."""
    starts, ends = [], []
    for view in touched:
        for word in view.turn.words or ():
            inside = word[0] + view.turn.start < end and word[1] + view.turn.start > start
            if inside and word[2] is not None and word[3] is not None:
                starts.append(word[2])
                ends.append(word[3])
    if starts:
        return starts[0], ends[-1]
    whole = [view.turn for view in touched if view.turn.start_ms is not None]
    return (whole[0].start_ms, whole[-1].end_ms) if whole else (None, None)


def _who(actor: str, known: Background) -> str:
    return known.coders.get(actor, actor)


def _when(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"
