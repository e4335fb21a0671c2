"""The excerpts a text rests on: whether they belong to the study, and whether they still stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import Coding

_AT_ONCE: Final = 300
_STRETCH: Final = re.compile(r"([^.]+)\.([^.]+)\.(\d+)-(\d+)")


def standing(session: Session, excerpt_ids: Iterable[str], study_id: str) -> set[str]:
    """Those of the excerpts that are in the study and have a coding that was not taken back."""
    wanted = set(excerpt_ids)
    stretches: dict[tuple[str, str], list[tuple[str, int, int]]] = defaultdict(list)
    for key in wanted:
        if found := _STRETCH.fullmatch(key):
            stretches[found[1], found[2]].append((key, int(found[3]), int(found[4])))
    in_study = (Coding.study_id == study_id, Coding.uncoded.is_(False))
    stand: set[str] = set()
    for ids in _batches(wanted):
        stand.update(session.scalars(select(Coding.id).where(Coding.id.in_(ids), *in_study)))
    for versions in _batches({version_id for version_id, _ in stretches}):
        query = select(Coding.version_id, Coding.code_id, Coding.start, Coding.end).where(
            Coding.version_id.in_(versions),
            Coding.code_id.in_({code_id for _, code_id in stretches}),
            *in_study,
        )
        for version_id, code_id, start, end in session.execute(query):
            for key, first, last in stretches.get((version_id, code_id), ()):
                if start < last and end > first:
                    stand.add(key)
    return stand


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


def _batches(things: Iterable[str]) -> Iterator[list[str]]:
    listed = sorted(things)
    for first in range(0, len(listed), _AT_ONCE):
        yield listed[first : first + _AT_ONCE]
