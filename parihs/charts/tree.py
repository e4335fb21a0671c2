"""The code tree from left to right, each code as high as it has excerpts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from parihs.charts.theme import dressed, text_on, theme
from parihs.charts.tidy import escaped, plural, records, shortened

_HEIGHT, _TOP = 860, 12
_LEGIBLE = 13
"""Pixels a code needs for its name."""


def tree_icicle(
    frame: pd.DataFrame, caption: str, *, dark: bool = False, width: int = 980
) -> tuple[go.Figure, str]:
    """Draw ``parihs.compare.code_tree(…).frame``: constructs left, their codes to the right.

    The height of a code is its excerpts with those below it; what has nothing beside it to the
    right was given to the broader code itself. Codes without excerpts are counted in the caption.
    ``customdata`` is ``[row_id]``.
    """
    colours = theme(dark)
    codes = [code for code in records(frame) if code["total"]]
    whole = sum(code["total"] for code in codes if code["depth"] == 0) or 1
    deepest = max((code["depth"] for code in codes), default=0)
    pixel = _HEIGHT / whole
    top = _tops(codes)
    column = (width - 16) / (deepest + 1)
    figure = go.Figure(
        go.Bar(
            x=[code["depth"] + 0.5 for code in codes],
            y=[code["total"] for code in codes],
            base=[top[code["row_id"]] for code in codes],
            width=0.995,
            marker={
                "color": [code["colour"] for code in codes],
                "line": {"width": 1.2, "color": colours.paper},
                "opacity": 1,
            },
            text=[_text(code, pixel, column) for code in codes],
            textposition="inside",
            insidetextanchor="middle",
            insidetextfont={"color": [text_on(code["colour"]) for code in codes], "size": 12},
            textangle=0,
            constraintext="none",
            customdata=[[code["row_id"]] for code in codes],
            hovertext=[_hover(code) for code in codes],
            hovertemplate="%{hovertext}<extra></extra>",
            unselected={"marker": {"opacity": 0.55}},
        )
    )
    dressed(figure, colours, width=width, height=_HEIGHT + 2 * _TOP)
    figure.update_layout(barmode="overlay", margin={"l": 8, "r": 8, "t": _TOP, "b": _TOP}, bargap=0)
    figure.update_xaxes(visible=False, range=[0, deepest + 1])
    figure.update_yaxes(visible=False, range=[whole, 0])
    empty = sum(1 for code in records(frame) if not code["total"])
    if empty:
        caption = f"{caption} {plural(empty, 'code')} without excerpts not drawn."
    return figure, caption


def _tops(codes: list[dict[str, Any]]) -> dict[str, int]:
    """Where each code begins, from above; codes come parents first, in the order of the book."""
    next_free: dict[str, int] = {}
    found: dict[str, int] = {}
    for code in codes:
        parent = code["parent_id"]
        start = next_free.get(parent, found.get(parent, 0))
        found[code["row_id"]] = start
        next_free[parent] = start + code["total"]
    return found


def _text(code: dict[str, Any], pixel: float, column: float) -> str:
    if code["total"] * pixel < _LEGIBLE:
        return ""
    number = f"  {code['total']:,}"
    return escaped(shortened(code["row"], int(column / 6.6) - len(number))) + number


def _hover(code: dict[str, Any]) -> str:
    own = f", {code['own']:,} with this very code" if code["own"] != code["total"] else ""
    return f"<b>{plural(code['total'], 'excerpt')}</b>{own}<br>{escaped(code['path'])}"
