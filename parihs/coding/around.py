"""What is said around an excerpt, in whole words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from parihs.store.places import Place
from parihs.store.transcripts import stretches


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The talk on either side of an excerpt as it stands in its text; turns end with a line feed.

    ``first`` is the position of ``before``, in code points of the version's text; ``begun`` and
    ``goes_on`` say whether there was talk before ``before`` and after ``after``.
    """

    first: int
    before: str
    after: str
    begun: bool
    goes_on: bool


def neighbourhood(
    session: Session, version_id: str, start: int, end: int, reach: int
) -> Neighbourhood:
    """Whole words before and after ``[start, end)``, ``reach`` code points at most on either side.

    A word that fills the reach alone is cut.
    """
    return _neighbourhoods(session, [(version_id, start, end)], reach)[0]


def around(session: Session, places: Sequence[Place], reach: int) -> list[tuple[str, str]]:
    """What is said before and after each of the places, as it is shown, with one query for many.

    “…” stands where more was said, a stroke where somebody else speaks.
    """
    shown = []
    for near in _neighbourhoods(session, places, reach):
        before = "… " + near.before.lstrip() if near.begun else near.before
        after = near.after.rstrip() + " …" if near.goes_on else near.after
        shown.append((before.replace("\n", " / "), after.replace("\n", " / ")))
    return shown


def _neighbourhoods(session: Session, places: Sequence[Place], reach: int) -> list[Neighbourhood]:
    # One more than is shown tells whether there is more, and whether a word would be cut.
    sides = [(version, max(0, start - reach - 1), start) for version, start, _ in places]
    sides += [(version, end, end + reach + 1) for version, _, end in places]
    read = stretches(session, sides)
    found = []
    for (_, start, _), before, after in zip(
        places, read[: len(places)], read[len(places) :], strict=True
    ):
        begun, goes_on = len(before) > reach, len(after) > reach
        words_before = _last_words(before) if begun else before
        words_after = _first_words(after) if goes_on else after
        first = start - len(words_before)
        found.append(Neighbourhood(first, words_before, words_after, begun, goes_on))
    return found


def _last_words(text: str) -> str:
    if text[0].isspace() or text[1:2].isspace():
        return text[1:].lstrip()
    _, *rest = text.split(None, 1)
    return rest[0] if rest else text[1:]


def _first_words(text: str) -> str:
    if text[-1].isspace() or text[-2:-1].isspace():
        return text[:-1].rstrip()
    some, *rest = text.rsplit(None, 1)
    return some if rest else text[:-1]
