"""JSON from WhisperX, Whisper, faster-whisper or aTrain: segments, words, times, speakers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from parihs.formats.clock import seconds_to_ms
from parihs.formats.json_text import load_json, looks_like_json
from parihs.formats.lines import Unreadable, count
from parihs.formats.word_times import fill_times
from parihs.model import ParsedTranscript, ParsedTurn, ParsedWord
from parihs.model.terms import TURN_MARKS

NAME = "whisperx"
LABEL = "WhisperX or Whisper JSON"
EXTENSIONS: tuple[str, ...] = (".json",)

_SEGMENTS = re.compile(r'"segments"\s*:\s*\[')


@dataclass(slots=True)
class _Tally:
    """What has to be told about a file, counted while reading it."""

    empty: int = 0
    guessed: int = 0
    rebuilt: int = 0
    split: int = 0

    def warnings(self) -> tuple[str, ...]:
        said = []
        if self.empty:
            said.append(f"{count(self.empty, 'segment')} without text left out.")
        if self.split:
            said.append(f"{count(self.split, 'segment')} divided where the speaker changes.")
        if self.guessed:
            said.append(
                f"{count(self.guessed, 'word')} without a time placed between their neighbours."
            )
        if self.rebuilt:
            said.append(
                f"{count(self.rebuilt, 'segment')} written from its words, which differ from its "
                "text."
            )
        return tuple(said)


def looks_like(text: str) -> bool:
    """Say whether the text is JSON with a list of segments."""
    return looks_like_json(text) and _SEGMENTS.search(text) is not None


def parse(text: str) -> ParsedTranscript:
    """Read one turn per segment, or more where its words have different speakers.

    Raises Unreadable where there are no segments or one of them is not what it should be.
    """
    data = load_json(text)
    segments = data.get("segments") if isinstance(data, dict) else None
    if not isinstance(segments, list):
        raise Unreadable(
            "the JSON has no list named “segments”.", "Choose the .json that WhisperX wrote."
        )
    tally = _Tally()
    turns: list[ParsedTurn] = []
    for number, segment in enumerate(segments, start=1):
        if not isinstance(segment, dict):
            raise Unreadable(
                f"segment {number} is not an object with a text.",
                "Choose the .json that WhisperX wrote.",
            )
        turns += _segment_turns(segment, tally)
    language = data.get("language")
    return ParsedTranscript(
        tuple(turns),
        NAME,
        language if isinstance(language, str) and language else None,
        tally.warnings(),
    )


def _segment_turns(segment: Mapping[str, Any], tally: _Tally) -> list[ParsedTurn]:
    given = segment.get("words")
    items = [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []
    items = [item for item in items if _said(item)]
    text = str(segment.get("text") or "").strip()
    spans = _locate(items, text)
    if spans is None:
        tally.rebuilt += 1
        text, spans = _rebuild(items)
    if not text:
        tally.empty += 1
        return []
    start, end = seconds_to_ms(segment.get("start")), seconds_to_ms(segment.get("end"))
    words = fill_times([_word(i, s) for i, s in zip(items, spans, strict=True)], start, end)
    tally.guessed += sum(word.interpolated for word in words)
    own = _speaker(segment)
    runs = _runs(_word_speakers(items, own))
    if len(runs) < 2:
        speaker = runs[0][0] if runs else own
        return [ParsedTurn(speaker, text, start, end, words, _marks(segment))]
    tally.split += 1
    return [
        _cut(text, words[first:last], words[last].start if last < len(words) else len(text), who)
        for who, first, last in runs
    ]


def _marks(segment: Mapping[str, Any]) -> tuple[str, ...]:
    """What we wrote beside a segment that should be listened to; other programs have none."""
    given = segment.get("marks")
    return tuple(m for m in given if m in TURN_MARKS) if isinstance(given, list) else ()


def _said(item: Mapping[str, Any]) -> str:
    return str(item.get("word") or item.get("text") or "").strip()


def _speaker(item: Mapping[str, Any]) -> str | None:
    speaker = item.get("speaker")
    return str(speaker).strip() or None if speaker is not None else None


def _word(item: Mapping[str, Any], span: tuple[int, int]) -> ParsedWord:
    score = item.get("score", item.get("probability", item.get("confidence")))
    sure = isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1
    return ParsedWord(
        *span,
        start_ms=seconds_to_ms(item.get("start")),
        end_ms=seconds_to_ms(item.get("end")),
        confidence=float(score) if sure and score is not None else None,
        interpolated=item.get("interpolated") is True,
    )


def _locate(items: Sequence[Mapping[str, Any]], text: str) -> list[tuple[int, int]] | None:
    """Find each word in the segment's text, in order; None where one is not there."""
    spans, at = [], 0
    for item in items:
        said = _said(item)
        known = item.get("at")
        known = known if isinstance(known, int) and text.startswith(said, known) else -1
        found: int = known if known >= at else text.find(said, at)
        if found < 0:
            return None
        at = found + len(said)
        spans.append((found, at))
    return spans


