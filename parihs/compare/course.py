"""How talk is spread over one workshop: who speaks in each stretch of minutes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from parihs.compare.filters import Filters
from parihs.compare.heard import Talk, grouped
from parihs.compare.interruptions import Rule
from parihs.compare.turns import with_interruptions
from parihs.errors import ParihsError

STEP_MS = 5 * 60_000
STEP_WORDS = 500


@dataclass(frozen=True, slots=True)
class Course:
    """Who speaks when in one transcript."""

    frame: pd.DataFrame
    """Per group and stretch: ``group_id, group, facilitator, part_id, start, end`` (in ``unit``),
    ``n_words, n_turns`` (that begin in it), and where timed ``talk_ms, interruptions``."""
    caption: str
    unit: str
    """``ms``, or ``words`` where the transcript is not timed throughout."""
    turns: dict[tuple[str, str], list[tuple[str, int]]]
    """Version and position of the turns by group and part."""


def course(
    talk: Talk,
    transcript_id: str,
    *,
    by: str = "role",
    step_ms: int = STEP_MS,
    step_words: int = STEP_WORDS,
    filters: Filters | None = None,
    rule: Rule | None = None,
) -> Course:
    """Cut one transcript into stretches and count each group in each.

    A turn that crosses a cut is divided there, its words by time; it counts as a turn where it
    begins. Raises ParihsError where nobody speaks under the filters.
    """
    filters, rule = filters or Filters(), rule or Rule()
    whole = talk.turns[talk.turns["transcript_id"] == transcript_id]
    if whole.empty:
        raise ParihsError("Nobody speaks in this transcript.", "Choose another transcript.")
    timed = bool((whole["talk_ms"] >= 0).all())
    step = max(1, step_ms if timed else step_words)
    before = whole["n_words"].cumsum() - whole["n_words"]
    whole = with_interruptions(whole, rule).assign(before=before.to_numpy())
    kept = grouped(whole[filters.mask(whole)], by)
    if kept.empty:
        raise ParihsError("Nobody speaks under these filters.", "Take one of the filters away.")
    counts: dict[tuple[str, int], dict[str, int]] = defaultdict(
        lambda: {"n_words": 0, "n_turns": 0, "talk_ms": 0, "interruptions": 0}
    )
    behind: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for row in kept.to_dict("records"):
        start, end = (
            (row["start_ms"], row["end_ms"])
            if timed
            else (row["before"], row["before"] + row["n_words"])
        )
        for part, low, high in _cut(start, end, step):
            cell = counts[row["group_id"], part]
            cell["n_words"] += _words(row["n_words"], start, end, low, high)
            cell["talk_ms"] += high - low if timed else 0
            if part == start // step:
                cell["n_turns"] += 1
                cell["interruptions"] += row["over"] >= 0
            behind[row["group_id"], str(part)].append((row["version_id"], row["turn"]))
    groups = kept.drop_duplicates("group_id").set_index("group_id")
    records = [
        {
            "group_id": group_id,
            "group": groups.at[group_id, "group"],
            "facilitator": bool(groups.at[group_id, "facilitator"]),
            "part_id": str(part),
            "start": part * step,
            "end": (part + 1) * step,
            **cell,
        }
        for (group_id, part), cell in counts.items()
    ]
    frame = pd.DataFrame.from_records(records)
    if not timed:
        frame = frame.drop(columns=["talk_ms", "interruptions"])
    total = frame.groupby("group_id")["n_words"].transform("sum")
    frame = frame.assign(total=total).sort_values(
        ["facilitator", "total", "group", "start"], ascending=[True, False, True, True]
    )
    title = _title(talk, kept)
    words = int(kept["n_words"].sum())
    parts = [f"{title}: who speaks in each stretch of {_step(step, timed)}", *filters.in_words()]
    parts += [f"{len(kept):,} turns", f"{words:,} words"]
    untimed = "This transcript is not timed throughout, so it runs in words."
    caption = f"{', '.join(parts)}. {rule.in_words() if timed else untimed}"
    frame = frame.drop(columns="total").reset_index(drop=True)
    return Course(frame, caption, "ms" if timed else "words", dict(behind))


def _cut(start: int, end: int, step: int) -> list[tuple[int, int, int]]:
    """The stretches that ``[start, end)`` touches, with what lies in each."""
    if end <= start:
        return [(start // step, start, start)]
    return [
        (part, max(start, part * step), min(end, (part + 1) * step))
        for part in range(start // step, (end - 1) // step + 1)
    ]


def _words(n_words: int, start: int, end: int, low: int, high: int) -> int:
    """How many of a turn's words fall between two moments; the parts add up to all of them."""
    if end <= start:
        return n_words
    return n_words * (high - start) // (end - start) - n_words * (low - start) // (end - start)


def _step(step: int, timed: bool) -> str:
    if not timed:
        return f"{step:,} words"
    minutes = step / 60_000
    return f"{minutes:g} minute{'' if minutes == 1 else 's'}"


def _title(talk: Talk, kept: pd.DataFrame) -> Any:
    labels = talk.denominators.workshops.set_index("id")["label"]
    return labels[str(kept["workshop_id"].iloc[0])]
