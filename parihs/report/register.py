"""Every excerpt that a report speaks of, numbered once in the order of the study."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from parihs.compare.passages import Passage, passages
from parihs.model.terms import VALENCES
from parihs.report.contents import Excerpt
from parihs.report.words import clock, day


class Register:
    """Labels for excerpt ids: ``E1``, ``E2`` … by site, workshop and position.

    Ids that were taken back, or that ``viewer_id`` may not see, have no label. Excerpts of the
    very same stretch share one.
    """

    def __init__(self, session: Session, ids: Iterable[str], viewer_id: str | None) -> None:
        # Sorted, so that nothing of the answer depends on the order of a set.
        self.passages = passages(session, sorted(set(ids)), viewer_id=viewer_id)
        self.excerpts = tuple(
            _excerpt(f"E{number}", passage) for number, passage in enumerate(self.passages, start=1)
        )
        self._label = {key: e.label for e in self.excerpts for key in e.ids}
        self._passage = {key: p for p in self.passages for key in p.excerpt_ids}

    def labels(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The labels of some ids in order of the study, each once."""
        found = {self._label[key] for key in ids if key in self._label}
        return tuple(sorted(found, key=lambda label: int(label[1:])))

    def label(self, excerpt_id: str) -> str:
        """The label of one id; empty where it has none."""
        return self._label.get(excerpt_id, "")

    def passage(self, excerpt_id: str) -> Passage | None:
        """The passage behind one id, if it may be seen."""
        return self._passage.get(excerpt_id)


def attribution(passage: Passage) -> str:
    """Who says it and where: ``Femi, doctor · Harrowdale General Hospital``."""
    return f"{'; '.join(passage.speakers)} · {passage.site}"


def _excerpt(label: str, passage: Passage) -> Excerpt:
    return Excerpt(
        label=label,
        ids=tuple(sorted(passage.excerpt_ids)),
        quote=passage.quote,
        speakers="; ".join(passage.speakers),
        site=passage.site,
        workshop=passage.workshop,
        held_on=day(passage.held_on) if passage.held_on else "",
        at=clock(passage.start_ms),
        codes=tuple(sorted(passage.codes)),
        valence=VALENCES[passage.valence],
        coders=tuple(sorted(passage.coders)),
        memos=tuple(sorted(f"{coder}: {memo}" for coder, memo in passage.memos)),
    )