def _rebuild(items: Sequence[Mapping[str, Any]]) -> tuple[str, list[tuple[int, int]]]:
    text, spans = "", []
    for item in items:
        said = _said(item)
        text += " " if text else ""
        spans.append((len(text), len(text) + len(said)))
        text += said
    return text, spans


def _word_speakers(
    items: Sequence[Mapping[str, Any]], segment_speaker: str | None
) -> list[str | None]:
    """Name each word's speaker; a word without one goes with the word before, or the next named."""
    given = [_speaker(item) for item in items]
    known = next((speaker for speaker in given if speaker is not None), segment_speaker)
    speakers = []
    for speaker in given:
        known = speaker if speaker is not None else known
        speakers.append(known)
    return speakers


def _runs(speakers: Sequence[str | None]) -> list[tuple[str | None, int, int]]:
    """Group consecutive words of one speaker as (speaker, first word, word after the last)."""
    runs: list[tuple[str | None, int, int]] = []
    for at, speaker in enumerate(speakers):
        if runs and runs[-1][0] == speaker:
            runs[-1] = (speaker, runs[-1][1], at + 1)
        else:
            runs.append((speaker, at, at + 1))
    return runs


def _cut(text: str, words: Sequence[ParsedWord], end: int, speaker: str | None) -> ParsedTurn:
    """Make a turn of the text from its first word up to ``end``, positions counted from there."""
    start = words[0].start
    moved = tuple(replace(w, start=w.start - start, end=w.end - start) for w in words)
    said = text[start:end].rstrip()
    return ParsedTurn(speaker, said, words[0].start_ms, words[-1].end_ms, moved)


def compose(parsed: ParsedTranscript) -> str:
    """Write what WhisperX writes: ``segments`` with ``words``, ``word_segments``, ``language``.

    Beside its own keys stand ``interpolated`` (a word's time was guessed), ``at`` (where a word
    begins, should the same word occur before it) and ``marks`` of the turn; other programs pass
    over them. Lost: that a word had no time; when read back it gets one and is marked.
    """
    segments = [_segment(turn) for turn in parsed.turns]
    written: dict[str, Any] = {
        "segments": segments,
        "word_segments": [word for segment in segments for word in segment["words"]],
    }
    if parsed.language:
        written["language"] = parsed.language
    return json.dumps(written, ensure_ascii=False, indent=1) + "\n"


def _segment(turn: ParsedTurn) -> dict[str, Any]:
    own = {} if turn.speaker is None else {"speaker": turn.speaker}
    said = [turn.text[word.start : word.end].strip() for word in turn.words]
    items = [{"word": text} for text in said]
    apart = _locate(items, turn.text) != [(word.start, word.end) for word in turn.words]
    words = [
        {
            "word": text,
            **_times(word.start_ms, word.end_ms),
            **({} if word.confidence is None else {"score": word.confidence}),
            **own,
            **({"interpolated": True} if word.interpolated else {}),
            **({"at": word.start} if apart else {}),
        }
        for word, text in zip(turn.words, said, strict=True)
        if text
    ]
    times = _times(turn.start_ms, turn.end_ms)
    marks = {"marks": list(turn.marks)} if turn.marks else {}
    return {**times, "text": turn.text, **own, "words": words, **marks}


def _times(start_ms: int | None, end_ms: int | None) -> dict[str, float]:
    """Seconds, as WhisperX gives them: the nearest number to a millisecond, so it reads back."""
    given = {"start": start_ms, "end": end_ms}
    return {name: ms / 1000 for name, ms in given.items() if ms is not None}
