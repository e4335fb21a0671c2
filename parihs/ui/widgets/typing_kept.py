"""What is typed reaches the server while it is typed, not only when its field is left."""

from __future__ import annotations

import streamlit as st


def typing_kept() -> None:
    """From now on, the text fields of this page hand over their text a moment after the last key.

    Streamlit does so only when somebody leaves a field, so a reload would lose a paragraph. To be
    called once on a page.
    """
    mount = st.components.v2.component(
        "parihs.typing_kept", js="typing_kept.js", isolate_styles=False
    )
    mount(key="typing-kept")
