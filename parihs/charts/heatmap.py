"""A matrix as a picture: numbers in cells, constructs as coloured bars over their columns.

The four kinds of empty look different: not asked, not coded yet, nothing said, and a plain zero.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.theme import (
    EMPTY,
    Theme,
    between,
    completed,
    dressed,
    label_room,
    row_label,
    text_on,
    theme,
)
from parihs.charts.tidy import escaped, plural, records, shortened

_ROW, _LOW_ROW = 38, 25
_RIGHT, _BOTTOM = 24, 16


def heatmap(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 1440
) -> tuple[go.Figure, str]:
    """Draw the tidy table of a matrix (``parihs.compare.to_frame``), and hand its caption back.

    Every cell is a point whose ``customdata`` is ``[row_id, column_id]``, so that a click opens
    its excerpts. The caption is completed by the marks that occur.
    """
    colours = theme(dark)
    rows = records(frame, "row_id")
    columns = records(frame, "column_id")
    left = label_room(rows)
    cell_width = _cell_width(len(columns), width - left - _RIGHT)
    label_height = _label_height([str(column["column"]) for column in columns], cell_width)
    across = {column["column_id"]: place for place, column in enumerate(columns)}
    down = {row["row_id"]: place for place, row in enumerate(rows)}
    cells = frame.assign(
        x=frame["column_id"].map(across),
        y=frame["row_id"].map(down),
        ground=grounds(frame, colours),
        text=[number_text(*cell) for cell in _together(frame, "value", "state", "measure", "per")],
    )
    noted = any(row.get("row_note", "words") for row in rows)
    row_height = _ROW if noted else _LOW_ROW
    plot_height = max(1, len(rows)) * row_height
    figure = go.Figure()
    figure.add_trace(_points(cells, min(cell_width, row_height), colours))
    figure.update_layout(shapes=[*_tiles(cells, colours), *_bars(columns, plot_height)])
    top = label_height + 34
    dressed(
        figure,
        colours,
        width=left + _RIGHT + max(1, len(columns)) * cell_width,
        height=plot_height + top + _BOTTOM,
    )
    figure.update_layout(margin={"l": left, "r": _RIGHT, "t": top, "b": _BOTTOM, "pad": 0})
    figure.update_xaxes(
        range=[-0.5, len(columns) - 0.5],
        tickvals=list(range(len(columns))),
        ticktext=_labels([str(column["column"]) for column in columns], cell_width),
        tickangle=0 if cell_width >= 80 else -90,
        tickfont={"size": 13 if cell_width >= 80 else 11},
        side="top",
        ticklen=12,
        tickcolor=colours.paper,
    )
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=[row_label(row, colours) for row in rows],
        ticklen=8,
        tickcolor=colours.paper,
    )
    figure.update_layout(annotations=_construct_names(columns, cell_width, top, colours))
    return figure, completed(caption, set(frame["state"]))


def _points(cells: pd.DataFrame, cell_size: int, colours: Theme) -> go.Scatter:
    empty = ~cells["state"].isin(["value", "same"])
    ink = [
        colours.quiet if none and state != "mixed" else text_on(ground)
        for none, state, ground in zip(empty, cells["state"], cells["ground"], strict=True)
    ]
    number = 13 if cell_size >= 38 else 11
    sizes = [17 if state == "nothing said" else number for state in cells["state"]]
    return go.Scatter(
        x=cells["x"],
        y=cells["y"],
        mode="markers+text",
        text=cells["text"],
        textfont={"color": ink, "size": sizes},
        marker={
            "symbol": "square",
            "size": cell_size - 2,
            "color": "rgba(0,0,0,0)",
            "line": {"width": 0},
        },
        customdata=cells[["row_id", "column_id"]].to_numpy().tolist(),
        hovertext=[_hover(cell) for cell in records(cells)],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
        selected={"marker": {"color": "rgba(230,159,0,0.28)"}, "textfont": {"color": colours.ink}},
        unselected={"marker": {"opacity": 1}},
    )


def _tiles(cells: pd.DataFrame, colours: Theme) -> list[dict[str, Any]]:
    """A rectangle per cell; drawn as shapes so that an empty cell can look unlike any number."""
    tiles = []
    for x, y, ground, state in _together(cells, "x", "y", "ground", "state"):
        tile = {
            "type": "rect",
            "layer": "below",
            "x0": x - 0.5,
            "x1": x + 0.5,
            "y0": y - 0.5,
            "y1": y + 0.5,
            "fillcolor": ground,
            "line": {"width": 2, "color": colours.paper},
        }
        tiles.append(tile)
        if state == "not asked":
            tiles += [_hatch(x, y, offset, colours) for offset in (-0.25, 0.25)]
    return tiles


def _hatch(x: float, y: float, offset: float, colours: Theme) -> dict[str, Any]:
    return {
        "type": "line",
        "layer": "below",
        "x0": x - 0.25 + offset,
        "x1": x + 0.25 + offset,
        "y0": y + 0.47,
        "y1": y - 0.47,
        "line": {"width": 1, "color": colours.quiet},
        "opacity": 0.35,
    }


def _bars(columns: Sequence[dict[str, Any]], height: int) -> list[dict[str, Any]]:
    """The construct of each run of columns, in its colour, right above the cells."""
    return [
        {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": first - 0.47,
            "x1": last + 0.47,
            "y0": 1 + 3 / height,
            "y1": 1 + 9 / height,
            "fillcolor": colour,
            "line": {"width": 0},
        }
        for first, last, colour, _ in _runs(columns)
    ]


def _construct_names(
    columns: Sequence[dict[str, Any]], cell_width: int, top: int, colours: Theme
) -> list[dict[str, Any]]:
    """Name each run of columns, unless the columns are the constructs themselves."""
    if all(column["column_id"] == column["construct_id"] for column in columns):
        return []
    return [
        {
            "xref": "x",
            "yref": "paper",
            "x": first - 0.47,
            "y": 1,
            "yshift": top - 12,
            "xanchor": "left",
            "yanchor": "middle",
            "text": f"<b>{escaped(shortened(name, (last - first + 1) * cell_width // 8))}</b>",
            "showarrow": False,
            "font": {"size": 13, "color": colours.ink},
        }
        for first, last, _, name in _runs(columns)
    ]


def _runs(columns: Sequence[dict[str, Any]]) -> list[tuple[int, int, str, str]]:
    runs = []
    numbered = enumerate(columns)
    for _, group in groupby(numbered, key=lambda item: item[1]["construct_id"]):
        members = list(group)
        column = members[0][1]
        runs.append(
            (members[0][0], members[-1][0], column["construct_colour"], column["construct"])
        )
    return runs


def grounds(frame: pd.DataFrame, colours: Theme) -> list[str]:
    """The ground of each cell: how much, or why there is no number."""
    numbers = frame["value"].where(frame["state"].isin(["value", "mixed"]))
    signed = (frame["measure"] == "balance").any()
    most = numbers.abs().max()
    found = []
    for value, state in _together(frame, "value", "state"):
        if state in ("not asked", "not coded", "same"):
            found.append(colours.absent)
        elif state == "nothing said" or math.isnan(value) or not most > 0:
            found.append(colours.paper if state == "nothing said" else colours.scale[0])
        elif signed:
            found.append(between(colours.diverging, 0.5 + value / most / 2))
        else:
            found.append(between(colours.scale, value / most))
    return found


def number_text(value: float, state: str, measure: str, per: str) -> str:
    """What is printed in a cell."""
    if state in EMPTY:
        return EMPTY[state][0]
    if measure == "together" and not value:
        return ""
    if measure == "present":
        return "●"
    if measure == "share":
        return f"{value:.0%}" if value >= 0.0995 else f"{value:.1%}"
    sign = "+" if measure == "balance" and value > 0 else "−" if value < 0 else ""
    size = abs(value)
    if per == "none":
        return f"{sign}{size:,.0f}"
    return f"{sign}{size:,.1f}" if size < 99.5 else f"{sign}{size:,.0f}"


def _hover(cell: dict[str, Any]) -> str:
    if "hover" in cell:
        return str(cell["hover"])
    n = cell["n_excerpts"]
    said = {
        "not asked": "Nobody spoke here under these filters",
        "not coded": "Not coded yet",
        "nothing said": "Asked, and nothing said about it",
        "mixed": "Mixed: help and hindrance cancel out",
        "unrated": "Coded, but not rated",
    }.get(cell["state"], f"<b>{cell['text']}</b>")
    return (
        f"{said}<br>{escaped(cell['row'])} · {escaped(cell['column'])}"
        f"<br>{plural(n, 'excerpt')} out of {plural(cell['row_words'], 'word')}"
    )


def _cell_width(n_columns: int, room: int) -> int:
    return max(22, min(118, room // max(1, n_columns)))


def _label_height(labels: Sequence[str], cell_width: int) -> int:
    if cell_width >= 80:
        return 18 + 17 * max((len(_wrapped(label, cell_width)) for label in labels), default=1)
    return 26 + 6 * max((min(len(label), 38) for label in labels), default=1)


def _labels(labels: Sequence[str], cell_width: int) -> list[str]:
    if cell_width >= 80:
        return ["<br>".join(escaped(line) for line in _wrapped(t, cell_width)) for t in labels]
    return [escaped(shortened(label, 38)) for label in labels]


def _wrapped(label: str, cell_width: int) -> list[str]:
    return textwrap.wrap(label, max(8, cell_width // 7)) or [""]


def _together(frame: pd.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(frame[name].tolist() for name in names), strict=True))
