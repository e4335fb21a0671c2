"""From stored codings to excerpts that know who spoke, where, when and in which words.

One query per thing, then arithmetic on whole arrays: half a million codings take about as long to
read as to cut.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from parihs.coding.settled import load_decisions
from parihs.compare.changes import only_codings_changed, with_versions
from parihs.compare.codings import ALL, CONSENSUS, KeptCodings, codes_of, load_codings
from parihs.compare.denominators import PEOPLE, PLACES, transcripts_in_use, voices
from parihs.compare.shared import VALENCE_NAMES, Ints
from parihs.compare.spans import Spans, agreed_and_settled, each_coding
from parihs.compare.texts import Edges, TextIndex, text_indexes
from parihs.compare.tidy_columns import taken
from parihs.model import Coder

__all__ = ["ALL", "CONSENSUS", "load_excerpts"]

COLUMNS: Final = [
    "excerpt_id",
    "excerpt",
    *PLACES,
    "turn",
    *PEOPLE,
    "unsure",
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
PIECE: Final = (
    *("span", "turn", "voice", "unsure", "start", "end", "word_from", "word_to", "start_ms"),
)


def load_excerpts(
    session: Session,
    study_id: str,
    codebook_version_id: str,
    *,
    viewer_id: str | None = None,
    layer: str = CONSENSUS,
    kept: KeptCodings | None = None,
    before: tuple[int, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """All coded excerpts of a study under one codebook, cut at turns.

    ``layer`` is ``"consensus"`` (stretches that at least two coders gave the same code), ``"all"``
    or a coder's id. ``viewer_id`` sees what the blinding rule lets them see. With ``kept``, codings
    that were read before are not read again unless they changed; with ``before`` as well (what the
    same question gave, and the last event it knew) only transcripts whose codings changed are cut
    again. One row per excerpt and turn it touches, in order of site, workshop and position;
    wordless pieces are left out.

    Columns: ``excerpt_id`` (coding id, or a stable id of the consensus stretch), ``excerpt`` (its
    number in this table), where it was said (``transcript_id, version_id,
    workshop_id, site_id, kind, cycle``), ``turn`` (position in the version), who said
    it (``speaker_id, speaker, participant_id, role, facilitator``; ``unsure`` where that is not
    sure), ``code_id``, ``place`` (number of the uncut stretch of text: equal for two codings of the
    same stretch), ``start, end`` of the piece (code points),
    ``word_from, word_to`` (numbers of its words in the version, end-exclusive), ``n_words``,
    ``valence``, ``start_ms`` of the turn (NA where not timed). ``attrs["source"]`` says in words
    what was loaded; ``attrs["left_behind"]`` counts codings on older versions, not loaded.

    Raises ParihsError when the codebook version or the coder is not in the study.
    """
    codings = load_codings(session, study_id, codebook_version_id, viewer_id, layer, kept)
    places = transcripts_in_use(session, study_id)
    version_ids = codings["version_id"].cat
    known = pd.Index(places["version_id"], dtype=object).get_indexer(version_ids.categories)
    version = np.append(known, -1).astype(np.int64)[version_ids.codes]
    in_use = version >= 0
    if not in_use.all():
        codings, version = codings[in_use], version[in_use]
    about: dict[Any, Any] = {
        "source": _source(session, layer, int(codings["coder_id"].nunique())),
        "left_behind": int((~in_use).sum()),
    }
    asked = _Asked(session, study_id, codebook_version_id, viewer_id, layer, places, kept)
    whole = None
    changed = _to_cut_again(session, study_id, kept, before)
    if changed is not None and before is not None:
        again = np.isin(version, np.flatnonzero(places["version_id"].isin(changed)))
        part = asked.excerpts(codings[again], version[again], changed)
        whole = with_versions(before[1], part, changed)
    if whole is None:
        whole = asked.excerpts(codings, version)
    whole.attrs = about
    return whole


def _to_cut_again(
    session: Session,
    study_id: str,
    kept: KeptCodings | None,
    before: tuple[int, pd.DataFrame] | None,
) -> set[str] | None:
    """The versions whose codings changed; None where more than that did, or nothing is known."""
    if kept is None or before is None or not only_codings_changed(session, before[0]):
        return None
    return kept.changed_since(study_id, before[0])


@dataclass(frozen=True, slots=True)
class _Asked:
    """What excerpts are asked for."""

    session: Session
    study_id: str
    codebook_version_id: str
    viewer_id: str | None
    layer: str
    places: pd.DataFrame
    kept: KeptCodings | None

    def excerpts(
        self, codings: pd.DataFrame, version: Ints, only: Collection[str] | None = None
    ) -> pd.DataFrame:
        """Those of some codings, each with its version's number; ``only`` in some versions."""
        order = np.lexsort((codings["end"], codings["start"], version))
        codings, version = codings.iloc[order], version[order]
        if self.layer == CONSENSUS:
            decided = load_decisions(self.session, self.study_id, viewer_id=self.viewer_id)
            book = set(self.session.scalars(codes_of(self.codebook_version_id)))
            results = [
                result
                for result in decided.results
                if result.code_id in book and (only is None or result.version_id in only)
            ]
            spans = agreed_and_settled(codings, version, self.places, decided.covered, results)
        else:
            spans = each_coding(codings, version)
        return _cut(self.session, self.study_id, spans, self.places, self.edges)

    def edges(self, version_ids: Collection[str]) -> Mapping[str, Ints]:
        """Of all codings: other layers will ask for the same texts, which take longest to read."""
        return {} if self.kept is None else self.kept.edges(self.study_id, version_ids)


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


