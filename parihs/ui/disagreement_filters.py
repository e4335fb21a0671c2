"""Which disagreements are shown: by kind, state, code and transcript, or by a cell of confusion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import streamlit as st

from parihs.coding.disagreements import KINDS, Place
from parihs.coding.queue import OPEN, STATES, Queue, QueueItem
from parihs.store.codebooks import CodeView
from parihs.ui.choose import choose
from parihs.ui.disagreement_words import KIND_WORDS, STATE_WORDS
from parihs.ui.state import Current, remember, remembered

ALL = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person wants to see; empty for everything."""

    kinds: tuple[str, ...] = ()
    state: str = ALL
    code: str = ALL
    transcript: str = ALL

    def keeps(self, item: QueueItem) -> bool:
        """Whether an item is shown."""
        return (
            (not self.kinds or item.kind in self.kinds)
            and self.state in (ALL, item.state)
            and self.transcript in (ALL, item.transcript_id)
            and (self.code == ALL or self.code in codes_of(item))
        )


def codes_of(item: QueueItem) -> tuple[str, ...]:
    """The codes in question, at the level of comparison."""
    if item.place is not None:
        return item.place.code_ids
    settled = item.settlements[0].settlement
    return tuple(dict.fromkeys(coding["code_id"] for coding in settled.codings))


def filters(now: Current, queue: Queue, codes: Sequence[CodeView], titles: dict[str, str]) -> Shown:
    """Pills and select boxes with counts; remembered from the last visit."""
    study = now.study.key
    kept = remembered(f"disagreements:{study}", {})
    kinds = Counter(item.kind for item in queue.items)
    used = Counter(code for item in queue.items for code in codes_of(item))
    chosen = st.pills(
        "How they differ",
        KINDS,
        selection_mode="multi",
        default=[kind for kind in kept.get("kinds") or [] if kind in KINDS],
        format_func=lambda kind: f"{KIND_WORDS[kind]} {kinds[kind]:,}",
        key=f"desk-kinds-{study}",
        help="Nothing chosen shows all kinds. A place that differs in several ways is listed under "
        "the gravest: different code, one coded, different valence, different boundary.",
    )
    one, two, three = st.columns([2, 3, 3])
    known = [code for code in codes if code.code_id in used]
    names = {ALL: "all codes", **{c.code_id: f"{c.name} ({used[c.code_id]:,})" for c in known}}
    words = {ALL: "All", **{state: STATE_WORDS[state] for state in STATES}}
    places = {ALL: "all transcripts", **titles}
    shown = Shown(
        tuple(chosen),
        choose(one, "State", words, key=f"desk-state-{study}", wanted=kept.get("state", OPEN)),
        choose(two, "Code", names, key=f"desk-code-{study}", wanted=kept.get("code", ALL)),
        choose(
            three,
            "Transcript",
            places,
            key=f"desk-transcript-{study}",
            wanted=kept.get("transcript", ALL),
        ),
    )
    remember(
        f"disagreements:{study}",
        {
            "kinds": list(shown.kinds),
            "state": shown.state,
            "code": shown.code,
            "transcript": shown.transcript,
        },
    )
    return shown


def in_cell(
    place: Place,
    coders: tuple[str, str],
    ones: Collection[str | None],
    others: Collection[str | None],
) -> bool:
    """Whether a place is behind a cell of the confusion matrix of two coders.

    ``ones`` and ``others`` are the codes of the cell's row and column; None stands for no code.
    """
    one, other = coders
    if not {one, other} <= set(place.coder_ids):
        return False
    first, second = (
        {part.code_id for part in place.parts if coder in part.covered} for coder in (one, other)
    )
    if any(code in ones and code in others for code in first & second):
        return True
    nothing: set[str | None] = {None}
    left, right = first - second or nothing, second - first or nothing
    return first != second and bool(left & set(ones)) and bool(right & set(others))
