"""Every figure by its name: what it asks, how it is computed, how it is drawn, what it opens.

The page of figures, ``parihs figure`` and reports all draw from here, so that they agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from sqlalchemy.orm import Session

from parihs import compare
from parihs.compare.cooccurrence import TOGETHER
from parihs.compare.multiples import SPLITS
from parihs.errors import ParihsError
from parihs.store.codebooks import CodeView

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, slots=True)
class Material:
    """What figures are made from: a study as one viewer may see it."""

    excerpts: pd.DataFrame
    denominators: compare.Denominators
    codes: list[CodeView]


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure is asked; each takes from it what its ``asks`` name."""

    rows: str = "site"
    cols: str | int = "construct"
    below: str | None = None
    value: str = "count"
    per: str = "none"
    split: str = "role"
    together: str = "turn"
    distance: int = 3
    talk: str = "role"
    transcript: str | None = None
    base: int = 4
    run: int = 2
    threshold: float = 0.05
    filters: compare.Filters = field(default_factory=compare.Filters)


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of figure. ``compute`` needs a database session only for the timeline."""

    title: str
    asks: tuple[str, ...]
    compute: Callable[[Session, Material, Question], compare.Exhibit]
    chart: str
    """Name of the function in ``parihs.charts`` that draws it."""

    def draw(
        self, exhibit: compare.Exhibit, *, dark: bool = False, width: int = 980
    ) -> tuple[go.Figure, str]:
        """The figure and its caption."""
        from parihs import charts

        drawn: tuple[go.Figure, str] = getattr(charts, self.chart)(
            exhibit.frame, exhibit.caption, dark=dark, width=width
        )
        # So that a saved page, and whoever automates one, can tell which figure it holds.
        drawn[0].update_layout(meta={"figure": self.title})
        return drawn


def figure_named(name: str) -> Figure:
    """The figure with this name; raises ParihsError for another."""
    if name not in FIGURES:
        raise ParihsError(f"There is no figure “{name}”.", f"Use one of: {', '.join(FIGURES)}.")
    return FIGURES[name]


def _asked(question: Question, *names: str) -> dict[str, Any]:
    return {name: getattr(question, name) for name in (*names, "filters")}


def _given(material: Material) -> tuple[pd.DataFrame, compare.Denominators, list[CodeView]]:
    return material.excerpts, material.denominators, material.codes


def _matrix(_: Session, material: Material, question: Question) -> compare.Exhibit:
    asked = _asked(question, "rows", "cols", "below", "value", "per")
    found = compare.matrix(*_given(material), **asked)
    return compare.Exhibit(
        compare.to_frame(found, with_ids=False), found.caption(), excerpt_ids=found.excerpt_ids
    )


def _balance(_: Session, material: Material, question: Question) -> compare.Exhibit:
    found = compare.balance(*_given(material), **_asked(question, "rows", "cols", "below"))

    def under(row: str, column: str, direction: str = "") -> list[str]:
        return found.excerpts(row, column, direction or None)

    return compare.Exhibit(found.frame, found.caption(), look_up=under)


def _multiples(_: Session, material: Material, question: Question) -> compare.Exhibit:
    asked = _asked(question, "rows", "cols", "below", "value", "per")
    return compare.split(*_given(material), by=question.split, **asked)


def _change(_: Session, material: Material, question: Question) -> compare.Exhibit:
    asked = _asked(question, "rows", "cols", "below", "value", "per")
    return compare.split(*_given(material), by="cycle", **asked)


def _together(_: Session, material: Material, question: Question) -> compare.Exhibit:
    found = compare.cooccurrence(
        *_given(material),
        by=question.together,
        **_asked(question, "distance", "cols", "below"),
    )
    return compare.Exhibit(found.frame(), found.caption(), look_up=found.excerpts)


def _timeline(session: Session, material: Material, question: Question) -> compare.Exhibit:
    chosen = question.transcript
    if chosen is None:
        heard = set(material.excerpts["transcript_id"].unique())
        talk = material.denominators.talk["transcript_id"]
        chosen = next((key for key in talk if key in heard), None)
    if chosen is None:
        raise ParihsError("No transcript is coded yet.", "Code one, or choose a transcript.")
    asked = _asked(question, "cols", "below")
    return compare.timeline(session, *_given(material), chosen, **asked)


def _coverage(_: Session, material: Material, question: Question) -> compare.Exhibit:
    return compare.coverage(*_given(material), **_asked(question, "rows"))


def _saturation(_: Session, material: Material, question: Question) -> compare.Exhibit:
    asked = _asked(question, "base", "run", "threshold")
    return compare.saturation(*_given(material), **asked)


def _participation(_: Session, material: Material, question: Question) -> compare.Exhibit:
    return compare.participation(
        material.denominators, material.excerpts, by=question.talk, filters=question.filters
    )


def _tree(_: Session, material: Material, question: Question) -> compare.Exhibit:
    return compare.code_tree(*_given(material), filters=question.filters)


FIGURES: Final = {
    "profiles": Figure(
        "Profile of each site", ("rows", "cols", "value", "per"), _matrix, "profiles"
    ),
    "balance": Figure("Help and hindrance", ("rows", "cols"), _balance, "balance_bars"),
    "heatmap": Figure("Matrix", ("rows", "cols", "value", "per"), _matrix, "heatmap"),
    "multiples": Figure(
        "Matrix by role, cycle or kind",
        ("rows", "cols", "value", "per", "split"),
        _multiples,
        "small_multiples",
    ),
    "change": Figure(
        "Change across PAR cycles", ("rows", "cols", "value", "per"), _change, "change"
    ),
    "timeline": Figure(
        "Timeline of a workshop", ("transcript", "cols"), _timeline, "timeline_chart"
    ),
    "cooccurrence": Figure(
        "Codes together", ("cols", "together", "distance"), _together, "cooccurrence_matrix"
    ),
    "network": Figure(
        "Network of codes", ("cols", "together", "distance"), _together, "cooccurrence_network"
    ),
    "tree": Figure("Code tree", (), _tree, "tree_icicle"),
    "coverage": Figure("Coverage of the framework", ("rows",), _coverage, "coverage_bars"),
    "saturation": Figure(
        "Saturation", ("base", "run", "threshold"), _saturation, "saturation_curve"
    ),
    "participation": Figure("Participation", ("talk",), _participation, "participation_bars"),
}
"""Name → figure, in the order of the page."""

__all__ = ["FIGURES", "SPLITS", "TOGETHER", "Figure", "Material", "Question", "figure_named"]
