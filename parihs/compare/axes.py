"""The rows and columns of a comparison: who or where is compared, on which codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from parihs.compare.denominators import Denominators
from parihs.compare.filters import Bools, Filters
from parihs.compare.shared import Ints
from parihs.errors import ParihsError
from parihs.store.codebooks import CodeView

ROW_COLUMNS: Final = {
    "site": "site_id",
    "workshop": "workshop_id",
    "role": "role",
    "participant": "participant_id",
    "cycle": "cycle",
}
"""What can be compared, and the column of excerpts and talk that holds it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One case, with everything said in it under the filters: the denominator of its cells."""

    id: str
    label: str
    words: int
    talk_ms: int
    """0 where nothing is timed."""
    workshops: int
    transcripts: int
    coded_transcripts: int
    """How many of the transcripts hold any coding at all."""
    group: str = ""
    """The site of a workshop or participant; rows of one site stand together."""


@dataclass(frozen=True, slots=True)
class Column:
    """One code and, in a comparison, everything coded below it."""

    id: str
    label: str
    colour: str
    construct_id: str
    construct: str
    construct_colour: str


def rows_of(
    kind: str, denominators: Denominators, filters: Filters, coded_transcripts: set[str]
) -> list[Row]:
    """Every case of a kind that the filters leave, also those where nobody said anything."""
    if kind not in ROW_COLUMNS:
        raise ParihsError(f"Rows cannot be “{kind}”.", f"Use one of: {', '.join(ROW_COLUMNS)}.")
    talk = denominators.talk[filters.mask(denominators.talk) & (denominators.talk["n_words"] > 0)]
    spoken = _spoken(talk, _keys(talk[ROW_COLUMNS[kind]]), coded_transcripts)
    labels = _labels(kind, denominators, filters, set(spoken))
    found = [Row(key, label, *spoken.get(key, (0, 0, 0, 0, 0))) for key, label in labels.items()]
    return _grouped(found, kind, denominators)


def _grouped(rows: list[Row], kind: str, denominators: Denominators) -> list[Row]:
    """Workshops and participants under their sites, those of none last."""
    if kind not in ("workshop", "participant"):
        return rows
    cases = denominators.workshops if kind == "workshop" else denominators.participants
    site_of = dict(zip(cases["id"], cases["site_id"], strict=True))
    names = _by_id(denominators.sites)
    order = {site_id: number for number, site_id in enumerate(names)}
    return sorted(
        (replace(row, group=names.get(site_of.get(row.id, ""), "No site given")) for row in rows),
        key=lambda row: order.get(site_of.get(row.id, ""), len(order)),
    )


def row_places(kind: str, rows: Sequence[Row], excerpts: pd.DataFrame) -> Ints:
    """The row of each excerpt piece; -1 where it is in none."""
    ids = pd.Index([row.id for row in rows], dtype=object)
    column = pd.Categorical(excerpts[ROW_COLUMNS[kind]])
    known = pd.Index(_keys(pd.Series(column.categories)))
    empty = ids.get_indexer(pd.Index([""]))
    places: Ints = np.append(ids.get_indexer(known), empty)[column.codes].astype(np.int64)
    return places


def columns_of(
    codes: Sequence[CodeView], cols: str | int, below: str | None = None
) -> tuple[list[Column], dict[str, list[int]]]:
    """The columns, and for each code id the columns that its codings count in.

    ``cols`` is ``"construct"`` (the top level), a level of the tree (0 is the construct; a code
    that ends higher up stands for itself), or ``"code"``: every code, where a parent's column holds
    its descendants too. ``below`` (a code id) keeps the codes under one code. Codings of a code
    that is in no column, such as a broader code than the level asked for, count nowhere; a matrix
    says how many.
    """
    level = {"construct": 0, "code": None}.get(str(cols), cols)
    if isinstance(level, str) and level.isdecimal():
        level = int(level)
    if level is not None and (not isinstance(level, int) or level < 0):
        raise ParihsError(f"Columns cannot be “{cols}”.", "Use construct, code, or a level: 0, 1 …")
    by_key = {code.key: code for code in codes}
    parents = {code.parent_key for code in codes}
    chosen = [
        code
        for code in codes
        if level is None or code.depth == level or (code.depth < level and code.key not in parents)
    ]
    lineages = {code.key: _lineage(code, by_key) for code in codes}
    if below is not None:
        above = next((code.key for code in codes if code.code_id == below), None)
        if above is None:
            raise ParihsError("This code is not in the codebook.", "Choose another code.")
        chosen = [code for code in chosen if above in lineages[code.key][1:]]
    place = {code.key: number for number, code in enumerate(chosen)}
    columns = [_column(code, by_key[code.construct_key]) for code in chosen]
    counts_in = {
        code.code_id: [place[key] for key in lineages[code.key] if key in place] for code in codes
    }
    return columns, counts_in


def _lineage(code: CodeView, by_key: dict[str, CodeView]) -> list[str]:
    """Keys from the code itself up to its construct."""
    upwards = [code.key]
    while (parent := by_key[upwards[-1]].parent_key) is not None:
        upwards.append(parent)
    return upwards


def _column(code: CodeView, construct: CodeView) -> Column:
    return Column(
        id=code.code_id,
        label=code.name,
        colour=code.colour,
        construct_id=construct.code_id,
        construct=construct.name,
        construct_colour=construct.colour,
    )


def _spoken(
    talk: pd.DataFrame, keys: pd.Series, coded: set[str]
) -> dict[str, tuple[int, int, int, int, int]]:
    """The numbers of a ``Row`` for each key in which anybody speaks, all keys at once."""
    row, known = pd.factorize(keys.to_numpy(dtype=object))

    def total(name: str) -> list[int]:
        return [int(n) for n in np.bincount(row, talk[name], minlength=len(known))]

    def different(name: str, kept: Bools) -> list[int]:
        number, values = pd.factorize(talk[name])
        pairs = np.unique((row * len(values) + number)[kept])
        counts: list[int] = np.bincount(pairs // len(values), minlength=len(known)).tolist()
        return counts

    all_of_it = np.ones(len(talk), dtype=bool)
    with_codings = talk["transcript_id"].isin(list(coded)).to_numpy(dtype=bool)
    numbers = zip(
        total("n_words"),
        total("talk_ms"),
        different("workshop_id", all_of_it),
        different("transcript_id", all_of_it),
        different("transcript_id", with_codings),
        strict=True,
    )
    return dict(zip(map(str, known), numbers, strict=True))


def _labels(
    kind: str, denominators: Denominators, filters: Filters, spoken: set[str]
) -> dict[str, str]:
    """Id and label of each row, in order."""
    if kind == "site":
        sites = denominators.sites
        kept = sites if filters.sites is None else sites[sites["id"].isin(list(filters.sites))]
        return _by_id(kept)
    if kind in ("workshop", "cycle"):
        held = denominators.workshops
        held = held[filters.workshop_mask(held.assign(workshop_id=held["id"]))]
        if kind == "workshop":
            return _by_id(held)
        cycles = sorted(int(cycle) for cycle in held["cycle"].dropna().unique())
        named = {str(cycle): f"Cycle {cycle}" for cycle in cycles}
        return named | ({"": "No cycle given"} if held["cycle"].isna().any() else {})
    people = denominators.participants
    people = people[filters.people_mask(people) & _at_sites(people, filters, spoken, kind)]
    if kind == "role":
        roles = sorted({*people["role"], *spoken} - {""})
        named = {role: role[:1].upper() + role[1:] for role in roles}
        return named | ({"": "Role not given"} if "" in spoken else {})
    return _by_id(people) | ({"": "Not linked to a participant"} if "" in spoken else {})


def _at_sites(people: pd.DataFrame, filters: Filters, spoken: set[str], kind: str) -> Bools:
    if filters.sites is None:
        return np.ones(len(people), dtype=bool)
    theirs = people["site_id"].isin(list(filters.sites)).to_numpy(dtype=bool)
    if kind == "participant":
        theirs = theirs | people["id"].isin(spoken).to_numpy(dtype=bool)
    return theirs


def _by_id(frame: pd.DataFrame) -> dict[str, str]:
    return dict(zip(frame["id"].tolist(), frame["label"].tolist(), strict=True))


def _keys(values: pd.Series) -> pd.Series:
    """Row ids as text; empty where there is none."""
    return values.astype("object").map(lambda value: "" if pd.isna(value) else str(value))
