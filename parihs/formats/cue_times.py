"""Two times for every caption: from the turn itself, from its neighbours where it lacks one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parihs.errors import ParihsError
from parihs.model import ParsedTurn

_MS_PER_WORD = 400


def need_times(turns: Sequence[ParsedTurn]) -> None:
    """Raise ParihsError where no turn has a time, since captions are nothing without."""
    if all(turn.start_ms is None and turn.end_ms is None for turn in turns):
        raise ParihsError(
            "This transcript has no times, so it cannot become captions.",
            "Write it as text, or align it with its recording first.",
        )


def cue_times(turns: Sequence[ParsedTurn]) -> Iterator[tuple[int, int]]:
    """Give each turn a start and an end in ms, guessed where it has none."""
    reached = 0
    # The next start that is known after each turn, found from the back in one pass.
    following: list[int | None] = [None] * len(turns)
    for index in range(len(turns) - 2, -1, -1):
        after = turns[index + 1].start_ms
        following[index] = after if after is not None else following[index + 1]
    for turn, later in zip(turns, following, strict=True):
        start = turn.start_ms
        if start is None:
            start = reached if turn.end_ms is None else min(reached, turn.end_ms)
        end = turn.end_ms
        if end is None:
            spoken = start + _MS_PER_WORD * max(1, len(turn.text.split()))
            end = spoken if later is None or later <= start else later
        yield start, end
        reached = max(reached, end if turn.end_ms is not None else start)
