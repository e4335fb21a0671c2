"""Bars of who is heard: a panel per site, workshop or cycle, or one list where groups are many."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.lying_bars import lying_bars, words_at_ends
from parihs.charts.panels import panels
from parihs.charts.theme import Theme, dressed, theme, two_lines
from parihs.charts.tidy import clock, escaped, plural, records, shortened

MOST_LANES: Final = 12
"""Groups beyond which each panel would be mostly empty, so that a list reads better."""
_ROW, _LINE, _LABEL = 36, 30, 30
_NAMES: Final = {
    "talk_ms": "talk time",
    "n_words": "words",
    "n_turns": "turns",
    "interruptions": "interruptions",
}


def heard_bars(
    frame: pd.DataFrame,
    caption: str,
    *,
    measure: str = "n_words",
    dark: bool = False,
    width: int = 980,
) -> tuple[go.Figure, str]:
    """Draw ``parihs.compare.heard(…).frame``: bars are shares of one measure.

    A participant's or role's bar is its share among participants; facilitators are hatched and
    theirs is of everybody, as are all bars where participants are one group. ``customdata`` is
    ``[row_id, group_id]``.
    """
    colours = theme(dark)
    # Where participants are one group, their share among themselves says nothing.
    apart = frame.loc[~frame["facilitator"], "group_id"].nunique() > 1
    among, whole = frame[f"among_{measure}"], frame[f"share_{measure}"]
    share = (among.where(~frame["facilitator"], whole) if apart else whole).astype("Float64")
    drawn = frame.assign(
        share=share,
        size=share.fillna(0).astype(float),
    )
    drawn = drawn.assign(
        label=[_label(cell, measure, apart) for cell in records(drawn)],
        hover=[_hover(cell, measure) for cell in records(frame)],
    )
    lanes = frame.groupby("group_id", sort=False).agg(
        group=("group", "first"), facilitator=("facilitator", "first"), words=("n_words", "sum")
    )
    lanes = lanes.sort_values(["facilitator", "words"], ascending=[True, False], kind="stable")
    figure = (
        _panels(drawn, lanes, colours, width)
        if len(lanes) <= MOST_LANES
        else _list(_longest_first(drawn), colours, width)
    )
    hatched = (
        " Hatched: facilitators, as a share of everybody." if frame["facilitator"].any() else ""
    )
    return figure, (f"Share of {_NAMES[measure]} among participants. {caption}{hatched}")


def _panels(frame: pd.DataFrame, lanes: pd.DataFrame, colours: Theme, width: int) -> go.Figure:
    columns = records(frame, "row_id")
    down = {key: place for place, key in enumerate(lanes.index)}
    names = [shortened(str(name), _LABEL) for name in lanes["group"]]
    made = panels(
        len(columns),
        colours,
        width=width,
        height=max(1, len(lanes)) * _ROW,
        left=36 + max(80, round(7.6 * max(map(len, names), default=0))),
        size=(150, 300),
    )
    for place, column in enumerate(columns):
        cells = frame[frame["row_id"] == column["row_id"]]
        made.add(place, *_bars(cells, cells["group_id"].map(down), colours))
        made.head(place, str(column["row"]), colours)
    lane_axis = {
        "range": [len(lanes) - 0.5, -0.5],
        "tickvals": list(range(len(lanes))),
        "ticktext": [
            two_lines(str(lane["group"]), plural(int(lane["words"]), "word"), colours)
            for lane in records(lanes)
        ],
        "ticklen": 8,
        "tickcolor": colours.paper,
    }
    return made.finished(_shares(frame), lane_axis, barmode="overlay")


def _longest_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Each part from most to least, facilitators below."""
    parts = frame["row_id"].map({key: n for n, key in enumerate(frame["row_id"].unique())})
    ordered = frame.assign(part=parts).sort_values(
        ["part", "facilitator", "size"], ascending=[True, True, False], kind="stable"
    )
    return ordered.drop(columns="part").reset_index(drop=True)


