"""What a person chose to compare or to draw, and what that asks of the compare room."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from parihs.coding.naming import transcript_names
from parihs.compare.excerpts import ALL, CONSENSUS
from parihs.compare.filters import Filters
from parihs.compare.matrix import RATED, VALUES, Matrix, matrix
from parihs.figures import Material, Question
from parihs.model.terms import WORKSHOP_KINDS
from parihs.store.codebooks import definitions
from parihs.store.studies import coders, participants, workshops
from parihs.store.transcripts import transcripts
from parihs.ui.choose import choose, starting
from parihs.ui.materials import asked_for, materials
from parihs.ui.state import Current, remember, remembered

ROWS = {
    "site": "Sites",
    "workshop": "Workshops",
    "role": "Roles",
    "participant": "Participants",
    "cycle": "PAR cycles",
}
LAYERS = {
    CONSENSUS: "Consensus of coders",
    ALL: "All coders together",
}
SPLITS = {"role": "Roles", "cycle": "PAR cycles", "kind": "Kinds of workshop"}
TOGETHER = {"turn": "Same turn", "overlap": "Same words", "distance": "A few turns apart"}
TALK = {"role": "Roles", "speaker": "Speakers", "site": "Sites"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose; pages show the parts that what they show depends on."""

    rows: str = "site"
    cols: str = "construct"
    value: str = "count"
    layer: str = CONSENSUS
    per: str = "none"
    split: str = "role"
    together: str = "turn"
    distance: int = 3
    talk: str = "role"
    transcript: str | None = None
    base: int = 4
    run: int = 2
    threshold: float = 0.05
    roles: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    cycles: tuple[int, ...] | None = None
    facilitators: bool = True
    unsure: bool = True

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
            include_unsure=self.unsure,
        )

    def columns(self) -> tuple[str | int, str | None]:
        """``cols`` and ``below`` as the compare room wants them."""
        if self.cols.startswith("below:"):
            return "code", self.cols.removeprefix("below:")
        return self.cols, None

    def question(self) -> Question:
        """The same as a question to a figure."""
        cols, below = self.columns()
        return Question(
            rows=self.rows,
            cols=cols,
            below=below,
            value=self.value,
            per=self.per if self.value in RATED else "none",
            split=self.split,
            together=self.together,
            distance=self.distance,
            talk=self.talk,
            transcript=self.transcript,
            base=self.base,
            run=self.run,
            threshold=self.threshold,
            filters=self.filters(),
        )


def choices(now: Current, asks: Collection[str], *, page: str) -> Choice:
    """Show the choices asked for, starting from those of the last visit; the others stay.

    ``page`` keeps the widgets of two pages apart; what was chosen is the same on both.
    """
    kept = remembered(f"compare:{now.study.key}", {})
    known = {name: kept[name] for name in Choice.__dataclass_fields__ if name in kept}

    def key(name: str) -> str:
        return f"{page}-{now.study.key}-{name}"

    shown = [name for name in asks if name not in ("per", "distance")]
    places = iter(st.columns(max(4, len(shown) + 1)))
    chosen: dict[str, Any] = {}
    options: dict[str, tuple[str, Callable[[], dict[str, str]]]] = {
        "rows": ("Rows", lambda: ROWS),
        "cols": ("Columns" if "rows" in asks else "Codes", lambda: column_choices(now)),
        "value": ("Shown", lambda: VALUES),
        "split": ("Side by side", lambda: SPLITS),
        "together": ("Together in", lambda: TOGETHER),
        "talk": ("Who spoke", lambda: TALK),
        "transcript": ("Transcript", lambda: transcript_choices(now)),
    }
    for name in shown:
        if name in options:
            label, known_as = options[name]
            chosen[name] = choose(
                next(places), label, known_as(), wanted=kept.get(name), key=key(name)
            )
        else:
            chosen[name] = _number(next(places), name, known, key(name))
    layers = {**LAYERS, **coder_choices(now)}
    chosen["layer"] = choose(
        next(places), "Codings of", layers, wanted=kept.get("layer"), key=key("layer")
    )
    with st.expander("Filters", icon=":material/filter_list:"):
        chosen |= filter_choices(now, kept, key)
    if "distance" in asks and chosen["together"] == "distance":
        starting(key("distance"), known.get("distance", 3))
        chosen["distance"] = st.slider("Turns apart, at most", 0, 20, key=key("distance"))
    if "per" in asks and chosen["value"] in RATED:
        starting(key("per"), kept.get("per") == "1000 words")
        rated = st.toggle("Per 1,000 words spoken", key=key("per"))
        chosen["per"] = "1000 words" if rated else "none"
    elif "per" in asks:
        chosen["per"] = "none"
    choice = Choice(**{**known, **chosen})
    remember(f"compare:{now.study.key}", choice.as_dict())
    return choice


