"""Word documents: Teams exports, ``Name: text`` paragraphs, tables of turns.

Only the text is read, straight from the document's XML; nothing in the archive is trusted.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from parihs.formats import atrain, headed, maxqda, meet, parihs_text, plain, zoom
from parihs.formats.cues import has_timings, split_cues
from parihs.formats.lines import Unreadable, count
from parihs.formats.names import could_be_header
from parihs.formats.table import from_rows
from parihs.formats.text_reader import TextReader
from parihs.model import ParsedTranscript, ParsedTurn

NAME = "docx"
LABEL = "Word document (Teams export, names and text, tables)"
EXTENSIONS: tuple[str, ...] = (".docx",)

MAX_XML_BYTES = 64 * 1024 * 1024
MAX_ARCHIVE_BYTES = 1024 * 1024 * 1024
MAX_MEMBERS = 10_000
MAX_RATIO = 200
"""How many times larger than its compressed size a large part may be; Word stays below 50."""

_BODY = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SOME_TEXT = re.compile(rb"<w:t[ >]")
_ASIDES = {
    "word/comments.xml": "comments",
    "word/footnotes.xml": "footnotes",
    "word/endnotes.xml": "endnotes",
}
_TEXT_READERS: tuple[TextReader, ...] = (
    parihs_text,
    zoom,
    meet,
    atrain,
    headed,
    maxqda,
    plain,
)


@dataclass(frozen=True, slots=True)
class _Table:
    rows: tuple[tuple[str, ...], ...]


def looks_like(data: bytes) -> bool:
    """Say whether the bytes are a zip archive with a Word document's body in it."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _BODY in archive.namelist()
    except zipfile.BadZipFile:
        # Broken off while downloading; parse says so.
        return _BODY.encode() in data
    except (NotImplementedError, ValueError):
        return False


