"""Counting inside the cells of a comparison, each thing once, on whole arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from parihs.compare.axes import ROW_COLUMNS, Column, Row, columns_of, row_places, rows_of
from parihs.compare.cell_ids import CellIds
from parihs.compare.denominators import Denominators
from parihs.compare.filters import Bools, Filters
from parihs.compare.shared import Ints
from parihs.model.terms import valence_direction
from parihs.store.codebooks import CodeView

States = NDArray[np.str_]

NOT_ASKED: Final = "not asked"
NOT_CODED: Final = "not coded"
NOTHING_SAID: Final = "nothing said"
MIXED: Final = "mixed"
UNRATED: Final = "unrated"
VALUE: Final = "value"

DIRECTIONS: Final = ("enabling", "constraining", "mixed", "neutral", "unrated")


_USED: Final = (
    "excerpt_id",
    "excerpt",
    "place",
    "version_id",
    "word_from",
    "word_to",
    "participant_id",
    "speaker_id",
    "code_id",
    "valence",
)


@dataclass(frozen=True)
class Cells:
    """Excerpt pieces sorted into rows and columns; one piece may stand in several columns."""

    rows: list[Row]
    columns: list[Column]
    pieces: pd.DataFrame
    """The pieces that the filters leave."""
    piece: Ints
    """Places in ``pieces``, and beside each the cell it counts in (row by row)."""
    cell: Ints
    left_out: int
    """Excerpts in a row whose code is in no column."""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return len(self.rows), len(self.columns)

    @cached_property
    def excerpt(self) -> Ints:
        """A number for the excerpt of each piece."""
        return self.pieces["excerpt"].to_numpy()

    @cached_property
    def direction(self) -> Ints:
        """Place in ``DIRECTIONS`` of each piece's valence."""
        valence = pd.Categorical(self.pieces["valence"])
        names = [DIRECTIONS.index(valence_direction(name)) for name in valence.categories]
        directions: Ints = np.array(names, dtype=np.int64)[valence.codes]
        return directions

    @cached_property
    def voice(self) -> Ints:
        """A number for whoever speaks each piece; -1 where the transcript does not say."""
        linked = pd.Categorical(self.pieces["participant_id"])
        heard = pd.Categorical(self.pieces["speaker_id"])
        people, speakers = linked.codes.astype(np.int64), heard.codes.astype(np.int64)
        named = np.append(linked.categories != "", False)[people]
        labelled = np.append(heard.categories != "", False)[speakers]
        unlinked = np.where(labelled, len(linked.categories) + speakers, -1)
        voices: Ints = np.where(named, people, unlinked).astype(np.int64)
        return voices

    @cached_property
    def excerpt_pairs(self) -> tuple[Ints, Ints]:
        """Each excerpt of each cell once: its cell and its number, sorted."""
        return self._pairs(self.excerpt, None)

    @cached_property
    def excerpts(self) -> NDArray[np.float64]:
        """How many different excerpts each cell holds."""
        return self._counted(self.excerpt_pairs[0])

    def distinct(self, what: Ints, where: Bools | None = None) -> NDArray[np.float64]:
        """How many different ``what`` (one number per piece, -1: nothing) each cell holds."""
        return self._counted(self._pairs(what, where)[0])

    def rated(self, direction: str) -> NDArray[np.float64]:
        """How many excerpts of each cell bear on implementation in one of the ``DIRECTIONS``."""
        return self.distinct(self.excerpt, self.direction == DIRECTIONS.index(direction))

    def words(self) -> NDArray[np.float64]:
        """Words that the excerpts of each cell touch, overlapping excerpts counted once."""
        pieces = self.pieces
        first = pieces["word_from"].to_numpy()[self.piece]
        last = pieces["word_to"].to_numpy()[self.piece]
        version = pd.factorize(pieces["version_id"])[0].astype(np.int64)[self.piece]
        # All words of all cells on one line, a stretch of it for each cell and version.
        width = int(last.max(initial=0)) + 1
        in_cell = (int(version.max(initial=0)) + 1) * width
        line = self.cell * in_cell + version * width
        starts, ends = np.sort(line + first), np.sort(line + last)
        # Where as many pieces have ended as have begun before, a stretch of its own begins.
        opens = np.flatnonzero(np.append(True, starts[1:] > ends[:-1])[: len(starts)])
        closes = np.append(opens[1:], len(ends))[: len(opens)] - 1
        size = self.shape[0] * self.shape[1]
        covered = ends[closes] - starts[opens]
        counted = np.bincount(starts[opens] // in_cell, covered, minlength=size)
        return counted.astype(float).reshape(self.shape)

    def excerpt_ids(self, where: Bools | None = None) -> CellIds:
        """Ids of the excerpts of each cell that has any, in order of the study."""
        pairs = self.excerpt_pairs if where is None else self._pairs(self.excerpt, where)
        ids = np.empty(int(self.excerpt.max(initial=0)) + 1, dtype=object)
        ids[self.excerpt] = self.pieces["excerpt_id"].to_numpy(dtype=object)
        rows, columns = [row.id for row in self.rows], [column.id for column in self.columns]
        return CellIds(rows, columns, *pairs, ids)

    def _counted(self, cell: Ints) -> NDArray[np.float64]:
        size = self.shape[0] * self.shape[1]
        return np.bincount(cell, minlength=size).astype(float).reshape(self.shape)

    def _pairs(self, what: Ints, where: Bools | None) -> tuple[Ints, Ints]:
        thing = what[self.piece]
        kept = thing >= 0 if where is None else (thing >= 0) & where[self.piece]
        width = int(what.max(initial=0)) + 1
        pairs = np.sort(self.cell[kept] * width + thing[kept])
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]
        return pairs // width, pairs % width


