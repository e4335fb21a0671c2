"""Recordings kept once, under the hash of their content, with what is derived from them.

``media/ab/abcd…/`` holds ``original.<ext>``, ``info.json``, and, once made, ``peaks.bin`` and
``playback.m4a``. The hash is the identity: the same file uploaded twice is stored once, and a
changed file is another recording. Names that people gave their files are kept in the database only.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import uuid
from pathlib import Path

from parihs.errors import ParihsError
from parihs.home import Home
from parihs.media import uploads
from parihs.media.peaks import Peaks, load_peaks, make_peaks
from parihs.media.playback import plays_in_browser, write_playback_copy
from parihs.media.probe import AudioInfo, probe
from parihs.media.samples import Cancelled, Progress
from parihs.media.uploads import Upload

_INFO = "info.json"
_PEAKS = "peaks.bin"
_PLAYBACK = "playback.m4a"


def adopt(home: Home, upload: Upload) -> Path:
    """Move a received recording to its place in the library and return its path there.

    A recording that is there already stays as it is, and the upload is dropped. Raises ParihsError
    for an upload that is incomplete or was refused.
    """
    content = uploads.content_of(home, upload)
    if upload.sha256 is None or upload.info is None:
        raise AssertionError("content_of returned an upload that is not complete")
    present = find(home, upload.sha256)
    if present is None:
        folder = _folder(home, upload.sha256)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_atomically(folder / _INFO, json.dumps(upload.info.to_json()).encode())
        present = folder / f"original{upload.info.extension}"
        _move(content, present)
    uploads.discard(home, upload.id)
    return present


def find(home: Home, sha256: str) -> Path | None:
    """The recording with this content, or None: how duplicates are recognised."""
    return next(iter(sorted(_folder(home, sha256).glob("original.*"))), None)


def path_of(home: Home, sha256: str) -> Path:
    """The recording with this content; ParihsError when its file is missing."""
    path = find(home, sha256)
    if path is None:
        raise ParihsError(
            "The file of this recording is missing from the media folder; its transcript and "
            "codings are not affected.",
            "Restore the media folder from a backup, or upload the same recording again.",
        )
    return path


def info_of(home: Home, sha256: str) -> AudioInfo:
    """What is known about a stored recording; ParihsError when its file is missing."""
    path = path_of(home, sha256)
    try:
        return AudioInfo(**json.loads((path.parent / _INFO).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return probe(path)


def playback_path(home: Home, sha256: str) -> Path | None:
    """The file a browser should play: the original or its copy; None while a copy is missing.

    ``make_playback_copy`` makes it. Raises ParihsError when the recording's file is missing.
    """
    original = path_of(home, sha256)
    if plays_in_browser(info_of(home, sha256)):
        return original
    copy = original.parent / _PLAYBACK
    return copy if copy.exists() else None


def make_playback_copy(
    home: Home,
    sha256: str,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Path:
    """Make sure that ``playback_path`` has something to give, and return it."""
    present = playback_path(home, sha256)
    if present is None:
        original = path_of(home, sha256)
        present = original.parent / _PLAYBACK
        write_playback_copy(original, present, progress=progress, cancelled=cancelled)
    return present


def peaks_of(
    home: Home,
    sha256: str,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Peaks:
    """The waveform of a stored recording, computed the first time and read afterwards."""
    original = path_of(home, sha256)
    stored = original.parent / _PEAKS
    if stored.exists():
        try:
            return load_peaks(stored)
        except ParihsError:
            stored.unlink(missing_ok=True)
    return make_peaks(original, stored, progress=progress, cancelled=cancelled)


def remove(home: Home, sha256: str) -> None:
    """Delete a recording and everything derived from it, for a withdrawal; gone is fine too.

    The same content may belong to several studies: the caller makes sure that none needs it.
    """
    shutil.rmtree(_folder(home, sha256), ignore_errors=True)


def _folder(home: Home, sha256: str) -> Path:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ParihsError(
            "This is not the identity of a recording.", "Open it from the list of recordings."
        )
    return home.media / sha256[:2] / sha256


def _move(source: Path, target: Path) -> None:
    """Rename, or copy and rename where the media folder is another disk."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        draft = target.with_name(f".{uuid.uuid4().hex}.part")
        try:
            shutil.copyfile(source, draft)
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


def _write_atomically(target: Path, data: bytes) -> None:
    draft = target.with_name(f".{uuid.uuid4().hex}.part")
    draft.write_bytes(data)
    draft.replace(target)
