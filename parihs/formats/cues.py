"""Caption files as a list of cues: the skeleton that WebVTT and SRT share.

Cues are found by their timing lines, not by blank lines, because people's files lack blank lines
where they should be and have them where they should not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from parihs.formats.clock import CLOCK, parse_clock
from parihs.formats.lines import Unreadable, blocks, split_lines

_TIMING = re.compile(
    # After the times stand settings like align:start or X1:40, never speech.
    rf"\s*(?P<start>{CLOCK})\s*-->\s*(?P<end>{CLOCK})(?:\s+[A-Za-z0-9]+:\S+)*\s*"
)
# Something that wants to be a timing line; anything else with an arrow is speech.
_BROKEN_TIMING = re.compile(r"\s*[\d:.,]*\d\s*-->|.*-->\s*\d+:[\d:.,]*\s*$")
# Teams numbers the cues of one utterance after its id: 64b2…/0-0
_CERTAIN_ID = re.compile(r"\d+|[0-9a-fA-F-]{16,}(?:/[\d-]+)?")


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: its text lines between two times, ``line`` being that of its times."""

    line: int
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class CueFile:
    """The cues of a file and what stands between them."""

    cues: tuple[Cue, ...]
    header: tuple[str, ...]
    """Lines before the first cue."""
    asides: tuple[tuple[str, ...], ...]
    """Blocks that are not speech: notes and styles."""
    reattached: int
    """Blocks of text after a blank line, given back to the cue before them."""


def split_cues(
    text: str,
    *,
    any_identifier: bool = False,
    is_aside: Callable[[str], bool] = lambda line: False,
) -> CueFile:
    """Split a caption file at its timing lines.

    ``any_identifier`` says that a single line right above a timing line is the cue's identifier;
    otherwise only numbers are. ``is_aside`` recognises the first line of a block that is
    not speech.

    Raises Unreadable at a timing line that cannot be read, and where there is none at all.
    """
    lines = split_lines(text)
    timings = [at for at, line in enumerate(lines) if _is_timing(line, at + 1)]
    if not timings:
        raise Unreadable(
            "no cue with times was found in it.",
            "A caption file has lines like 00:00:01.000 --> 00:00:04.000 above the text.",
        )

    header, identifier = _take_identifier(lines[: timings[0]], 1, any_identifier, is_aside)
    cues: list[Cue] = []
    asides: list[tuple[str, ...]] = [
        tuple(block) for block in blocks(header) if is_aside(block[0].strip())
    ]
    reattached = 0
    for here, following in zip(timings, [*timings[1:], None], strict=True):
        cue = _timed(lines[here], here + 1, identifier)
        region = lines[here + 1 : following]
        if following is not None:
            next_number = len(cues) + 2
            region, identifier = _take_identifier(region, next_number, any_identifier, is_aside)
        speech: list[str] = []
        for number, block in enumerate(blocks(region)):
            own = number == 0 and bool(region[0].strip())
            if not own and is_aside(block[0].strip()):
                asides.append(tuple(block))
                continue
            reattached += bool(speech)
            speech += block
        cues.append(replace(cue, lines=tuple(speech)))
    return CueFile(tuple(cues), tuple(header), tuple(asides), reattached)


def has_timings(text: str) -> bool:
    """Say whether any line gives a start and an end with an arrow between."""
    return any(_TIMING.fullmatch(line) for line in split_lines(text))


def _is_timing(line: str, number: int) -> bool:
    if "-->" not in line:
        return False
    if _TIMING.fullmatch(line):
        return True
    if _BROKEN_TIMING.match(line):
        raise _unreadable_times(line, number)
    return False


def _timed(line: str, number: int, identifier: str) -> Cue:
    timing = _TIMING.fullmatch(line)
    start = parse_clock(timing["start"]) if timing else None
    end = parse_clock(timing["end"]) if timing else None
    if start is None or end is None:
        raise _unreadable_times(line, number)
    return Cue(number, start, end, (), identifier)


def _unreadable_times(line: str, number: int) -> Unreadable:
    return Unreadable(
        f"“{line.strip()[:60]}” should be a start and an end time.",
        "Write both as 00:00:01.000 --> 00:00:04.000 in a text editor and read the file again.",
        line=number,
    )


def _take_identifier(
    region: list[str],
    number: int,
    any_identifier: bool,
    is_aside: Callable[[str], bool],
) -> tuple[list[str], str]:
    """Take the identifier of cue ``number`` off the end of the lines before its times."""
    last = region[-1].strip() if region else ""
    if not last or is_aside(last):
        return region, ""
    alone = (len(region) == 1 and number == 1) or (len(region) > 1 and not region[-2].strip())
    if alone and (any_identifier or _CERTAIN_ID.fullmatch(last)):
        return region[:-1], last
    # No blank line above it: the cue's own number is still its index, any other may be speech.
    if last == str(number) or (not last.isdecimal() and _CERTAIN_ID.fullmatch(last)):
        return region[:-1], last
    return region, ""
