"""What further workshops still added: new codes, and how much of the framework had come up.

Saturation by base size, run length and threshold follows Guest, Namey & Chen (2020). It was made
for inductive codes; with a fixed framework a flat curve only says that its codes have come up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from parihs.compare.axes import columns_of
from parihs.compare.basis import basis_of
from parihs.compare.coverage import framework_codes, is_inductive
from parihs.compare.denominators import Denominators
from parihs.compare.exhibit import Exhibit
from parihs.compare.filters import Bools, Filters
from parihs.errors import ParihsError
from parihs.store.codebooks import CodeView

ORDERS: Final = 200
"""Random orders behind the band."""
_SEED: Final = 2020
_BAND: Final = (5, 95)

SERIES: Final = {"framework": "Codes of the framework", "inductive": "Inductive codes"}


@dataclass(frozen=True, slots=True)
class Run:
    """New codes in one run of workshops, set against the base; workshops count from 1."""

    first: int
    last: int
    new: int
    share: float


def saturation(
    excerpts: pd.DataFrame,
    denominators: Denominators,
    codes: Sequence[CodeView],
    *,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    filters: Filters | None = None,
) -> Exhibit:
    """Different codes found up to each coded workshop, in order of date.

    One row per workshop and series (``framework``, and ``inductive`` where the codebook has such
    codes): ``row_id, row`` (the workshop), ``number`` (from 1), ``column_id, column`` (the series),
    ``new`` (codes not met before), ``total`` so far, ``n_codes`` that there are, ``low`` and
    ``high``: 5th and 95th percentile of ``total`` over 200 random orders (always the same ones).
    A code has come up where it or one below it is given.
    A mark opens the excerpts in which its new codes came up. ``attrs``: ``inductive`` (whether
    there are such codes) and ``verdict`` (a sentence on saturation, for the methods section).

    Raises ParihsError for a base or run below 1, or a threshold outside 0–1.
    """
    if base < 1 or run < 1 or not 0 <= threshold <= 1:
        raise ParihsError(
            "Saturation needs a base and a run of at least one workshop, and a threshold of 0–1.",
            "Usual are a base of 4, a run of 2 and a threshold of 0.05.",
        )
    filters = filters or Filters()
    pieces = excerpts.loc[filters.mask(excerpts), ["excerpt_id", "workshop_id", "code_id"]]
    held = denominators.workshops
    held = held[held["id"].isin(set(pieces["workshop_id"]))]
    held = held.sort_values("held_on", kind="stable", na_position="last")
    workshops, labels = held["id"].tolist(), held["label"].tolist()
    columns, counts_in = columns_of(codes, "code")
    place = {column.id: number for number, column in enumerate(columns)}
    every = [code for members in framework_codes(codes).values() for code in members]
    groups = {"framework": every, "inductive": [code for code in codes if is_inductive(code)]}
    given = _given(pieces, workshops, list(counts_in))
    within = np.zeros((len(counts_in), len(columns)), dtype=bool)
    for number, places in enumerate(counts_in.values()):
        within[number, places] = True
    present = (given.astype(np.int64) @ within) > 0
    frames: list[pd.DataFrame] = []
    fresh: dict[str, Bools] = {}
    verdicts: dict[str, str] = {}
    for name, members in groups.items():
        if not members:
            continue
        chosen = [place[code.code_id] for code in members]
        found = present[:, chosen]
        new = found & ~_before(found)
        totals = np.cumsum(new.sum(axis=1))
        low, high = _band(found)
        frames.append(
            pd.DataFrame(
                {
                    "row_id": workshops,
                    "row": labels,
                    "number": np.arange(1, len(workshops) + 1),
                    "column_id": name,
                    "column": SERIES[name],
                    "new": new.sum(axis=1),
                    "total": totals,
                    "n_codes": len(chosen),
                    "low": low,
                    "high": high,
                }
            )
        )
        fresh[name] = (new.astype(np.int64) @ within[:, chosen].T) > 0
        verdicts[name] = _verdict(runs(new, base, run), base, run, threshold)
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    inductive = "inductive" in verdicts
    verdict = verdicts.get("inductive") or (
        "All codes are deductive, so this shows how much of the framework had come up, and not"
        " saturation."
    )
    frame.attrs = {"inductive": inductive, "verdict": verdict}
    caption = basis_of(excerpts, denominators, filters).caption(
        f"Different codes found up to each of {len(workshops)} coded workshops, by date (band:"
        f" {_BAND[0]}th to {_BAND[1]}th percentile of {ORDERS} random orders)"
    )

    def under(workshop: str, series: str) -> list[str]:
        first = np.array(list(counts_in))[fresh[series][workshops.index(workshop)]]
        here = pieces["workshop_id"].eq(workshop) & pieces["code_id"].isin(first)
        return pieces.loc[here, "excerpt_id"].unique().tolist()

    return Exhibit(frame, f"{caption} {verdict}", look_up=under)


def runs(new: Bools, base: int, run: int) -> list[Run]:
    """The share of new codes in each run after the base; ``new`` is workshop × code.

    Empty while there are too few workshops, or where the base brought no code at all.
    """
    per_workshop = new.sum(axis=1)
    known = int(per_workshop[:base].sum())
    if not known:
        return []
    return [
        Run(first + 1, first + run, fresh, fresh / known)
        for first in range(base, len(per_workshop) - run + 1)
        for fresh in [int(per_workshop[first : first + run].sum())]
    ]


def _verdict(found: Sequence[Run], base: int, run: int, threshold: float) -> str:
    rule = f"base of {base}, runs of {run}, threshold {threshold:.0%}"
    if not found:
        return f"Too few coded workshops to judge saturation ({rule})."
    reached = next((one for one in found if one.share <= threshold), None)
    if reached is None:
        last = found[-1]
        return (
            f"Saturation not reached ({rule}): workshops {last.first}–{last.last} still added"
            f" {last.new} new codes, {last.share:.0%} of the base."
        )
    return (
        f"Saturation after workshop {reached.first - 1} ({rule}): workshops {reached.first}–"
        f"{reached.last} added {reached.new} new codes, {reached.share:.0%} of the base."
    )


def _given(pieces: pd.DataFrame, workshops: list[str], code_ids: list[str]) -> Bools:
    """Workshop × code: whether the very code is given there."""
    places = [
        pd.Index(ids, dtype=object).get_indexer(held.categories)[held.codes]
        for ids, held in (
            (workshops, pd.Categorical(pieces["workshop_id"])),
            (code_ids, pd.Categorical(pieces["code_id"])),
        )
    ]
    known = (places[0] >= 0) & (places[1] >= 0)
    found = np.zeros((len(workshops), len(code_ids)), dtype=bool)
    found[places[0][known], places[1][known]] = True
    return found


def _before(found: Bools) -> Bools:
    """Which codes had come up before each workshop."""
    met = np.logical_or.accumulate(found, axis=0) if len(found) else found
    return np.vstack([np.zeros((1, found.shape[1]), dtype=bool), met])[:-1]


def _band(found: Bools) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(_SEED)
    totals = np.empty((ORDERS, len(found)))
    for n in range(ORDERS):
        shuffled = found[rng.permutation(len(found))]
        totals[n] = np.logical_or.accumulate(shuffled, axis=0).sum(axis=1)
    low, high = np.percentile(totals, _BAND, axis=0)
    return low, high
