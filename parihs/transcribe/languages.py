"""Which language a recording is in, heard in several places of it.

The recogniser's own guess hears the first thirty seconds, which in a workshop is chairs and hellos.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from parihs.transcribe.speech import Chunk

PLACES = 8
SURE = 0.7
"""Below this mean likelihood a person should say what language it is."""


@dataclass(frozen=True, slots=True)
class Found:
    """A language code, how sure it is (0–1), and in how many places it was the likeliest."""

    code: str
    sure: float
    agree: int
    places: int
    others: tuple[str, ...] = ()
    """Languages that were likelier in other places."""

    @property
    def doubt(self) -> str:
        """What a person should know, or nothing where all places agree."""
        if self.sure >= SURE and not self.others:
            return ""
        also = f" Elsewhere it sounded like: {', '.join(self.others)}." if self.others else ""
        return (
            f"The language was taken to be “{self.code}” ({self.sure:.0%} sure; so heard in "
            f"{self.agree} of {self.places} places).{also} If that is wrong, set the recording's "
            "language and transcribe it again."
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain values that survive JSON."""
        return {**asdict(self), "others": list(self.others)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Found:
        """What :meth:`as_dict` was asked of."""
        return cls(**{**values, "others": tuple(values["others"])})


def places(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Up to eight chunks to listen to, spread over the recording, the one with most speech of each
    part; times as in the chunks, so neither greetings nor goodbyes decide."""
    n_parts = min(PLACES, len(chunks))
    borders = [len(chunks) * part // n_parts for part in range(n_parts + 1)] if n_parts else []
    return [
        max(chunks[first:last], key=lambda chunk: chunk.speech_ms or 0)
        for first, last in pairwise(borders)
    ]


def judge(heard: Sequence[Mapping[str, float]]) -> Found:
    """The language most likely over all places; ``heard`` has likelihoods by code for each."""
    totals: dict[str, float] = {}
    for likely in heard:
        for code, likelihood in likely.items():
            totals[code] = totals.get(code, 0.0) + likelihood
    code = max(totals, key=lambda code: (totals[code], code))
    winners = [max(likely, key=lambda c: likely[c]) for likely in heard if likely]
    others = dict.fromkeys(winner for winner in winners if winner != code)
    return Found(
        code, totals[code] / len(heard), winners.count(code), len(winners), tuple(sorted(others))
    )
