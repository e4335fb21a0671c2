"""What Zoom saves on the computer: ``meeting_saved_closed_caption.txt`` and the chat.

::

    [Ann Example] 10:03:22
    Shall we begin?

    2026-05-06 10:03:40 From Ben Okafor to Everyone:
        Here is the rota.

Both give the time of day, so times are counted from the first line of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from parihs.formats.clock import parse_clock
from parihs.formats.lines import Unreadable, count, split_lines
from parihs.model import ParsedTranscript, ParsedTurn

NAME = "zoom"
LABEL = "Zoom saved captions and chat"
EXTENSIONS: tuple[str, ...] = (".txt",)

_CLOCK = r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}"
_CAPTION = re.compile(rf"\[(?P<name>[^\]\n]{{1,120}})\]\s+(?P<time>{_CLOCK})")
_MESSAGE = re.compile(
    rf"(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}\s+)?(?P<time>{_CLOCK})\s+From\s+(?P<name>.{{1,120}}?)"
    r"(?:\s+[tT]o\s+(?P<to>.{1,120}?)\s*:|\s+:)\s*(?P<text>.*)"
)
_DIRECT = re.compile(r"\(Direct Message\)|\(Privately\)|^Me$", re.IGNORECASE)
_REACTION = re.compile(r"(?:Reacted to|Removed a) .+")
_DAY_MS = 24 * 60 * 60 * 1000


@dataclass(slots=True)
class _Entry:
    name: str
    time_ms: int
    lines: list[str]
    private: bool = False
    chat: bool = False


def looks_like(text: str) -> bool:
    """Say whether the first line that says something is a caption's or a message's header."""
    first = next((line.strip() for line in split_lines(text) if line.strip()), "")
    return _CAPTION.fullmatch(first) is not None or _MESSAGE.fullmatch(first) is not None


def parse(text: str) -> ParsedTranscript:
    """Read one turn per caption or message; starts in ms since the first, ends are not known.

    Messages sent in private and reactions are left out. Raises Unreadable where there is no header.
    """
    entries = _entries(text)
    if not entries:
        raise Unreadable(
            "it is not what Zoom saves.", "Its lines should look like: [Ann Example] 10:03:22"
        )
    begin, before, days = entries[0].time_ms, entries[0].time_ms, 0
    turns: list[ParsedTurn] = []
    private = reactions = empty = 0
    for entry in entries:
        # Past midnight the clock begins again; a few seconds back are only the order of captions.
        days += before - entry.time_ms > _DAY_MS // 2
        before = entry.time_ms
        said = "\n".join(line for line in entry.lines if line)
        reaction = entry.chat and _REACTION.fullmatch(said) is not None
        private += entry.private
        reactions += reaction and not entry.private
        empty += not said and not entry.private
        if said and not entry.private and not reaction:
            start = max(0, entry.time_ms - begin + days * _DAY_MS)
            turns.append(ParsedTurn(entry.name.strip(), said, start))
    warnings = [
        "The file gives the time of day. Times are counted from its first line, so the sound of a "
        "recording may lie earlier or later."
    ]
    if any(entry.chat for entry in entries):
        warnings.append("These are chat messages: written, not spoken.")
    if private:
        warnings.append(f"{count(private, 'private message')} left out.")
    if reactions:
        warnings.append(f"{count(reactions, 'reaction')} left out.")
    if empty:
        warnings.append(f"{count(empty, 'caption')} without text left out.")
    return ParsedTranscript(tuple(turns), NAME, None, tuple(warnings))


def _entries(text: str) -> list[_Entry]:
    entries: list[_Entry] = []
    for raw in split_lines(text):
        line = raw.strip()
        found = _CAPTION.fullmatch(line) or (None if raw[:1].isspace() else _MESSAGE.match(line))
        time = parse_clock(found["time"]) if found else None
        if found is None or time is None:
            if entries:
                entries[-1].lines.append(line)
            continue
        if found.re is _CAPTION:
            entries.append(_Entry(found["name"], time, []))
            continue
        to = (found["to"] or "").strip()
        entries.append(
            _Entry(
                found["name"],
                time,
                [found["text"].strip()],
                private=bool(_DIRECT.search(to)),
                chat=True,
            )
        )
    return entries
