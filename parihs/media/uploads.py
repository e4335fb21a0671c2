"""Files on their way in: received in pieces, looked at, and kept apart until somebody decides.

Each upload has its own folder ``work/uploads/<id>/`` with ``content`` and ``upload.json``, so no
file can refer to another upload, and what was received survives a restart. The name that a person
gave the file is only ever a label: it never becomes part of a path.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from parihs.errors import ParihsError
from parihs.home import Home
from parihs.media.probe import AudioInfo, probe

DAYS_KEPT = 7
_CONTENT = "content"
_STATE = "upload.json"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way in. ``sha256`` is None while it is still being received."""

    id: str
    filename: str
    n_bytes: int
    sha256: str | None = None
    info: AudioInfo | None = None
    error: str | None = None
    """Why it cannot be used, as a sentence; its bytes are then gone already."""
    hint: str | None = None

    @property
    def complete(self) -> bool:
        """True when all of it arrived and it was looked at."""
        return self.sha256 is not None


class Receiver:
    """Writes one upload as its pieces arrive, hashing on the way.

    ``write`` the chunks, then ``finish``. As a context manager it closes the file; an upload that
    was cut off stays on disk and ``Receiver.resume`` goes on behind ``n_bytes``.
    """

    def __init__(self, home: Home, filename: str, *, upload_id: str | None = None) -> None:
        self._resumed = upload_id is not None
        self.folder = _uploads(home) / _checked_id(upload_id or uuid.uuid4().hex)
        self._hash = hashlib.sha256()
        self.upload = Upload(self.folder.name, label_of(filename), 0)
        if not self._resumed:
            self.folder.mkdir(mode=0o700)
            _save(self.folder, self.upload)
        self._file = (self.folder / _CONTENT).open("ab")

    @classmethod
    def resume(cls, home: Home, upload_id: str) -> Receiver:
        """Go on with an upload that was cut off; ParihsError if it is gone or already complete."""
        upload = find_upload(home, upload_id)
        if upload.complete:
            raise ParihsError(
                f"“{upload.filename}” has already arrived completely.", "Reload the page."
            )
        receiver = cls(home, upload.filename, upload_id=upload_id)
        with (receiver.folder / _CONTENT).open("rb") as file:
            receiver._hash = hashlib.file_digest(file, "sha256")
        return receiver

    @property
    def n_bytes(self) -> int:
        """Bytes received so far; a resumed upload continues from here."""
        return self._file.tell()

    def write(self, chunk: bytes) -> None:
        """Add the next piece; ParihsError when the disk is full."""
        try:
            self._file.write(chunk)
        except OSError as error:
            raise _disk_error(error, self.upload.filename) from error
        self._hash.update(chunk)

    def finish(self) -> Upload:
        """Close the file, look at what arrived, and remember the outcome.

        A file that is no usable recording does not raise: its ``error`` says why, and its bytes
        are removed, since nobody can do anything with them here.
        """
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _disk_error(error, self.upload.filename) from error
        upload = replace(self.upload, n_bytes=self.n_bytes, sha256=self._hash.hexdigest())
        self._file.close()
        content = self.folder / _CONTENT
        try:
            upload = replace(upload, info=probe(content))
        except ParihsError as error:
            content.unlink()
            upload = replace(upload, error=error.message, hint=error.hint)
        self.upload = upload
        _save(self.folder, upload)
        return upload

    def __enter__(self) -> Receiver:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def receive(home: Home, chunks: Iterable[bytes], filename: str) -> Upload:
    """Receive a whole file from an iterable of byte chunks; see ``Receiver.finish``."""
    with Receiver(home, filename) as receiver:
        for chunk in chunks:
            receiver.write(chunk)
        return receiver.finish()


def pending_uploads(home: Home) -> list[Upload]:
    """All uploads that were neither adopted nor discarded, oldest first; also after a restart."""
    found = []
    for folder in _uploads(home).iterdir():
        try:
            found.append(((folder / _STATE).stat().st_mtime_ns, folder.name, _load(folder)))
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return [upload for _, _, upload in sorted(found, key=lambda item: item[:2])]


def find_upload(home: Home, upload_id: str) -> Upload:
    """One pending upload; ParihsError when it was adopted, discarded or cleaned away."""
    try:
        return _load(_uploads(home) / _checked_id(upload_id))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ParihsError(
            "This upload is no longer waiting: it was added, discarded, or is older than "
            f"{DAYS_KEPT} days.",
            "Upload the file again if it is not in the study.",
        ) from error


def content_of(home: Home, upload: Upload) -> Path:
    """The received bytes of an upload that is complete and usable; ParihsError otherwise."""
    if upload.error:
        raise ParihsError(upload.error, upload.hint or "")
    content = _uploads(home) / _checked_id(upload.id) / _CONTENT
    if not upload.complete or not content.exists():
        raise ParihsError(
            f"“{upload.filename}” has not arrived completely, so it cannot be added yet.",
            "Upload it again, or wait until it is through.",
        )
    return content


def discard(home: Home, upload_id: str) -> None:
    """Remove an upload and what was received of it; nothing happens if it is gone already."""
    shutil.rmtree(_uploads(home) / _checked_id(upload_id), ignore_errors=True)


def clean_uploads(home: Home, *, now: float | None = None) -> int:
    """Remove uploads in which nothing happened for 7 days (``now`` in epoch s); how many."""
    limit = (time.time() if now is None else now) - DAYS_KEPT * 24 * 3600
    old = [
        folder
        for folder in _uploads(home).iterdir()
        if max(p.stat().st_mtime for p in (folder, *folder.glob("*"))) < limit
    ]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def label_of(filename: str) -> str:
    """A file name as a person may see it: last part only, printable, at most 200 characters."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable()).strip()[:200] or "recording"


def _uploads(home: Home) -> Path:
    folder = home.work / "uploads"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def _checked_id(upload_id: str) -> str:
    """An id as we made it, so that no other text becomes part of a path."""
    if len(upload_id) != 32 or not set(upload_id) <= set("0123456789abcdef"):
        raise ParihsError("This is not the id of an upload.", "Start from the list of uploads.")
    return upload_id


def _save(folder: Path, upload: Upload) -> None:
    values: dict[str, Any] = {
        "filename": upload.filename,
        "n_bytes": upload.n_bytes,
        "sha256": upload.sha256,
        "info": upload.info.to_json() if upload.info else None,
        "error": upload.error,
        "hint": upload.hint,
    }
    draft = folder / f"{_STATE}.part"
    draft.write_text(json.dumps(values), encoding="utf-8")
    draft.replace(folder / _STATE)


def _load(folder: Path) -> Upload:
    values = json.loads((folder / _STATE).read_text(encoding="utf-8"))
    info = AudioInfo(**values.pop("info")) if values["info"] else values.pop("info")
    upload = Upload(folder.name, info=info, **values)
    if not upload.complete:
        upload = replace(upload, n_bytes=(folder / _CONTENT).stat().st_size)
    return upload


def _disk_error(error: OSError, filename: str) -> ParihsError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    why = "the disk is full" if full else f"the disk reports: {error.strerror}"
    return ParihsError(
        f"“{filename}” could not be stored, because {why}. What is already in the study is safe.",
        "Free some space, then upload the file again.",
    )
