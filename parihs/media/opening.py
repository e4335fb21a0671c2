"""Opening a file that a stranger may have made: look first, then let the decoder see one format.

FFmpeg trusts content over names: a ``.wav`` that is really an ffconcat script opens whatever file
it points to, so one upload could read another. Two independent walls stand here: the first bytes
must be those of a known recording format, and the decoder may then use that format only, reading
nothing but the file it was given.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from parihs.errors import ParihsError

if TYPE_CHECKING:
    from av.container import InputContainer

HEAD_BYTES = 4096
READABLE = "wav, mp3, m4a, aac, flac, ogg, opus, wma, mp4, mov, mkv and webm"
_HINT = f"Recordings can be {READABLE}."

_MATROSKA = b"\x1a\x45\xdf\xa3"
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_W64 = bytes.fromhex("726966662e91cf11")
_MP4_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}

_NOT_AUDIO = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"{\\rtf", "a text document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_PLAYLISTS = ("ffconcat", "#extm3u", "[playlist]", "<smil", "<mpd", "<asx", "file ", "file:")


def demuxers_for(head: bytes) -> str | None:
    """FFmpeg demuxers that may read a file beginning with ``head``; None if it is no recording."""
    four = head[:4]
    if four in (b"RIFF", b"RF64", b"RIFX") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(_W64):
        return "w64"
    if four == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if four == b"fLaC":
        return "flac"
    if four == b"OggS":
        return "ogg"
    if four == _MATROSKA:
        return "matroska,webm"
    if four == b"caff":
        return "caf"
    if head.startswith(b"#!AMR"):
        return "amr"
    if head.startswith(_ASF):
        return "asf"
    if head[4:8] in _MP4_BOXES:
        return "mov,mp4,m4a,3gp,3g2,mj2"
    if four[:3] == b"ID3" or _is_mpeg_frame(head):
        return "mp3,aac,flac"
    return None


def _is_mpeg_frame(head: bytes) -> bool:
    """True at the sync word of MP3, MP2 or ADTS AAC (and not at a UTF-16 byte order mark)."""
    if len(head) < 2 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    layer = head[1] >> 1 & 3
    return layer in (1, 2) or (layer == 0 and head[1] & 0xF0 == 0xF0)


def describe_other(head: bytes) -> str:
    """What a file that is no recording seems to be, as a noun phrase with its article."""
    for magic, name in _NOT_AUDIO:
        if head.startswith(magic):
            return name
    if head[:2] == b"PK":
        office = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/")
        return "an Office document" if any(m in head for m in office) else "a zip archive"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "an image"
    text = _as_text(head)
    if text is None:
        return "not a sound format we know"
    if any(mark in text[:400].lower() for mark in _PLAYLISTS):
        return "a playlist that points to other files"
    return "a text file"


def _as_text(head: bytes) -> str | None:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", errors="replace")
    if b"\x00" in head:
        return None
    # A head may be cut inside a character, so its last bytes may be incomplete.
    text = head.decode("utf-8-sig", errors="replace")
    odd = sum(c == "\ufffd" or (c < " " and c not in "\t\n\r\f") for c in text)
    return text if odd <= len(text) // 50 + 1 else None


def open_recording(path: Path) -> InputContainer:
    """Open ``path`` for decoding, held to the one format that its first bytes announce.

    Raises ParihsError for an empty file, for anything that is no recording, for a video without
    sound, and for a file too damaged to open.
    """
    import av

    head = _head(path)
    if not head:
        raise ParihsError(
            "The file is empty (0 bytes), so there is nothing to hear in it.",
            "Copy it again from the recorder; the original may still be there.",
        )
    demuxers = demuxers_for(head)
    if demuxers is None:
        what = describe_other(head)
        hint = _HINT
        if what in ("a PDF document", "an Office document", "a text document", "a text file"):
            hint += " If this is a transcript, import it as a transcript instead."
        raise ParihsError(
            f"The file is {what}, not a recording; there is nothing to listen to in it.", hint
        )
    try:
        container: InputContainer = av.open(
            str(path.resolve()),
            options={"format_whitelist": demuxers, "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except av.FFmpegError as error:
        raise damaged() from error
    if not container.streams.audio:
        has_video = bool(container.streams.video)
        container.close()
        if has_video:
            raise ParihsError(
                "The video has no sound track, so there is nothing to transcribe in it.",
                "Check the export settings of the program that made it, or use another recording.",
            )
        raise damaged()
    return container


def damaged() -> ParihsError:
    """The error for a file that looks like a recording but from which no sound can be read."""
    return ParihsError(
        "The recording is damaged or incomplete: no sound could be read from it.",
        "Copy it again from the recorder, and check that the copy finished and that it plays.",
    )


def missing_bytes(path: Path) -> int:
    """Bytes that a WAV header promises and the file lacks; 0 for other formats.

    FFmpeg quietly shortens a cut-off WAV, so the loss would otherwise go unmentioned.
    """
    head = _head(path)
    promised = int.from_bytes(head[4:8], "little")
    # Recorders that stream write 0 or all ones instead of a length.
    if head[:4] != b"RIFF" or promised in (0, 0xFFFFFFFF):
        return 0
    return max(0, promised + 8 - path.stat().st_size)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise ParihsError(
            f"The recording {path.name} cannot be read ({error.strerror}).",
            "Check that the file is still there and that you may open it.",
        ) from error
