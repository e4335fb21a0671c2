"""What the reader component is told about a transcript; the text itself it fetches."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from parihs.coding.assignments import why_not_code
from parihs.coding.visibility import is_open_to
from parihs.errors import ParihsError
from parihs.model import Recording, Transcript, TranscriptVersion
from parihs.reader import Jump, ReaderData
from parihs.reader import Recording as ReaderRecording
from parihs.store.studies import coders
from parihs.store.transcripts import latest_version
from parihs.ui.state import Current
from parihs.web.media import recording_url


def reader_data(now: Current, transcript_id: str, query: Mapping[str, str]) -> ReaderData:
    """The reader's data for one transcript as the current coder may see it.

    ``query`` may hold ``start``, ``end`` (code points) and ``play=1``: the excerpt to jump to; and
    ``version``, an earlier version to look at.
    """
    if now.codebook is None:
        raise ParihsError("This study has no codebook yet.", "Add one on the Codebook page.")
    with now.app.store.read() as session:
        transcript = session.get(Transcript, transcript_id)
        newest = latest_version(session, transcript_id)
        asked = session.get(TranscriptVersion, query.get("version", ""))
        version = asked if asked is not None and asked.transcript_id == transcript_id else newest
        if transcript is None or version is None or transcript.study_id != now.study.id:
            raise ParihsError("This transcript is not in this study.", "Choose another one.")
        people = coders(session, now.study.id)
        everybody = is_open_to(session, now.viewer_id, transcript_id)
        why_not = why_not_code(session, now.viewer_id, transcript_id)
        recording = _recording(now, session, transcript)
    frozen = newest is not None and version.id != newest.id
    shown = people if everybody else [p for p in people if p.id == now.viewer_id]
    return {
        "version_id": version.id,
        "version_number": version.number,
        "frozen": frozen,
        "transcript_id": transcript.id,
        "api": "/api",
        "token": now.token(),
        "coder": {
            "id": now.viewer_id,
            "name": now.coder.name if now.coder else "",
        },
        "coders": [{"id": person.id, "name": person.name} for person in shown],
        "codebook_version_id": now.codebook.id,
        "recording": recording,
        "jump": _jump(query),
        "can_code": not why_not and not frozen,
        "can_correct": now.coder is not None and now.coder.role != "viewer" and not frozen,
        "why_not": why_not,
        "fictional": now.study.fictional,
    }


def _recording(now: Current, session: Session, transcript: Transcript) -> ReaderRecording | None:
    if transcript.recording_id is None:
        return None
    recording = session.get_one(Recording, transcript.recording_id)
    return {
        "id": recording.id,
        "url": recording_url(recording.id, now.token()),
        "duration_ms": recording.duration_ms,
    }


def _jump(query: Mapping[str, str]) -> Jump | None:
    start, end = query.get("start", ""), query.get("end", "")
    if not (start.isdigit() and end.isdigit()):
        return None
    return {
        "start": int(start),
        "end": int(end),
        "play": query.get("play") == "1",
        "nonce": f"{start}-{end}-{query.get('at', '')}",
    }
