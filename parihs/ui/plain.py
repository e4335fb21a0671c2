"""Words of the study shown as they are, never as Markdown: they must not fetch a picture."""

from __future__ import annotations

import re
import string

_SPECIAL = re.compile(f"([{re.escape(string.punctuation)}])")


def plain(text: str) -> str:
    """Text for a Markdown place, with every mark of Markdown and of Streamlit's own escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
