"""WebVTT, as Teams, Zoom, Microsoft Stream, YouTube and subtitle editors write it."""

from __future__ import annotations

import re

from parihs.formats.captions import cue_warnings, find_cue_names, split_speakers
from parihs.formats.clock import format_clock
from parihs.formats.cue_times import cue_times, need_times
from parihs.formats.cues import Cue, CueFile, split_cues
from parihs.formats.lines import Unreadable, count, language_tag
from parihs.formats.names import SpeakerNames
from parihs.formats.rolling import unroll
from parihs.formats.voices import read_voices, unescape, write_voice
from parihs.model import ParsedTranscript, ParsedTurn

NAME = "webvtt"
LABEL = "WebVTT captions (Teams, Zoom, Stream, YouTube)"
EXTENSIONS: tuple[str, ...] = (".vtt",)

_SIGNATURE = re.compile(r"\s*WEBVTT(?=\s|$)")
_ASIDE = re.compile(r"(?P<kind>NOTE|STYLE|REGION)(?=\s|$)")
_VOICE = re.compile(r"<v[.\s]")
_LANGUAGE = re.compile(
    r"(?:NOTE\s+)?language\s*:\s*(?P<code>[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*", re.I
)
# How a cue written here says that its times are not the transcript's.
_ESTIMATED = re.compile(r"\d+ \((?P<what>start|end|times) estimated\)")


def looks_like(text: str) -> bool:
    """Say whether the text begins with the WebVTT signature."""
    return _SIGNATURE.match(text) is not None


def parse(text: str) -> ParsedTranscript:
    """Read one turn per cue, or per voice where several share a cue; ``Name: text`` is understood.

    Raises Unreadable with the line of a broken time, or when there are no cues.
    """
    if not looks_like(text) and "-->" not in text:
        raise Unreadable(
            "it has no cues, and the first line of a WebVTT file is WEBVTT.",
            "Export the captions again, or read the file as plain text.",
        )
    file = split_cues(text, any_identifier=True, is_aside=lambda line: bool(_ASIDE.match(line)))
    cues, repeated = unroll(file.cues)
    tagged = any(_VOICE.search(line) for cue in cues for line in cue.lines)
    names = SpeakerNames(frozenset(), ()) if tagged else find_cue_names(cues)
    turns: list[ParsedTurn] = []
    empty = 0
    for cue in cues:
        spoken = _turns(cue, names)
        turns += spoken
        empty += not spoken
    unnamed = sum(turn.speaker is None for turn in turns)
    warnings = [] if looks_like(text) else ["The first line, WEBVTT, is missing; read anyway."]
    warnings += _aside_warnings(file)
    warnings += cue_warnings(
        empty=empty,
        repeated=repeated,
        reattached=file.reattached,
        unnamed=unnamed,
        named=unnamed < len(turns),
    )
    return ParsedTranscript(tuple(turns), NAME, _language(file), tuple(warnings) + names.warnings)


def _turns(cue: Cue, names: SpeakerNames) -> list[ParsedTurn]:
    estimated = _ESTIMATED.fullmatch(cue.identifier)
    what = estimated["what"] if estimated else ""
    start = None if what in ("start", "times") else cue.start_ms
    end = None if what in ("end", "times") else cue.end_ms
    return [
        turn
        for speaker, markup in split_speakers(cue, names)
        for turn in read_voices(markup, unescape(speaker) if speaker else None, start, end)
    ]


def _language(file: CueFile) -> str | None:
    lines = [*file.header, *(line for aside in file.asides for line in aside)]
    found = next((match for line in lines if (match := _LANGUAGE.fullmatch(line))), None)
    return found["code"] if found else None


def _aside_warnings(file: CueFile) -> list[str]:
    kinds = [match["kind"] for aside in file.asides if (match := _ASIDE.match(aside[0].strip()))]
    confidences = sum(aside[0].strip().startswith("NOTE Confidence") for aside in file.asides)
    notes = kinds.count("NOTE") - confidences
    left_out = [
        count(confidences, "confidence note") if confidences else "",
        count(notes, "note") if notes else "",
        count(kinds.count("STYLE"), "style block") if "STYLE" in kinds else "",
        count(kinds.count("REGION"), "screen region") if "REGION" in kinds else "",
    ]
    said = ", ".join(part for part in left_out if part)
    return [f"Not speech, left out: {said}."] if said else []


def compose(parsed: ParsedTranscript) -> str:
    """Write one cue per turn, with voice tags, and inline times where all its words are timed.

    WebVTT wants two times for each cue. Where a turn lacks one, a guess from its neighbours is
    written and the cue's identifier says so; reading the file takes the guess back out.

    Raises ParihsError when no turn has a time.
    """
    turns = parsed.turns
    need_times(turns)
    language = language_tag(parsed.language)
    head = f"WEBVTT\nLanguage: {language}\n" if language else "WEBVTT\n"
    cues = (
        f"\n{number}{_estimated(turn)}\n"
        f"{format_clock(start)} --> {format_clock(end)}\n{write_voice(turn)}\n"
        for number, (turn, (start, end)) in enumerate(
            zip(turns, cue_times(turns), strict=True), start=1
        )
    )
    return head + "".join(cues)


def _estimated(turn: ParsedTurn) -> str:
    if turn.start_ms is None:
        return f" ({'times' if turn.end_ms is None else 'start'} estimated)"
    return " (end estimated)" if turn.end_ms is None else ""
