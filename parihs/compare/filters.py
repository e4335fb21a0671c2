"""Which part of the talk is compared: the same question put to excerpts and to denominators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from parihs.model.terms import WORKSHOP_KINDS

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Filters:
    """What to keep; None keeps everything. Ids for sites and workshops, numbers for PAR cycles."""

    roles: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    cycles: tuple[int, ...] | None = None
    sites: tuple[str, ...] | None = None
    workshops: tuple[str, ...] | None = None
    include_facilitators: bool = True
    include_unsure: bool = True
    """Whether turns count of which it is not sure who speaks."""

    def workshop_mask(self, frame: pd.DataFrame) -> Bools:
        """Rows whose ``workshop_id, site_id, kind, cycle`` are kept."""
        kept = _among(frame["kind"], self.kinds) & _among(frame["cycle"], self.cycles)
        kept = kept & _among(frame["site_id"], self.sites)
        return kept & _among(frame["workshop_id"], self.workshops)

    def people_mask(self, frame: pd.DataFrame) -> Bools:
        """Rows whose ``role`` and ``facilitator`` are kept."""
        kept = _among(frame["role"], self.roles)
        if not self.include_facilitators:
            kept = kept & ~frame["facilitator"].to_numpy(dtype=bool)
        return kept

    def mask(self, frame: pd.DataFrame) -> Bools:
        """Rows of an excerpt or talk table that are kept."""
        kept = self.workshop_mask(frame) & self.people_mask(frame)
        if not self.include_unsure and "unsure" in frame:
            kept = kept & ~frame["unsure"].to_numpy(dtype=bool)
        return kept

    def in_words(self) -> list[str]:
        """What is left in, as caption parts; sites and workshops show as rows and are not named."""
        parts = []
        if self.roles is not None:
            parts.append("spoken by " + (_listed(self.roles) or "nobody"))
        if self.kinds is not None:
            names = [WORKSHOP_KINDS.get(kind, kind).lower() + "s" for kind in self.kinds]
            parts.append(f"{_listed(names) or 'nothing'} only")
        if self.cycles is not None:
            noun = "cycle" if len(self.cycles) == 1 else "cycles"
            parts.append(f"{noun} {_listed([str(cycle) for cycle in self.cycles])}")
        if not self.include_facilitators:
            parts.append("facilitators left out")
        if not self.include_unsure:
            parts.append("turns left out where it is not sure who speaks")
        return parts


def _among(column: pd.Series, wanted: Sequence[object] | None) -> Bools:
    if wanted is None:
        return np.ones(len(column), dtype=bool)
    return column.isin(list(wanted)).to_numpy(dtype=bool)


def _listed(names: Sequence[str]) -> str:
    named = [name or "role not given" for name in names]
    if len(named) < 2:
        return "".join(named)
    return ", ".join(named[:-1]) + " and " + named[-1]