def cell_states(cells: Cells) -> States:
    """Why a cell holds what it holds: ``not asked``, ``not coded``, ``nothing said``, ``value``."""
    said = cells.excerpts > 0
    heard = np.array([[row.words > 0] for row in cells.rows], dtype=bool).reshape(-1, 1)
    coded = np.array([[row.coded_transcripts > 0] for row in cells.rows]).reshape(-1, 1)
    states = np.where(said, VALUE, np.where(coded, NOTHING_SAID, NOT_CODED))
    return np.where(heard, states, NOT_ASKED)


def sort_into_cells(
    excerpts: pd.DataFrame,
    denominators: Denominators,
    codes: Sequence[CodeView],
    rows: str,
    cols: str | int,
    below: str | None,
    filters: Filters,
) -> Cells:
    """Give every excerpt piece that the filters leave its row and its columns."""
    coded = set(excerpts["transcript_id"].unique())
    cases = rows_of(rows, denominators, filters, coded)
    columns, counts_in = columns_of(codes, cols, below)
    used = list(dict.fromkeys([*_USED, ROW_COLUMNS[rows]]))
    kept = filters.mask(excerpts)
    pieces = excerpts[used] if kept.all() else excerpts.loc[kept, used]
    row = row_places(rows, cases, pieces)

    code = pd.Categorical(pieces["code_id"])
    lists = [counts_in.get(code_id, []) for code_id in code.categories]
    lengths = np.array([len(places) for places in lists], dtype=np.int64)
    flat = np.array([place for places in lists for place in places], dtype=np.int64)
    first = np.cumsum(lengths) - lengths
    code_of = code.codes.astype(np.int64)
    n = np.where(row >= 0, lengths[code_of], 0) if len(lists) else np.zeros(0, dtype=np.int64)
    piece = np.repeat(np.arange(len(pieces)), n)
    nth = np.arange(len(piece)) - np.repeat(np.cumsum(n) - n, n)
    column = flat[first[code_of[piece]] + nth] if len(piece) else piece
    nowhere = (row >= 0) & (n == 0) & (below is None)
    return Cells(
        rows=cases,
        columns=columns,
        pieces=pieces,
        piece=piece,
        cell=row[piece] * len(columns) + column,
        left_out=int(pieces["excerpt"][nowhere].nunique()),
    )
