"""Where a coding stands: positions in a version's text, with the quote that proves them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import TranscriptVersion
from parihs.store.transcripts import stretch

CONTEXT = 32
"""Code points of prefix and suffix kept with each quote, as in W3C text quote selectors."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """``[start, end)`` in code points of a version's text, with the text there and around it."""

    start: int
    end: int
    quote: str
    prefix: str
    suffix: str


def anchor(session: Session, version: TranscriptVersion, start: int, end: int) -> Anchor:
    """Anchor a stretch of a version.

    Raises ParihsError when the stretch is empty or outside the text.
    """
    if not 0 <= start < end <= version.n_chars:
        raise ParihsError(
            "This excerpt lies outside the transcript, so it was not coded.",
            "Select the words again; reload the page if it happens twice.",
        )
    before = max(0, start - CONTEXT)
    text = stretch(session, version.id, before, min(version.n_chars, end + CONTEXT))
    inner = start - before
    quote = text[inner : inner + end - start]
    if not quote.strip():
        raise ParihsError("This excerpt holds no words, so it was not coded.", "Select words.")
    return Anchor(start, end, quote, text[:inner], text[inner + end - start :])
