"""What the numbers of a comparison rest on, so that none of them stands alone."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from parihs.compare.denominators import Denominators
from parihs.compare.filters import Filters
from parihs.model.terms import WORKSHOP_KINDS


@dataclass(frozen=True, slots=True)
class Basis:
    """Whose codings, under which filters, out of how much talk, and what is not in the numbers."""

    source: str
    """Whose codings, in words: ``consensus of two coders``."""
    filters: Filters
    occasions: tuple[tuple[str, int], ...]
    """How many of each workshop kind anybody spoke at, under the filters."""
    words: int
    """Words spoken under the filters."""
    left_out: int
    """Excerpts whose code is in no column: broader than the level shown, or no longer defined."""
    left_behind: int
    """Codings that stand on older transcript versions."""
    uncoded_transcripts: int
    """Transcripts under the filters that hold no coding of this source."""

    def caption(self, measured: str) -> str:
        """``measured`` and all of the above as a person would say it."""
        times = [_count(number, WORKSHOP_KINDS[kind].lower()) for kind, number in self.occasions]
        parts = [measured, self.source, *self.filters.in_words(), *times]
        parts.append(_count(self.words, "word"))
        return f"{', '.join(parts)}.{self._missing()}"

    def _missing(self) -> str:
        sentences = []
        if self.uncoded_transcripts:
            has = "has" if self.uncoded_transcripts == 1 else "have"
            sentences.append(
                f"{_count(self.uncoded_transcripts, 'transcript')} {has} no such coding yet."
            )
        if self.left_out:
            is_ = "is" if self.left_out == 1 else "are"
            sentences.append(
                f"{_count(self.left_out, 'excerpt')} with a code outside these columns {is_} not"
                " shown."
            )
        if self.left_behind:
            is_ = "is" if self.left_behind == 1 else "are"
            sentences.append(
                f"{_count(self.left_behind, 'coding')} on older transcript versions {is_} not"
                " counted."
            )
        return "".join(f" {sentence}" for sentence in sentences)


def basis_of(
    excerpts: pd.DataFrame, denominators: Denominators, filters: Filters, left_out: int = 0
) -> Basis:
    """Count what a comparison rests on; ``left_out`` excerpts have a code that it does not show."""
    talk = denominators.talk
    heard = talk[filters.mask(talk) & (talk["n_words"] > 0).to_numpy()]
    held = heard.drop_duplicates("workshop_id")["kind"].value_counts()
    coded = set(excerpts["transcript_id"].unique())
    return Basis(
        source=excerpts.attrs.get("source", "codings"),
        filters=filters,
        occasions=tuple((kind, int(held[kind])) for kind in WORKSHOP_KINDS if kind in held),
        words=int(heard["n_words"].sum()),
        left_out=left_out,
        left_behind=excerpts.attrs.get("left_behind", 0),
        uncoded_transcripts=len(set(heard["transcript_id"]) - coded),
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
