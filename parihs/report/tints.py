"""Grounds of table cells: pale enough to print, the same hues as the figures."""

from __future__ import annotations

from typing import Final

MUCH: Final = "#7FA8D6"
ENABLING: Final = "#7DB8C3"
CONSTRAINING: Final = "#DFA091"
WHITE: Final = "#FFFFFF"


def ground(tint: float, *, signed: bool) -> str:
    """The ground for a tint (see ``Cell.tint``); white for 0."""
    colour = MUCH if not signed else ENABLING if tint > 0 else CONSTRAINING
    share = min(1.0, abs(tint))
    pairs = zip(_channels(WHITE), _channels(colour), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
