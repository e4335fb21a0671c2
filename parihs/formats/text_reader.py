"""The shape of a module that reads one format of text."""

from __future__ import annotations

from typing import Protocol

from parihs.model import ParsedTranscript


class TextReader(Protocol):
    """What such a module offers; modules satisfy it without declaring anything."""

    NAME: str
    LABEL: str
    EXTENSIONS: tuple[str, ...]

    def looks_like(self, text: str) -> bool:
        """Say whether the text is in this format."""

    def parse(self, text: str) -> ParsedTranscript:
        """Read the text."""
