"""Where turns stand in a version, and how many words lie before each place that codings use.

The text of a version never changes, so both are read once per process, and once more after turns
of it were given to other speakers. Only counts are kept: half a million codings over thirty million
words take a few megabytes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from parihs.compare.shared import Ints
from parihs.model import Turn
from parihs.store.speaker_changes import last_changes

NUMBERS_KEPT: Final = 40_000_000
"""Numbers that stay in memory (4 bytes each) before the least used versions are dropped."""

Int32s = NDArray[np.int32]
Edges = Callable[[Collection[str]], Mapping[str, Ints]]
"""Gives positions in each of some versions."""

_AT_ONCE = 50
_UNSURE = cast(Turn.marks, Text).contains("unsure").label("unsure")
_READ = (
    *(Turn.start, Turn.end, Turn.n_words, Turn.start_ms, Turn.end_ms, Turn.speaker_id),
    _UNSURE,
)
_SPACES = np.array([chr(code).isspace() for code in range(0x10000)])
"""Whether a code point is white space; there is none above these."""


def _none() -> Int32s:
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class TextIndex:
    """The skeleton of one version; positions in code points, times in ms (-1: not timed)."""

    turn_starts: Int32s
    turn_ends: Int32s
    turn_words: Int32s
    """How many words each turn has."""
    turn_ms: Int32s
    turn_end_ms: Int32s
    turn_voices: Int32s
    """Place of each turn's speaker in ``voices``; -1 where nobody is named."""
    voices: tuple[str, ...]
    """Ids of the speakers in order of first appearance."""
    turn_unsure: Int32s
    """1 where it is not sure who speaks, else 0."""
    places: Int32s = field(default_factory=_none)
    """Positions, sorted, at which words were counted."""
    ended: Int32s = field(default_factory=_none)
    """Words of the version that end at or before each of ``places``."""
    begun: Int32s = field(default_factory=_none)
    """Words of the version that begin before each of ``places``."""

    def counted_at(self, positions: Ints) -> bool:
        """Whether words were counted at all of these positions."""
        if not len(self.places):
            return not len(positions)
        found = self.places.searchsorted(positions.astype(np.int32))
        return bool((self.places.take(found, mode="clip") == positions).all())

    def turns(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """Positions of the turns that ``[start, end)`` touch, end-exclusive."""
        first = np.searchsorted(self.turn_ends, starts, side="right")
        last = np.searchsorted(self.turn_starts, ends, side="left")
        return first.astype(np.int64), np.maximum(first, last).astype(np.int64)

    def words(self, turn: Ints, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """Numbers of the words that ``[start, end)`` in a turn touch, end-exclusive.

        A cut word counts. Each start and end is an edge of its turn or one of ``places``.
        """
        before = np.concatenate([[0], np.cumsum(self.turn_words, dtype=np.int64)])
        first, last = before[turn], before[turn + 1]
        inner = np.flatnonzero(starts > self.turn_starts[turn])
        first[inner] = self.ended[np.searchsorted(self.places, starts[inner])]
        inner = np.flatnonzero(ends < self.turn_ends[turn])
        last[inner] = self.begun[np.searchsorted(self.places, ends[inner])]
        return first, np.maximum(first, last)


_kept: OrderedDict[str, tuple[int, TextIndex]] = OrderedDict()
"""Each with the number of the last change of its speakers that it knows."""
_lock = threading.Lock()


def text_indexes(
    session: Session,
    wanted: Mapping[str, Ints],
    also: Edges = lambda version_ids: {},
) -> dict[str, TextIndex]:
    """The index of each version, with words counted at the positions wanted in it.

    Where texts have to be read, words are counted there also at the positions that ``also`` gives
    for them, so that who wants those next need not read the texts again.
    """
    changed = last_changes(session)
    found = _known(wanted, changed)
    lacking = [
        key
        for key, places in wanted.items()
        if key not in found or not found[key].counted_at(places)
    ]
    more = also(lacking) if lacking else {}
    everywhere = {
        key: np.concatenate([wanted[key], more[key]]) if key in more else wanted[key]
        for key in lacking
    }
    for batch in _batches(lacking):
        found.update(_with_words(session, batch, everywhere, found))
    _keep(found, changed)
    return found


def turn_indexes(session: Session, version_ids: Iterable[str]) -> dict[str, TextIndex]:
    """The index of each version for its turns alone, without reading any text."""
    wanted = list(dict.fromkeys(version_ids))
    changed = last_changes(session)
    found = _known(wanted, changed)
    for batch in _batches(key for key in wanted if key not in found):
        for version_id, turns in _read(session, batch):
            found[version_id] = _index(turns)
    _keep(found, changed)
    return found


def word_places(text: str) -> tuple[Ints, Ints]:
    """Start and end of each whitespace-separated word, as ``str.split`` would cut them."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    if len(codes) > len(text):  # some take two units, so that units are no positions
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        codes = np.minimum(codes, 0xFFFF)
    inside = np.zeros(len(codes) + 2, dtype=bool)
    np.logical_not(_SPACES.take(codes), out=inside[1:-1])
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    return edges[::2], edges[1::2]


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(keys)
    while batch := list(islice(remaining, _AT_ONCE)):
        yield batch


def _with_words(
    session: Session,
    version_ids: Sequence[str],
    wanted: Mapping[str, Ints],
    known: Mapping[str, TextIndex],
) -> Iterator[tuple[str, TextIndex]]:
    for version_id, turns in _read(session, version_ids, Turn.text):
        index = known.get(version_id) or _index(turns)
        places = np.union1d(wanted[version_id], index.places).astype(np.int32)
        starts, ends = word_places("\n".join(turn[-1] for turn in turns))
        yield (
            version_id,
            replace(
                index,
                places=places,
                ended=np.searchsorted(ends, places, side="right").astype(np.int32),
                begun=np.searchsorted(starts, places, side="left").astype(np.int32),
            ),
        )


def _read(
    session: Session, version_ids: Sequence[str], *more: Any
) -> Iterator[tuple[str, list[Any]]]:
    query = (
        select(Turn.version_id, *_READ, *more)
        .where(Turn.version_id.in_(version_ids))
        .order_by(Turn.version_id, Turn.position)
    )
    rows = session.connection().execute(query)
    for version_id, turns in groupby(rows, key=itemgetter(0)):
        yield version_id, list(turns)


def _index(turns: Sequence[Any]) -> TextIndex:
    _, starts, ends, words, times, end_times, speakers, unsure = list(zip(*turns, strict=True))[:8]
    voices = {key: place for place, key in enumerate(dict.fromkeys(s for s in speakers if s))}
    return TextIndex(
        turn_starts=_int32s(starts),
        turn_ends=_int32s(ends),
        turn_words=_int32s(words),
        turn_ms=_int32s(-1 if ms is None else ms for ms in times),
        turn_end_ms=_int32s(-1 if ms is None else ms for ms in end_times),
        turn_voices=_int32s(voices.get(speaker, -1) for speaker in speakers),
        voices=tuple(voices),
        turn_unsure=_int32s(map(int, unsure)),
    )


def _int32s(numbers: Iterable[int]) -> Int32s:
    return np.fromiter(numbers, dtype=np.int32)


def _known(wanted: Iterable[str], changed: Mapping[str, int]) -> dict[str, TextIndex]:
    """What is kept of them, leaving out what was read before their speakers last changed."""
    with _lock:
        kept = {key: _kept[key] for key in wanted if key in _kept}
    return {key: index for key, (seen, index) in kept.items() if seen == changed.get(key, 0)}


def _keep(used: Mapping[str, TextIndex], changed: Mapping[str, int]) -> None:
    with _lock:
        for key, index in used.items():
            _kept[key] = (changed.get(key, 0), index)
            _kept.move_to_end(key)
        total = sum(_size(index) for _, index in _kept.values())
        while total > NUMBERS_KEPT and len(_kept) > 1:
            _, (_, dropped) = _kept.popitem(last=False)
            total -= _size(dropped)


def _size(index: TextIndex) -> int:
    return 7 * len(index.turn_starts) + 3 * len(index.places)
