"""The talk of studies, read once and again only when something about it changed."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parihs.compare.changes import only_codings_changed
from parihs.compare.denominators import Denominators, load_denominators, transcripts_in_use
from parihs.compare.heard import Talk, load_talk
from parihs.model import Event


@dataclass(slots=True)
class _Kept:
    seen: int
    """The last event that is known."""
    in_use: list[str]
    """The versions that are counted."""
    denominators: Denominators
    talk: Talk | None = None


@dataclass(slots=True)
class KeptTalk:
    """What codings are set against, for one database; coding leaves it as it is.

    Only a first or a last coding on a version matters, since it decides which version is in use.
    """

    _of: dict[str, _Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def denominators(self, session: Session, study_id: str) -> Denominators:
        """As ``load_denominators``."""
        with self._lock:
            return self._now(session, study_id).denominators

    def talk(self, session: Session, study_id: str) -> Talk:
        """As ``load_talk``."""
        with self._lock:
            kept = self._now(session, study_id)
            if kept.talk is None:
                kept.talk = load_talk(session, study_id, kept.denominators)
            return kept.talk

    def has_talk(self, study_id: str) -> bool:
        """Whether it was read before, so that getting it is quick."""
        kept = self._of.get(study_id)
        return kept is not None and kept.talk is not None

    def _now(self, session: Session, study_id: str) -> _Kept:
        # Read first: a change meanwhile is noticed next time.
        last = session.scalar(select(func.max(Event.seq))) or 0
        in_use = transcripts_in_use(session, study_id)["version_id"].tolist()
        kept = self._of.get(study_id)
        if kept and kept.in_use == in_use and only_codings_changed(session, kept.seen):
            kept.seen = last
        else:
            kept = _Kept(last, in_use, load_denominators(session, study_id))
            self._of[study_id] = kept
        return kept
