"""Which codes stand together: in the same words, in the same turn, or a few turns apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from parihs.compare.axes import Column, columns_of
from parihs.compare.basis import Basis, basis_of
from parihs.compare.denominators import Denominators
from parihs.compare.filters import Filters
from parihs.compare.runs import Runs, pairs_together, runs_of
from parihs.compare.shared import Ints
from parihs.errors import ParihsError
from parihs.store.codebooks import CodeView

TOGETHER: Final = {
    "overlap": "overlap",
    "turn": "touch the same turn",
    "distance": "stand at most {} apart",
}
"""What "together" can mean, as captions say it."""

_USED: Final = ["excerpt_id", "excerpt", "version_id", "turn", "start", "end", "code_id"]


@dataclass(frozen=True, slots=True)
class Cooccurrence:
    """Codes in rows and in columns. Build it with :func:`cooccurrence`."""

    codes: tuple[Column, ...]
    counts: NDArray[np.int64]
    """Symmetric: pairs of different excerpts, one of each code, that stand together. On the
    diagonal: the excerpts of the code."""
    together: str
    """What was counted as standing together, in words."""
    basis: Basis
    _runs: Runs
    _ids: NDArray[np.object_]
    """Id of each excerpt by its number."""
    _code: Ints
    """Code of each excerpt by its number, -1 where the filters left nothing of it."""
    _within: NDArray[np.bool_]
    """Which code (down) counts in which of ``codes`` (across)."""

    def excerpts(self, one: str, other: str) -> tuple[str, ...]:
        """The excerpts of both codes that stand together; of one code, all its excerpts."""
        places = [column.id for column in self.codes]
        if one not in places or other not in places:
            return ()
        a, b = places.index(one), places.index(other)
        if a == b:
            found = np.flatnonzero(self._counted(a))
            return tuple(self._ids[found])
        in_a, in_b = self._counted(a), self._counted(b)
        numbers = [np.zeros(0, dtype=np.int64)]
        for left, right in pairs_together(self._runs):
            both = (in_a[left] & in_b[right]) | (in_b[left] & in_a[right])
            numbers += [left[both], right[both]]
        return tuple(self._ids[np.unique(np.concatenate(numbers))])

    def frame(self) -> pd.DataFrame:
        """One row per cell: ``row_id, row, column_id, column``, their colours and constructs,
        ``value``, ``n_row`` and ``n_column`` (excerpts of each code), ``same`` (the diagonal)."""
        size = self.counts.diagonal().tolist()
        return pd.DataFrame.from_records(
            {
                "row_id": row.id,
                "row": row.label,
                "row_colour": row.colour,
                "column_id": column.id,
                "column": column.label,
                "colour": column.colour,
                "construct_id": column.construct_id,
                "construct": column.construct,
                "construct_colour": column.construct_colour,
                "value": int(self.counts[r, c]),
                "n_row": size[r],
                "n_column": size[c],
                "same": r == c,
            }
            for r, row in enumerate(self.codes)
            for c, column in enumerate(self.codes)
        )

    def caption(self) -> str:
        """What was counted, in which unit, out of how much, in plain words."""
        pairs = f"Pairs of excerpts with different codes that {self.together}"
        return self.basis.caption(f"{pairs} (on the diagonal: all excerpts of the code)")

    def _counted(self, column: int) -> NDArray[np.bool_]:
        """Which excerpts count in a column; the last entry of the codes stands for -1."""
        counted: NDArray[np.bool_] = np.append(self._within[:, column], False)[self._code]
        return counted


def cooccurrence(
    excerpts: pd.DataFrame,
    denominators: Denominators,
    codes: Sequence[CodeView],
    *,
    by: str = "overlap",
    distance: int = 3,
    cols: str | int = "construct",
    below: str | None = None,
    filters: Filters | None = None,
) -> Cooccurrence:
    """Count how often two codes stand together.

    ``by``: ``"overlap"`` (they share at least a character), ``"turn"`` (they touch one turn) or
    ``"distance"`` (at most ``distance`` turns from one's last to the other's first turn; 0 is the
    same turn). ``cols`` and ``below`` choose the codes as in :func:`matrix`; a broader code holds
    what is coded below it. Each pair of excerpts counts once in a cell, and an excerpt makes no
    pair with itself. Only what the filters leave of an excerpt can stand together with another.

    Raises ParihsError for another ``by`` or a negative distance.
    """
    if by not in TOGETHER:
        raise ParihsError(f"“{by}” is no way to stand together.", f"Use: {', '.join(TOGETHER)}.")
    if distance < 0:
        raise ParihsError("A distance in turns cannot be negative.", "Use 0 for the same turn.")
    filters = filters or Filters()
    columns, counts_in = columns_of(codes, cols, below)
    pieces = excerpts.loc[filters.mask(excerpts), _USED]
    code = pd.Categorical(pieces["code_id"])
    n_codes = len(code.categories)
    within = np.zeros((n_codes, len(columns)), dtype=bool)
    for place, code_id in enumerate(code.categories):
        within[place, counts_in.get(code_id, [])] = True

    number = pieces["excerpt"].to_numpy()
    ids = np.empty(int(number.max(initial=-1)) + 1, dtype=object)
    ids[number] = pieces["excerpt_id"].to_numpy(dtype=object)
    code_of = np.full(len(ids), -1, dtype=np.int64)
    code_of[number] = code.codes

    runs = runs_of(pieces, in_turns=by != "overlap", apart=distance if by == "distance" else 0)
    pairs = np.zeros(n_codes * n_codes, dtype=np.int64)
    for one, other in pairs_together(runs):
        left, right = code_of[one], code_of[other]
        key = np.minimum(left, right) * n_codes + np.maximum(left, right)
        pairs += np.bincount(key, minlength=len(pairs))
    counts = _in_columns(pairs.reshape(n_codes, n_codes), within)
    sizes = np.bincount(code_of[code_of >= 0], minlength=n_codes)
    np.fill_diagonal(counts, sizes @ within)
    # A code left out of the columns is not in the picture; none of its excerpts is missed.
    placed = within.any(axis=1)
    left_out = 0 if below else int(sizes[~placed].sum())
    turns = f"{distance} turn{'' if distance == 1 else 's'}"
    return Cooccurrence(
        codes=tuple(columns),
        counts=counts,
        together=TOGETHER[by].format(turns),
        basis=basis_of(excerpts, denominators, filters, left_out),
        _runs=runs,
        _ids=ids,
        _code=code_of,
        _within=within,
    )


def _in_columns(pairs: Ints, within: NDArray[np.bool_]) -> Ints:
    """From pairs of codes (each pair once) to pairs of columns, a broader code holding its own."""
    member = within.astype(np.int64)
    one_way = member.T @ pairs @ member
    n_columns = within.shape[1]
    both = (member[:, :, None] * member[:, None, :]).reshape(len(member), -1)
    twice = ((pairs @ both) * both).sum(axis=0).reshape(n_columns, n_columns)
    counts: Ints = one_way + one_way.T - twice
    return counts
