"""One choice among named options, with the one made last time already chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streamlit.delta_generator import DeltaGenerator


def choose(
    place: DeltaGenerator,
    label: str,
    options: Mapping[str, str],
    *,
    wanted: Any = None,
    help: str | None = None,
) -> str:
    """A select box over ``options`` (key → words); starts at ``wanted`` where that is one."""
    keys = list(options)
    index = keys.index(wanted) if wanted in keys else 0
    return place.selectbox(
        label, keys, index=index, format_func=lambda key: options[key], help=help
    )
