"""The same matrix once per role, PAR cycle or kind of workshop, side by side on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from parihs.compare.denominators import Denominators
from parihs.compare.exhibit import Exhibit
from parihs.compare.filters import Filters
from parihs.compare.matrix import Matrix, caption_of, matrix, to_frame
from parihs.errors import ParihsError
from parihs.model.terms import WORKSHOP_KINDS
from parihs.store.codebooks import CodeView

SPLITS: Final = {"role": "roles", "cycle": "cycles", "kind": "kinds"}
"""What a comparison can be split by, and the filter that it sets."""


def multiples(
    excerpts: pd.DataFrame,
    denominators: Denominators,
    codes: Sequence[CodeView],
    *,
    by: str,
    filters: Filters | None = None,
    **question: Any,
) -> list[tuple[str, Matrix]]:
    """One matrix for each role, cycle or kind that the filters leave; ``question`` as there.

    Each comes with its name; all have the same rows and columns, so that they can be compared.
    Raises ParihsError for another ``by``.
    """
    filters = filters or Filters()
    return [
        (label, matrix(excerpts, denominators, codes, filters=part, **question))
        for label, part in _parts(denominators, filters, by)
    ]


def split(
    excerpts: pd.DataFrame,
    denominators: Denominators,
    codes: Sequence[CodeView],
    *,
    by: str,
    filters: Filters | None = None,
    **question: Any,
) -> Exhibit:
    """:func:`multiples` as one table: ``part_id``, ``part`` and the columns of ``to_frame``."""
    found = multiples(excerpts, denominators, codes, by=by, filters=filters, **question)
    whole = caption_of(excerpts, denominators, codes, filters=filters, **question)
    rows = {row.id for _, one in found for row in one.rows}
    frames = [
        _only(to_frame(one, with_ids=False), rows).assign(part_id=str(number), part=label)
        for number, (label, one) in enumerate(found)
    ]

    def under(part: str, row: str, column: str) -> tuple[str, ...]:
        return found[int(part)][1].excerpts(row, column)

    noun = {"role": "role", "cycle": "PAR cycle", "kind": "kind of workshop"}[by]
    caption = f"By {noun}, on one scale. {whole}"
    if not frames:
        nothing = matrix(excerpts, denominators, codes, filters=filters, **question)
        frames = [to_frame(nothing, with_ids=False).head(0)]
    frame = pd.concat(frames, ignore_index=True)
    return Exhibit(frame, caption, ("part_id", "row_id", "column_id"), look_up=under)


def _parts(denominators: Denominators, filters: Filters, by: str) -> list[tuple[str, Filters]]:
    if by not in SPLITS:
        raise ParihsError(f"Nothing can be split by “{by}”.", f"Use one of: {', '.join(SPLITS)}.")
    talk = denominators.talk[filters.mask(denominators.talk)]
    if by == "role":
        roles = sorted(set(talk["role"]) - {""})
        return [(role[:1].upper() + role[1:], replace(filters, roles=(role,))) for role in roles]
    if by == "cycle":
        cycles = sorted(int(cycle) for cycle in talk["cycle"].dropna().unique())
        return [(f"Cycle {cycle}", replace(filters, cycles=(cycle,))) for cycle in cycles]
    kinds = [kind for kind in WORKSHOP_KINDS if kind in set(talk["kind"])]
    return [(f"{WORKSHOP_KINDS[kind]}s", replace(filters, kinds=(kind,))) for kind in kinds]


def _only(frame: pd.DataFrame, rows: set[str]) -> pd.DataFrame:
    return frame[frame["row_id"].isin(rows)] if len(frame) else frame
