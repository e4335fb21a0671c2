"""Each case's profile over the constructs, with the other cases as quiet dots behind it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.heatmap import number_text
from parihs.charts.panels import panels
from parihs.charts.theme import Theme, completed, theme
from parihs.charts.tidy import escaped, plural, records, shortened

_ROW = 26
_LABEL = 26


def profiles(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 980
) -> tuple[go.Figure, str]:
    """Draw the tidy table of a matrix (``parihs.compare.to_frame``): a panel per row.

    A coloured dot on its line is the row's own value; small rings are the other rows.
    ``customdata`` is ``[row_id, column_id]``.
    """
    colours = theme(dark)
    rows = records(frame, "row_id")
    columns = records(frame, "column_id")
    down = {column["column_id"]: place for place, column in enumerate(columns)}
    longest = max((min(len(str(c["column"])), _LABEL) for c in columns), default=0)
    made = panels(
        len(rows),
        colours,
        width=width,
        height=max(1, len(columns)) * _ROW,
        left=30 + max(60, round(7.2 * longest)),
        size=(134, 260),
    )
    cells = frame.assign(y=frame["column_id"].map(down))
    seen = cells[cells["state"].isin(["value", "nothing said", "mixed"])]
    seen = seen.assign(value=seen["value"].fillna(0.0))
    low, high = min(0.0, float(seen["value"].min() or 0)), max(float(seen["value"].max() or 0), 0)
    span = (high - low) or 1.0
    for place, row in enumerate(rows):
        own = cells[cells["row_id"] == row["row_id"]]
        others = seen[seen["row_id"] != row["row_id"]]
        made.add(
            place,
            *_panel(own, others, colours),
            _numbers(own, high + 0.34 * span, colours),
        )
        made.head(place, f"{row['row']}", colours)
        made.note(place, plural(row["row_words"], "word"), 8, 11, colours.quiet)
    figure = made.finished(
        {
            "range": [low - 0.08 * span, high + 0.34 * span],
            "showticklabels": False,
            "zeroline": True,
            "zerolinecolor": colours.line,
            "zerolinewidth": 1,
        },
        {
            "range": [len(columns) - 0.5, -0.8],
            "tickvals": list(range(len(columns))),
            "ticktext": [escaped(shortened(str(c["column"]), _LABEL)) for c in columns],
            "ticklen": 6,
            "tickcolor": colours.paper,
        },
    )
    return figure, completed(f"{caption} Small rings: the other rows.", set(frame["state"]))


def _panel(own: pd.DataFrame, others: pd.DataFrame, colours: Theme) -> list[dict[str, Any]]:
    rings = {
        "type": "scatter",
        "x": others["value"],
        "y": others["y"],
        "mode": "markers",
        "hoverinfo": "skip",
        "marker": {
            "size": 6,
            "color": colours.paper,
            "line": {"width": 1.2, "color": colours.quiet},
        },
        "opacity": 0.6,
        "customdata": others[["row_id", "column_id"]].to_numpy().tolist(),
    }
    said = own[own["state"].isin(["value", "mixed"])]
    bars = {
        "type": "bar",
        "x": said["value"],
        "y": said["y"],
        "orientation": "h",
        "width": 0.12,
        "marker": {"color": said["colour"].tolist(), "line": {"width": 0}},
        "customdata": said[["row_id", "column_id"]].to_numpy().tolist(),
        "hoverinfo": "skip",
        "unselected": {"marker": {"opacity": 0.6}},
    }
    shown = own.assign(
        x=own["value"].fillna(0.0),
        text=[number_text(c["value"], c["state"], c["measure"], c["per"]) for c in records(own)],
        ground=own["colour"].where(own["state"].isin(["value", "mixed"]), "rgba(0,0,0,0)"),
    )
    dots = {
        "type": "scatter",
        "x": shown["x"],
        "y": shown["y"],
        "mode": "markers",
        "marker": {"size": 11, "color": shown["ground"]},
        "customdata": shown[["row_id", "column_id"]].to_numpy().tolist(),
        "hovertext": [_hover(cell) for cell in records(shown)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
        "unselected": {"marker": {"opacity": 0.6}},
    }
    return [rings, bars, dots]


def _numbers(own: pd.DataFrame, edge: float, colours: Theme) -> dict[str, Any]:
    """In a column of their own, so that no dot hides them."""
    return {
        "type": "scatter",
        "x": [edge] * len(own),
        "y": own["y"],
        "mode": "text",
        "text": [number_text(c["value"], c["state"], c["measure"], c["per"]) for c in records(own)],
        "textposition": "middle left",
        "textfont": {"size": 12, "color": colours.ink},
        "customdata": own[["row_id", "column_id"]].to_numpy().tolist(),
        "selected": {"textfont": {"color": colours.ink}},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _hover(cell: dict[str, Any]) -> str:
    where = f"{escaped(cell['row'])} · {escaped(cell['column'])}"
    return f"<b>{cell['text']}</b> {where}<br>{plural(cell['n_excerpts'], 'excerpt')}"
