"""Google Meet's transcript document, also below the notes that Gemini writes.

::

    Ward workshop - Transcript
    00:00:00

    Ann Example: Shall we begin?

    Transcription ended after 00:55:19

A time stands on a line of its own every few minutes. Saved as Markdown, times and names are
headings and bold.
"""

from __future__ import annotations

import re
from dataclasses import replace

from parihs.formats import plain
from parihs.formats.clock import CLOCK, parse_clock
from parihs.formats.lines import Unreadable, count, split_lines
from parihs.model import ParsedTranscript

NAME = "meet"
LABEL = "Google Meet transcript"
EXTENSIONS: tuple[str, ...] = (".txt", ".md")

_END = re.compile(rf"Transcription ended after (?P<time>{CLOCK})\.?", re.IGNORECASE)
_NOTICE = re.compile(
    r"This editable transcript was computer generated.*"
    r"|People can also change the text after it was created\.?",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?:.{0,200} [-–—] )?Transcript", re.IGNORECASE)
_ALONE = re.compile(CLOCK)
# Headings, bold and slanted type of a document saved as Markdown.
_MARKDOWN = re.compile(
    r"\\([-_.!#*>\[\]()+\\])|^#{1,6}\s*|\*\*|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)"
)
_BOLD_NAME = re.compile(r"\*\*[^*\n]{1,120}:\s*\*\*|^#{1,6}\s*(?:\*\*)?" + CLOCK)


def looks_like(text: str) -> bool:
    """Say whether one of the sentences that Meet puts under its transcripts is there."""
    lines = [_bare(line) for line in split_lines(text)]
    return any(_END.fullmatch(line) or _NOTICE.fullmatch(line) for line in lines)


def parse(text: str) -> ParsedTranscript:
    """Read one turn per paragraph; the start of the first below each time is known.

    What stands above the transcript (title, people, Gemini's notes) is left out.
    Raises Unreadable where nothing stands below its heading.
    """
    lines = split_lines(text)
    marked = any(_BOLD_NAME.search(line.strip()) for line in lines)
    lines = [_bare(line) if marked else line.strip().lstrip("#").strip() for line in lines]
    first = _first_line(lines)
    kept: list[str] = []
    ended: int | None = None
    for line in lines[first:]:
        end = _END.fullmatch(line)
        if end is not None:
            ended = parse_clock(end["time"])
            break
        if not _NOTICE.fullmatch(line):
            kept.append(line)
    body = "\n".join(kept).strip()
    if not body:
        raise Unreadable("nobody speaks in this transcript.", "Check that it is the right file.")
    parsed = plain.parse(body)
    above = sum(bool(line) and not _NOTICE.fullmatch(line) for line in lines[:first])
    warnings = []
    if above:
        warnings.append(f"{count(above, 'line')} above the transcript left out.")
    if ended is None:
        warnings.append("The sentence that ends a transcript is missing: it may be cut off.")
    untimed = sum(turn.start_ms is None for turn in parsed.turns)
    if untimed:
        warnings.append(
            f"Meet gives a time every few minutes only: {count(untimed, 'turn has', 'turns have')}"
            " none of their own."
        )
    return replace(parsed, format=NAME, warnings=(*warnings, *parsed.warnings))


def _first_line(lines: list[str]) -> int:
    """The line where the talk begins: below the last heading, or at the first time or name."""
    headings = [at for at, line in enumerate(lines) if _TITLE.fullmatch(line)]
    if headings:
        return headings[-1] + 1
    times = [at for at, line in enumerate(lines) if _ALONE.fullmatch(line)]
    if times:
        return times[0]
    notices = [at for at, line in enumerate(lines) if _NOTICE.fullmatch(line)]
    return notices[0] if notices and notices[0] < len(lines) // 2 else 0


def _bare(line: str) -> str:
    return _MARKDOWN.sub(lambda mark: mark[1] or "", line.strip()).strip()
