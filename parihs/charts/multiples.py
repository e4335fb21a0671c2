"""The same matrix several times, side by side on one scale."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.heatmap import grounds, number_text
from parihs.charts.panels import panels
from parihs.charts.theme import EMPTY, Theme, completed, label_room, text_on, theme, two_lines
from parihs.charts.tidy import escaped, plural, records, shortened

_CELL = 34
_NAMES = 112
"""Pixels for the upright names of the columns."""


def small_multiples(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 980
) -> tuple[go.Figure, str]:
    """Draw ``parihs.compare.split(…).frame``: a small matrix per part.

    ``customdata`` is ``[part_id, row_id, column_id]``.
    """
    colours = theme(dark)
    rows, columns = records(frame, "row_id"), records(frame, "column_id")
    parts = records(frame, "part_id")
    across = {column["column_id"]: place for place, column in enumerate(columns)}
    down = {row["row_id"]: place for place, row in enumerate(rows)}
    cells = frame.assign(
        x=frame["column_id"].map(across),
        y=frame["row_id"].map(down),
        ground=grounds(frame, colours),
        text=[number_text(c["value"], c["state"], c["measure"], c["per"]) for c in records(frame)],
    )
    size = len(columns) * _CELL
    made = panels(
        len(parts),
        colours,
        width=width,
        height=max(1, len(rows)) * _CELL,
        left=label_room(rows),
        size=(size, size),
        below=_NAMES,
    )
    for place, part in enumerate(parts):
        own = cells[cells["part_id"] == part["part_id"]]
        made.add(place, _squares(own, colours))
        made.head(place, str(part["part"]), colours)
    figure = made.finished(
        {
            "range": [-0.5, len(columns) - 0.5],
            "tickvals": list(range(len(columns))),
            "ticktext": [escaped(shortened(str(column["column"]), 15)) for column in columns],
            "tickangle": -90,
            "tickfont": {"size": 11},
        },
        {
            "range": [len(rows) - 0.5, -0.5],
            "tickvals": list(range(len(rows))),
            "ticktext": [two_lines(str(row["row"]), "", colours) for row in rows],
            "ticklen": 8,
            "tickcolor": colours.paper,
        },
    )
    return figure, completed(caption, set(frame["state"]))


def _squares(cells: pd.DataFrame, colours: Theme) -> dict[str, Any]:
    ink = [
        colours.quiet if state in EMPTY and state != "mixed" else text_on(ground)
        for state, ground in zip(cells["state"], cells["ground"], strict=True)
    ]
    return {
        "type": "scatter",
        "x": cells["x"],
        "y": cells["y"],
        "mode": "markers+text",
        "marker": {"symbol": "square", "size": _CELL - 3, "color": cells["ground"], "opacity": 1},
        "text": cells["text"],
        "textfont": {"size": 11, "color": ink},
        "customdata": cells[["part_id", "row_id", "column_id"]].to_numpy().tolist(),
        "hovertext": [_hover(cell) for cell in records(cells)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
        "unselected": {"marker": {"opacity": 1}},
        "selected": {"marker": {"color": "#E69F00"}, "textfont": {"color": "#0B0F14"}},
    }


def _hover(cell: dict[str, Any]) -> str:
    nothing = isinstance(cell["value"], float) and math.isnan(cell["value"])
    said = EMPTY[cell["state"]][1].capitalize() if nothing and cell["state"] in EMPTY else ""
    return (
        f"<b>{said or cell['text']}</b> {escaped(cell['part'])}<br>{escaped(cell['row'])} · "
        f"{escaped(cell['column'])}<br>{plural(cell['n_excerpts'], 'excerpt')} out of "
        f"{plural(cell['row_words'], 'word')}"
    )
