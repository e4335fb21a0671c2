"""Choices as an earlier visit would have left them."""

from __future__ import annotations

from pathlib import Path

from parihs.home import Home
from parihs.ui.state import choices_file


def choices_of(home: Home, browser: str = "") -> Path:
    """The file of a browser's choices, its folder made; without a number, of one without cookies,
    as pages are that are run without a browser."""
    file = choices_file(home, browser)
    file.parent.mkdir(parents=True, exist_ok=True)
    return file
