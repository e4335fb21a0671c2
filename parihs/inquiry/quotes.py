"""Quotes inside a claim: ``[[excerpt:ID]]`` stands for the words, who said them, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from parihs.compare.passages import Passage

_MARKER: Final = re.compile(r"\[\[excerpt:([^\[\]\s]+)\]\]")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a claim: plain ``text``, or a quote."""

    text: str
    """The words of the claim, or of the quote (one line per speaker); of a quote that is gone, a
    sentence that says so."""
    excerpt_id: str | None = None
    """None for the claim's own words."""
    passage: Passage | None = None
    """The passage behind a quote, to be opened and heard; None for text and for lost quotes."""

    @property
    def kind(self) -> str:
        """``text``, ``quote`` or ``lost``."""
        if self.excerpt_id is None:
            return "text"
        return "lost" if self.passage is None else "quote"

    @property
    def attribution(self) -> str:
        """Who says it and where: ``Kim, doctor · North``; empty where it is no quote."""
        if self.passage is None:
            return ""
        return f"{'; '.join(self.passage.speakers)} · {self.passage.site}"


def marker(excerpt_id: str) -> str:
    """What to put into a claim where an excerpt shall be quoted."""
    return f"[[excerpt:{excerpt_id}]]"


def quoted(claim: str) -> tuple[str, ...]:
    """Ids of the excerpts a claim quotes, each once, in order."""
    return tuple(dict.fromkeys(_MARKER.findall(claim)))


def render(claim: str, passages: Iterable[Passage]) -> list[Part]:
    """A claim as text and quotes in order; nothing of it is left out.

    ``passages`` are those behind ``quoted(claim)``, as the reader may see them; a quote without one
    was taken back or may not be seen, and its part says so.
    """
    known = {key: passage for passage in passages for key in passage.excerpt_ids}
    parts: list[Part] = []
    done = 0
    for found in _MARKER.finditer(claim):
        if found.start() > done:
            parts.append(Part(claim[done : found.start()]))
        parts.append(_quote(found[1], known.get(found[1])))
        done = found.end()
    if done < len(claim):
        parts.append(Part(claim[done:]))
    return parts


def _quote(excerpt_id: str, passage: Passage | None) -> Part:
    if passage is None:
        return Part("This excerpt is no longer coded, or still coded blind.", excerpt_id)
    return Part(passage.quote, excerpt_id, passage)
