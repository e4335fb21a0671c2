"""Recordings of a study: joining what was uploaded to a workshop, and finding it again."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.media import AudioInfo, adopt, find_upload, info_of, receive
from parihs.model import Recording, Workshop
from parihs.store.store import Store, Transaction

BLOCK = 1 << 20


def keep_recording(
    tx: Transaction, workshop_id: str, *, sha256: str, filename: str, info: AudioInfo
) -> Recording:
    """Note a recording whose file is in the media folder; the same content is noted once.

    Raises ParihsError when the study already has this recording in another workshop.
    """
    workshop = tx.session.get_one(Workshop, workshop_id)
    present = find_recording(tx.session, workshop.study_id, sha256)
    if present is not None:
        if present.workshop_id != workshop_id:
            other = tx.session.get_one(Workshop, present.workshop_id)
            raise ParihsError(
                f"“{filename}” is already in this study, in “{other.title}”; it was not added "
                "again.",
                "Choose that workshop, or discard this upload.",
            )
        return present
    recording = Recording(
        study_id=workshop.study_id,
        workshop_id=workshop_id,
        filename=filename,
        sha256=sha256,
        n_bytes=info.n_bytes,
        duration_ms=info.duration_ms,
        container=info.container,
        codec=info.codec,
        sample_rate=info.sample_rate,
        channels=info.channels,
    )
    tx.session.add(recording)
    tx.session.flush()
    data = {"sha256": sha256, "duration_ms": info.duration_ms}
    tx.record(workshop.study_id, "added", "recording", recording.id, data)
    return recording


def add_recording_file(store: Store, tx: Transaction, workshop_id: str, path: Path) -> Recording:
    """Copy a recording from a file on this computer into the study.

    Raises ParihsError when it is not a usable recording.
    """
    with path.open("rb") as stream:
        upload = receive(store.home, iter(lambda: stream.read(BLOCK), b""), path.name)
    return add_upload(store, tx, workshop_id, upload.id)


def add_upload(store: Store, tx: Transaction, workshop_id: str, upload_id: str) -> Recording:
    """Join an upload to a workshop. Raises ParihsError when it is no usable recording."""
    upload = find_upload(store.home, upload_id)
    if upload.error or upload.sha256 is None:
        raise ParihsError(upload.error or "This file has not arrived yet.", upload.hint or "")
    workshop = tx.session.get_one(Workshop, workshop_id)
    present = find_recording(tx.session, workshop.study_id, upload.sha256)
    if present is None or present.workshop_id == workshop_id:
        adopt(store.home, upload)
        info = info_of(store.home, upload.sha256)
    else:
        info = info_of(store.home, present.sha256)
    return keep_recording(
        tx, workshop_id, sha256=upload.sha256, filename=upload.filename, info=info
    )


def recordings(session: Session, study_id: str) -> list[Recording]:
    """The study's recordings, oldest first."""
    query = select(Recording).filter_by(study_id=study_id).order_by(Recording.created_at)
    return list(session.scalars(query))


def find_recording(session: Session, study_id: str, sha256: str) -> Recording | None:
    """The recording with this content, if the study already has it."""
    return session.scalar(select(Recording).filter_by(study_id=study_id, sha256=sha256))