def _list(frame: pd.DataFrame, colours: Theme, width: int) -> go.Figure:
    """One bar below the other, under a heading for each site, workshop or cycle."""
    figure = go.Figure()
    places: list[float] = []
    at, names, ticks, heads = 0.0, [], [], []
    for before, cell in zip([None, *records(frame)], records(frame), strict=False):
        if before is None or before["row_id"] != cell["row_id"]:
            at += 0.6 if before is None else 1.2
            heads.append((at - 0.1, str(cell["row"])))
            at += 0.7
        places.append(at)
        names.append(escaped(shortened(str(cell["group"]), _LABEL)))
        ticks.append(at)
        at += 1
    left = 36 + max(80, round(7.6 * max(map(len, names), default=0)))
    dressed(figure, colours, width=width, height=round(at * _LINE) + 40)
    figure.add_traces(_bars(frame, pd.Series(places, index=frame.index), colours))
    figure.update_layout(barmode="overlay", margin={"l": left, "r": 60, "t": 8, "b": 16, "pad": 0})
    figure.update_xaxes(_shares(frame))
    figure.update_yaxes(
        range=[at, 0], tickvals=ticks, ticktext=names, ticklen=8, tickcolor=colours.paper
    )
    for place, name in heads:
        figure.add_annotation(
            x=0,
            y=place,
            xref="paper",
            yref="y",
            xanchor="left",
            showarrow=False,
            text=f"<b>{escaped(name)}</b>",
            font={"size": 13, "color": colours.ink},
        )
    return figure


def _bars(cells: pd.DataFrame, y: Any, colours: Theme) -> list[dict[str, Any]]:
    marks = cells[["row_id", "group_id"]].to_numpy().tolist()
    colour = [colours.scale[2]] * len(cells)
    hover = {"hovertext": cells["hover"], "hovertemplate": "%{hovertext}<extra></extra>"}
    return [
        lying_bars(
            cells["size"], y, colour, cells["facilitator"].tolist(), cells["hover"], marks, colours
        ),
        words_at_ends(cells["size"], y, cells["label"], marks, colours) | hover,
    ]


def _shares(frame: pd.DataFrame) -> dict[str, Any]:
    """The axis of the bars, with room for what is written at their ends."""
    most = max(float(frame["size"].max()), 0.01)
    return {"range": [0, most * 1.6], "showticklabels": False}


def _label(cell: dict[str, Any], measure: str, apart: bool) -> str:
    if not cell["n_turns"]:
        return f"silent, {cell['n_present']} present"
    value = cell[measure]
    if pd.isna(value):
        return "not timed"
    share = cell["share"]
    said = clock(int(value)) if measure == "talk_ms" else f"{int(value):,}"
    whole = " of all" if cell["facilitator"] and apart else ""
    return said if pd.isna(share) else f"{share:.0%}{whole} · {said}"


def _hover(cell: dict[str, Any], measure: str) -> str:
    lines = [f"<b>{escaped(cell['group'])}</b>, {escaped(cell['row'])}"]
    among, share = cell[f"among_{measure}"], cell[f"share_{measure}"]
    name = _NAMES[measure]
    if not pd.isna(among):
        lines.append(f"{among:.1%} of the participants’ {name}")
    if not pd.isna(share):
        lines.append(f"{share:.1%} of everybody’s {name}")
    lines.append(f"{plural(cell['n_turns'], 'turn')}, {plural(cell['n_words'], 'word')}")
    if pd.isna(cell["talk_ms"]):
        lines.append("not timed: no talk time")
    else:
        lines.append(
            f"{clock(int(cell['talk_ms']))} of talk, "
            f"{plural(int(cell['interruptions']), 'interruption')} made, "
            f"interrupted {plural(int(cell['interrupted']), 'time')}"
        )
    lines.append(f"{cell['n_heard']} heard, {cell['n_present']} took part")
    return "<br>".join(lines)
