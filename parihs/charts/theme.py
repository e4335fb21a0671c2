"""How figures look, in light and in dark: colours, type, and what every figure has in common."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from parihs.charts.tidy import escaped, plural, shortened

ENABLING: Final = "#2A7F8E"
CONSTRAINING: Final = "#C1543C"
FONT: Final = "Inter, 'Source Sans 3', 'Segoe UI', system-ui, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one mode."""

    paper: str
    ink: str
    quiet: str
    """Text that is read second: denominators, marks of empty cells."""
    line: str
    absent: str
    """Ground of cells that hold no number."""
    scale: tuple[str, str, str]
    """From little to much."""
    diverging: tuple[str, str, str, str, str]
    """From constraining over neither to enabling."""


LIGHT: Final = Theme(
    paper="#FFFFFF",
    ink="#1F2933",
    quiet="#6B7683",
    line="#E3E7EB",
    absent="#EEF0F2",
    scale=("#F3F6FA", "#BFD0E4", "#2F5487"),
    diverging=(CONSTRAINING, "#E6B8AD", "#F7F7F5", "#A9CDD3", ENABLING),
)
DARK: Final = Theme(
    paper="#15191B",
    ink="#E8ECF0",
    quiet="#93A0AD",
    line="#2A323B",
    absent="#1C2229",
    scale=("#1D242C", "#2F4869", "#8FB4E6"),
    diverging=("#DD7660", "#6B3A31", "#1D2329", "#24505A", "#4FB0C1"),
)

EMPTY: Final = {
    "not asked": ("–", "nobody was asked"),
    "not coded": ("○", "not coded yet"),
    "nothing said": ("·", "asked, nothing said"),
    "mixed": ("±", "mixed"),
    "unrated": ("?", "not rated"),
}
"""The mark of each state that is not a number, and what it means."""

_LABEL: Final = 34
"""Characters of a row name that are shown; the rest is in the hover text."""

CONFIG: Final[dict[str, Any]] = {"displayModeBar": False, "responsive": True, "scrollZoom": False}
"""For ``st.plotly_chart(config=…)`` and ``Figure.to_html(config=…)``: no tool clutter."""

AXIS: Final = {"fixedrange": True, "showgrid": False, "zeroline": False, "showline": False}
"""What all axes share."""


def theme(dark: bool) -> Theme:
    """The colours for light or dark pages."""
    return DARK if dark else LIGHT


def dress(colours: Theme, *, width: int, height: int) -> dict[str, Any]:
    """The layout that all figures share: type, ground and size (pixels)."""
    return {
        "template": "none",
        "width": width,
        "height": height,
        "paper_bgcolor": colours.paper,
        "plot_bgcolor": colours.paper,
        "font": {"family": FONT, "size": 13, "color": colours.ink},
        "hoverlabel": {
            "bgcolor": colours.paper,
            "bordercolor": colours.quiet,
            "font": {"family": FONT, "size": 13, "color": colours.ink},
            "align": "left",
        },
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": 60,
        "clickmode": "event+select",
        "showlegend": False,
    }


def dressed(figure: go.Figure, colours: Theme, *, width: int, height: int) -> go.Figure:
    """Give a figure the common type, ground and size (pixels), without grid lines or zooming."""
    figure.update_layout(dress(colours, width=width, height=height))
    figure.update_xaxes(AXIS)
    figure.update_yaxes(AXIS)
    return figure


def text_on(ground: str) -> str:
    """Nearly black or white text, whichever reads better on a ground."""
    return max(("#0B0F14", "#FFFFFF"), key=lambda ink: contrast(ground, ink))


def between(stops: tuple[str, ...], share: float) -> str:
    """The colour at ``share`` (0–1) of a scale of evenly spaced stops."""
    place = min(max(share, 0.0), 1.0) * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    pairs = zip(_channels(stops[low]), _channels(stops[low + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * (place - low)):02X}" for a, b in pairs)


def completed(caption: str, states: Collection[str]) -> str:
    """The caption with the meaning of the marks that occur."""
    found = [f"{mark} {meaning}" for state, (mark, meaning) in EMPTY.items() if state in states]
    return f"{caption} Marks: {'; '.join(found)}." if found else caption


def label_room(rows: Sequence[dict[str, Any]]) -> int:
    """Pixels that the row names need to the left of the plot."""
    longest = max((min(len(str(row["row"])), _LABEL) for row in rows), default=0)
    return 36 + max(80, round(7.6 * longest))


def row_label(row: dict[str, Any], colours: Theme) -> str:
    """A row's name over its denominator, or over its ``row_note`` where it has one."""
    note = row["row_note"] if "row_note" in row else plural(row["row_words"], "word")
    return two_lines(str(row["row"]), note, colours)


def two_lines(name: str, note: str, colours: Theme) -> str:
    """A name with a quiet note under it."""
    shown = escaped(shortened(name, _LABEL))
    if not note:
        return shown
    return f"{shown}<br><span style='font-size:11px;color:{colours.quiet}'>{escaped(note)}</span>"


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by the WCAG formula, 1–21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if (c := value / 255) <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for value in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
