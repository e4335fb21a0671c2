"""What a finished journal comes to: the transcript, and the voices in it."""

from __future__ import annotations

from parihs.model import ParsedTranscript
from parihs.transcribe.assemble import assemble
from parihs.transcribe.journal import Journal
from parihs.transcribe.languages import Found
from parihs.transcribe.settings import TranscriptionSettings


def transcript(journal: Journal, settings: TranscriptionSettings) -> ParsedTranscript:
    """The transcript that a finished journal holds, with everything that decided how it came out.

    Provenance names what was really used (device, number format, language heard), not what was
    asked for; the study's vocabulary is only counted, for it may name people.
    """
    notes, settings = journal.notes(), journal.settings() or settings
    recognised, aligned = journal.recognised(), journal.aligned()
    chosen = [aligned.get(index, recognised[index]) for index in sorted(recognised)]
    language = spoken_language(journal, settings)
    provenance = {
        **notes.get("about", {}),
        "speakers": notes.get("speakers", "not told apart"),
        "language": language,
        "language_from": _language_from(journal, settings),
        "chunk_seconds": str(settings.chunk_seconds),
        "beam": str(settings.beam),
        "vocabulary": f"{len(settings.vocabulary)} words",
    }
    return assemble(
        [said for said in chosen if said.text],
        journal.voices() or [],
        language=language,
        warnings=journal.warnings(),
        provenance=provenance,
    )


def spoken_language(journal: Journal, settings: TranscriptionSettings) -> str:
    """Code of the language given, or else heard; English where there was nothing to hear."""
    if settings.language is not None:
        return settings.language
    return str(journal.notes().get("language", {}).get("code", "en"))


def _language_from(journal: Journal, settings: TranscriptionSettings) -> str:
    if settings.language is not None:
        return "given"
    if "language" not in journal.notes():
        return "nothing to hear"
    found = Found.from_dict(journal.notes()["language"])
    return f"heard in {found.agree} of {found.places} places, {found.sure:.0%} sure"
