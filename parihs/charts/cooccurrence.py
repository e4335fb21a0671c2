"""Which codes stand together: as a matrix, and as a network in which every line opens."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.heatmap import heatmap
from parihs.charts.theme import Theme, dressed, theme
from parihs.charts.tidy import escaped, plural, records, shortened

STRONGEST: Final = 40
"""Lines that a network shows."""
_LABEL = 21
_ALONG: Final = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)
"""Where on a line its number may stand."""
_APART: Final = 0.075
_NAME_AT: Final = 1.09
_FEW: Final = 12
"""Codes whose names need not be turned."""


def cooccurrence_matrix(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 980
) -> tuple[go.Figure, str]:
    """Draw ``Cooccurrence.frame()`` code by code; the diagonal holds the excerpts of each code.

    ``customdata`` is ``[row_id, column_id]``. A pair that never stands together is left blank.
    """
    cells = frame.assign(
        row_note="",
        state=["same" if same else "value" for same in frame["same"]],
        measure="together",
        per="none",
        value=frame["value"].astype(float),
        hover=[_cell_hover(cell) for cell in records(frame)],
    )
    return heatmap(cells, caption, dark=dark, width=width)


def cooccurrence_network(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 980
) -> tuple[go.Figure, str]:
    """Draw ``Cooccurrence.frame()`` as codes on a circle, in the order of the book.

    The size of a dot is its excerpts; the width of a line and the number on it are the pairs. At
    most the 40 strongest lines are shown, and the caption says so. ``customdata`` is
    ``[row_id, column_id]``, for a dot twice its own id.
    """
    colours = theme(dark)
    codes = [cell for cell in records(frame) if cell["same"] and cell["value"]]
    place = {code["row_id"]: _on_circle(n, len(codes)) for n, code in enumerate(codes)}
    order = {code["row_id"]: n for n, code in enumerate(codes)}
    ties = [
        cell
        for cell in records(frame)
        if cell["value"]
        and cell["row_id"] in order
        and cell["column_id"] in order
        and order[cell["row_id"]] < order[cell["column_id"]]
    ]
    ties.sort(key=lambda tie: (-tie["value"], order[tie["row_id"]], order[tie["column_id"]]))
    shown = ties[:STRONGEST]
    figure = go.Figure()
    most = max((tie["value"] for tie in shown), default=1)
    for tie in reversed(shown):
        (x0, y0), (x1, y1) = place[tie["row_id"]], place[tie["column_id"]]
        weight = tie["value"] / most
        figure.add_scatter(
            x=[x0, x1],
            y=[y0, y1],
            mode="lines",
            line={"width": 1 + 9 * weight, "color": colours.quiet},
            opacity=0.25 + 0.35 * weight,
            hoverinfo="skip",
        )
    if shown:
        figure.add_trace(_numbers(shown, place, colours))
    if codes:
        figure.add_trace(_dots(codes, place, colours))
    side = min(width, 860)
    dressed(figure, colours, width=width, height=side)
    reach = 1.7
    figure.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(visible=False, range=[-reach * width / side, reach * width / side])
    figure.update_yaxes(visible=False, range=[-reach, reach])
    for code in codes:
        _name(figure, code, place[code["row_id"]], len(codes) <= _FEW, colours)
    if len(ties) > len(shown):
        weakest = shown[-1]["value"]
        caption = (
            f"{caption} The {len(shown)} strongest of {len(ties)} pairs of codes are drawn, from"
            f" {weakest:,} upwards."
        )
    return figure, caption


def _on_circle(number: int, total: int) -> tuple[float, float]:
    angle = math.pi / 2 - 2 * math.pi * number / max(1, total)
    return math.cos(angle), math.sin(angle)


def _dots(
    codes: list[dict[str, Any]], place: dict[str, tuple[float, float]], colours: Theme
) -> go.Scatter:
    most = max(code["value"] for code in codes)
    return go.Scatter(
        x=[place[code["row_id"]][0] for code in codes],
        y=[place[code["row_id"]][1] for code in codes],
        mode="markers",
        marker={
            "size": [10 + 30 * math.sqrt(code["value"] / most) for code in codes],
            "color": [code["row_colour"] for code in codes],
            "line": {"width": 2, "color": colours.paper},
            "opacity": 1,
        },
        customdata=[[code["row_id"], code["row_id"]] for code in codes],
        hovertext=[
            f"<b>{escaped(code['row'])}</b><br>{plural(code['value'], 'excerpt')}" for code in codes
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
        unselected={"marker": {"opacity": 0.6}},
    )


def _numbers(
    ties: list[dict[str, Any]], place: dict[str, tuple[float, float]], colours: Theme
) -> go.Scatter:
    """The number on each line, where no other stands; a line of one pair has just a dot."""
    points: list[tuple[float, float]] = []
    for tie in ties:
        (x0, y0), (x1, y1) = place[tie["row_id"]], place[tie["column_id"]]
        options = [(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share) for share in _ALONG]
        room = [min((math.dist(o, p) for p in points), default=1.0) for o in options]
        free = [option for option, far in zip(options, room, strict=True) if far > _APART]
        points.append(free[0] if free else options[room.index(max(room))])
    several = [tie["value"] > 1 for tie in ties]
    return go.Scatter(
        x=[x for x, _ in points],
        y=[y for _, y in points],
        mode="markers+text",
        marker={
            "size": [20 if many else 9 for many in several],
            "color": colours.paper,
            "line": {"width": 1, "color": colours.quiet},
            "opacity": 1,
        },
        text=[f"{tie['value']:,}" if tie["value"] > 1 else "" for tie in ties],
        textfont={"size": 11, "color": colours.ink},
        customdata=[[tie["row_id"], tie["column_id"]] for tie in ties],
        hovertext=[_cell_hover(tie) for tie in ties],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"textfont": {"color": colours.ink}},
        unselected={"marker": {"opacity": 0.6}},
    )


def _name(
    figure: go.Figure, code: dict[str, Any], at: tuple[float, float], few: bool, colours: Theme
) -> None:
    """The code's name; of many, leading away from the circle so that names never meet."""
    x, y = at
    angle = math.degrees(math.atan2(y, x))
    turned = 0.0 if few else -angle if x >= -1e-9 else 180 - angle
    figure.add_annotation(
        x=x * _NAME_AT,
        y=y * _NAME_AT,
        xanchor="center" if abs(x) < 0.1 else "left" if x > 0 else "right",
        yanchor="middle" if abs(y) < 0.1 else "bottom" if y > 0 else "top",
        textangle=turned,
        text=escaped(shortened(str(code["row"]), _LABEL)),
        showarrow=False,
        font={"size": 12, "color": colours.ink},
    )


def _cell_hover(cell: dict[str, Any]) -> str:
    if cell["same"]:
        return f"<b>{plural(cell['value'], 'excerpt')}</b><br>{escaped(cell['row'])}"
    return (
        f"<b>{plural(cell['value'], 'pair')}</b><br>{escaped(cell['row'])} "
        f"({plural(cell['n_row'], 'excerpt')})<br>{escaped(cell['column'])} "
        f"({plural(cell['n_column'], 'excerpt')})"
    )
