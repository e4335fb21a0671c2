"""aTrain's text files: the speaker on a line, then segments as ``[00:00:04] - text``.

Its MAXQDA variant runs all segments of a speaker together on one line, its NVivo variant has no
brackets, and without speaker detection there are no speaker lines.
"""

from __future__ import annotations

import re

from parihs.formats.clock import parse_clock
from parihs.formats.lines import count, split_lines
from parihs.model import ParsedTranscript, ParsedTurn

NAME = "atrain"
LABEL = "aTrain text, also for MAXQDA and NVivo"
EXTENSIONS: tuple[str, ...] = (".txt",)

_TIME = r"[0-9]{2,}:[0-9]{2}:[0-9]{2}"
_STAMP = re.compile(rf"(?:^|(?<=\s))(?:\[({_TIME})\]|^({_TIME})) - ")
_MAX_SPEAKER = 60


def looks_like(text: str) -> bool:
    """Say whether the first stamp opens a line, and below it no line but speakers lacks one."""
    lines = [line.strip() for line in split_lines(text) if line.strip()]
    stamped = [at for at, line in enumerate(lines) if _STAMP.match(line)]
    if not stamped:
        return False
    return all(
        bool(_STAMP.match(lines[at])) or bool(_STAMP.match(lines[at + 1]))
        for at in range(stamped[0], len(lines) - 1)
    )


def parse(text: str) -> ParsedTranscript:
    """Read one turn per segment; only starts are known, to the second."""
    lines = [line.strip() for line in split_lines(text) if line.strip()]
    turns: list[ParsedTurn] = []
    speaker: str | None = None
    left_out = 0
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if _STAMP.match(line):
            turns += _segments(line, speaker)
        elif _STAMP.match(following) and _is_speaker(line):
            speaker = line.removesuffix(":")
        elif turns:
            last = turns[-1]
            turns[-1] = ParsedTurn(last.speaker, f"{last.text} {line}", last.start_ms)
        else:
            left_out += 1
    spoken = tuple(turn for turn in turns if turn.text)
    warnings = []
    if left_out:
        warnings.append(f"{count(left_out, 'line')} before the first speaker left out.")
    if len(spoken) < len(turns):
        warnings.append(f"{count(len(turns) - len(spoken), 'segment')} without text left out.")
    return ParsedTranscript(spoken, NAME, None, tuple(warnings))


def _is_speaker(line: str) -> bool:
    return len(line) <= _MAX_SPEAKER and not line.startswith("Transcription for ")


def _segments(line: str, speaker: str | None) -> list[ParsedTurn]:
    stamps = list(_STAMP.finditer(line))
    ends = [stamp.start() for stamp in stamps[1:]] + [len(line)]
    return [
        ParsedTurn(speaker, line[stamp.end() : end].strip(), parse_clock(stamp[1] or stamp[2]))
        for stamp, end in zip(stamps, ends, strict=True)
    ]
