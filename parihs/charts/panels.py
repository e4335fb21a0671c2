"""Small multiples: equal panels in bands that fit the page, each with its name over it.

All that belongs to them is collected and given to Plotly once: it checks each later change against
all panels there are, which took most of the time of drawing them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from parihs.charts.theme import AXIS, Theme, dress
from parihs.charts.tidy import escaped, shortened

HEAD = 38
"""Pixels over a panel for its name."""


@dataclass(frozen=True, slots=True)
class Panels:
    """A figure of equal panels in the making; sizes in pixels."""

    layout: dict[str, Any]
    number: int
    across: int
    bands: int
    width: int
    """Of one panel."""
    gap: int
    """Between panels of one band."""
    height: int
    """Of one band."""
    between: int
    """Between bands."""
    traces: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)

    def add(self, place: int, *traces: dict[str, Any]) -> None:
        """Draw traces, as Plotly's reference describes them, in the panel with this number."""
        axis = _axis(place)
        self.traces.extend({**each, "xaxis": f"x{axis}", "yaxis": f"y{axis}"} for each in traces)

    def head(self, place: int, name: str, colours: Theme, bar: str | None = None) -> None:
        """Name a panel, underlined in a colour where one is given."""
        axis = _axis(place)
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
        axis = _axis(place)
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

    def finished(self, x: dict[str, Any], y: dict[str, Any], **layout: Any) -> go.Figure:
        """The figure; ``x`` and ``y`` are what all its axes have in common."""
        axes = {}
        for place in range(self.number):
            axis, (band, column) = _axis(place), divmod(place, self.across)
            first = _axis(band * self.across)
            left = column * (self.width + self.gap)
            top = band * (self.height + self.between)
            wide = self.across * (self.width + self.gap) - self.gap
            high = self.bands * (self.height + self.between) - self.between
            axes[f"xaxis{axis}"] = {
                **AXIS,
                **x,
                "anchor": f"y{axis}",
                "domain": [left / wide, (left + self.width) / wide],
            }
            axes[f"yaxis{axis}"] = {
                **AXIS,
                **y,
                **({"matches": f"y{first}", "showticklabels": False} if column else {}),
                "anchor": f"x{axis}",
                "domain": [max(0.0, 1 - (top + self.height) / high), 1 - top / high],
            }
        names = {"annotations": self.annotations, "shapes": self.shapes}
        return go.Figure(self.traces, {**self.layout, **axes, **names, **layout})


def _axis(place: int) -> str:
    """What Plotly puts behind x and y for the axes of a panel."""
    return "" if place == 0 else str(place + 1)


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
    layout = {
        **dress(
            colours,
            width=left + right + plot_width,
            height=plot_height + top + HEAD + below,
        ),
        "margin": {"l": left, "r": right, "t": top + HEAD, "b": below, "pad": 0},
    }
    return Panels(layout, number, across, bands, panel, gap, height, between)