def _number(place: DeltaGenerator, name: str, known: dict[str, Any], key: str) -> float:
    """A setting of the saturation rule."""
    if name == "threshold":
        starting(key, round(100 * known.get("threshold", 0.05)))
        return float(place.number_input("Threshold, %", 0, 100, key=key)) / 100
    label, usual = {"base": ("Base, workshops", 4), "run": ("Run, workshops", 2)}[name]
    starting(key, known.get(name, usual))
    return int(place.number_input(label, 1, 100, key=key))


def nothing_coded() -> None:
    """Say what to do where nothing is coded under the choices, and stop the page."""
    st.info(
        "Nothing is coded here yet under these choices. Code a transcript, or choose whose codings "
        "to show."
    )
    st.page_link("views/code.py", label="Read and code", icon=":material/edit_note:")
    st.stop()


def transcript_choices(now: Current) -> dict[str, str]:
    """Each transcript by its name."""
    with now.app.store.read() as session:
        held, written = workshops(session, now.study.id), transcripts(session, now.study.id)
    return transcript_names(held, written)


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


def filter_choices(now: Current, kept: dict[str, Any], key: Callable[[str], str]) -> dict[str, Any]:
    """Filters by role, kind of workshop and PAR cycle; nothing chosen keeps everything."""
    with now.app.store.read() as session:
        held = workshops(session, now.study.id)
        people = participants(session, now.study.id)
    roles = sorted({person.role for person in people if person.role and not person.facilitator})
    kinds = [kind for kind in WORKSHOP_KINDS if kind in {w.kind for w in held}]
    cycles = sorted({w.cycle for w in held if w.cycle is not None})
    one, two, three, four = st.columns([3, 2, 2, 3], vertical_alignment="bottom")

    def start(name: str, options: list[Any]) -> str:
        return starting(key(name), [value for value in kept.get(name) or [] if value in options])

    chosen_roles = one.multiselect(
        "Spoken by", roles, key=start("roles", roles), placeholder="everyone"
    )
    chosen_kinds = two.multiselect(
        "Kind",
        kinds,
        key=start("kinds", kinds),
        format_func=lambda kind: WORKSHOP_KINDS[kind],
        placeholder="all kinds",
    )
    chosen_cycles = three.multiselect(
        "PAR cycle", cycles, key=start("cycles", cycles), placeholder="all cycles"
    )
    facilitators = four.toggle(
        "With facilitators",
        key=starting(key("facilitators"), kept.get("facilitators", True)),
    )
    unsure = four.toggle(
        "With unsure turns",
        key=starting(key("unsure"), kept.get("unsure", True)),
    )
    return {
        "roles": tuple(chosen_roles) or None,
        "kinds": tuple(chosen_kinds) or None,
        "cycles": tuple(chosen_cycles) or None,
        "facilitators": facilitators,
        "unsure": unsure,
    }


def material(now: Current, layer: str) -> Material:
    """What there is to compare, as it is now; only what changed since the last time is read."""
    kept, asked = materials(now.app.store), asked_for(now, layer)
    if kept.has(asked):
        return kept.get(asked)
    with st.spinner("Reading the codings…"):
        return kept.get(asked)


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
