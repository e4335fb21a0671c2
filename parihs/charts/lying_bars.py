"""Bars that lie, hatched where facilitators speak, with words at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from parihs.charts.theme import Theme

THICK: Final = 0.56
"""Of the room of a row."""


def lying_bars(
    sizes: pd.Series,
    rows: pd.Series,
    colour: Sequence[str],
    hatched: Sequence[bool],
    hover: pd.Series,
    marks: list[list[str]],
    colours: Theme,
) -> dict[str, Any]:
    """Plotly's trace of the bars: how long each is, and on which row."""
    return {
        "type": "bar",
        "x": sizes,
        "y": rows,
        "orientation": "h",
        "width": THICK,
        "marker": {
            "color": list(colour),
            "line": {"width": 0},
            "pattern": {
                "shape": ["/" if one else "" for one in hatched],
                "size": 6,
                "solidity": 0.25,
                "bgcolor": list(colour),
                "fgcolor": colours.paper,
            },
        },
        "customdata": marks,
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "unselected": {"marker": {"opacity": 0.45}},
    }


def words_at_ends(
    ends: pd.Series,
    rows: pd.Series,
    words: pd.Series,
    marks: list[list[str]],
    colours: Theme,
) -> dict[str, Any]:
    """Plotly's trace of what is written where bars end."""
    return {
        "type": "scatter",
        "x": ends,
        "y": rows,
        "mode": "text",
        "text": [f" {each}" for each in words],
        "textposition": "middle right",
        "textfont": {"size": 12, "color": colours.ink},
        "customdata": marks,
        "selected": {"textfont": {"color": colours.ink}},
        "cliponaxis": False,
    }
