"""What a study tells the recogniser beforehand: words to expect, languages of recordings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from parihs.model import Recording, Study
from parihs.store.store import Transaction

VOCABULARY = "vocabulary"
"""Name of the study's setting that holds the words."""


def vocabulary(session: Session, study_id: str) -> Sequence[str]:
    """The team's own list of words to expect, most important first."""
    kept = session.get_one(Study, study_id).settings.get(VOCABULARY, [])
    return [word for word in kept if isinstance(word, str)]


def set_vocabulary(tx: Transaction, study_id: str, words: Iterable[str]) -> None:
    """Keep the words to expect, each once and in this order; nothing happens if they are the same.

    The event says how many there are and not which: they may be names.
    """
    wanted = list(dict.fromkeys(word for w in words if (word := " ".join(w.split()))))
    study = tx.session.get_one(Study, study_id)
    if wanted == study.settings.get(VOCABULARY, []):
        return
    study.settings = {**study.settings, VOCABULARY: wanted}
    tx.record(study_id, "changed", "vocabulary", study_id, {"words": len(wanted)})


def set_language(tx: Transaction, recording_id: str, language: str | None) -> None:
    """Say which language a recording is in, as a two-letter code; None leaves it open."""
    recording = tx.session.get_one(Recording, recording_id)
    if recording.language == language:
        return
    recording.language = language
    tx.record(recording.study_id, "changed", "recording", recording_id, {"language": language})
