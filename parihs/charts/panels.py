"""Small multiples: equal panels in bands that fit the page, each with its name over it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from parihs.charts.theme import Theme, dressed
from parihs.charts.tidy import escaped, shortened

HEAD = 38
"""Pixels over a panel for its name."""


@dataclass(frozen=True, slots=True)
class Panels:
    """A figure of equal panels; sizes in pixels."""

    figure: go.Figure
    across: int
    bands: int
    width: int
    """Of one panel."""
    height: int
    """Of one band."""
    left: int
    annotations: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)

    def at(self, place: int) -> dict[str, int]:
        """Where the panel with this number is, for ``add_trace``."""
        return {"row": place // self.across + 1, "col": place % self.across + 1}

    def head(self, place: int, name: str, colours: Theme, bar: str | None = None) -> None:
        """Name a panel, underlined in a colour where one is given."""
        axis = "" if place == 0 else str(place + 1)
        room = max(6, self.width // 8)
        self.note(place, f"<b>{escaped(shortened(name, room))}</b>", 26, 13, colours.ink)
        if bar is not None:
            self.shapes.append(
                {
                    "type": "rect",
                    "xref": f"x{axis} domain",
                    "yref": f"y{axis} domain",
                    "x0": 0,
                    "x1": 1,
                    "y0": 1 + 4 / self.height,
                    "y1": 1 + 9 / self.height,
                    "fillcolor": bar,
                    "line": {"width": 0},
                }
            )

    def note(self, place: int, text: str, above: int, size: int, colour: str) -> None:
        """Words so many pixels above a panel, from its left edge."""
        axis = "" if place == 0 else str(place + 1)
        self.annotations.append(
            {
                "xref": f"x{axis} domain",
                "yref": f"y{axis} domain",
                "x": 0,
                "y": 1,
                "yshift": above,
                "xanchor": "left",
                "text": text,
                "showarrow": False,
                "font": {"size": size, "color": colour},
            }
        )

    def finished(self) -> go.Figure:
        """The figure with all names and bars; Plotly takes many at once far quicker than singly."""
        self.figure.update_layout(annotations=self.annotations, shapes=self.shapes)
        return self.figure


def panels(
    number: int,
    colours: Theme,
    *,
    width: int,
    height: int,
    left: int,
    size: tuple[int, int],
    top: int = 16,
    below: int = 16,
    gap: int = 22,
    right: int = 24,
    shared_y: bool = True,
) -> Panels:
    """Lay out ``number`` panels of ``height`` pixels; ``size`` is their least and most width.

    ``left`` is room for the labels of the first panel of each band, ``below`` under each band.
    """
    room = width - left - right
    across = max(1, min(number, (room + gap) // (size[0] + gap)))
    bands = max(1, math.ceil(number / across))
    panel = max(size[0], min(size[1], (room - (across - 1) * gap) // across))
    plot_width = across * panel + (across - 1) * gap
    between = HEAD + below + 6
    plot_height = bands * height + (bands - 1) * between
    figure = make_subplots(
        rows=bands,
        cols=across,
        shared_yaxes=shared_y,
        horizontal_spacing=gap / plot_width if across > 1 else 0,
        vertical_spacing=between / plot_height if bands > 1 else 0,
    )
    margin = {"l": left, "r": right, "t": top + HEAD, "b": below, "pad": 0}
    dressed(
        figure,
        colours,
        width=left + right + plot_width,
        height=plot_height + top + HEAD + below,
    )
    figure.update_layout(margin=margin)
    for empty in range(number, bands * across):
        place = {"row": empty // across + 1, "col": empty % across + 1}
        figure.update_xaxes(visible=False, **place)
        figure.update_yaxes(visible=False, **place)
    return Panels(figure, across, bands, panel, height, left)
