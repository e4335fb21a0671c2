"""What is said around an excerpt, in whole words."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from parihs.store.transcripts import stretch


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
    # One more than is shown tells whether there is more, and whether a word would be cut.
    before = stretch(session, version_id, max(0, start - reach - 1), start)
    after = stretch(session, version_id, end, end + reach + 1)
    begun, goes_on = len(before) > reach, len(after) > reach
    if begun:
        before = _last_words(before)
    if goes_on:
        after = _first_words(after)
    return Neighbourhood(start - len(before), before, after, begun, goes_on)


def around(session: Session, version_id: str, start: int, end: int, reach: int) -> tuple[str, str]:
    """The same as it is shown: “…” where more was said, a stroke where somebody else speaks."""
    near = neighbourhood(session, version_id, start, end, reach)
    before = "… " + near.before.lstrip() if near.begun else near.before
    after = near.after.rstrip() + " …" if near.goes_on else near.after
    return before.replace("\n", " / "), after.replace("\n", " / ")


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
