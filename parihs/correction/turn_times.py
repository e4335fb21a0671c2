"""Word and turn times through a correction: exact where words stayed, shared out where not.

Positions here are code points of the corrected turns' texts joined by a line feed. Times are
integer milliseconds; a time that is unknown stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, TypeAlias

from parihs.correction.script import Script
from parihs.correction.word_diff import words_of
from parihs.model import Turn
from parihs.store.transcripts import SEPARATOR

WordRow: TypeAlias = list[Any]
"""``[start, end, start_ms, end_ms, confidence, interpolated]``, as stored with a turn."""

_SPOKEN: Final = re.compile(r"\S+")
_WRITTEN_BY_HAND: Final = 1.0
"""Confidence of a word that a person wrote: its time is a guess, the word is not."""


def timed_words(base: Sequence[Turn], new: str, script: Script) -> list[WordRow] | None:
    """The words of corrected turns with their times; None where the turns' words had none.

    A word that stayed, or changed in capitals and punctuation only, keeps time and confidence. One
    that replaces another takes its time, several share it; one that was put in lies between its
    neighbours. These are marked as interpolated.
    """
    old = _words_before(base)
    if old is None:
        return None
    text = SEPARATOR.join(turn.text for turn in base)
    spans = [(found.start(), found.end()) for found in _SPOKEN.finditer(new)]
    rows: list[WordRow | None] = [None] * len(spans)
    for before, after in _partners(old, spans, new, script):
        same = len(before) == len(after)
        for place, number in enumerate(after):
            start, end = spans[number]
            if same:
                was = old[before[place]]
                heard = words_of(text[was[0] : was[1]]) == words_of(new[start:end])
                rows[number] = [start, end, *was[2:]] if heard else [start, end, *_guess(was)]
        if not same:
            _share(rows, spans, after, old[before[0]][2], old[before[-1]][3])
    _fill(rows, spans, base[0].start_ms, base[-1].end_ms)
    return [row for row in rows if row is not None]


def turn_times(
    base: Sequence[Turn], texts: Sequence[str], words: Sequence[WordRow] | None, script: Script
) -> list[tuple[int | None, int | None]]:
    """When each corrected turn begins and ends: by its words, else by its share of the text."""
    edges: list[tuple[int | None, int | None]] = []
    back = script.inverse()
    at = 0
    for number, text in enumerate(texts):
        start, end = at, at + len(text)
        at = end + len(SEPARATOR)
        inside = [row for row in words or () if start <= row[0] < end]
        starts = [row[2] for row in inside if row[2] is not None]
        ends = [row[3] for row in inside if row[3] is not None]
        begins = starts[0] if starts else _moment(base, back.start(start))
        stops = ends[-1] if ends else _moment(base, back.end(end))
        edges.append(
            (
                base[0].start_ms if number == 0 else begins,
                base[-1].end_ms if number == len(texts) - 1 else stops,
            )
        )
    return _rising(edges)


def _words_before(base: Sequence[Turn]) -> list[WordRow] | None:
    if all(turn.words is None for turn in base):
        return None
    found = []
    at = 0
    for turn in base:
        found += [[at + row[0], at + row[1], *row[2:]] for row in turn.words or ()]
        at += len(turn.text) + len(SEPARATOR)
    return found


def _partners(
    old: Sequence[WordRow], spans: Sequence[tuple[int, int]], new: str, script: Script
) -> list[tuple[list[int], list[int]]]:
    """Old words and the new ones in their place: groups of numbers, in order."""
    groups: list[tuple[list[int], list[int]]] = []
    first = 0
    for number, row in enumerate(old):
        start, end = script.place(row[0], row[1])
        while first < len(spans) and spans[first][1] <= start:
            first += 1
        met = []
        for place in range(first, len(spans)):
            from_, to = spans[place]
            if from_ >= end:
                break
            if any(map(str.isalnum, new[max(start, from_) : min(end, to)])):
                met.append(place)
        if not met:
            continue
        if groups and groups[-1][1][-1] >= met[0]:
            groups[-1][0].append(number)
            groups[-1][1].extend(place for place in met if place > groups[-1][1][-1])
        else:
            groups.append(([number], met))
    return groups


def _guess(was: WordRow) -> list[Any]:
    return [was[2], was[3], _WRITTEN_BY_HAND, True]


def _share(
    rows: list[WordRow | None],
    spans: Sequence[tuple[int, int]],
    numbers: Sequence[int],
    start_ms: int | None,
    end_ms: int | None,
) -> None:
    """Give each of these words its part of a stretch of time, by its letters."""
    if start_ms is None or end_ms is None:
        for number in numbers:
            rows[number] = [*spans[number], None, None, _WRITTEN_BY_HAND, True]
        return
    letters = sum(spans[n][1] - spans[n][0] for n in numbers)
    lasts = max(0, end_ms - start_ms)
    done = 0
    for number in numbers:
        start, end = spans[number]
        begins = start_ms + lasts * done // letters
        done += end - start
        stops = start_ms + lasts * done // letters
        rows[number] = [start, end, begins, stops, _WRITTEN_BY_HAND, True]


def _fill(
    rows: list[WordRow | None],
    spans: Sequence[tuple[int, int]],
    start_ms: int | None,
    end_ms: int | None,
) -> None:
    """Words that were put in lie between the words before and after them."""
    number = 0
    before = start_ms
    while number < len(rows):
        row = rows[number]
        if row is not None:
            before = row[3] if row[3] is not None else before
            number += 1
            continue
        last = number
        while last < len(rows) and rows[last] is None:
            last += 1
        later = (each[2] for each in rows[last:] if each is not None and each[2] is not None)
        after = next(later, end_ms)
        if before is not None and after is not None:
            after = max(before, after)
        _share(rows, spans, range(number, last), before, after)
        number = last


def _moment(base: Sequence[Turn], position: int) -> int | None:
    """When a place between two characters of the turns is spoken, if they are spoken evenly."""
    at = 0
    for turn in base:
        end = at + len(turn.text)
        if position <= end:
            if turn.start_ms is None or turn.end_ms is None:
                return turn.start_ms
            part = (position - at) / len(turn.text) if turn.text else 0.0
            return turn.start_ms + round((turn.end_ms - turn.start_ms) * max(0.0, part))
        at = end + len(SEPARATOR)
    return base[-1].end_ms


def _rising(
    edges: list[tuple[int | None, int | None]],
) -> list[tuple[int | None, int | None]]:
    """The same times, none before one that came earlier; the outer two stay as they are."""
    first, last = edges[0][0], edges[-1][1]
    if len(edges) == 1:
        return edges
    known = [time for edge in edges for time in edge]
    reach = first
    for number, time in enumerate(known):
        if time is None:
            continue
        if reach is not None and time < reach:
            time = reach
        if last is not None and first is not None and first <= last:
            time = min(time, last)
        known[number] = reach = time
    return list(pairwise(known))[::2]