def _cut(
    session: Session, study_id: str, spans: Spans, places: pd.DataFrame, edges: Edges
) -> pd.DataFrame:
    """One row per excerpt and turn, each with its place and its voice."""
    known = voices(session, study_id)
    nobody = pd.DataFrame([["", "", "", "", False]], columns=PEOPLE)
    everyone = pd.concat([known, nobody], ignore_index=True)
    version_ids = places["version_id"].tolist()
    cut = _pieces_of_all(session, spans, version_ids, everyone["speaker_id"], edges)
    span = cut["span"]
    where = spans.version[span]
    voice = cut["voice"] % len(everyone)
    data: dict[str, Any] = {
        "excerpt_id": pd.Series(spans.ids[span], dtype=object),
        "excerpt": span,
        **{name: taken(places[name], where) for name in PLACES},
        **{name: taken(everyone[name], voice) for name in PEOPLE},
        "unsure": cut["unsure"] == 1,
        "code_id": spans.code[span],
        "place": _stretch_numbers(spans)[span],
        "n_words": cut["word_to"] - cut["word_from"],
        "valence": pd.Categorical.from_codes(
            spans.valence[span], categories=pd.Index(VALENCE_NAMES)
        ),
        "start_ms": pd.arrays.IntegerArray(cut["start_ms"].astype(np.int32), cut["start_ms"] < 0),
        **{name: cut[name] for name in ("turn", "start", "end", "word_from", "word_to")},
    }
    return pd.DataFrame(data, columns=COLUMNS, copy=False)


def _pieces_of_all(
    session: Session,
    spans: Spans,
    version_ids: list[str],
    speaker_ids: pd.Series,
    also: Edges,
) -> dict[str, Ints]:
    edges = np.searchsorted(spans.version, np.arange(len(version_ids) + 1)).tolist()
    parts = {
        version_ids[n]: slice(edges[n], edges[n + 1])
        for n in np.flatnonzero(np.diff(edges)).tolist()
    }
    texts = text_indexes(
        session,
        {
            version_id: np.concatenate([spans.start[part], spans.end[part]])
            for version_id, part in parts.items()
        },
        also,
    )
    numbers = {key: number for number, key in enumerate(speaker_ids)}
    pieces = [_pieces(spans, part, texts[key], numbers) for key, part in parts.items()]
    nothing = np.zeros(0, dtype=np.int64)
    return {name: np.concatenate([piece[name] for piece in pieces] or [nothing]) for name in PIECE}


def _pieces(
    spans: Spans, part: slice, text: TextIndex, numbers: Mapping[str, int]
) -> dict[str, Ints]:
    first, last = text.turns(spans.start[part], spans.end[part])
    n = last - first
    span = np.repeat(np.arange(part.start, part.stop), n)
    turn = np.arange(len(span)) - np.repeat(np.cumsum(n) - n - first, n)
    start = np.maximum(spans.start[span], text.turn_starts[turn])
    end = np.minimum(spans.end[span], text.turn_ends[turn])
    word_from, word_to = text.words(turn, start, end)
    voice_numbers = np.array([*(numbers[key] for key in text.voices), -1], dtype=np.int64)
    voice, ms = voice_numbers[text.turn_voices[turn]], text.turn_ms[turn]
    said = word_to > word_from
    unsure = text.turn_unsure[turn]
    columns = (span, turn, voice, unsure, start, end, word_from, word_to, ms)
    return {name: column[said] for name, column in zip(PIECE, columns, strict=True)}


def _stretch_numbers(spans: Spans) -> Ints:
    width = int(spans.end.max()) + 1 if len(spans.end) else 1
    key = (spans.version * width + spans.start) * width + spans.end
    return pd.factorize(key)[0].astype(np.int64)
