"""The report's figures, drawn by the same functions as those of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from parihs.compare.exhibit import Exhibit
from parihs.errors import ParihsError
from parihs.report.contents import Figure, Mark
from parihs.report.source import Source

if TYPE_CHECKING:
    import plotly.graph_objects as go

WIDTH = 920
"""Pixels that a figure may take; the text of the web page is about as wide."""

SHOWN: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "heatmap": ("Codings per 1,000 words", {"per": "1000 words"}),
    "balance": ("What helps and what hinders", {}),
    "coverage": ("Coverage of the framework", {}),
    "participation": ("Participation", {}),
}
"""Name of each figure, its title in a report, and what it is asked."""


def figures(source: Source) -> tuple[Figure, ...]:
    """Figures of the comparison of sites; none while nothing is coded."""
    if source.excerpts.empty:
        return ()
    # Plotly takes a second to load, and most reports have no figures.
    from parihs.figures import FIGURES, Material, Question

    material = Material(source.excerpts, source.denominators, list(source.codes))
    found = []
    for name, (title, asked) in SHOWN.items():
        exhibit = FIGURES[name].compute(source.session, material, Question(**asked))
        light, caption = FIGURES[name].draw(exhibit, width=WIDTH)
        dark, _ = FIGURES[name].draw(exhibit, width=WIDTH, dark=True)
        found.append(
            Figure(
                title=title,
                caption=caption,
                spec=light.to_json(),
                dark=dark.to_json(),
                png=_picture(light),
                width=int(light.layout.width or WIDTH),
                height=int(light.layout.height or 400),
                marks=_marks(source, exhibit, light),
            )
        )
    return tuple(found)


def _picture(figure: go.Figure) -> bytes | None:
    from parihs.charts.saving import as_png

    try:
        return as_png(figure)
    except ParihsError:
        return None


def _marks(source: Source, exhibit: Exhibit, figure: go.Figure) -> tuple[Mark, ...]:
    """Every mark that carries ids and opens excerpts, each once."""
    keys: dict[tuple[str, ...], None] = {}
    for trace in figure.data:
        for key in trace.customdata if trace.customdata is not None else ():
            # A heatmap holds its marks row by row.
            rows = [key] if isinstance(key[0], str) else key
            keys.update({tuple(str(part) for part in row): None for row in rows})
    marks = []
    for key in keys:
        labels = source.register.labels(exhibit.excerpts(*key))
        if labels:
            more = key[len(exhibit.marks) :]
            marks.append(Mark(key, " · ".join([exhibit.title(*key), *more]), labels))
    return tuple(marks)
