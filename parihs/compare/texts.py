"""Where turns and words stand in a version, as arrays; read once, since versions never change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.model import Turn

Ints = NDArray[np.int64]

WORDS_KEPT: Final = 60_000_000
"""Words whose places stay in memory (8 bytes each) before the least used texts are dropped."""

_AT_ONCE = 50
_SPACES = np.array([chr(code).isspace() for code in range(0x3001)] + [False])
"""Whether a code point is white space; the last entry stands for all above."""


@dataclass(frozen=True, slots=True)
class TextIndex:
    """The skeleton of one version's text; positions in code points, times in ms (-1: not timed)."""

    turn_starts: Ints
    turn_ends: Ints
    turn_ms: Ints
    turn_voices: Ints
    """Place of each turn's speaker in ``voices``; -1 where nobody is named."""
    voices: tuple[str, ...]
    """Ids of the speakers in order of first appearance."""
    word_starts: NDArray[np.int32]
    word_ends: NDArray[np.int32]

    def words(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """Numbers of the words that ``[start, end)`` touch, end-exclusive: a cut word counts."""
        first = np.searchsorted(self.word_ends, starts, side="right")
        last = np.searchsorted(self.word_starts, ends, side="left")
        return first.astype(np.int64), np.maximum(first, last).astype(np.int64)

    def turns(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """Positions of the turns that ``[start, end)`` touch, end-exclusive."""
        first = np.searchsorted(self.turn_ends, starts, side="right")
        last = np.searchsorted(self.turn_starts, ends, side="left")
        return first.astype(np.int64), np.maximum(first, last).astype(np.int64)


_kept: OrderedDict[str, TextIndex] = OrderedDict()
_lock = threading.Lock()


def text_indexes(session: Session, version_ids: Iterable[str]) -> dict[str, TextIndex]:
    """The index of each version, from memory where it was read before."""
    wanted = list(dict.fromkeys(version_ids))
    with _lock:
        found = {key: _kept[key] for key in wanted if key in _kept}
    missing = iter([key for key in wanted if key not in found])
    while batch := list(islice(missing, _AT_ONCE)):
        found.update(_read(session, batch))
    _keep(found)
    return found


def word_places(text: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Start and end of each whitespace-separated word, as ``str.split`` would cut them."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    inside = np.zeros(len(codes) + 2, dtype=np.int8)
    inside[1:-1] = ~_SPACES[np.minimum(codes, 0x3001)]
    steps = np.diff(inside)
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return starts.astype(np.int32), ends.astype(np.int32)


def _read(session: Session, version_ids: Sequence[str]) -> Iterator[tuple[str, TextIndex]]:
    query = (
        select(Turn.version_id, Turn.start, Turn.end, Turn.start_ms, Turn.speaker_id, Turn.text)
        .where(Turn.version_id.in_(version_ids))
        .order_by(Turn.version_id, Turn.position)
    )
    rows = session.connection().execute(query)
    for version_id, turns in groupby(rows, key=lambda row: row[0]):
        yield version_id, _index(list(turns))


def _index(turns: Sequence[Any]) -> TextIndex:
    _, starts, ends, times, speakers, texts = zip(*turns, strict=True)
    voices = {key: place for place, key in enumerate(dict.fromkeys(s for s in speakers if s))}
    word_starts, word_ends = word_places("\n".join(texts))
    return TextIndex(
        turn_starts=np.array(starts, dtype=np.int64),
        turn_ends=np.array(ends, dtype=np.int64),
        turn_ms=np.array([-1 if ms is None else ms for ms in times], dtype=np.int64),
        turn_voices=np.array([voices.get(s, -1) for s in speakers], dtype=np.int64),
        voices=tuple(voices),
        word_starts=word_starts,
        word_ends=word_ends,
    )


def _keep(used: dict[str, TextIndex]) -> None:
    with _lock:
        for key, index in used.items():
            _kept[key] = index
            _kept.move_to_end(key)
        total = sum(len(index.word_starts) for index in _kept.values())
        while total > WORDS_KEPT and len(_kept) > 1:
            _, dropped = _kept.popitem(last=False)
            total -= len(dropped.word_starts)
