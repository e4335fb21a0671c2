"""One transcript from left to right: codes above, speakers below."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.theme import Theme, dressed, theme
from parihs.charts.tidy import clock, escaped, plural, records, shortened

_ROW, _RIGHT, _TOP, _BOTTOM = 28, 24, 48, 44
_LABEL = 26
_PATTERNS = {"constraining": "/", "mixed": "x", "facilitator": "/"}
_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120)


def timeline_chart(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 980
) -> tuple[go.Figure, str]:
    """Draw ``parihs.compare.timeline(…).frame``: a lane per code and per speaker.

    Excerpts have the colour of their code; constraining ones are hatched, mixed ones crossed.
    ``customdata`` is ``[row_id, column_id]``: the code and its excerpt, or speaker and turn.
    """
    colours = theme(dark)
    timed = frame.attrs.get("unit", "ms") == "ms"
    codes = records(frame[frame["lane"] == "code"], "row_id")
    speakers = records(frame[frame["lane"] == "speaker"], "row_id")
    lanes = {lane["row_id"]: place for place, lane in enumerate(codes)}
    gap = 1 if codes and speakers else 0
    lanes |= {lane["row_id"]: len(codes) + gap + place for place, lane in enumerate(speakers)}
    total = len(codes) + gap + len(speakers)
    end = max(float(frame["end"].max()), 1.0) if len(frame) else 1.0
    left = 30 + max(
        70, round(7.2 * max((min(len(x["row"]), _LABEL) for x in [*codes, *speakers]), default=0))
    )
    figure = go.Figure()
    drawn = frame.assign(y=frame["row_id"].map(lanes))
    least = end / max(1, width - left - _RIGHT) * 2.5
    for lane in ("code", "speaker"):
        own = drawn[drawn["lane"] == lane]
        if len(own):
            figure.add_trace(_spans(own, lane, least, timed, colours))
    dressed(figure, colours, width=width, height=max(1, total) * _ROW + _TOP + _BOTTOM)
    figure.update_layout(
        barmode="overlay",
        margin={"l": left, "r": _RIGHT, "t": _TOP, "b": _BOTTOM, "pad": 0},
    )
    ticks, words = _ticks(end, timed)
    figure.update_xaxes(
        range=[0, end],
        tickvals=ticks,
        ticktext=words,
        showgrid=True,
        gridcolor=colours.line,
        tickfont={"size": 11, "color": colours.quiet},
    )
    figure.update_yaxes(
        range=[total - 0.5, -0.5],
        tickvals=list(lanes.values()),
        ticktext=[escaped(shortened(str(x["row"]), _LABEL)) for x in [*codes, *speakers]],
        ticklen=8,
        tickcolor=colours.paper,
    )
    figure.add_annotation(
        xref="paper",
        yref="paper",
        x=0,
        y=1,
        yshift=30,
        xanchor="left",
        showarrow=False,
        text="plain: enabling, neutral or not rated      ▨ hatched: constraining      "
        "▩ crossed: mixed      grey: turns, facilitators hatched",
        font={"size": 12, "color": colours.quiet},
    )
    return figure, caption


def _spans(frame: pd.DataFrame, lane: str, least: float, timed: bool, colours: Theme) -> go.Bar:
    is_code = lane == "code"
    return go.Bar(
        base=frame["start"],
        x=(frame["end"] - frame["start"]).clip(lower=least),
        y=frame["y"],
        orientation="h",
        width=0.66,
        marker={
            "color": frame["colour"] if is_code else colours.quiet,
            "opacity": 0.85 if is_code else 0.7,
            "line": {"width": 0},
            "pattern": {
                "shape": [_PATTERNS.get(direction, "") for direction in frame["direction"]],
                "size": 4,
                "solidity": 0.3,
                "bgcolor": frame["colour"] if is_code else colours.quiet,
                "fgcolor": colours.paper,
            },
        },
        customdata=frame[["row_id", "column_id"]].to_numpy().tolist(),
        hovertext=[_hover(row, timed) for row in records(frame)],
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 0.35}},
    )


def _hover(row: dict[str, Any], timed: bool) -> str:
    where = (
        f"{clock(row['start'])}–{clock(row['end'])}"
        if timed
        else f"words {row['start'] + 1:,}–{row['end']:,}"
    )
    said = f", {row['direction']}" if row["lane"] == "code" else ""
    return (
        f"<b>{escaped(row['row'])}</b>{said}<br>{escaped(row['column'])}, {where}, "
        f"{plural(row['n_words'], 'word')}"
    )


def _ticks(end: float, timed: bool) -> tuple[list[float], list[str]]:
    if not timed:
        step = max(100, round(end / 8, -2))
        places = [float(n) for n in range(0, int(end) + 1, int(step))]
        return places, [f"{int(place):,} words" for place in places]
    step = next((m for m in _MINUTES if end / 60_000 / m <= 10), 240) * 60_000
    places = [float(n) for n in range(0, int(end) + 1, step)]
    return places, [clock(place) for place in places]
