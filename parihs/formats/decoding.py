"""From the bytes of a file to its text, and clear words for files that hold none."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from parihs.formats.lines import Unreadable

_SIGNATURES = (
    (b"%PDF", "a PDF", "Open it where it was written and save it as .docx or .txt."),
    (b"{\\rtf", "an RTF document", "Open it in Word or LibreOffice and save it as .docx or .txt."),
    (
        b"\xd0\xcf\x11\xe0",
        "an old or password-protected Office document",
        "Open it in Word, remove the password, and save it as .docx.",
    ),
    (b"PK\x03\x04", "a zip archive, not a Word document", "Unpack it, or save it as .docx."),
)
_RECORDING = re.compile(
    rb"RIFF.{4}(?:WAVE|AVI )|ID3[\x02-\x04]|\xff[\xf2\xf3\xfb]"
    rb"|OggS\x00|fLaC\x00|\x1aE\xdf\xa3|.{4}ftyp",
    re.DOTALL,
)
_RECORDING_HINT = "Add it as a recording; it can be transcribed here."

_CANDIDATES = ["cp1252", "cp1250", "cp1251", "mac_roman", "shift_jis", "gb18030", "big5", "euc_kr"]
_LABELS = {"cp1252": "windows-1252", "cp1250": "windows-1250", "cp1251": "windows-1251"}


def decode(data: bytes) -> tuple[str, str]:
    """Return the text without byte order mark and the name of its encoding.

    Raises Unreadable for an empty file, a recording, a known document type that is not text, and
    anything else binary.
    """
    if not data.strip():
        raise Unreadable("it is empty.", "Check that it was saved or downloaded completely.")
    for signature, what, hint in _SIGNATURES:
        if data.startswith(signature):
            raise Unreadable(f"it is {what}, which cannot be read as a transcript.", hint)
    if _RECORDING.match(data):
        raise Unreadable("it is a recording, not a transcript.", _RECORDING_HINT)
    encoding = _marked(data) or _unmarked(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"its text is damaged: byte {error.start} is not {encoding}.",
            "Save it again as UTF-8 text.",
        ) from error
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise Unreadable("it is empty.", "Check that it was saved or downloaded completely.")
    return text, _LABELS.get(encoding, encoding)


def _marked(data: bytes) -> str | None:
    """Name the encoding that a byte order mark announces."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    return "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _unmarked(data: bytes) -> str:
    if b"\x00" in data:
        return _utf16_without_mark(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data)
    controls = sum(byte < 9 or 13 < byte < 27 for byte in data[:4096])
    if controls > len(data[:4096]) // 10:
        raise _not_text()
    return "utf-8"


def _utf16_without_mark(data: bytes) -> str:
    """Tell UTF-16 by the zero bytes that Latin letters leave on one side of each pair."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if len(data) % 2 == 0 and odd > half * 0.4 and even == 0:
        return "utf-16-le"
    if len(data) % 2 == 0 and even > half * 0.4 and odd == 0:
        return "utf-16-be"
    raise _not_text()


def _legacy(data: bytes) -> str:
    matches = from_bytes(data, cp_isolation=_CANDIDATES)
    best = matches.best()
    if best is None:
        raise _not_text()
    # Western code pages explain short files equally well; the commonest one wins a tie.
    equal = [match.encoding for match in matches if match.chaos <= best.chaos]
    return "cp1252" if "cp1252" in equal else best.encoding


def _not_text() -> Unreadable:
    return Unreadable(
        "it is a binary file, not text.", "Choose a transcript: .vtt, .srt, .txt, .docx or .json."
    )
