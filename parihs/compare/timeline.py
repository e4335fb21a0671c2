"""Who speaks when in one transcript, and which codes are given where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from parihs.compare.axes import columns_of
from parihs.compare.denominators import Denominators
from parihs.compare.exhibit import Exhibit
from parihs.compare.filters import Filters
from parihs.compare.shared import Ints
from parihs.compare.texts import TextIndex, turn_indexes
from parihs.errors import ParihsError
from parihs.model.terms import valence_direction
from parihs.store.codebooks import CodeView


def timeline(
    session: Session,
    excerpts: pd.DataFrame,
    denominators: Denominators,
    codes: Sequence[CodeView],
    transcript_id: str,
    *,
    cols: str | int = "construct",
    below: str | None = None,
    filters: Filters | None = None,
) -> Exhibit:
    """Turns and excerpts of one transcript, each from where to where.

    One row per turn and per excerpt piece: ``lane`` (``speaker`` or ``code``), ``row_id, row``
    (speaker or code), ``column_id, column`` (the excerpt, or the turn and its first coded excerpt),
    ``colour`` (of a code), ``direction`` (of an excerpt's valence), ``start`` and ``end`` in ``ms``
    where the transcript is timed, else in words, as ``attrs["unit"]`` says. Inside a turn, time is
    shared out by words. A turn opens the excerpts that touch it.

    Raises ParihsError when the transcript has no turns under the filters.
    """
    filters = filters or Filters()
    talk = denominators.talk[denominators.talk["transcript_id"] == transcript_id]
    if talk.empty:
        raise ParihsError("This transcript is not in the study.", "Choose another transcript.")
    version_id = str(talk["version_id"].iloc[0])
    index = turn_indexes(session, [version_id])[version_id]
    people = {row["speaker_id"]: row for row in _rows(talk[filters.mask(talk)])}
    pieces = excerpts[(excerpts["version_id"] == version_id).to_numpy() & filters.mask(excerpts)]
    clock = _Clock(index)
    columns, counts_in = columns_of(codes, cols, below)
    by_turn: dict[int, dict[str, None]] = {}
    records: list[dict[str, Any]] = []
    ids: dict[tuple[str, ...], tuple[str, ...]] = {}
    for piece in _rows(pieces):
        by_turn.setdefault(int(piece["turn"]), {})[piece["excerpt_id"]] = None
        for place in counts_in.get(piece["code_id"], []):
            column = columns[place]
            start, end = clock.span(
                int(piece["turn"]), int(piece["word_from"]), int(piece["word_to"])
            )
            records.append(
                {
                    "lane": "code",
                    "row_id": column.id,
                    "row": column.label,
                    "column_id": piece["excerpt_id"],
                    "column": piece["speaker"] or "Unknown speaker",
                    "colour": column.colour,
                    "direction": valence_direction(str(piece["valence"])),
                    "start": start,
                    "end": end,
                    "n_words": int(piece["n_words"]),
                }
            )
            ids[column.id, piece["excerpt_id"]] = (piece["excerpt_id"],)
    said = []
    names = [*index.voices, ""]
    for turn, voice in enumerate(index.turn_voices.tolist()):
        speaker = people.get(names[voice])
        left_out = bool(index.turn_unsure[turn]) and not filters.include_unsure
        if speaker is None or not index.turn_words[turn] or left_out:
            continue
        start, end = clock.span(turn, clock.before[turn], clock.before[turn + 1])
        who = speaker["participant_id"] or speaker["speaker_id"]
        said.append(
            {
                "lane": "speaker",
                "row_id": who,
                "row": speaker["speaker"] or "Unknown speaker",
                "column_id": str(turn),
                "column": f"Turn {turn + 1}",
                "colour": "",
                "direction": "facilitator" if speaker["facilitator"] else "",
                "start": start,
                "end": end,
                "n_words": int(index.turn_words[turn]),
            }
        )
        ids[who, str(turn)] = tuple(by_turn.get(turn, ()))
    order = {column.id: number for number, column in enumerate(columns)}
    records.sort(key=lambda record: (order[record["row_id"]], record["start"]))
    frame = pd.DataFrame.from_records(said + records)
    frame.attrs = {"unit": "ms" if clock.timed else "words"}
    workshops = denominators.workshops.set_index("id")["label"]
    title = workshops[str(talk["workshop_id"].iloc[0])]
    source = excerpts.attrs.get("source", "codings")
    words = sum(record["n_words"] for record in said)
    parts = [f"{title}: who spoke when, and where codes are given", source, *filters.in_words()]
    how = (
        "Times inside a turn are shared out by its words."
        if clock.timed
        else "This transcript has no times, so it runs in words."
    )
    caption = f"{', '.join(parts)}, {len(said):,} turns, {words:,} words. {how}"
    return Exhibit(frame, caption, excerpt_ids=ids)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


class _Clock:
    """When a word of a turn is said: in ms, or in words where the transcript has no times."""

    def __init__(self, index: TextIndex) -> None:
        self.before: list[int] = np.concatenate(
            [[0], np.cumsum(index.turn_words, dtype=np.int64)]
        ).tolist()
        self.starts: Ints = index.turn_ms.astype(np.int64)
        self.ends: Ints = index.turn_end_ms.astype(np.int64)
        self.timed = bool(((self.starts >= 0) & (self.ends >= self.starts)).all())

    def span(self, turn: int, first: int, last: int) -> tuple[int, int]:
        """From the beginning of word ``first`` to the end of word ``last - 1`` of the version."""
        if not self.timed:
            return first, last
        start, length = int(self.starts[turn]), int(self.ends[turn] - self.starts[turn])
        before, words = self.before[turn], self.before[turn + 1] - self.before[turn]
        return (
            start + length * (first - before) // words,
            start + length * (last - before) // words,
        )
