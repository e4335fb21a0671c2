"""Every matrix equals a recount by hand, character by character, from the raw codings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.consensus import Span, shared_spans
from parihs.compare import Denominators, Filters, balance, load_denominators, load_excerpts, matrix
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import (
    Code,
    Coding,
    Participant,
    Site,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
    Workshop,
)
from parihs.model.terms import valence_direction
from parihs.store import Store
from parihs.store.codebooks import CodeView, definitions
from tests.unit.compare_study import RandomStudy, make_random_study

SEEDS = range(6)
LAYERS = ("consensus", "all", "coder")


@dataclass(repr=False)
class Loaded:
    """A study as the library loads it, and as plain lists for recounting."""

    made: RandomStudy
    codes: list[CodeView]
    denominators: Denominators
    excerpts: dict[str, pd.DataFrame]
    turns: list[RawTurn]
    raw: dict[str, list[RawExcerpt]]
    rows: dict[str, list[str]]
    left_behind: int


@dataclass(frozen=True)
class RawTurn:
    version_id: str
    start: int
    end: int
    words: frozenset[tuple[str, int, int]]
    transcript: str
    site: str
    workshop: str
    kind: str
    cycle: str
    role: str
    participant: str
    voice: str | None
    facilitator: bool


@dataclass(frozen=True)
class RawExcerpt:
    id: str
    version_id: str
    start: int
    end: int
    code_key: str
    valence: str


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Loaded]]:
    """Random studies in one home, so that each also has to leave the others out."""
    store = Store(Home(Path(tmp_path_factory.mktemp("home"))))
    made = [make_random_study(store, seed) for seed in SEEDS]
    with store.read() as session:
        studies = [_load(session, one) for one in made]
    yield studies
    store.close()


def _load(session: Session, made: RandomStudy) -> Loaded:
    layers = {"consensus": "consensus", "all": "all", "coder": made.coder_ids[0]}
    in_use = _versions_in_use(session, made)
    raw, left_behind = _raw_codings(session, made, in_use)
    workshops = session.scalars(select(Workshop).filter_by(study_id=made.study_id)).all()
    people = session.scalars(select(Participant).filter_by(study_id=made.study_id)).all()
    return Loaded(
        made=made,
        codes=definitions(session, made.codebook_version_id),
        denominators=load_denominators(session, made.study_id),
        excerpts={
            name: load_excerpts(session, made.study_id, made.codebook_version_id, layer=layer)
            for name, layer in layers.items()
        },
        turns=_raw_turns(session, made, in_use),
        raw=raw,
        rows={
            "site": [s.id for s in session.scalars(select(Site).filter_by(study_id=made.study_id))],
            "workshop": [w.id for w in workshops],
            "cycle": ["" if w.cycle is None else str(w.cycle) for w in workshops],
            "role": [p.role for p in people],
            "participant": [p.id for p in people],
        },
        left_behind=left_behind,
    )


def _versions_in_use(session: Session, made: RandomStudy) -> set[str]:
    coded = set(session.scalars(select(Coding.version_id).where(~Coding.uncoded)))
    chosen: dict[str, tuple[bool, int, str]] = {}
    for version in session.scalars(
        select(TranscriptVersion).join(Transcript).where(Transcript.study_id == made.study_id)
    ):
        rank = (version.id in coded, version.number, version.id)
        chosen[version.transcript_id] = max(rank, chosen.get(version.transcript_id, rank))
    return {version_id for _, _, version_id in chosen.values()}


def _raw_turns(session: Session, made: RandomStudy, in_use: set[str]) -> list[RawTurn]:
    turns = []
    for turn in session.scalars(select(Turn).where(Turn.version_id.in_(in_use))):
        version = session.get_one(TranscriptVersion, turn.version_id)
        transcript = session.get_one(Transcript, version.transcript_id)
        workshop = session.get_one(Workshop, transcript.workshop_id)
        speaker = session.get(Speaker, turn.speaker_id) if turn.speaker_id else None
        person = (
            session.get(Participant, speaker.participant_id)
            if speaker and speaker.participant_id
            else None
        )
        turns.append(
            RawTurn(
                version_id=turn.version_id,
                start=turn.start,
                end=turn.end,
                words=frozenset(
                    (turn.version_id, turn.start + word.start(), turn.start + word.end())
                    for word in re.finditer(r"\S+", turn.text)
                ),
                transcript=transcript.id,
                site=workshop.site_id,
                workshop=workshop.id,
                kind=workshop.kind,
                cycle="" if workshop.cycle is None else str(workshop.cycle),
                role=person.role if person else "",
                participant=person.id if person else "",
                voice=person.id if person else speaker.id if speaker else None,
                facilitator=bool(person and person.facilitator),
            )
        )
    return turns


def _raw_codings(
    session: Session, made: RandomStudy, in_use: set[str]
) -> tuple[dict[str, list[RawExcerpt]], int]:
    keys = {code.id: code.key for code in session.scalars(select(Code))}
    codings = session.scalars(
        select(Coding).where(Coding.study_id == made.study_id, ~Coding.uncoded)
    ).all()
    used = [c for c in codings if c.version_id in in_use]
    shared = shared_spans(
        Span(c.id, c.version_id, c.code_id, c.coder_id, c.start, c.end, c.valence) for c in used
    )
    single = {
        c.id: RawExcerpt(c.id, c.version_id, c.start, c.end, keys[c.code_id], c.valence)
        for c in used
    }
    return {
        "all": list(single.values()),
        "coder": [single[c.id] for c in used if c.coder_id == made.coder_ids[0]],
        "consensus": [
            RawExcerpt(
                f"{s.version_id}.{s.code_id}.{s.start}-{s.end}",
                s.version_id,
                s.start,
                s.end,
                keys[s.code_id],
                s.valence,
            )
            for s in shared
        ],
    }, len(codings) - len(used)


def _kept(turn: RawTurn, filters: Filters) -> bool:
    return (
        (filters.roles is None or turn.role in filters.roles)
        and (filters.kinds is None or turn.kind in filters.kinds)
        and (filters.cycles is None or turn.cycle in [str(c) for c in filters.cycles])
        and (filters.sites is None or turn.site in filters.sites)
        and (filters.workshops is None or turn.workshop in filters.workshops)
        and (filters.include_facilitators or not turn.facilitator)
    )


def _recount(
    study: Loaded, layer: str, row: tuple[str, str], key: str, filters: Filters
) -> dict[str, float]:
    """Count one cell by walking through every turn and every excerpt."""
    kind, row_id = row
    spoken: set[tuple[str, int, int]] = set()
    touched: set[tuple[str, int, int]] = set()
    voices: dict[str, set[str]] = {"any": set(), "enabling": set(), "constraining": set()}
    found: dict[str, RawExcerpt] = {}
    for turn in study.turns:
        if getattr(turn, kind) != row_id or not _kept(turn, filters):
            continue
        spoken |= turn.words
        for excerpt in study.raw[layer]:
            if excerpt.version_id != turn.version_id:
                continue
            if excerpt.code_key != key and not excerpt.code_key.startswith(key + "."):
                continue
            words = {w for w in turn.words if w[1] < excerpt.end and w[2] > excerpt.start}
            if not words:
                continue
            touched |= words
            found[excerpt.id] = excerpt
            if turn.voice is not None:
                voices["any"].add(turn.voice)
                voices.setdefault(valence_direction(excerpt.valence), set()).add(turn.voice)
    directions = Counter(valence_direction(excerpt.valence) for excerpt in found.values())
    return {
        "ids": sorted(found),
        "spoken": len(spoken),
        "count": len(found),
        "present": float(bool(found)),
        "excerpts": len({(e.version_id, e.start, e.end) for e in found.values()}),
        "words": len(touched),
        "share": len(touched) / len(spoken) if spoken else np.nan,
        "speakers": len(voices["any"]),
        "speakers_enabling": len(voices["enabling"]),
        "speakers_constraining": len(voices["constraining"]),
        "balance": directions["enabling"] - directions["constraining"],
        "directions": directions,
    }


def _keys(codes: list[CodeView], cols: str | int, below: str | None) -> list[str]:
    level = 0 if cols == "construct" else cols
    keys = [code.key for code in codes]
    if level != "code":
        keys = [
            key
            for key in keys
            if key.count(".") == level
            or (key.count(".") < int(level) and not any(k.startswith(key + ".") for k in keys))
        ]
    return [key for key in keys if below is None or key.startswith(below + ".")]


@st.composite
def questions(draw: st.DrawFn) -> dict[str, object]:
    """One of everything that can be asked of :func:`matrix`."""
    value = draw(
        st.sampled_from(["count", "present", "excerpts", "words", "share", "speakers", "balance"])
    )
    rated = value in ("count", "excerpts", "words", "balance")
    some = lambda things: st.none() | st.lists(st.sampled_from(things), unique=True).map(tuple)  # noqa: E731
    return {
        "study": draw(st.sampled_from(SEEDS)),
        "layer": draw(st.sampled_from(LAYERS)),
        "rows": draw(st.sampled_from(["site", "workshop", "role", "participant", "cycle"])),
        "cols": draw(st.sampled_from(["construct", "code", 0, 1, 2])),
        "below": draw(st.sampled_from([None, None, "innovation", "innovation.fit"])),
        "value": value,
        "per": draw(st.sampled_from(["none", "1000 words"])) if rated else "none",
        "roles": draw(some(["doctor", "nurse", "manager", ""])),
        "kinds": draw(some(["workshop", "interview"])),
        "cycles": draw(some([1, 2])),
        "sites": draw(some([0, 1, 2, 3, 4])),
        "workshops": draw(some([0, 1, 2, 3, 4])),
        "include_facilitators": draw(st.booleans()),
    }


@settings(max_examples=150, deadline=None)
@given(asked=questions())
def test_every_matrix_equals_a_recount(loaded: list[Loaded], asked: dict[str, object]) -> None:
    study = loaded[asked["study"]]
    made, layer = study.made, str(asked["layer"])
    filters = Filters(
        roles=asked["roles"],
        kinds=asked["kinds"],
        cycles=asked["cycles"],
        sites=_chosen(asked["sites"], made.site_ids),
        workshops=_chosen(asked["workshops"], made.workshop_ids),
        include_facilitators=asked["include_facilitators"],
    )
    below = None if asked["below"] is None else made.code_ids[asked["below"]]
    found = matrix(
        study.excerpts[layer],
        study.denominators,
        study.codes,
        rows=asked["rows"],
        cols=asked["cols"],
        value=asked["value"],
        per=asked["per"],
        below=below,
        filters=filters,
    )
    keys = _keys(study.codes, asked["cols"], asked["below"])
    assert [column.id for column in found.columns] == [made.code_ids[key] for key in keys]
    ids = [row.id for row in found.rows]
    assert len(ids) == len(set(ids))
    heard = {getattr(t, asked["rows"]) for t in study.turns if t.words and _kept(t, filters)}
    assert heard <= set(ids) <= {*study.rows[asked["rows"]], ""}
    coded = {e.version_id for e in study.raw[layer] if _has_words(study, e)}
    for r, row in enumerate(found.rows):
        theirs = [t for t in study.turns if getattr(t, asked["rows"]) == row.id]
        theirs = [t for t in theirs if t.words and _kept(t, filters)]
        assert row.words == sum(len(t.words) for t in theirs)
        assert row.workshops == len({t.workshop for t in theirs})
        assert row.transcripts == len({t.transcript for t in theirs})
        for c, key in enumerate(keys):
            expected = _recount(study, layer, (asked["rows"], row.id), key, filters)
            assert sorted(found.excerpts(row.id, found.columns[c].id)) == expected["ids"]
            if not theirs:
                state = "not asked"
            elif not {t.version_id for t in theirs} & coded:
                state = "not coded"
            elif not expected["count"]:
                state = "nothing said"
            elif asked["value"] != "balance":
                state = "value"
            else:
                state = _balance_state(expected["directions"])
            assert found.states[r, c] == state
            value = expected[asked["value"]]
            if asked["per"] != "none":
                value = value / expected["spoken"] * 1000 if expected["spoken"] else np.nan
            numberless = state in ("not asked", "not coded", "unrated")
            if numberless or (asked["value"] == "balance" and state == "nothing said"):
                value = np.nan
            assert found.values[r, c] == pytest.approx(value, nan_ok=True)


def _chosen(places: tuple[int, ...] | None, ids: list[str]) -> tuple[str, ...] | None:
    return None if places is None else tuple(ids[place] for place in places)


def _has_words(study: Loaded, excerpt: RawExcerpt) -> bool:
    return any(
        turn.version_id == excerpt.version_id
        and any(word[1] < excerpt.end and word[2] > excerpt.start for word in turn.words)
        for turn in study.turns
    )


def _balance_state(directions: Counter[str]) -> str:
    if directions["unrated"] == directions.total():
        return "unrated"
    net = directions["enabling"] - directions["constraining"]
    return "mixed" if net == 0 and directions["enabling"] + directions["mixed"] else "value"


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("rows", ["site", "role"])
def test_balance_equals_a_recount(loaded: list[Loaded], layer: str, rows: str) -> None:
    for study in loaded:
        found = balance(
            study.excerpts[layer], study.denominators, study.codes, rows=rows, cols="code"
        )
        keys = {code_id: key for key, code_id in study.made.code_ids.items()}
        for cell in found.frame.to_dict("records"):
            row, key = (rows, cell["row_id"]), keys[cell["column_id"]]
            expected = _recount(study, layer, row, key, Filters())
            for name in ("enabling", "constraining", "mixed", "neutral", "unrated"):
                assert cell[name] == expected["directions"][name]
                opened = found.excerpts(cell["row_id"], cell["column_id"], name)
                assert len(opened) == cell[name]
            for name in ("speakers", "speakers_enabling", "speakers_constraining"):
                assert cell[name] == expected[name]
            assert sorted(found.excerpts(cell["row_id"], cell["column_id"])) == expected["ids"]


def test_what_is_not_in_the_numbers_is_counted(loaded: list[Loaded]) -> None:
    behind = [study.left_behind for study in loaded]
    assert any(behind)
    for study in loaded:
        broader = {e.id for e in study.raw["all"] if e.code_key in ("innovation", "context")}
        found = matrix(study.excerpts["all"], study.denominators, study.codes, cols=1)
        assert found.basis.left_out == len(broader)
        assert found.basis.left_behind == study.left_behind
        assert found.basis.words == sum(len(turn.words) for turn in study.turns)


def test_the_studies_are_hard_enough(loaded: list[Loaded]) -> None:
    """All four kinds of empty cell, and the cases that only random studies bring, do occur."""
    states: set[str] = set()
    for study in loaded:
        for layer in LAYERS:
            found = matrix(
                study.excerpts[layer], study.denominators, study.codes, cols="code", value="balance"
            )
            states |= set(found.states.ravel())
    assert states == {"not asked", "not coded", "nothing said", "mixed", "unrated", "value"}
    every = pd.concat([study.excerpts["all"] for study in loaded])
    assert (every.groupby("excerpt_id").size() > 1).any()
    assert (every["speaker_id"] == "").any()
    assert ((every["participant_id"] == "") & (every["speaker_id"] != "")).any()


@pytest.mark.parametrize(
    "question",
    [
        {"rows": "weather"},
        {"cols": "colour"},
        {"value": "mood"},
        {"per": "hour"},
        {"value": "share", "per": "1000 words"},
        {"below": "no such code"},
        {"cols": -1},
    ],
)
def test_questions_without_meaning_are_refused(
    loaded: list[Loaded], question: dict[str, str]
) -> None:
    study = loaded[0]
    with pytest.raises(ParihsError) as refused:
        matrix(study.excerpts["all"], study.denominators, study.codes, **question)
    assert refused.value.hint


@pytest.mark.parametrize("rows", ["workshop", "participant"])
def test_rows_of_one_site_stand_together(loaded: list[Loaded], rows: str) -> None:
    for study in loaded:
        found = matrix(study.excerpts["all"], study.denominators, study.codes, rows=rows)
        groups = [row.group for row in found.rows]
        runs = [group for n, group in enumerate(groups) if not n or groups[n - 1] != group]
        assert len(runs) == len(set(runs))
        named = {**study.denominators.sites.set_index("id")["label"]}
        cases = getattr(study.denominators, f"{rows}s").set_index("id")["site_id"]
        for row in found.rows:
            expected = named.get(cases.get(row.id, ""), "No site given")
            assert row.group == expected
