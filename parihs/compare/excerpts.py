"""From stored codings to excerpts that know who spoke, where, when and in which words.

One query per thing, then arithmetic on whole arrays: half a million codings take about as long to
read as to cut.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from parihs.coding.settled import ConsensusSpan, load_decisions
from parihs.coding.visibility import may_see
from parihs.compare.denominators import PEOPLE, PLACES, transcripts_in_use, voices
from parihs.compare.shared import VALENCE_NAMES, Ints, Stretches, shared_stretches
from parihs.compare.texts import TextIndex, text_indexes
from parihs.errors import ParihsError
from parihs.model import Code, Codebook, CodebookVersion, Coder, Coding, Transcript

CONSENSUS: Final = "consensus"
ALL: Final = "all"

_PORTION: Final = 2_000
_READ: Final = ("id", "version_id", "code_id", "coder_id", "valence", "start", "end")

COLUMNS: Final = [
    "excerpt_id",
    "excerpt",
    "coding_ids",
    *PLACES,
    "turn",
    *PEOPLE,
    "code_id",
    "place",
    "start",
    "end",
    "word_from",
    "word_to",
    "n_words",
    "valence",
    "start_ms",
]
PIECE: Final = ("span", "turn", "voice", "start", "end", "word_from", "word_to", "start_ms")


def load_excerpts(
    session: Session,
    study_id: str,
    codebook_version_id: str,
    *,
    viewer_id: str | None = None,
    layer: str = CONSENSUS,
) -> pd.DataFrame:
    """All coded excerpts of a study under one codebook, cut at turns.

    ``layer`` is ``"consensus"`` (stretches that at least two coders gave the same code), ``"all"``
    or a coder's id. ``viewer_id`` sees what the blinding rule lets them see. One row per excerpt
    and turn it touches, in order of site, workshop and position; wordless pieces are left out.

    Columns: ``excerpt_id`` (coding id, or a stable id of the consensus stretch), ``excerpt`` (its
    number in this table), ``coding_ids`` behind it, where it was said (``transcript_id,
    version_id, workshop_id, site_id, kind, cycle``), ``turn`` (position in the version), who said
    it (``speaker_id, speaker, participant_id, role, facilitator``), ``code_id``, ``place`` (number
    of the uncut stretch of text: equal for two codings of the same stretch), ``start, end`` of the
    piece (code points),
    ``word_from, word_to`` (numbers of its words in the version, end-exclusive), ``n_words``,
    ``valence``, ``start_ms`` of the turn (NA where not timed). ``attrs["source"]`` says in words
    what was loaded; ``attrs["left_behind"]`` counts codings on older versions, not loaded.

    Raises ParihsError when the codebook version or the coder is not in the study.
    """
    codings = _codings(session, study_id, codebook_version_id, viewer_id, layer)
    places = transcripts_in_use(session, study_id)
    version_place = pd.Index(places["version_id"], dtype=object).get_indexer(codings["version_id"])
    left_behind = int((version_place < 0).sum())
    codings = codings[version_place >= 0]
    version = version_place[version_place >= 0].astype(np.int64)
    n_coders = int(codings["coder_id"].nunique())
    source = _source(session, layer, n_coders)

    order = np.lexsort((codings["end"], codings["start"], version))
    codings, version = codings.iloc[order], version[order]
    if layer == CONSENSUS:
        decided = load_decisions(session, study_id, viewer_id=viewer_id)
        book = set(session.scalars(_codes_of(codebook_version_id)))
        results = [r for r in decided.results if r.code_id in book]
        spans = _consensus(codings, version, places, decided.covered, results)
    else:
        spans = _each(codings, version)
    frame = _cut(session, study_id, spans, places)
    frame.attrs = {"source": source, "left_behind": left_behind}
    return frame


def _codings(
    session: Session, study_id: str, codebook_version_id: str, viewer_id: str | None, layer: str
) -> pd.DataFrame:
    codebook_id = session.scalar(
        select(CodebookVersion.codebook_id)
        .join(Codebook, Codebook.id == CodebookVersion.codebook_id)
        .where(CodebookVersion.id == codebook_version_id, Codebook.study_id == study_id)
    )
    if codebook_id is None:
        raise ParihsError("This codebook is not in the study.", "Choose another codebook.")
    query = (
        select(
            Coding.id,
            Coding.version_id,
            Coding.code_id,
            Coding.coder_id,
            Coding.valence,
            Coding.start,
            Coding.end,
        )
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(
            Coding.study_id == study_id,
            Coding.uncoded.is_(False),
            Coding.code_id.in_(select(Code.id).where(Code.codebook_id == codebook_id)),
            may_see(viewer_id),
        )
    )
    if layer not in (CONSENSUS, ALL):
        coder = session.get(Coder, layer)
        if coder is None or coder.study_id != study_id:
            raise ParihsError("This coder is not in the study.", "Choose another coder.")
        query = query.where(Coding.coder_id == layer)
    return _read(session, query)


def _codes_of(codebook_version_id: str) -> Select[str]:
    return (
        select(Code.id)
        .join(CodebookVersion, CodebookVersion.codebook_id == Code.codebook_id)
        .where(CodebookVersion.id == codebook_version_id)
    )


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    """Codings in columns; in portions, and past the mapper, since there may be half a million."""
    columns: list[list[Any]] = [[] for _ in _READ]
    for rows in session.connection().execute(query).partitions(_PORTION):
        for name, column, values in zip(_READ, columns, zip(*rows, strict=True), strict=True):
            few = name in ("version_id", "code_id", "coder_id", "valence")
            column.extend(map(sys.intern, values) if few else values)
    kinds: list[Any] = [np.int64 if name in ("start", "end") else object for name in _READ]
    return pd.DataFrame(
        {
            name: pd.Series(np.fromiter(column, dtype=kind, count=len(column)), dtype=kind)
            for name, column, kind in zip(_READ, columns, kinds, strict=True)
        }
    )


def _source(session: Session, layer: str, n_coders: int) -> str:
    if layer == ALL:
        return f"all codings of {_number(n_coders)} coder{'' if n_coders == 1 else 's'}"
    if layer != CONSENSUS:
        return f"codings by {session.get_one(Coder, layer).name}"
    if n_coders < 2:
        return "consensus coding (fewer than two coders have coded)"
    if n_coders == 2:
        return "consensus of two coders"
    return f"consensus of at least two of {_number(n_coders)} coders"


def _number(n: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[n] if n < len(words) else str(n)


@dataclass(frozen=True, slots=True)
class _Spans:
    """Uncut excerpts as arrays, sorted by version (its place in the study's order) and start."""

    ids: NDArray[np.object_]
    coding_ids: NDArray[np.object_]
    version: Ints
    start: Ints
    end: Ints
    code: Any
    """Code ids as a categorical."""
    valence: Ints


def _each(codings: pd.DataFrame, version: Ints) -> _Spans:
    ids = codings["id"].to_numpy()
    return _Spans(
        ids,
        _objects([(id_,) for id_ in ids.tolist()]),
        version,
        codings["start"].to_numpy(),
        codings["end"].to_numpy(),
        pd.Categorical(codings["code_id"]),
        _valence_places(codings),
    )


def _consensus(
    codings: pd.DataFrame,
    version: Ints,
    places: pd.DataFrame,
    covered: Collection[str],
    results: Sequence[ConsensusSpan],
) -> _Spans:
    """What coders agree on where nothing was settled, and what was settled; never twice."""
    free = ~codings["id"].isin(covered).to_numpy()
    codings, version = codings[free], version[free]
    number = {version_id: n for n, version_id in enumerate(places["version_id"])}
    results = [r for r in results if r.version_id in number]
    known = dict.fromkeys([*codings["code_id"], *(r.code_id for r in results)])
    code = pd.Categorical(codings["code_id"], categories=sorted(known))
    n_codes = max(1, len(code.categories))
    found = shared_stretches(
        version * n_codes + code.codes,
        pd.factorize(codings["coder_id"])[0].astype(np.int64),
        codings["start"].to_numpy(),
        codings["end"].to_numpy(),
        _valence_places(codings),
    )
    behind = _behind(found, [(id_,) for id_ in codings["id"]])
    if results:
        frame = pd.DataFrame(results)
        frame_group = frame["version_id"].map(number) * n_codes + code.categories.get_indexer(
            pd.Index(frame["code_id"])
        )
        group = np.concatenate([found.group, frame_group.to_numpy(dtype=np.int64)])
        behind = [*behind, *frame["coding_ids"]]
        found = shared_stretches(
            group,
            np.zeros(len(group), dtype=np.int64),
            np.concatenate([found.start, frame["start"].to_numpy()]),
            np.concatenate([found.end, frame["end"].to_numpy()]),
            np.concatenate([found.valence, _valence_places(frame)]),
            at_least=1,
        )
        behind = _behind(found, behind)
    order = np.lexsort((found.group, found.end, found.start, found.group // n_codes))
    members = [behind[i] for i in order.tolist()]
    version, code_of = found.group[order] // n_codes, found.group[order] % n_codes
    start, end = found.start[order], found.end[order]
    version_ids, code_ids = places["version_id"].tolist(), code.categories.tolist()
    ids = [
        stretch_id(version_ids[v], code_ids[c], s, e)
        for v, c, s, e in zip(
            version.tolist(), code_of.tolist(), start.tolist(), end.tolist(), strict=True
        )
    ]
    kept = pd.Categorical.from_codes(code_of, dtype=code.dtype)
    return _Spans(_objects(ids), _objects(members), version, start, end, kept, found.valence[order])


def _behind(found: Stretches, ids: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Ids of the codings behind each stretch."""
    members, first = found.members.tolist(), found.first.tolist()
    return [
        tuple(dict.fromkeys(id_ for m in members[a:b] for id_ in ids[m]))
        for a, b in pairwise(first)
    ]


def stretch_id(version_id: str, code_id: str, start: int, end: int) -> str:
    """The id of a consensus stretch: the same stretch has the same id whenever it is computed."""
    return f"{version_id}.{code_id}.{start}-{end}"


def _cut(session: Session, study_id: str, spans: _Spans, places: pd.DataFrame) -> pd.DataFrame:
    """One row per excerpt and turn, each with its place and its voice."""
    known = voices(session, study_id)
    nobody = pd.DataFrame([["", "", "", "", False]], columns=PEOPLE)
    everyone = pd.concat([known, nobody], ignore_index=True)
    cut = _pieces_of_all(session, spans, places["version_id"].tolist(), everyone["speaker_id"])
    span = cut["span"]
    where = spans.version[span]
    voice = cut["voice"] % len(everyone)
    data: dict[str, Any] = {
        "excerpt_id": pd.Series(spans.ids[span], dtype=object),
        "excerpt": span,
        "coding_ids": pd.Series(spans.coding_ids[span], dtype=object),
        **{name: _taken(places[name], where) for name in PLACES},
        **{name: _taken(everyone[name], voice) for name in PEOPLE},
        "code_id": spans.code[span],
        "place": _stretch_numbers(spans)[span],
        "n_words": cut["word_to"] - cut["word_from"],
        "valence": pd.Categorical.from_codes(
            spans.valence[span], categories=pd.Index(VALENCE_NAMES)
        ),
        "start_ms": pd.arrays.IntegerArray(cut["start_ms"], cut["start_ms"] < 0),
        **{name: cut[name] for name in ("turn", "start", "end", "word_from", "word_to")},
    }
    return pd.DataFrame(data, columns=COLUMNS)


def _pieces_of_all(
    session: Session, spans: _Spans, version_ids: list[str], speaker_ids: pd.Series
) -> dict[str, Ints]:
    edges = np.searchsorted(spans.version, np.arange(len(version_ids) + 1))
    used = np.flatnonzero(np.diff(edges)).tolist()
    texts = text_indexes(session, [version_ids[number] for number in used])
    numbers = {key: number for number, key in enumerate(speaker_ids)}
    pieces = [
        _pieces(spans, slice(edges[n], edges[n + 1]), texts[version_ids[n]], numbers) for n in used
    ]
    nothing = np.zeros(0, dtype=np.int64)
    return {name: np.concatenate([piece[name] for piece in pieces] or [nothing]) for name in PIECE}


def _pieces(
    spans: _Spans, part: slice, text: TextIndex, numbers: dict[str, int]
) -> dict[str, Ints]:
    first, last = text.turns(spans.start[part], spans.end[part])
    n = last - first
    span = np.repeat(np.arange(part.start, part.stop), n)
    turn = np.arange(len(span)) - np.repeat(np.cumsum(n) - n - first, n)
    start = np.maximum(spans.start[span], text.turn_starts[turn])
    end = np.minimum(spans.end[span], text.turn_ends[turn])
    word_from, word_to = text.words(start, end)
    voice_numbers = np.array([*(numbers[key] for key in text.voices), -1], dtype=np.int64)
    voice, ms = voice_numbers[text.turn_voices[turn]], text.turn_ms[turn]
    said = word_to > word_from
    columns = (span, turn, voice, start, end, word_from, word_to, ms)
    return {name: column[said] for name, column in zip(PIECE, columns, strict=True)}


def _stretch_numbers(spans: _Spans) -> Ints:
    width = int(spans.end.max()) + 1 if len(spans.end) else 1
    key = (spans.version * width + spans.start) * width + spans.end
    return pd.factorize(key)[0].astype(np.int64)


def _taken(values: pd.Series, where: Ints) -> Any:
    """``values`` at each place, as a column that keeps each different text once."""
    if values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
        return values.array.take(where)
    codes, known = pd.factorize(values)
    return pd.Categorical.from_codes(codes[where], categories=known)


def _valence_places(codings: pd.DataFrame) -> Ints:
    return (
        pd.Index(VALENCE_NAMES, dtype=object)
        .get_indexer(pd.Index(codings["valence"]))
        .astype(np.int64)
    )


def _objects(values: Sequence[Any]) -> NDArray[np.object_]:
    return np.fromiter(values, dtype=object, count=len(values))
