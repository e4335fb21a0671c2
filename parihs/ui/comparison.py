"""The compare page's choices, and what they ask of the compare room."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
import streamlit as st
from sqlalchemy import func, select

from parihs.compare.balance import Balance, balance
from parihs.compare.denominators import Denominators, load_denominators
from parihs.compare.excerpts import ALL, CONSENSUS, load_excerpts
from parihs.compare.filters import Filters
from parihs.compare.matrix import Matrix, matrix
from parihs.model import Event
from parihs.model.terms import WORKSHOP_KINDS
from parihs.store.codebooks import CodeView, definitions
from parihs.store.studies import coders, participants, workshops
from parihs.ui.state import Current
from parihs.web.context import context

LAYERS = {
    CONSENSUS: "Consensus: at least two coders agree",
    ALL: "All coders together",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose to compare."""

    rows: str
    cols: str
    value: str
    layer: str
    per: str
    roles: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    cycles: tuple[int, ...] | None = None
    facilitators: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Plain values, to be remembered."""
        return asdict(self)

    def key(self) -> str:
        """A short key that changes with the choice."""
        text = json.dumps(self.as_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def filters(self) -> Filters:
        """The filters part."""
        return Filters(
            roles=self.roles,
            kinds=self.kinds,
            cycles=self.cycles,
            include_facilitators=self.facilitators,
        )

    def columns(self) -> tuple[str | int, str | None]:
        """``cols`` and ``below`` as the compare room wants them."""
        if self.cols.startswith("below:"):
            return "code", self.cols.removeprefix("below:")
        return self.cols, None


@dataclass(frozen=True, slots=True)
class Material:
    """Excerpts, denominators and codes of the study as one viewer may see them."""

    excerpts: pd.DataFrame
    denominators: Denominators
    codes: list[CodeView]


def column_choices(now: Current) -> dict[str, str]:
    """Levels of the code tree, and each construct with what lies below it."""
    assert now.codebook is not None
    with now.app.store.read() as session:
        codes = definitions(session, now.codebook.id)
    deepest = max(code.depth for code in codes)
    levels = {str(level): f"Codes at level {level + 1}" for level in range(1, deepest + 1)}
    parents = {code.parent_key for code in codes}
    below = {
        f"below:{code.code_id}": f"Below {code.name}"
        for code in codes
        if code.depth == 0 and code.key in parents
    }
    return {"construct": "Constructs", **levels, **below, "code": "Every code"}


def coder_choices(now: Current) -> dict[str, str]:
    """Each coder by name."""
    with now.app.store.read() as session:
        people = coders(session, now.study.id)
    return {person.id: f"{person.name} only" for person in people}


def filter_choices(now: Current, kept: dict[str, Any]) -> dict[str, Any]:
    """Filters by role, kind of workshop and PAR cycle; nothing chosen keeps everything."""
    with now.app.store.read() as session:
        held = workshops(session, now.study.id)
        people = participants(session, now.study.id)
    roles = sorted({person.role for person in people if person.role and not person.facilitator})
    kinds = [kind for kind in WORKSHOP_KINDS if kind in {w.kind for w in held}]
    cycles = sorted({w.cycle for w in held if w.cycle is not None})
    one, two, three, four = st.columns([3, 2, 2, 2], vertical_alignment="bottom")

    def keep(name: str, options: list[Any]) -> list[Any]:
        return [value for value in kept.get(name) or [] if value in options]

    chosen_roles = one.multiselect(
        "Spoken by", roles, default=keep("roles", roles), placeholder="everyone"
    )
    chosen_kinds = two.multiselect(
        "Kind",
        kinds,
        default=keep("kinds", kinds),
        format_func=lambda kind: WORKSHOP_KINDS[kind],
        placeholder="all kinds",
    )
    chosen_cycles = three.multiselect(
        "PAR cycle", cycles, default=keep("cycles", cycles), placeholder="all cycles"
    )
    facilitators = four.toggle("With facilitators", value=kept.get("facilitators", True))
    return {
        "roles": tuple(chosen_roles) or None,
        "kinds": tuple(chosen_kinds) or None,
        "cycles": tuple(chosen_cycles) or None,
        "facilitators": facilitators,
    }


def material(now: Current, layer: str) -> Material:
    """What there is to compare, read again only when something in the database changed."""
    assert now.codebook is not None
    with now.app.store.read() as session:
        seen = session.scalar(select(func.max(Event.seq))) or 0
    return _material(
        str(now.app.home.path), now.study.id, now.codebook.id, now.viewer_id, layer, seen
    )


@st.cache_resource(max_entries=8, show_spinner="Reading the codings…")
def _material(
    home: str, study_id: str, codebook_version_id: str, viewer_id: str, layer: str, seen: int
) -> Material:
    """``home`` and ``seen`` (the last event) are there to tell one state from another."""
    with context().store.read() as session:
        return Material(
            load_excerpts(session, study_id, codebook_version_id, viewer_id=viewer_id, layer=layer),
            load_denominators(session, study_id),
            definitions(session, codebook_version_id),
        )


def compute(material: Material, choice: Choice) -> Matrix:
    """The matrix that a choice asks for."""
    cols, below = choice.columns()
    return matrix(
        material.excerpts,
        material.denominators,
        material.codes,
        rows=choice.rows,
        cols=cols,
        below=below,
        value=choice.value,
        per=choice.per,
        filters=choice.filters(),
    )


def balanced(material: Material, choice: Choice) -> Balance:
    """Enabling against constraining, for the rows and columns of a choice."""
    cols, below = choice.columns()
    return balance(
        material.excerpts,
        material.denominators,
        material.codes,
        rows=choice.rows,
        cols=cols,
        below=below,
        filters=choice.filters(),
    )
