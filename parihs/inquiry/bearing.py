"""The excerpts a text rests on: whether they belong to the study, and whether they still stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.settled import load_decisions
from parihs.errors import ParihsError
from parihs.model import Coding, TranscriptVersion

_AT_ONCE: Final = 300
_STRETCH: Final = re.compile(r"([^.]+)\.([^.]+)\.(\d+)-(\d+)")


class Stretch(NamedTuple):
    """What the id of a consensus stretch says; positions in code points."""

    version_id: str
    code_id: str
    start: int
    end: int

    def meets(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` shares text with it."""
        return start < self.end and end > self.start


def stretch_of(excerpt_id: str) -> Stretch | None:
    """The stretch that an excerpt id names; None for the id of a coding."""
    found = _STRETCH.fullmatch(excerpt_id)
    return found and Stretch(found[1], found[2], int(found[3]), int(found[4]))


def standing(session: Session, excerpt_ids: Iterable[str], study_id: str) -> set[str]:
    """Those of the excerpts that are in the study and still coded.

    A coding stands until it is taken back; a consensus stretch while some coding with its code, or
    what a settlement in force put in place of codings, shares text with it.
    """
    wanted = set(excerpt_ids)
    stretches: dict[tuple[str, str], dict[str, Stretch]] = defaultdict(dict)
    for key in wanted:
        if (named := stretch_of(key)) is not None:
            stretches[named.version_id, named.code_id][key] = named
    stand: set[str] = set()
    for ids in batches(wanted):
        query = select(Coding.id).where(
            Coding.id.in_(ids), Coding.study_id == study_id, Coding.uncoded.is_(False)
        )
        stand.update(session.scalars(query))
    for version_id, code_id, start, end in _coded(session, study_id, stretches):
        named_here = stretches.get((version_id, code_id), {})
        stand.update(key for key, stretch in named_here.items() if stretch.meets(start, end))
    return stand


def _coded(
    session: Session, study_id: str, places: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str, int, int]]:
    """``version_id, code_id, start, end`` of all that holds in some versions for some codes."""
    versions = {version_id for version_id, _ in places}
    codes = {code_id for _, code_id in places}
    if not versions:
        return
    transcripts: set[str] = set()
    for batch in batches(versions):
        query = select(TranscriptVersion.transcript_id).where(TranscriptVersion.id.in_(batch))
        transcripts.update(session.scalars(query))
    decided = load_decisions(session, study_id, transcript_ids=transcripts)
    for result in decided.results:
        yield result.version_id, result.code_id, result.start, result.end
    for batch in batches(versions):
        rows = session.execute(
            select(Coding.id, Coding.version_id, Coding.code_id, Coding.start, Coding.end).where(
                Coding.version_id.in_(batch),
                Coding.code_id.in_(codes),
                Coding.study_id == study_id,
                Coding.uncoded.is_(False),
            )
        )
        for coding_id, version_id, code_id, start, end in rows:
            if coding_id not in decided.covered:
                yield version_id, code_id, start, end


def borne_by(
    session: Session, study_id: str, excerpt_ids: Iterable[str], before: Iterable[str] = ()
) -> list[str]:
    """Excerpt ids in order, each once, ready to be kept with a text.

    Those kept ``before`` may stay although their coding was taken back since: that is for the
    writer to see and decide. Raises ParihsError when a new one does not stand in the study.
    """
    ids = list(dict.fromkeys(excerpt_ids))
    new = set(ids) - set(before)
    lost = new - standing(session, new, study_id)
    if lost:
        n = len(lost)
        raise ParihsError(
            f"{n} of the excerpts {'is' if n == 1 else 'are'} not in this study or"
            f" {'was' if n == 1 else 'were'} taken back, so nothing was saved.",
            "Reload the excerpts and choose again.",
        )
    return ids


def batches(things: Iterable[str]) -> Iterator[list[str]]:
    """Some of the things at a time, as many as one query may name."""
    listed = sorted(things)
    for first in range(0, len(listed), _AT_ONCE):
        yield listed[first : first + _AT_ONCE]
