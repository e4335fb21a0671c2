"""Plain bars in panels: how much of the framework is used, and who spoke how much."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.lying_bars import THICK, lying_bars, words_at_ends
from parihs.charts.panels import panels
from parihs.charts.theme import Theme, label_room, theme, two_lines
from parihs.charts.tidy import clock, escaped, plural, records

_ROW = 36


def coverage_bars(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 980
) -> tuple[go.Figure, str]:
    """Draw ``parihs.compare.coverage(…).frame``: a panel per construct, a bar per row.

    The pale track is all codes of the construct; the bar those used. ``customdata`` is
    ``[row_id, column_id]``.
    """
    colours = theme(dark)
    drawn = frame.assign(
        size=frame["share"],
        track=1.0,
        label=[f"{u}/{n}" for u, n in zip(frame["n_used"], frame["n_codes"], strict=True)],
        hover=[_coverage_hover(cell) for cell in records(frame)],
        note=[plural(words, "word") for words in frame["row_words"]],
    )
    never = _never_used(frame)
    figure = _bars(drawn, colours, width)
    return figure, f"{caption} {never}" if never else caption


def participation_bars(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 980
) -> tuple[go.Figure, str]:
    """Draw ``parihs.compare.participation(…).frame``: a panel per site, a bar per role or speaker.

    Bars are shares of the words spoken at the site; facilitators are hatched. ``customdata`` is
    ``[row_id, column_id]``: site and group.
    """
    colours = theme(dark)
    groups = frame.groupby("column_id", sort=False)["n_words"].sum().sort_values(ascending=False)
    ordered = frame.assign(
        order=frame["column_id"].map({key: n for n, key in enumerate(groups.index)})
    )
    ordered = ordered.sort_values("order", kind="stable")
    drawn = ordered.assign(
        row_id=ordered["column_id"],
        row=ordered["column"],
        column_id=ordered["row_id"],
        column=ordered["row"],
        size=ordered["share"],
        track=float("nan"),
        label=[f"{share:.0%}" for share in ordered["share"]],
        hover=[_talk_hover(cell) for cell in records(ordered)],
        note=[plural(int(groups[key]), "word") for key in ordered["column_id"]],
        colour=colours.scale[2],
    )
    panel_order = {site: n for n, site in enumerate(frame["row_id"].drop_duplicates())}
    figure = _bars(drawn, colours, width, turned=True, order=panel_order)
    hatched = " Hatched: facilitators." if frame["facilitator"].any() else ""
    return figure, caption + hatched


def _bars(
    frame: pd.DataFrame,
    colours: Theme,
    width: int,
    *,
    turned: bool = False,
    order: dict[str, int] | None = None,
) -> go.Figure:
    rows = records(frame, "row_id")
    columns = records(frame, "column_id")
    if order:
        columns.sort(key=lambda column: order[column["column_id"]])
    down = {row["row_id"]: place for place, row in enumerate(rows)}
    made = panels(
        len(columns),
        colours,
        width=width,
        height=max(1, len(rows)) * _ROW,
        left=label_room(rows),
        size=(112, 220),
    )
    most = max(float(frame["size"].max()), float(frame["track"].max(skipna=True) or 0), 0.01)
    for place, column in enumerate(columns):
        cells = frame[frame["column_id"] == column["column_id"]]
        y = cells["row_id"].map(down)
        if cells["track"].notna().any():
            track = {"color": colours.absent, "line": {"width": 0}}
            made.add(
                place,
                {
                    "type": "bar",
                    "x": cells["track"],
                    "y": y,
                    "orientation": "h",
                    "width": THICK,
                    "marker": track,
                    "hoverinfo": "skip",
                    "customdata": _marks(cells, turned),
                    "unselected": {"marker": {"opacity": 1}},
                },
            )
        marks = _marks(cells, turned)
        bars = lying_bars(
            cells["size"],
            y,
            cells["colour"].tolist(),
            _facilitators(cells),
            cells["hover"],
            marks,
            colours,
        )
        ends = cells["track"].fillna(cells["size"])
        labels = words_at_ends(ends, y, cells["label"], marks, colours) | {"hoverinfo": "skip"}
        made.add(place, bars, labels)
        made.head(place, str(column["column"]), colours, None if turned else column["colour"])
    return made.finished(
        {"range": [0, most * 1.34], "showticklabels": False},
        {
            "range": [len(rows) - 0.5, -0.5],
            "tickvals": list(range(len(rows))),
            "ticktext": [two_lines(str(row["row"]), str(row["note"]), colours) for row in rows],
            "ticklen": 8,
            "tickcolor": colours.paper,
        },
        barmode="overlay",
    )


def _marks(cells: pd.DataFrame, turned: bool) -> list[list[str]]:
    names = ["column_id", "row_id"] if turned else ["row_id", "column_id"]
    marks: list[list[str]] = cells[names].to_numpy().tolist()
    return marks


def _facilitators(cells: pd.DataFrame) -> list[bool]:
    return cells["facilitator"].tolist() if "facilitator" in cells else [False] * len(cells)


def _coverage_hover(cell: dict[str, Any]) -> str:
    unused = [name for name in str(cell["unused"]).split("; ") if name]
    shown = "<br>  ".join(escaped(name) for name in unused[:12])
    more = f"<br>  and {len(unused) - 12} more" if len(unused) > 12 else ""
    head = f"<b>{cell['n_used']} of {plural(cell['n_codes'], 'code')} used</b><br>"
    where = f"{escaped(cell['row'])} · {escaped(cell['column'])}"
    return head + where + (f"<br>Not used:<br>  {shown}{more}" if unused else "")


def _talk_hover(cell: dict[str, Any]) -> str:
    parts = [plural(cell["n_words"], "word"), plural(cell["n_turns"], "turn")]
    if cell["talk_ms"]:
        parts.append(f"{clock(cell['talk_ms'])} of talk")
    return (
        f"<b>{cell['share']:.1%} of the words</b><br>{', '.join(parts)}<br>"
        f"{escaped(cell['row'])} · {escaped(cell['column'])}, {plural(cell['n_speakers'], 'voice')}"
    )


def _never_used(frame: pd.DataFrame) -> str:
    """Codes that no row uses, as a sentence; at most a dozen are named."""
    kept: list[str] = []
    for _, cells in frame.groupby("column_id", sort=False):
        lists = [set(str(unused).split("; ")) for unused in cells["unused"]]
        never = set.intersection(*lists) - {""}
        kept += [name for name in str(cells["unused"].iloc[0]).split("; ") if name in never]
    if not kept:
        return ""
    more = f" and {len(kept) - 12} more" if len(kept) > 12 else ""
    return f"Used nowhere: {', '.join(kept[:12])}{more}."
