"""How many excerpts stand under each code of the book, parents with their children in them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from parihs.compare.basis import basis_of
from parihs.compare.denominators import Denominators
from parihs.compare.exhibit import Exhibit
from parihs.compare.filters import Filters
from parihs.store.codebooks import CodeView


def code_tree(
    excerpts: pd.DataFrame,
    denominators: Denominators,
    codes: Sequence[CodeView],
    *,
    filters: Filters | None = None,
) -> Exhibit:
    """One row per code in the order of the book: excerpts on it and below it.

    Columns: ``row_id, row``, ``parent_id`` (empty for a construct), ``depth``, ``colour``, ``path``
    (names joined by `` › ``), ``own`` (excerpts with this very code), ``total`` (and those below).
    """
    filters = filters or Filters()
    pieces = excerpts.loc[filters.mask(excerpts), ["excerpt_id", "excerpt", "code_id"]]
    pieces = pieces.drop_duplicates("excerpt")
    grouped = {
        str(key): tuple(found)
        for key, found in pieces.groupby("code_id", observed=True)["excerpt_id"]
    }
    by_key = {code.key: code for code in codes}
    own = {code.key: grouped.get(code.code_id, ()) for code in codes}
    below = dict(own)
    for code in sorted(codes, key=lambda one: -one.depth):
        if code.parent_key is not None:
            below[code.parent_key] = below[code.parent_key] + below[code.key]
    records = [
        {
            "row_id": code.code_id,
            "row": code.name,
            "parent_id": by_key[code.parent_key].code_id if code.parent_key else "",
            "depth": code.depth,
            "colour": code.colour,
            "path": " › ".join(code.path),
            "own": len(own[code.key]),
            "total": len(below[code.key]),
        }
        for code in codes
    ]
    placed = {code.code_id for code in codes}
    left_out = sum(len(found) for key, found in grouped.items() if key not in placed)
    basis = basis_of(excerpts, denominators, filters, left_out)
    return Exhibit(
        pd.DataFrame.from_records(records),
        basis.caption("Excerpts under each code, a parent's with those of its children"),
        marks=("row_id",),
        excerpt_ids={(code.code_id,): below[code.key] for code in codes if below[code.key]},
    )