def parse(data: bytes) -> ParsedTranscript:
    """Read the turns of a Word document, in whichever of the text layouts they are written.

    Raises Unreadable for a damaged archive, one that would unpack to an unreasonable size, and XML
    with a document type declaration.
    """
    xml, asides = _unpack(data)
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or "<!DOCTYPE".encode("utf-16-le") in xml:
        raise Unreadable(
            "it declares a document type, which Word never does; it may be harmful.",
            "Ask where it comes from. Copying its text into a new document makes it safe.",
        )
    try:
        root = fromstring(xml.replace(_STRICT_W[1:-1].encode(), _W[1:-1].encode()), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _damaged() from error
    body = root.find(f"{_W}body")
    try:
        content = list(_content(body)) if body is not None else []
    except RecursionError as error:
        raise _damaged() from error
    parsed = _tables(content) or _paragraphs(content)
    warnings = [f"Left out: the document's {', '.join(asides)}."] if asides else []
    return replace(parsed, format=NAME, warnings=(*parsed.warnings, *warnings))


def _unpack(data: bytes) -> tuple[bytes, list[str]]:
    """Return the body's XML and the kinds of side text in the archive, sizes checked first."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            body = archive.getinfo(_BODY)
            total = sum(member.file_size for member in members)
            if (
                len(members) > MAX_MEMBERS
                or total > MAX_ARCHIVE_BYTES
                or body.file_size > MAX_XML_BYTES
                or any(_is_bomb(member) for member in members)
            ):
                raise Unreadable(
                    "it would unpack to far more than a transcript can hold.",
                    "Copy its text into a new document and read that one.",
                )
            xml = archive.read(body)
            asides = [
                kind
                for part, kind in _ASIDES.items()
                if part in archive.namelist()
                and archive.getinfo(part).file_size <= MAX_XML_BYTES
                and _SOME_TEXT.search(archive.read(part))
            ]
    except KeyError as error:
        raise Unreadable(
            "it is a zip archive, but not a Word document.", "Unpack it, or save it as .docx."
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise _damaged() from error
    return xml, asides


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    large = member.file_size > 1024 * 1024
    return large and member.file_size > MAX_RATIO * max(1, member.compress_size)


def _damaged() -> Unreadable:
    return Unreadable(
        "the Word document is damaged.",
        "Open it in Word, save it under a new name, and read that one.",
    )


def _content(parent: Element) -> Iterator[str | _Table]:
    """Yield paragraphs and tables in order, also those inside content controls."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield _text(child)
        elif child.tag == f"{_W}tbl":
            yield _Table(
                tuple(
                    tuple(_cell(cell) for cell in row.iter(f"{_W}tc"))
                    for row in child.iter(f"{_W}tr")
                )
            )
        elif child.tag != f"{_W}del":
            yield from _content(child)


def _cell(cell: Element) -> str:
    return "\n".join(text for p in cell.iter(f"{_W}p") if (text := _text(p).strip()))


def _text(element: Element) -> str:
    """Return an element's text as Word shows it: without deletions and without doubled shapes."""
    if element.tag == f"{_W}t":
        return element.text or ""
    if element.tag in (f"{_W}br", f"{_W}cr"):
        return "\n"
    if element.tag == f"{_W}tab":
        return "\t"
    if element.tag == f"{_W}noBreakHyphen":
        return "-"
    if element.tag in (f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", _FALLBACK):
        return ""
    return "".join(_text(child) for child in element)


def _tables(content: Sequence[str | _Table]) -> ParsedTranscript | None:
    """Read the tables whose rows are turns; None where there are none."""
    turns: list[ParsedTurn] = []
    warnings: list[str] = []
    other = sum(bool(block.strip()) for block in content if isinstance(block, str))
    for block in content:
        if not isinstance(block, _Table):
            continue
        parsed = from_rows(list(enumerate(block.rows, start=1)))
        if parsed is None:
            other += len(block.rows)
        else:
            turns += parsed.turns
            warnings += parsed.warnings
    if not turns:
        return None
    if other:
        warnings.append(f"{count(other, 'paragraph')} outside the table of turns left out.")
    return ParsedTranscript(tuple(turns), NAME, None, tuple(warnings))


def _paragraphs(content: Sequence[str | _Table]) -> ParsedTranscript:
    tables = [block for block in content if isinstance(block, _Table)]
    texts = [
        text.strip("\n")
        for block in content
        for text in ([block] if isinstance(block, str) else map("\t".join, block.rows))
        if text.strip()
    ]
    if not texts:
        raise Unreadable("it holds no text.", "Check that the transcript is not a picture in it.")
    text = "\n\n".join(texts)
    if has_timings(text):
        return _arrow_cues(text)
    reader = next(reader for reader in _TEXT_READERS if reader.looks_like(text))
    parsed = reader.parse(text)
    if not tables:
        return parsed
    rows = sum(len(table.rows) for table in tables)
    note = f"{count(rows, 'table row')} that did not look like turns kept as paragraphs."
    return replace(parsed, warnings=(*parsed.warnings, note))


def _arrow_cues(text: str) -> ParsedTranscript:
    """Read the older Teams export: a line of times, a line with the name, then the words."""
    cues = split_cues(text).cues
    firsts = Counter(cue.lines[0].strip() for cue in cues if len(cue.lines) > 1)
    names = {
        name
        for name, times in firsts.items()
        if could_be_header(name) and (times > 1 or len(cues) < 4)
    }
    # Whoever speaks once is still a speaker where everybody else is named above their words.
    if sum(firsts[name] for name in names) > 0.5 * len(cues):
        names |= {name for name in firsts if could_be_header(name)}
    turns = []
    for cue in cues:
        lines = [line.strip() for line in cue.lines]
        named = len(lines) > 1 and lines[0] in names
        said = " ".join(lines[1:] if named else lines)
        if said:
            turns.append(ParsedTurn(lines[0] if named else None, said, cue.start_ms, cue.end_ms))
    empty = len(cues) - len(turns)
    warnings = (f"{count(empty, 'cue')} without text left out.",) if empty else ()
    return ParsedTranscript(tuple(turns), NAME, None, warnings)
