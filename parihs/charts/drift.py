"""Agreement over time: one point with its interval per workshop, in the order they were held."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.theme import dressed, theme
from parihs.charts.tidy import escaped, plural, records, shortened

_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 24, 34, 112
_HEIGHT, _STEP = 380, 84


def drift(frame: pd.DataFrame, caption: str, *, dark: bool = False) -> tuple[go.Figure, str]:
    """Draw one point per row, evenly spaced, with its interval as a bar.

    Columns: ``id, title, when`` (words), ``value, low, high`` (NaN where undefined), ``undefined``
    (the reason), ``n_turns, whole, whole_low, whole_high`` (the value of all together, equal in
    all rows) and ``version`` (of the codebook). ``customdata`` is ``[id]``. A line marks where the
    codebook version changes. Returns the figure and its caption.
    """
    colours = theme(dark)
    points = records(frame)
    defined = frame[frame["value"].notna()]
    at = {point["id"]: place for place, point in enumerate(points)}
    figure = go.Figure()
    lowest = float(frame[["low", "value"]].min().min()) if len(defined) else 0.0
    if points and pd.notna(points[0]["whole"]):
        _whole(figure, points[0], len(points), colours.absent, colours.quiet)
    figure.add_trace(
        go.Scatter(
            x=defined["id"].map(at),
            y=defined["value"],
            mode="markers+text",
            marker={"size": 9, "color": colours.scale[2]},
            text=[f"{value:.2f}" for value in defined["value"]],
            textposition="middle right",
            textfont={"size": 12, "color": colours.ink},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": defined["high"] - defined["value"],
                "arrayminus": defined["value"] - defined["low"],
                "color": colours.scale[2],
                "thickness": 1.5,
                "width": 0,
            },
            customdata=[[point] for point in defined["id"]],
            hovertext=[_hover(point) for point in records(defined)],
            hovertemplate="%{hovertext}<extra></extra>",
            cliponaxis=False,
        )
    )
    for point in points:
        if pd.isna(point["value"]):
            figure.add_annotation(
                x=at[point["id"]],
                y=0.5,
                yref="y domain",
                text="not<br>defined",
                showarrow=False,
                font={"size": 11, "color": colours.quiet},
                hovertext=escaped(point["undefined"]),
            )
    for before, after in pairwise(points):
        if before["version"] != after["version"]:
            _change(figure, at[after["id"]] - 0.5, after["version"], colours.quiet)
    width = _LEFT + _RIGHT + max(4, len(points)) * _STEP
    dressed(figure, colours, width=width, height=_HEIGHT)
    figure.update_layout(margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM, "pad": 0})
    figure.update_xaxes(
        range=[-0.5, max(4, len(points)) - 0.5],
        tickvals=list(range(len(points))),
        ticktext=[_label(point, colours.quiet) for point in points],
        tickangle=0,
        ticklen=8,
        tickcolor=colours.paper,
    )
    figure.update_yaxes(
        range=[min(0.0, lowest - 0.05), 1.02],
        tickvals=[0, 0.2, 0.4, 0.6, 0.8, 1],
        tickformat=".1f",
        showgrid=True,
        gridcolor=colours.line,
        tickfont={"color": colours.quiet},
    )
    return figure, caption


def _whole(figure: go.Figure, point: dict[str, float], n: int, band: str, line: str) -> None:
    """The value of all workshops together, with its interval as a band behind the points."""
    if pd.notna(point["whole_low"]) and pd.notna(point["whole_high"]):
        figure.add_hrect(
            y0=point["whole_low"],
            y1=point["whole_high"],
            fillcolor=band,
            layer="below",
            line_width=0,
        )
    figure.add_hline(y=point["whole"], line={"color": line, "width": 1, "dash": "dot"})
    figure.add_annotation(
        xref="paper",
        x=0,
        xanchor="left",
        y=1,
        yref="paper",
        yshift=22,
        showarrow=False,
        text=f"dotted line and band: all {n} together, {point['whole']:.2f}",
        font={"size": 12, "color": line},
    )


def _change(figure: go.Figure, x: float, version: object, colour: str) -> None:
    figure.add_vline(x=x, line={"color": colour, "width": 1, "dash": "dash"})
    figure.add_annotation(
        x=x,
        y=0,
        yref="y domain",
        yanchor="bottom",
        xanchor="left",
        showarrow=False,
        text=f" codebook version {escaped(version)}",
        font={"size": 11, "color": colour},
    )


def _label(point: dict[str, object], quiet: str) -> str:
    words = str(point["title"]).split()
    lines, line = [], ""
    for word in words:
        if line and len(line) + len(word) >= 12:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    name = "<br>".join(escaped(shortened(part, 14)) for part in [*lines, line][:3])
    when = escaped(point["when"])
    return f"{name}<br><span style='font-size:11px;color:{quiet}'>{when}</span>"


def _hover(point: dict[str, object]) -> str:
    value, low, high = (float(str(point[name])) for name in ("value", "low", "high"))
    turns = plural(int(str(point["n_turns"])), "turn")
    return (
        f"<b>{value:.2f}</b> [{low:.2f}, {high:.2f}]<br>{escaped(point['title'])}, "
        f"{escaped(point['when'])}<br>{turns}"
    )
