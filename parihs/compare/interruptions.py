"""Who begins to speak while somebody else has not finished, by a rule that can be read.

A turn interrupts another when it begins later than the other did, by somebody else, while the other
still has at least ``threshold_ms`` to go. It counts once, against the turn that began last among
those still going. Turns shorter than ``words`` words ("mm", "yes") are listening, not interrupting.
Turns without times or without a named speaker neither interrupt nor are interrupted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from parihs.compare.shared import Ints

THRESHOLD_MS: Final = 500
WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts as an interruption."""

    threshold_ms: int = THRESHOLD_MS
    words: int = WORDS

    def in_words(self) -> str:
        """The rule as a sentence."""
        least = f" and has at least {self.words} words" if self.words > 1 else ""
        return (
            "An interruption is a turn that begins while somebody else’s has at least "
            f"{self.threshold_ms / 1000:g} s to go{least}."
        )


def interrupted(starts: Ints, ends: Ints, voices: Ints, n_words: Ints, rule: Rule) -> Ints:
    """For each turn of one version the position of the turn it interrupts; -1 for none.

    ``starts`` and ``ends`` in ms, -1 where not known; ``voices`` are numbers, -1 for nobody named.
    """
    found = np.full(len(starts), -1, dtype=np.int64)
    known = np.flatnonzero((starts >= 0) & (voices >= 0))
    order = known[np.argsort(starts[known], kind="stable")]
    begins, stops, who = starts[order], ends[order], voices[order]
    reach = np.maximum.accumulate(stops) if len(order) else stops
    needed = begins + rule.threshold_ms
    # Only where some earlier turn reaches far enough can there be one; that is rarely so.
    possible = np.flatnonzero(reach[:-1] >= needed[1:]) + 1
    for place in possible.tolist():
        if n_words[order[place]] < rule.words:
            continue
        before = place - 1
        while before >= 0 and reach[before] >= needed[place]:
            if (
                stops[before] >= needed[place]
                and who[before] != who[place]
                and begins[before] < begins[place]
            ):
                # Among turns that began at the same moment, the one that stands last.
                found[order[place]] = order[before]
                break
            before -= 1
    return found
