"""Transcripts of a study as files: for other programs, for a colleague, for the archive."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.formats import Writer, merge_turns
from parihs.model import (
    ParsedTranscript,
    ParsedTurn,
    ParsedWord,
    Transcript,
    TranscriptVersion,
    Workshop,
)
from parihs.store.transcripts import latest_version, transcripts, turns

_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


def find_transcript(session: Session, study_id: str, wanted: str) -> Transcript:
    """The transcript with this id or title, or the only one of the workshop with this key.

    Raises ParihsError naming what there is.
    """
    known = transcripts(session, study_id)
    keys = {w.id: w.key for w in session.scalars(select(Workshop).filter_by(study_id=study_id))}
    for fits in (
        [t for t in known if t.id == wanted],
        [t for t in known if keys[t.workshop_id] == wanted],
        [t for t in known if t.title.casefold() == wanted.casefold()],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise ParihsError(
                f"“{wanted}” has {len(fits)} transcripts.",
                f"Give the id of one: {', '.join(t.id for t in fits)}.",
            )
    raise ParihsError(
        f"There is no transcript “{wanted}”.",
        f"Give a workshop's key: {', '.join(keys[t.workshop_id] for t in known) or 'none yet'}.",
    )


def parsed_version(session: Session, version_id: str) -> ParsedTranscript:
    """A saved version as writers take it: speakers under the names that pages show, times in ms."""
    version = session.get_one(TranscriptVersion, version_id)
    transcript = session.get_one(Transcript, version.transcript_id)
    return ParsedTranscript(
        tuple(
            ParsedTurn(
                view.speaker,
                view.turn.text,
                view.turn.start_ms,
                view.turn.end_ms,
                tuple(_word(row) for row in view.turn.words or ()),
                tuple(view.turn.marks),
            )
            for view in turns(session, version_id)
        ),
        "parihs",
        transcript.language,
        provenance={"version": str(version.number), "sha256": version.sha256},
    )


def transcript_file(
    session: Session, transcript_id: str, writer: Writer, *, joined: bool = False
) -> tuple[str, bytes]:
    """Name and bytes of a file with a transcript's newest version.

    ``joined`` makes one turn of those that follow each other by the same speaker. Raises
    ParihsError where nothing is in it yet, and where captions lack times.
    """
    transcript = session.get_one(Transcript, transcript_id)
    version = latest_version(session, transcript_id)
    if version is None:
        raise ParihsError(f"“{transcript.title}” has no text yet.", "Wait until it is transcribed.")
    parsed = parsed_version(session, version.id)
    if joined:
        parsed = merge_turns(parsed)
    title = _title(session, transcript)
    return writer.filename(title), writer.compose(parsed, title)


def all_transcripts(
    session: Session, study_id: str, writer: Writer, *, joined: bool = False
) -> tuple[bytes, list[str]]:
    """A zip with a file per transcript, and a sentence for each that could not be written."""
    target = io.BytesIO()
    left_out: list[str] = []
    used: Counter[str] = Counter()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for transcript in transcripts(session, study_id):
            try:
                name, data = transcript_file(session, transcript.id, writer, joined=joined)
            except ParihsError as problem:
                left_out.append(f"{transcript.title}: {problem.message}")
                continue
            used[name] += 1
            if used[name] > 1:
                name = f"{used[name]} {name}"
            # A fixed date, so that the same study gives the same file.
            archive.writestr(zipfile.ZipInfo(name, _FIXED_DATE), data, zipfile.ZIP_DEFLATED)
    return target.getvalue(), left_out


def _title(session: Session, transcript: Transcript) -> str:
    """The workshop's title, with the transcript's own where that says more."""
    workshop = session.get_one(Workshop, transcript.workshop_id)
    if transcript.title == workshop.title:
        return workshop.title
    return f"{workshop.title}, {transcript.title}"


def _word(row: Any) -> ParsedWord:
    start, end, start_ms, end_ms, confidence, interpolated = row
    return ParsedWord(start, end, start_ms, end_ms, confidence, bool(interpolated))
