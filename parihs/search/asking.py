"""What somebody looks for: words, “phrases”, beginnings*, and in which part of the study."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from parihs.search.folding import COMBINING, fold

_TERM: Final = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]?|([^\s\"“”„«»]+)")
_WORD: Final = re.compile(r"\w+\*?|\*")


@dataclass(frozen=True, slots=True)
class Asked:
    """Words and filters; None keeps everything.

    ``words``: all of them have to be said in one turn; “words in quotation marks” have to follow
    one another; ``implement*`` is whatever begins so. ``code_id`` keeps what lies inside an
    excerpt with that code, or one below it, that the viewer may see.
    """

    words: str
    site_ids: tuple[str, ...] | None = None
    workshop_ids: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None
    """Role bands of those who speak; an empty string is somebody without one."""
    code_id: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase, ready to be looked for in folded text."""

    literal: str
    """A part that every match has; a turn without it needs no closer look."""
    pattern: re.Pattern[str]
    with_accents: re.Pattern[str]
    """The same for text whose accents are code points of their own."""


def read_words(words: str) -> tuple[Term, ...]:
    """The terms of a query, each once; none where it holds no letter or digit."""
    found: dict[str, Term] = {}
    for phrase, word in _TERM.findall(fold(words)):
        # What is joined by more than a blank, such as don't or face-to-face, is a phrase too.
        parts = [part for part in _WORD.findall(phrase or word) if part != "*"]
        if parts:
            term = _term(parts)
            found[term.pattern.pattern] = term
    return tuple(found.values())


def _term(parts: list[str]) -> Term:
    plain, accented = [], []
    for part in parts:
        letters, rest = part.rstrip("*"), r"\w*" if part.endswith("*") else ""
        plain.append(re.escape(letters) + rest)
        marked = "".join(f"{re.escape(letter)}[{COMBINING}]*" for letter in letters)
        accented.append(marked + (rest and rf"[\w{COMBINING}]*"))
    return Term(
        literal=max((part.rstrip("*") for part in parts), key=len),
        pattern=_whole(plain),
        with_accents=_whole(accented),
    )


def _whole(parts: list[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"[\W_]+".join(parts) + r"(?!\w)")
