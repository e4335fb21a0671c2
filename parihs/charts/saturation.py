"""What each further workshop added, against the same workshops in random order."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.theme import Theme, dressed, theme
from parihs.charts.tidy import escaped, plural, records, shortened

_HEIGHT, _LEFT, _RIGHT, _TOP = 330, 56, 40, 58


def saturation_curve(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 980
) -> tuple[go.Figure, str]:
    """Draw ``parihs.compare.saturation(…).frame``: a step line per series over its band.

    What the codebook holds is a dotted line. Where no code is inductive, the figure says so.
    ``customdata`` is ``[row_id, column_id]``: workshop and series.
    """
    colours = theme(dark)
    figure = go.Figure()
    series = records(frame, "column_id") if len(frame) else []
    inks = {"framework": colours.scale[2], "inductive": "#E69F00"}
    dashes = {"framework": "solid", "inductive": "dash"}
    for one in series:
        own = frame[frame["column_id"] == one["column_id"]]
        ink, dash = inks[one["column_id"]], dashes[one["column_id"]]
        _band(figure, own, ink)
        _line(figure, own, ink, dash, colours)
        figure.add_hline(y=one["n_codes"], line={"width": 1.2, "dash": "dot", "color": ink})
        figure.add_annotation(
            x=1,
            xref="paper",
            y=one["n_codes"],
            yshift=10,
            xanchor="right",
            showarrow=False,
            text=f"{one['n_codes']:,} in the codebook · {escaped(one['column']).lower()}",
            font={"size": 12, "color": colours.quiet},
        )
    points = records(frame, "row_id") if len(frame) else []
    upright = len(points) > 6
    bottom = 30 + (6 * max((min(len(p["row"]), 30) for p in points), default=0) if upright else 24)
    dressed(figure, colours, width=width, height=_HEIGHT + _TOP + bottom)
    figure.update_layout(margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": bottom, "pad": 0})
    figure.update_xaxes(
        range=[0.4, len(points) + 0.6],
        tickvals=[point["number"] for point in points][:: max(1, len(points) // 40)],
        ticktext=[escaped(shortened(point["row"], 30)) for point in points][
            :: max(1, len(points) // 40)
        ],
        tickangle=-90 if upright else 0,
        tickfont={"size": 11, "color": colours.quiet},
    )
    most = float(frame[["total", "n_codes", "high"]].max().max()) if len(frame) else 1.0
    figure.update_yaxes(
        range=[0, most * 1.12],
        showgrid=True,
        gridcolor=colours.line,
        tickfont={"size": 11, "color": colours.quiet},
        title={"text": "different codes so far", "font": {"size": 12, "color": colours.quiet}},
    )
    inductive = any(one["column_id"] == "inductive" for one in series)
    said = (
        "— codes of the framework      - - inductive codes      pale: random orders"
        if inductive
        else "<b>All codes are deductive</b>: this is coverage of the framework, not saturation."
        "      pale: random orders"
    )
    figure.add_annotation(
        xref="paper",
        yref="paper",
        x=0,
        y=1,
        yshift=34,
        xanchor="left",
        showarrow=False,
        text=said,
        font={"size": 13, "color": colours.ink},
    )
    return figure, caption


def _band(figure: go.Figure, own: pd.DataFrame, ink: str) -> None:
    figure.add_scatter(
        x=[*own["number"], *own["number"][::-1]],
        y=[*own["high"], *own["low"][::-1]],
        fill="toself",
        fillcolor=ink,
        opacity=0.16,
        mode="lines",
        line={"width": 0},
        hoverinfo="skip",
    )


def _line(figure: go.Figure, own: pd.DataFrame, ink: str, dash: str, colours: Theme) -> None:
    few = len(own) <= 40
    figure.add_scatter(
        x=own["number"],
        y=own["total"],
        mode="lines+markers+text" if few else "lines+markers",
        line={"shape": "hv", "width": 2, "color": ink, "dash": dash},
        marker={
            "size": 9 if few else 5,
            "color": ink,
            "line": {"width": 1, "color": colours.paper},
        },
        text=[f"+{new}" if new else "" for new in own["new"]],
        textposition="top left",
        textfont={"size": 11, "color": colours.ink},
        customdata=own[["row_id", "column_id"]].to_numpy().tolist(),
        hovertext=[_hover(point) for point in records(own)],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
        selected={"textfont": {"color": colours.ink}},
        unselected={"marker": {"opacity": 0.5}},
    )


def _hover(point: dict[str, Any]) -> str:
    return (
        f"<b>{plural(point['new'], 'new code')}</b>, {point['total']:,} of {point['n_codes']:,} so"
        f" far<br>{escaped(point['row'])} · {escaped(point['column'])}"
    )
