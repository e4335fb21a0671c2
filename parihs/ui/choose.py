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
    first = wanted if wanted in keys else keys[0]
    if key is None:
        return place.selectbox(
            label, keys, index=keys.index(first), format_func=lambda name: options[name], help=help
        )
    starting(key, _meant(key, options) or first, keys)
    _tell_new_words(key, options)
    return place.selectbox(
        label,
        keys,
        # As the default, too: what tells a box its value is lost where another run follows at
        # once, and a box that was told nothing stands at its default, and says so ever after.
        index=keys.index(st.session_state[key]),
        key=key,
        format_func=lambda name: options.get(name, name),
        help=help,
    )


def _meant(key: str, options: Mapping[str, str]) -> str | None:
    """The option that the browser means by words it was shown earlier.

    It names its choice in words. Where those hold a count that has changed meanwhile, Streamlit
    knows no such option and would start again at the first.
    """
    ever: dict[str, str] = st.session_state.setdefault(f"{key}:words", {})
    ever.update({words: name for name, words in options.items()})
    meant = ever.get(str(st.session_state.get(key)))
    return meant if meant in options else None


def _tell_new_words(key: str, options: Mapping[str, str]) -> None:
    """Have the browser show the words that its choice has now: of itself it keeps the old ones."""
    held = st.session_state[key]
    before, words = st.session_state.get(f"{key}:told", (None, ""))
    if before == held and words != options[held]:
        st.session_state[key] = held
    st.session_state[f"{key}:told"] = held, options[held]


def starting(key: str, value: Any, allowed: Collection[Any] | None = None) -> str:
    """Let the widget with this key start at ``value``, unless a person has set it; gives the key.

    A value that is no longer ``allowed`` starts again, too.
    """
    held = st.session_state.get(key)
    if key not in st.session_state or (allowed is not None and held not in allowed):
        st.session_state[key] = value
    return key
