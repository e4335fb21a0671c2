"""Uploading recordings of any size without holding them in memory."""

from __future__ import annotations

import streamlit as st

ACCEPTED = ".wav,.mp3,.m4a,.aac,.flac,.ogg,.oga,.opus,.mp4,.mov,.mkv,.webm,audio/*,video/*"


def uploader(token: str, *, key: str) -> int:
    """Show the drop zone and return how many files this page has sent so far."""
    mount = st.components.v2.component(
        "parihs.uploader", js="uploader.js", css="uploader.css", isolate_styles=False
    )
    result = mount(
        data={
            "token": token,
            "accept": ACCEPTED,
            "label": "Choose recordings, or drop them here",
            "hint": "wav, mp3, m4a, flac, ogg, opus, mp4, mov, mkv, webm. Any length; several at "
            "once. They stay on this computer.",
        },
        key=key,
        on_received_change=lambda: None,
    )
    return int(result.received or 0)
