"""One colour per construct, the same everywhere, from the Okabe–Ito set; child codes are tints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from parihs.codebook.tree import CodeTree, Node

CONSTRUCTS: Final = {
    "innovation": "#0072B2",
    "recipients": "#E69F00",
    "context": "#009E73",
    "facilitation": "#CC79A7",
    "outcome": "#56B4E9",
    "outcomes": "#56B4E9",
}
"""Constructs that keep their colour in every codebook, chart and export."""

OTHERS: Final = (
    "#D55E00",
    "#F0E442",
    "#999999",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#0072B2",
    "#CC79A7",
)
"""For all other constructs in order: first the colours that no construct above has.

Grey stands where the set has black, which would vanish in dark mode.
"""

TINTS: Final = (0.12, 0.24, 0.36)
"""Share of white in a code's colour, by its place among its siblings."""

SHADE: Final = 0.3
"""Share of black added each time a codebook with many constructs goes through the set again."""

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


def is_colour(text: str) -> bool:
    """True for ``#RRGGBB``."""
    return _HEX.fullmatch(text) is not None


def mix(colour: str, other: str, share: float) -> str:
    """``colour`` with ``share`` (0–1) of ``other`` in it, as ``#RRGGBB``."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def code_colours(codes: Sequence[Node]) -> dict[str, str]:
    """The colour of every code by id, as ``#RRGGBB``.

    Depends only on ids and file order: a construct added at the end changes no other colour.
    A colour written in the codebook wins, and its children become tints of it.
    """
    tree = CodeTree(codes)
    chosen = {code.id: code.colour.upper() for code in codes if code.colour is not None}
    found = {key: chosen.get(key, colour) for key, colour in _constructs(tree.roots).items()}
    for key in tree.order:
        for place, child in enumerate(tree.children(key)):
            tint = mix(found[key], "#FFFFFF", TINTS[place % len(TINTS)])
            found[child] = chosen.get(child, tint)
    return found


def _constructs(roots: Sequence[str]) -> dict[str, str]:
    taken = {CONSTRUCTS[key] for key in roots if key in CONSTRUCTS}
    free = [colour for colour in OTHERS if colour not in taken]
    found: dict[str, str] = {}
    place = 0
    for key in roots:
        if key in CONSTRUCTS:
            found[key] = CONSTRUCTS[key]
            continue
        rounds, position = divmod(place, len(free))
        found[key] = mix(free[position], "#000000", min(0.8, SHADE * rounds))
        place += 1
    return found


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
