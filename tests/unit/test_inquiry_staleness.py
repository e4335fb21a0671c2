"""Stale summaries: one query says what replaying the whole history says."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from parihs.coding.adjudication import reopen, settle
from parihs.coding.queue import adjudication_queue
from parihs.compare.axes import ROW_COLUMNS
from parihs.exchange.codings_csv import import_codings
from parihs.inquiry import changes_under, find_cell, save_cell
from parihs.inquiry.staleness import changed_since
from parihs.model import Coding, Event, GridCell, Turn
from parihs.store import Store
from parihs.store.studies import participants
from parihs.store.transcripts import release, turns
from tests.support.small_study import CODES, SmallStudy, make_small_study
from tests.unit.inquiry_study import KIM, KIM_FIRST, MARA, SOMEBODY, code, op, uncode

PARENT = dict(CODES)
STRETCHES = (MARA, KIM, KIM_FIRST, SOMEBODY, (10, 40))


def write(store: Store, small: SmallStudy, case_type: str, case_id: str, key: str) -> GridCell:
    with store.write(small.ada.id) as tx:
        found = find_cell(tx.session, small.study.id, case_type, case_id, small.codes[key])
        return save_cell(
            tx,
            small.study.id,
            case_type,
            case_id,
            small.codes[key],
            summary=f"Text {random.random()}",
            base_rev=found.rev if found else 0,
        )


def stale(store: Store, small: SmallStudy, case_type: str = "site", **more: Any) -> dict[str, int]:
    with store.read() as session:
        return changed_since(session, small.study.id, small.codebook.id, case_type, **more)


def all_cases(store: Store, small: SmallStudy) -> list[tuple[str, str]]:
    with store.read() as session:
        people = [("participant", p.id) for p in participants(session, small.study.id)]
    return [
        *(("site", site.id) for site in small.sites),
        *(("workshop", workshop.id) for workshop in small.workshops),
        *(("role", role) for role in ("doctor", "facilitator", "")),
        *people,
        ("participant", ""),
        ("cycle", "1"),
    ]


def random_step(store: Store, small: SmallStudy, dice: random.Random) -> None:
    coder = dice.choice((small.ada.id, small.ben.id))
    with store.read() as session:
        query = select(Coding).filter_by(coder_id=coder).order_by(Coding.created_at)
        own = list(session.scalars(query))
    key, valence = dice.choice(CODES)[0], dice.choice(("-1", "1"))
    start, end = dice.choice(STRETCHES)
    if not own or dice.random() < 0.35:
        where = dice.randrange(2)
        code(store, small, where, (start, end), key, valence, by=coder)
        return
    coding = dice.choice(own)
    where = [version.id for version in small.versions].index(coding.version_id)
    change = dice.choice(
        (
            {"verb": "uncode"},
            {"verb": "restore"},
            {"verb": "change", "set": {"code": key}},
            {"verb": "change", "set": {"valence": valence}},
            {"verb": "change", "set": {"start": start, "end": end}},
            {"verb": "change", "set": {"memo": str(dice.random())}},
        )
    )
    op(store, small, coder, where, coding_id=coding.id, **change)


def replayed(store: Store, small: SmallStudy, cell: GridCell) -> int:
    """How many codings changed under a cell, by walking through every event of every coding."""
    names = {code_id: key for key, code_id in small.codes.items()}
    wanted = names[cell.code_id]
    with store.read() as session:
        events = list(session.scalars(select(Event).filter_by(object_type="coding")))
        codings = {coding.id: coding for coding in session.scalars(select(Coding))}
        said = list(session.scalars(select(Turn)))
        voices = _voices(session, small)
    n = 0
    for coding in codings.values():
        now: dict[str, Any] = {}
        codes, places = set(), set()
        born, touched = 0, False
        for event in sorted(
            (e for e in events if e.object_id == coding.id), key=lambda each: each.seq
        ):
            before = dict(now)
            if event.verb == "coded":
                born = event.seq
                now = {name: event.data[name] for name in ("code", "start", "end", "valence")}
            elif event.verb == "changed":
                now |= {k: v for k, v in event.data["to"].items() if k != "memo"}
            same = event.verb == "changed" and before == now
            if event.seq > cell.seen_rev and not same:
                touched = True
                codes |= {state["code"] for state in (before, now) if state}
            if event.seq > cell.seen_rev:
                places |= {(state["start"], state["end"]) for state in (before, now) if state}
        if not touched or (coding.uncoded and born > cell.seen_rev):
            continue
        under = any(wanted in _upwards(names[code_id]) for code_id in codes)
        n += under and _in_case(small, cell, coding, places, said, voices)
    return n


def _upwards(key: str | None) -> set[str]:
    keys = set()
    while key is not None:
        keys.add(key)
        key = PARENT[key]
    return keys


def _voices(session: Any, small: SmallStudy) -> dict[str, tuple[str, str]]:
    return {
        view.turn.id: (view.participant.id, view.participant.role) if view.participant else ("", "")
        for version in small.versions
        for view in turns(session, version.id)
    }


def _in_case(
    small: SmallStudy,
    cell: GridCell,
    coding: Coding,
    places: set[tuple[int, int]],
    said: list[Turn],
    voices: dict[str, tuple[str, str]],
) -> bool:
    where = [version.id for version in small.versions].index(coding.version_id)
    if cell.case_type in ("site", "workshop", "cycle"):
        ids = {"site": small.sites[where].id, "workshop": small.workshops[where].id, "cycle": "1"}
        return ids[cell.case_type] == cell.case_id
    start, end = min(s for s, _ in places), max(e for _, e in places)
    heard = [
        voices[turn.id]
        for turn in said
        if turn.version_id == coding.version_id and turn.start < end and turn.end > start
    ]
    return cell.case_id in {voice[cell.case_type == "role"] for voice in heard}


@pytest.mark.parametrize("seed", range(4))
def test_one_query_finds_what_the_history_says(any_store: Store, seed: int) -> None:
    small, dice = make_small_study(any_store), random.Random(seed)
    with any_store.write("test") as tx:
        for version in small.versions:
            release(tx, version.transcript_id)
    cases = all_cases(any_store, small)
    for _ in range(12):
        for _ in range(dice.randrange(4)):
            random_step(any_store, small, dice)
        for case_type, case_id in dice.sample(cases, 3):
            write(any_store, small, case_type, case_id, dice.choice(CODES)[0])
    for _ in range(6):
        random_step(any_store, small, dice)
    with any_store.read() as session:
        cells = list(session.scalars(select(GridCell)))
    for case_type in ROW_COLUMNS:
        kept = [cell for cell in cells if cell.case_type == case_type]
        expected = {cell.id: n for cell in kept if (n := replayed(any_store, small, cell))}
        assert stale(any_store, small, case_type) == expected


def test_added_moved_away_and_taken_back_are_changes_and_a_memo_is_not(
    store: Store, small: SmallStudy
) -> None:
    north = small.sites[0].id
    kept = code(store, small, 0, KIM, "fit.place")
    cell = write(store, small, "site", north, "fit")
    assert stale(store, small) == {}
    change = {"verb": "change", "coding_id": kept}
    op(store, small, small.ada.id, 0, set={"memo": "a thought"}, **change)
    code(store, small, 1, KIM, "fit")
    code(store, small, 0, KIM, "help")
    assert stale(store, small) == {}
    op(store, small, small.ada.id, 0, set={"code": "help"}, **change)
    assert stale(store, small) == {cell.id: 1}
    with store.read() as session:
        (found,) = changes_under(session, cell, small.codebook.id)
    assert found.id == kept
    write(store, small, "site", north, "fit")
    assert stale(store, small) == {}
    passing = code(store, small, 0, MARA, "fit")
    assert stale(store, small) == {cell.id: 1}
    uncode(store, small, 0, passing)
    assert stale(store, small) == {}


def test_imported_codings_make_a_summary_stale(
    store: Store, small: SmallStudy, tmp_path: Path
) -> None:
    cell = write(store, small, "site", small.sites[0].id, "fit")
    table = tmp_path / "codings.csv"
    table.write_text("turn,quote,code,coder,valence,memo\n2,,fit.place,ada,1,\n", encoding="utf-8")
    with store.write("test") as tx:
        import_codings(
            tx,
            table,
            version_id=small.versions[0].id,
            codebook_id=small.codebook.codebook_id,
            codebook_version_id=small.codebook.id,
        )
    assert stale(store, small) == {cell.id: 1}


def test_what_was_coded_blind_counts_from_its_release(store: Store, small: SmallStudy) -> None:
    code(store, small, 0, KIM, "fit", by=small.ben.id)
    cell = write(store, small, "site", small.sites[0].id, "fit")
    code(store, small, 0, MARA, "fit", by=small.ben.id)
    assert stale(store, small, viewer_id=small.ada.id) == {}
    with store.write("test") as tx:
        release(tx, small.versions[0].transcript_id)
    assert stale(store, small, viewer_id=small.ada.id) == {cell.id: 2}


@pytest.mark.parametrize("case_type", ["site", "role"])
def test_a_settlement_alone_makes_a_summary_stale(any_store: Store, case_type: str) -> None:
    small = make_small_study(any_store)
    with any_store.write("lead") as tx:
        release(tx, small.versions[0].transcript_id)
    code(any_store, small, 0, KIM, "fit", "1")
    code(any_store, small, 0, KIM, "help", "-1", by=small.ben.id)
    case_id = small.sites[0].id if case_type == "site" else ""
    with any_store.read() as session:
        if case_type == "role":
            (turn,) = [
                view
                for view in turns(session, small.versions[0].id)
                if view.turn.start < KIM[1] and view.turn.end > KIM[0]
            ]
            case_id = turn.participant.role if turn.participant else ""
    cells = {
        key: write(any_store, small, case_type, case_id, key)
        for key in ("fit", "help", "fit.place")
    }
    elsewhere = (
        write(any_store, small, case_type, "nowhere", "fit") if case_type == "role" else None
    )
    assert stale(any_store, small, case_type) == {}
    start, end = KIM
    holds = {"start": start, "end": end, "code_id": small.codes["fit.place"], "valence": "-1"}
    with any_store.write("lead") as tx:
        queue = adjudication_queue(tx.session, small.study.id, small.codebook.id)
        place = next(item.place for item in queue.items if item.place and item.start == start)
        settled = settle(tx, place, outcome="edited", reason="It is here.", result=[holds])
    found = stale(any_store, small, case_type)
    assert found == {cell.id: 2 for cell in cells.values()}
    assert elsewhere is None or elsewhere.id not in found
    for key in cells:
        write(any_store, small, case_type, case_id, key)
    assert stale(any_store, small, case_type) == {}
    with any_store.write("lead") as tx:
        reopen(tx, settled.id, "We were too quick.")
    assert stale(any_store, small, case_type).keys() == {cell.id for cell in cells.values()}
