"""Uncut excerpts: each coding for itself, or what coders agree on and what was settled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from parihs.coding.settled import ConsensusSpan
from parihs.compare.shared import VALENCE_NAMES, Ints, shared_stretches


@dataclass(frozen=True, slots=True)
class Spans:
    """Uncut excerpts as arrays, sorted by version (its place in the study's order) and start."""

    ids: NDArray[np.object_]
    version: Ints
    start: Ints
    end: Ints
    code: Any
    """Code ids as a categorical."""
    valence: Ints


def each_coding(codings: pd.DataFrame, version: Ints) -> Spans:
    """Every coding as an excerpt of its own."""
    return Spans(
        codings["id"].to_numpy(),
        version,
        codings["start"].to_numpy(),
        codings["end"].to_numpy(),
        pd.Categorical(codings["code_id"]),
        valence_places(codings),
    )


def agreed_and_settled(
    codings: pd.DataFrame,
    version: Ints,
    places: pd.DataFrame,
    covered: Collection[str],
    results: Sequence[ConsensusSpan],
) -> Spans:
    """What coders agree on where nothing was settled, and what was settled; never twice."""
    if covered:
        free = ~codings["id"].isin(covered).to_numpy()
        codings, version = codings[free], version[free]
    number = {version_id: n for n, version_id in enumerate(places["version_id"])}
    results = [r for r in results if r.version_id in number]
    known = dict.fromkeys([*codings["code_id"].unique(), *(r.code_id for r in results)])
    code = pd.Categorical(codings["code_id"].cat.set_categories(sorted(known)))
    n_codes = max(1, len(code.categories))
    found = shared_stretches(
        version * n_codes + code.codes,
        pd.factorize(codings["coder_id"])[0].astype(np.int64),
        codings["start"].to_numpy(),
        codings["end"].to_numpy(),
        valence_places(codings),
    )
    if results:
        frame = pd.DataFrame(results)
        frame_group = frame["version_id"].map(number) * n_codes + code.categories.get_indexer(
            pd.Index(frame["code_id"])
        )
        group = np.concatenate([found.group, frame_group.to_numpy(dtype=np.int64)])
        found = shared_stretches(
            group,
            np.zeros(len(group), dtype=np.int64),
            np.concatenate([found.start, frame["start"].to_numpy()]),
            np.concatenate([found.end, frame["end"].to_numpy()]),
            np.concatenate([found.valence, valence_places(frame)]),
            at_least=1,
        )
    order = np.lexsort((found.group, found.end, found.start, found.group // n_codes))
    version, code_of = found.group[order] // n_codes, found.group[order] % n_codes
    start, end = found.start[order], found.end[order]
    version_ids, code_ids = places["version_id"].tolist(), code.categories.tolist()
    ids = [
        stretch_id(version_ids[v], code_ids[c], s, e)
        for v, c, s, e in zip(
            version.tolist(), code_of.tolist(), start.tolist(), end.tolist(), strict=True
        )
    ]
    kept = pd.Categorical.from_codes(code_of, dtype=code.dtype)
    return Spans(objects(ids), version, start, end, kept, found.valence[order])


def stretch_id(version_id: str, code_id: str, start: int, end: int) -> str:
    """The id of a consensus stretch: the same stretch has the same id whenever it is computed."""
    return f"{version_id}.{code_id}.{start}-{end}"


def valence_places(codings: pd.DataFrame) -> Ints:
    """Place of each valence in ``VALENCE_NAMES``."""
    codes, known = pd.factorize(codings["valence"])
    places = pd.Index(VALENCE_NAMES, dtype=object).get_indexer(pd.Index(known, dtype=object))
    found: Ints = places.astype(np.int64)[codes]
    return found


def objects(values: Sequence[Any]) -> NDArray[np.object_]:
    """An array of things that numpy would otherwise take apart."""
    return np.fromiter(values, dtype=object, count=len(values))
