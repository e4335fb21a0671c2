"""SubRip captions (.srt), with the liberties that people's files take."""

from __future__ import annotations

import re
from dataclasses import replace

from parihs.formats.captions import cue_warnings, find_cue_names, split_speakers
from parihs.formats.clock import format_clock
from parihs.formats.cue_times import cue_times, need_times
from parihs.formats.cues import Cue, has_timings, split_cues
from parihs.formats.lines import count
from parihs.formats.rolling import unroll
from parihs.formats.spoken_lines import spoken_lines
from parihs.model import ParsedTranscript, ParsedTurn

NAME = "srt"
LABEL = "SubRip captions"
EXTENSIONS: tuple[str, ...] = (".srt",)

# HTML-like styles, and the positions like {\an8} that subtitle editors add.
_STYLING = re.compile(r"</?(?:b|i|u|s|font|c|span)(?:[.\s][^<>]*)?>|\{\\[^{}]*\}")
# Players would obey these instead of showing them.
_SHOWN_AS = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")"})


def looks_like(text: str) -> bool:
    """Say whether the text has timing lines; whatever has them and is not WebVTT is read as SRT."""
    return "-->" in text and has_timings(text)


def parse(text: str) -> ParsedTranscript:
    """Read one turn per cue; indices may be missing, fractions may follow a dot or a comma.

    Raises Unreadable with the line of a broken time, or when there are no cues.
    """
    file = split_cues(text)
    cues, repeated = unroll([_unstyled(cue) for cue in file.cues])
    names = find_cue_names(cues)
    turns: list[ParsedTurn] = []
    empty = 0
    for cue in cues:
        spoken = [
            ParsedTurn(speaker, said.strip(), cue.start_ms, cue.end_ms)
            for speaker, said in split_speakers(cue, names)
            if said.strip()
        ]
        turns += spoken
        empty += not spoken
    unnamed = sum(turn.speaker is None for turn in turns)
    warnings = cue_warnings(
        empty=empty,
        repeated=repeated,
        reattached=file.reattached,
        unnamed=unnamed,
        named=unnamed < len(turns),
    )
    before = sum(bool(line.strip()) for line in file.header)
    if before:
        warnings.insert(0, f"{count(before, 'line')} before the first cue left out.")
    return ParsedTranscript(tuple(turns), NAME, None, tuple(warnings) + names.warnings)


def _unstyled(cue: Cue) -> Cue:
    return replace(cue, lines=tuple(_STYLING.sub("", line) for line in cue.lines))


def compose(parsed: ParsedTranscript) -> str:
    """Write one cue per turn, ``Name: text``, with both times in milliseconds.

    Lost: times of words, and that a missing time was guessed; ``-->`` becomes an arrow and a style
    tag loses its brackets, since SRT cannot say that they were spoken.

    Raises ParihsError when no turn has a time.
    """
    need_times(parsed.turns)
    lines = spoken_lines(parsed.turns)
    times = cue_times([line.turn for line in lines])
    return "\n".join(
        f"{number}\n{_time(start)} --> {_time(end)}\n{speakable(str(line))}\n"
        for number, (line, (start, end)) in enumerate(zip(lines, times, strict=True), start=1)
    )


def speakable(text: str) -> str:
    """The text with everything in it that a caption player would take for something else."""
    arrows = text.replace("-->", "→")
    return _STYLING.sub(lambda tag: tag[0].translate(_SHOWN_AS), arrows)


def _time(ms: int) -> str:
    return format_clock(ms).replace(".", ",")
