"""How a construct moves from one PAR cycle to the next at each site."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.heatmap import number_text
from parihs.charts.panels import panels
from parihs.charts.theme import Theme, completed, theme
from parihs.charts.tidy import escaped, plural, records, shortened

_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "hexagon")
_DASHES = ("solid", "dash", "dot", "dashdot")
_HEIGHT = 170


def change(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 980
) -> tuple[go.Figure, str]:
    """Draw ``parihs.compare.split(…, by="cycle").frame``: a panel per column, a line per row.

    Rows differ by the shape of their points and the dash of their line; a line breaks where a row
    has no number. ``customdata`` is ``[part_id, row_id, column_id]``.
    """
    colours = theme(dark)
    rows, columns = records(frame, "row_id"), records(frame, "column_id")
    parts = records(frame, "part_id")
    across = {part["part_id"]: place for place, part in enumerate(parts)}
    cells = frame.assign(x=frame["part_id"].map(across))
    cells = cells.assign(
        value=cells["value"].where(cells["state"] != "nothing said", 0.0),
        text=[number_text(c["value"], c["state"], c["measure"], c["per"]) for c in records(frame)],
    )
    legend = 26 * (
        1 + sum(len(str(row["row"])[:30]) * 7 + 60 for row in rows) // max(1, width - 80)
    )
    made = panels(
        len(columns),
        colours,
        width=width,
        height=_HEIGHT,
        left=46,
        size=(160, 300),
        top=legend + 10,
        below=30,
    )
    lines: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for cell in records(cells.sort_values("x")):
        lines.setdefault((cell["column_id"], cell["row_id"]), []).append(cell)
    made.add(0, *(_key(row, number, colours) for number, row in enumerate(rows)))
    for place, column in enumerate(columns):
        for number, row in enumerate(rows):
            own = lines.get((column["column_id"], row["row_id"]), [])
            made.add(place, _line(own, number, column["colour"], colours))
        made.head(place, str(column["column"]), colours, column["colour"])
    low = min(0.0, float(cells["value"].min(skipna=True) or 0))
    high = max(float(cells["value"].max(skipna=True) or 0), low + 1e-6)
    pad = 0.08 * (high - low)
    figure = made.finished(
        {
            "range": [-0.25, len(parts) - 0.75],
            "tickvals": list(range(len(parts))),
            "ticktext": [escaped(part["part"]) for part in parts],
            "tickfont": {"size": 12, "color": colours.quiet},
        },
        {
            "range": [low - pad, high + pad],
            "nticks": 5,
            "showgrid": True,
            "gridcolor": colours.line,
            "tickfont": {"size": 11, "color": colours.quiet},
        },
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1 + 42 / (made.bands * _HEIGHT),
            "yanchor": "bottom",
            "font": {"size": 12},
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )
    return figure, completed(caption, set(frame["state"]) - {"nothing said"})


def _line(cells: list[dict[str, Any]], number: int, colour: str, colours: Theme) -> dict[str, Any]:
    """One row in one panel, its cells in the order of the parts."""
    return dict(
        type="scatter",
        x=[cell["x"] for cell in cells],
        y=[cell["value"] for cell in cells],
        mode="lines+markers",
        showlegend=False,
        **_style(number, colour, colours),
        customdata=[[cell["part_id"], cell["row_id"], cell["column_id"]] for cell in cells],
        hovertext=[_hover(cell) for cell in cells],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
        unselected={"marker": {"opacity": 0.5}},
    )


def _style(number: int, colour: str, colours: Theme) -> dict[str, Any]:
    """The shape and the dash of a row, in a colour."""
    return {
        "line": {
            "width": 1.8,
            "color": colour,
            "dash": _DASHES[number // len(_SYMBOLS) % len(_DASHES)],
        },
        "marker": {
            "symbol": _SYMBOLS[number % len(_SYMBOLS)],
            "size": 10,
            "color": colour,
            "line": {"width": 1.2, "color": colours.paper},
        },
    }


def _key(row: dict[str, Any], number: int, colours: Theme) -> dict[str, Any]:
    """A row in the legend, in no construct's colour."""
    return dict(
        type="scatter",
        x=[None],
        y=[None],
        mode="lines+markers",
        name=escaped(shortened(str(row["row"]), 30)),
        hoverinfo="skip",
        **_style(number, colours.ink, colours),
    )


def _hover(cell: dict[str, Any]) -> str:
    return (
        f"<b>{cell['text']}</b> {escaped(cell['part'])}<br>{escaped(cell['row'])} · "
        f"{escaped(cell['column'])}<br>{plural(cell['n_excerpts'], 'excerpt')} out of "
        f"{plural(cell['row_words'], 'word')}"
    )
