"""Agreement over time: one point with its interval per workshop, the earliest at the top."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.theme import Theme, dressed, theme
from parihs.charts.tidy import escaped, plural, records, shortened

_ROW: Final = 34
_LEFT, _RIGHT, _TOP, _BOTTOM = 236, 60, 40, 34
_PLOT: Final = 560
_LABEL: Final = 30


def drift(frame: pd.DataFrame, caption: str, *, dark: bool = False) -> tuple[go.Figure, str]:
    """Draw one line per row, in the order given: the value, and its interval as a bar.

    Columns: ``id, title, when`` (words), ``value, low, high`` (NaN where undefined), ``undefined``
    (the reason), ``n_turns, whole, whole_low, whole_high`` (the value of all together, equal in
    all rows) and ``version`` (of the codebook). ``customdata`` is ``[id]``. A line marks where the
    codebook version changes. Returns the figure and its caption.
    """
    colours = theme(dark)
    points = records(frame)
    down = {point["id"]: place for place, point in enumerate(points)}
    defined = frame[frame["value"].notna()]
    figure = go.Figure()
    if points and pd.notna(points[0]["whole"]):
        _whole(figure, points[0], len(points), colours)
    figure.add_trace(_values(defined, down, colours))
    for point in points:
        if pd.isna(point["value"]):
            _note(figure, 0.02, down[point["id"]], f"not defined: {point['undefined']}", colours)
    for before, after in pairwise(points):
        if before["version"] != after["version"]:
            between = down[after["id"]] - 0.5
            figure.add_hline(y=between, line={"color": colours.quiet, "width": 1, "dash": "dash"})
            _note(figure, 0.02, between + 0.2, f"codebook version {after['version']}", colours)
    height = max(1, len(points)) * _ROW
    dressed(figure, colours, width=_LEFT + _PLOT + _RIGHT, height=height + _TOP + _BOTTOM)
    figure.update_layout(margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM, "pad": 0})
    lowest = float(frame[["low", "value"]].min().min()) if len(defined) else 0.0
    figure.update_xaxes(
        range=[min(0.0, lowest - 0.05), 1.01],
        tickvals=[0, 0.2, 0.4, 0.6, 0.8, 1],
        tickformat=".1f",
        showgrid=True,
        gridcolor=colours.line,
        tickfont={"color": colours.quiet},
    )
    figure.update_yaxes(
        range=[len(points) - 0.5, -0.5],
        tickvals=list(range(len(points))),
        ticktext=[_name(point, colours) for point in points],
        ticklen=8,
        tickcolor=colours.paper,
    )
    return figure, caption


def _values(defined: pd.DataFrame, down: dict[str, int], colours: Theme) -> go.Scatter:
    mark = colours.scale[2]
    return go.Scatter(
        x=defined["value"],
        y=defined["id"].map(down),
        mode="markers+text",
        marker={"size": 9, "color": mark},
        text=[f"{value:.2f}" for value in defined["value"]],
        textposition="top center",
        textfont={"size": 11, "color": colours.ink},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": defined["high"] - defined["value"],
            "arrayminus": defined["value"] - defined["low"],
            "color": mark,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=[[point] for point in defined["id"]],
        hovertext=[_hover(point) for point in records(defined)],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
    )


def _whole(figure: go.Figure, point: dict[str, Any], n: int, colours: Theme) -> None:
    """The value of all workshops together, with its interval as a band behind the points."""
    if pd.notna(point["whole_low"]) and pd.notna(point["whole_high"]):
        figure.add_vrect(
            x0=point["whole_low"],
            x1=point["whole_high"],
            fillcolor=colours.absent,
            layer="below",
            line_width=0,
        )
    figure.add_vline(x=point["whole"], line={"color": colours.quiet, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=point["whole"],
        y=1,
        yref="paper",
        yshift=24,
        showarrow=False,
        text=f"all {n} together {point['whole']:.2f}",
        font={"size": 12, "color": colours.quiet},
    )


def _note(figure: go.Figure, x: float, y: float, text: str, colours: Theme) -> None:
    figure.add_annotation(
        x=x,
        y=y,
        xanchor="left",
        showarrow=False,
        text=escaped(text),
        font={"size": 11, "color": colours.quiet},
    )


def _name(point: dict[str, Any], colours: Theme) -> str:
    small = f"<span style='font-size:11px;color:{colours.quiet}'>{escaped(point['when'])}</span>"
    return f"{escaped(shortened(str(point['title']), _LABEL))}<br>{small}"


def _hover(point: dict[str, Any]) -> str:
    interval = f"[{point['low']:.2f}, {point['high']:.2f}]" if pd.notna(point["low"]) else ""
    return (
        f"<b>{point['value']:.2f}</b> {interval}<br>{escaped(point['title'])}, "
        f"{escaped(point['when'])}<br>{plural(int(point['n_turns']), 'turn')}"
    )
