"""Documents laid end to end as one continuum, for the unitizing alphas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from parihs.agreement.boundaries import Level
from parihs.agreement.table import Label
from parihs.agreement.units import read_spans


@dataclass(frozen=True)
class Layout:
    """``u_alpha(layout.coders, layout.length)``, and ``.interval(clusters=layout.ends)``.

    ``left_out``: documents that not every coder read; the unitizing alphas have no place for them.
    """

    coders: dict[Label, list[tuple[int, int, Label]]]
    length: int
    ends: list[int]
    documents: tuple[Label, ...]
    left_out: tuple[Label, ...]


def lay_out(
    spans: Any,
    lengths: Mapping[Any, int],
    *,
    coders: Sequence[Label] | None = None,
    codes: Sequence[Label] | None = None,
    read: Mapping[Any, Iterable[Label]] | None = None,
) -> Layout:
    """Each coder's segments on one continuum: input as in ``read_spans``, lengths in code points.

    For one code at a time, name it in ``codes``: its segments always suit ``bar_u_alpha``.
    """
    marks = read_spans(spans, Level.characters(lengths), coders=coders, codes=codes)
    everyone = set(marks.coders)
    whole = np.array([read is None or everyone <= set(read.get(d, ())) for d in lengths], bool)
    sizes = np.array(list(lengths.values()), dtype=np.int64) * whole
    ends = np.cumsum(sizes)
    found: dict[Label, list[tuple[int, int, Label]]] = {coder: [] for coder in marks.coders}
    keep = whole[marks.document]
    offset = (ends - sizes)[marks.document]
    for coder, code, start, end in zip(
        marks.coder[keep].tolist(),
        marks.code[keep].tolist(),
        (marks.first + offset)[keep].tolist(),
        (marks.last + offset)[keep].tolist(),
        strict=True,
    ):
        found[marks.coders[coder]].append((start, end, marks.codes[code]))
    return Layout(
        found,
        int(sizes.sum()),
        [int(end) for end, size in zip(ends, sizes, strict=True) if size],
        tuple(d for d, kept in zip(lengths, whole, strict=True) if kept),
        tuple(d for d, kept in zip(lengths, whole, strict=True) if not kept),
    )
