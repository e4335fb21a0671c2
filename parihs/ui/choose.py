"""One choice among named options, with the one made last time already chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def choose(
    place: DeltaGenerator,
    label: str,
    options: Mapping[str, str],
    *,
    wanted: Any = None,
    help: str | None = None,
    key: str | None = None,
) -> str:
    """A select box over ``options`` (key → words); starts at ``wanted`` where that is one.

    Give a ``key`` where ``wanted`` is what was chosen last: without one, a box that starts anew at
    each choice forgets every second. The key is this page's alone: Streamlit starts a widget of
    another page with the same key at its first value.
    """
    keys = list(options)
    if key is not None:
        first = wanted if wanted in keys else keys[0]
        starting(key, first, keys)
        return place.selectbox(
            label, keys, key=key, format_func=lambda name: options.get(name, name), help=help
        )
    index = keys.index(wanted) if wanted in keys else 0
    return place.selectbox(
        label, keys, index=index, format_func=lambda key: options[key], help=help
    )


def starting(key: str, value: Any, allowed: Collection[Any] | None = None) -> str:
    """Let the widget with this key start at ``value``, unless a person has set it; gives the key.

    A value that is no longer ``allowed`` starts again, too.
    """
    held = st.session_state.get(key)
    if key not in st.session_state or (allowed is not None and held not in allowed):
        st.session_state[key] = value
    return key
