"""How much of the framework is used, where, and which of its codes nobody has used.

The framework is every code that was there before coding: all but the inductive ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from parihs.compare.basis import basis_of
from parihs.compare.cells import VALUE, cell_states, sort_into_cells
from parihs.compare.denominators import Denominators
from parihs.compare.exhibit import Exhibit
from parihs.compare.filters import Filters
from parihs.compare.matrix import headings
from parihs.store.codebooks import CodeView


def coverage(
    excerpts: pd.DataFrame,
    denominators: Denominators,
    codes: Sequence[CodeView],
    *,
    rows: str = "site",
    filters: Filters | None = None,
) -> Exhibit:
    """Share of the framework's codes that are used in each row, construct by construct.

    One row per case and construct: its headings as in ``to_frame``, ``n_codes`` (codes of the
    framework below the construct; the construct itself where it has none), ``n_used`` of them,
    ``share``, ``unused`` (their names, joined by ``"; "``). A code counts as used where it or a
    code below it is given. Inductive codes are not part of the framework and count only for the
    framework code that they stand under.
    """
    filters = filters or Filters()
    cells = sort_into_cells(excerpts, denominators, codes, rows, "code", None, filters)
    used = cell_states(cells) == VALUE
    by_id = {code.code_id: code for code in codes}
    place = {column.id: number for number, column in enumerate(cells.columns)}
    frames = framework_codes(codes)
    records = []
    for r, row in enumerate(cells.rows):
        for construct_id, members in frames.items():
            unused = [code for code in members if not used[r, place[code.code_id]]]
            column = cells.columns[place[construct_id]]
            records.append(
                {
                    **headings(row, column),
                    "n_codes": len(members),
                    "n_used": len(members) - len(unused),
                    "share": 1 - len(unused) / len(members),
                    "unused": "; ".join(by_id[code.code_id].name for code in unused),
                }
            )
    anywhere = used.any(axis=0)
    every = [code for members in frames.values() for code in members]
    n_used = sum(bool(anywhere[place[code.code_id]]) for code in every)
    basis = basis_of(excerpts, denominators, filters, cells.left_out)
    caption = basis.caption(f"Framework codes used ({n_used} of {len(every)} anywhere)")
    return Exhibit(pd.DataFrame.from_records(records), caption, excerpt_ids=cells.excerpt_ids())


def framework_codes(codes: Sequence[CodeView]) -> dict[str, list[CodeView]]:
    """By construct id: the codes below it that were there before coding, or else itself."""
    found = {}
    for construct in codes:
        if construct.depth > 0 or is_inductive(construct):
            continue
        below = [
            code
            for code in codes
            if code.construct_key == construct.key and code.depth > 0 and not is_inductive(code)
        ]
        found[construct.code_id] = below or [construct]
    return found


def is_inductive(code: CodeView) -> bool:
    """Whether the team made the code from its own material."""
    return code.definition.origin == "inductive"
