"""What helps to the right, what hinders to the left, case by case, with how many people say so."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from parihs.charts.theme import (
    EMPTY,
    Theme,
    completed,
    dressed,
    label_room,
    row_label,
    theme,
)
from parihs.charts.tidy import escaped, plural, records, shortened

_PANEL: Final = (210, 260)
"""Narrowest and widest panel in pixels."""
_ROW: Final = 34
_RIGHT, _TOP, _BOTTOM, _BETWEEN = 24, 92, 16, 64
_GUTTER: Final = 9
"""Pixels on each side of the middle kept for mixed codings and for the marks of empty cells."""
_LABEL: Final = 54
"""Pixels kept free beside the longest bar for its label."""
_SIDES: Final = (("constraining", -1, "−", 0), ("enabling", 1, "+", -1))
"""Direction, side, sign, and place in the diverging colours."""


def balance_bars(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 1440
) -> tuple[go.Figure, str]:
    """Draw ``parihs.compare.balance(…).frame``: one panel per column, one line per row.

    ``width`` (pixels) is what the figure may take; panels that do not fit go into a further band.

    Bars count codings, with their sign and, in brackets, how many people speak in them; a diamond
    in the middle stands for codings rated mixed. ``customdata`` is
    ``[row_id, column_id, direction]``. Returns the figure and its caption, completed by the marks
    that occur.
    """
    colours = theme(dark)
    rows = records(frame, "row_id")
    columns = records(frame, "column_id")
    left = label_room(rows)
    room = width - left - _RIGHT
    across = max(1, min(len(columns), room // _PANEL[0]))
    bands = max(1, math.ceil(len(columns) / across))
    panel = max(_PANEL[0], min(_PANEL[1], room // across))
    band = max(1, len(rows)) * _ROW
    height = bands * band + (bands - 1) * _BETWEEN
    figure = make_subplots(
        rows=bands,
        cols=across,
        shared_yaxes=True,
        horizontal_spacing=0.1 / across,
        vertical_spacing=_BETWEEN / height if bands > 1 else 0,
    )
    down = {row["row_id"]: place for place, row in enumerate(rows)}
    most = int(frame[["enabling", "constraining"]].to_numpy().max(initial=1)) or 1
    half = panel / 2
    pixel = most / (half - _LABEL - _GUTTER)
    for place, column in enumerate(columns):
        cells = frame[frame["column_id"] == column["column_id"]]
        cells = cells.assign(y=cells["row_id"].map(down))
        at = {"row": place // across + 1, "col": place % across + 1}
        for name, side, sign, end in _SIDES:
            colour = colours.diverging[end]
            figure.add_trace(_bars(cells, name, side, sign, colour, _GUTTER * pixel, colours), **at)
        figure.add_trace(_mixed(cells, colours), **at)
        figure.add_trace(_empty(cells, colours), **at)
    dressed(
        figure,
        colours,
        width=left + _RIGHT + across * panel,
        height=height + _TOP + _BOTTOM,
    )
    figure.update_layout(
        barmode="overlay",
        # Else a diamond beside a bar takes the bar's clicks.
        hoverdistance=3,
        margin={"l": left, "r": _RIGHT, "t": _TOP, "b": _BOTTOM, "pad": 0},
    )
    figure.update_xaxes(range=[-half * pixel, half * pixel], showticklabels=False)
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=[row_label(row, colours) for row in rows],
        ticklen=8,
        tickcolor=colours.paper,
    )
    for place, column in enumerate(columns):
        _head(figure, place, column, panel, band, colours)
    _legend(figure, left, colours)
    marks = [state for state in frame["state"].unique() if state in EMPTY]
    return figure, completed(caption, marks)


def _bars(
    cells: pd.DataFrame, name: str, side: int, sign: str, colour: str, gutter: float, colours: Theme
) -> go.Bar:
    said = cells[cells[name] > 0]
    numbers = list(zip(said[name].tolist(), said[f"speakers_{name}"].tolist(), strict=True))
    return go.Bar(
        x=[side * n for n, _ in numbers],
        y=said["y"],
        orientation="h",
        marker={
            "color": colour,
            "line": {"width": 0},
            "pattern": {
                "shape": "/" if name == "constraining" else "",
                "size": 7,
                "solidity": 0.12,
                "bgcolor": colour,
                "fgcolor": colours.paper,
            },
        },
        text=[f"{sign}{n} ({speakers})" for n, speakers in numbers],
        base=[side * gutter] * len(said),
        width=0.6,
        textposition="outside",
        textfont={"size": 12, "color": colours.ink},
        cliponaxis=False,
        constraintext="none",
        customdata=[[row, column, name] for row, column in _ids(said)],
        hovertext=[
            f"<b>{plural(n, f'{name} coding')}</b>, {plural(speakers, 'speaker')}<br>{_where(cell)}"
            for (n, speakers), cell in zip(numbers, records(said), strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 0.45}},
    )


def _mixed(cells: pd.DataFrame, colours: Theme) -> go.Scatter:
    said = cells[cells["mixed"] > 0]
    return go.Scatter(
        x=[0] * len(said),
        y=said["y"],
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 10,
            "color": colours.paper,
            "line": {"width": 1.5, "color": colours.ink},
        },
        customdata=[[row, column, "mixed"] for row, column in _ids(said)],
        hovertext=[
            f"<b>{plural(cell['mixed'], 'mixed coding')}</b><br>{_where(cell)}"
            for cell in records(said)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
    )


def _empty(cells: pd.DataFrame, colours: Theme) -> go.Scatter:
    """The marks of cells without bars; coded but unsigned ones say how many codings they hold."""
    directions = cells[["enabling", "constraining", "mixed"]].sum(axis=1)
    bare = cells[directions == 0]
    texts = [
        EMPTY[cell["state"]][0]
        if cell["state"] in EMPTY
        else f"{cell['neutral'] + cell['unrated']} neutral or not rated"
        for cell in records(bare)
    ]
    return go.Scatter(
        x=[0] * len(bare),
        y=bare["y"],
        mode="text",
        text=texts,
        textfont={
            "size": [17 if text == "·" else 12 for text in texts],
            "color": colours.quiet,
        },
        customdata=[[row, column, ""] for row, column in _ids(bare)],
        hoverinfo="skip",
        cliponaxis=False,
    )


def _head(
    figure: go.Figure, place: int, column: dict[str, Any], panel: int, band: int, colours: Theme
) -> None:
    """The column's name over its panel, underlined in the colour of its construct."""
    axis = "" if place == 0 else str(place + 1)
    figure.add_annotation(
        xref=f"x{axis} domain",
        yref=f"y{axis} domain",
        x=0.5,
        y=1,
        yshift=31,
        text=f"<b>{escaped(shortened(column['column'], panel // 9))}</b>",
        showarrow=False,
        font={"size": 13, "color": colours.ink},
    )
    figure.add_shape(
        type="rect",
        xref=f"x{axis} domain",
        yref=f"y{axis} domain",
        x0=0.02,
        x1=0.98,
        y0=1 + 4 / band,
        y1=1 + 10 / band,
        fillcolor=column["colour"],
        line={"width": 0},
    )


def _legend(figure: go.Figure, left: int, colours: Theme) -> None:
    figure.add_annotation(
        xref="paper",
        yref="paper",
        x=0,
        y=1,
        yshift=70,
        xshift=-left + 16,
        xanchor="left",
        text=f"<b style='color:{colours.diverging[0]}'>− constraining</b>      "
        f"<b style='color:{colours.diverging[-1]}'>+ enabling</b>      "
        "◇ mixed      (speakers in brackets)",
        showarrow=False,
        font={"size": 12, "color": colours.quiet},
    )


def _ids(cells: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(cells["row_id"].tolist(), cells["column_id"].tolist(), strict=True))


def _where(cell: dict[str, Any]) -> str:
    return f"{escaped(cell['row'])} · {escaped(cell['column'])}"
