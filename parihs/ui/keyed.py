"""A select box that keeps its choice by its key.

Without a key, Streamlit takes a select box whose preselected option has changed for a new one, and
the next choice made in it is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streamlit.delta_generator import DeltaGenerator


def keyed_choice(
    place: DeltaGenerator,
    label: str,
    options: Mapping[str, str],
    *,
    key: str,
    wanted: Any = None,
    help: str | None = None,
) -> str:
    """A select box over ``options`` (key → words); starts at ``wanted`` where that is one."""
    keys = list(options)
    index = keys.index(wanted) if wanted in keys else 0
    return place.selectbox(
        label, keys, index=index, format_func=lambda name: options[name], help=help, key=key
    )
