"""The course of one workshop: a lane per role or speaker, a column for every few minutes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.theme import dressed, theme
from parihs.charts.tidy import clock, escaped, plural, records, shortened

_LANE, _TOP, _BOTTOM, _RIGHT, _LABEL = 46, 34, 40, 24, 28
_NAMES = {"talk_ms": "talk", "n_words": "words", "n_turns": "turns"}


def course_columns(
    frame: pd.DataFrame,
    caption: str,
    *,
    unit: str = "ms",
    measure: str = "n_words",
    dark: bool = False,
    width: int = 980,
) -> tuple[go.Figure, str]:
    """Draw ``parihs.compare.course(…).frame``: the height of a column is how much is said in it.

    Interruptions are crosses over the column of whoever interrupts. ``customdata`` is
    ``[group_id, part_id]``.
    """
    colours = theme(dark)
    lanes = records(frame, "group_id")
    base = {lane["group_id"]: len(lanes) - 1 - place for place, lane in enumerate(lanes)}
    most = max(float(frame[measure].max()), 1.0)
    low = frame["group_id"].map(base)
    names = [escaped(shortened(str(lane["group"]), _LABEL)) for lane in lanes]
    figure = go.Figure()
    length = frame["end"] - frame["start"]
    figure.add_bar(
        x=frame["start"] + length / 2,
        # A sliver stays visible and can be hit.
        y=(frame[measure] / most * 0.78).clip(lower=0.03),
        base=low,
        width=length * 0.9,
        marker={
            "color": colours.scale[2],
            "line": {"width": 0},
            "pattern": {
                "shape": ["/" if lead else "" for lead in frame["facilitator"]],
                "size": 6,
                "solidity": 0.25,
                "bgcolor": colours.scale[2],
                "fgcolor": colours.paper,
            },
        },
        customdata=frame[["group_id", "part_id"]].to_numpy().tolist(),
        hovertext=[_hover(cell, unit) for cell in records(frame)],
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 0.45}},
    )
    crossed = frame[frame["interruptions"] > 0] if "interruptions" in frame else frame[:0]
    if len(crossed):
        figure.add_scatter(
            x=crossed["start"] + (crossed["end"] - crossed["start"]) / 2,
            y=crossed["group_id"].map(base) + crossed[measure] / most * 0.78 + 0.13,
            mode="text",
            text=[f"× {number}" for number in crossed["interruptions"]],
            textfont={"size": 11, "color": colours.ink},
            customdata=crossed[["group_id", "part_id"]].to_numpy().tolist(),
            hovertext=[_hover(cell, unit) for cell in records(crossed)],
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"textfont": {"color": colours.ink}},
        )
    left = 36 + max(80, round(7.4 * max(map(len, names), default=0)))
    dressed(figure, colours, width=width, height=len(lanes) * _LANE + _TOP + _BOTTOM)
    figure.update_layout(margin={"l": left, "r": _RIGHT, "t": _TOP, "b": _BOTTOM, "pad": 0})
    end = float(frame["end"].max())
    step = float(length.max())
    every = max(1, -(-int(end / step) // 12))
    ticks = [step * number for number in range(0, int(end / step) + 1, every)]
    figure.update_xaxes(
        range=[0, end],
        tickvals=ticks,
        ticktext=[clock(at) if unit == "ms" else f"{int(at):,} words" for at in ticks],
        tickfont={"size": 11, "color": colours.quiet},
    )
    figure.update_yaxes(
        range=[-0.05, len(lanes)],
        tickvals=[base[lane["group_id"]] + 0.4 for lane in lanes],
        ticktext=names,
        ticklen=8,
        tickcolor=colours.paper,
    )
    for lane in lanes:
        figure.add_shape(
            type="line",
            xref="paper",
            x0=0,
            x1=1,
            y0=base[lane["group_id"]],
            y1=base[lane["group_id"]],
            line={"color": colours.line, "width": 1},
        )
    top = clock(most) if measure == "talk_ms" else f"{int(most):,} {_NAMES[measure]}"
    said = f" The highest column is {top}."
    crosses = " × marks interruptions by that voice." if len(crossed) else ""
    leads = " Hatched: facilitators." if frame["facilitator"].any() else ""
    return figure, f"{caption}{said}{crosses}{leads}"


def _hover(cell: dict[str, Any], unit: str) -> str:
    where = (
        f"{clock(cell['start'])}–{clock(cell['end'])}"
        if unit == "ms"
        else f"words {cell['start'] + 1:,}–{cell['end']:,}"
    )
    parts = [plural(cell["n_words"], "word"), f"{plural(cell['n_turns'], 'turn')} begun"]
    if "talk_ms" in cell:
        parts.insert(0, f"{clock(cell['talk_ms'])} of talk")
        parts.append(plural(cell["interruptions"], "interruption"))
    return f"<b>{escaped(cell['group'])}</b>, {where}<br>{', '.join(parts)}"
