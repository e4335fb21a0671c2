"""JSON that holds turns as objects with a speaker and a text, whatever the keys are called.

Research corpora mark sounds in braces and put spaces before punctuation; both are cleaned away, and
the warnings say how often.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parihs.formats.clock import parse_clock, seconds_to_ms
from parihs.formats.json_text import load_json, looks_like_json
from parihs.formats.lines import Unreadable, count
from parihs.model import ParsedTranscript, ParsedTurn

NAME = "json"
LABEL = "JSON with speaker and text of each turn"
EXTENSIONS: tuple[str, ...] = (".json",)

_TEXT_KEYS = ("text", "content", "utterance", "transcript", "sentence", "speech", "words")
_SPEAKER_KEYS = ("speaker", "speaker_name", "speakerName", "name", "participant", "speaker_id")
_START_KEYS = ("start_ms", "startMs", "start", "start_time", "startTime", "begin", "timestamp")
_END_KEYS = ("end_ms", "endMs", "end", "end_time", "endTime", "stop")

_MARK = re.compile(r"\{[A-Za-z][A-Za-z _-]{0,30}\}")
_SPACED = re.compile(r"(?<!\s)\s+([.,?!;:])(?=\s|$)")
_SPACED_SHARE = 0.2
_MAX_DEPTH = 4
_SLOWEST_SPEECH = 0.1
"""Words per second below which numbers cannot be seconds and must be milliseconds."""


def looks_like(text: str) -> bool:
    """Say whether the text begins as JSON does."""
    return looks_like_json(text)


def parse(text: str) -> ParsedTranscript:
    """Read one turn per object of the longest list of turns found in the file.

    Raises Unreadable for broken JSON and for JSON without turns.
    """
    candidates = list(_turn_lists(load_json(text), _MAX_DEPTH))
    if not candidates:
        raise Unreadable(
            "the JSON has no list of turns with a speaker and a text.",
            "Each turn should look like {“speaker”: “Ann”, “text”: “Shall we begin?”}.",
        )
    items = max(candidates, key=len)
    texts = [str(_value(item, _TEXT_KEYS) or "") for item in items]
    cleaned, warnings = _clean(texts)
    scale = _time_scale(items, texts)
    if scale == 1:
        warnings.append("Numbers for times were read as milliseconds.")
    turns = [
        ParsedTurn(
            _speaker(item),
            said,
            _moment(item, _START_KEYS, scale),
            _moment(item, _END_KEYS, scale),
        )
        for item, said in zip(items, cleaned, strict=True)
        if said
    ]
    never = sum(not said.strip() for said in texts)
    if never:
        warnings.append(f"{count(never, 'turn')} without text left out.")
    if len(turns) + never < len(items):
        emptied = len(items) - len(turns) - never
        warnings.append(f"{count(emptied, 'turn')} with nothing but such marks left out.")
    return ParsedTranscript(tuple(turns), NAME, None, tuple(warnings))


def _turn_lists(value: Any, depth: int) -> Iterator[list[Mapping[str, Any]]]:
    """Yield every list in the JSON whose items are turns."""
    if depth == 0:
        return
    if isinstance(value, list):
        if value and all(_is_turn(item) for item in value):
            yield value
        for item in value[:100]:
            yield from _turn_lists(item, depth - 1)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _turn_lists(item, depth - 1)


def _is_turn(item: object) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(_value(item, _TEXT_KEYS), str)
        and any(key in item for key in (*_SPEAKER_KEYS, *_START_KEYS))
    )


def _value(item: Mapping[str, Any], keys: Sequence[str]) -> Any:
    return next((item[key] for key in keys if item.get(key) is not None), None)


def _speaker(item: Mapping[str, Any]) -> str | None:
    speaker = _value(item, _SPEAKER_KEYS)
    if isinstance(speaker, dict):
        speaker = speaker.get("name")
    return str(speaker).strip() or None if speaker is not None else None


def _moment(item: Mapping[str, Any], keys: Sequence[str], scale: int) -> int | None:
    for key in keys:
        value = item.get(key)
        if isinstance(value, str):
            return parse_clock(value)
        ms = seconds_to_ms(value)
        if ms is not None:
            return ms // 1000 if scale == 1 or key.lower().replace("_", "").endswith("ms") else ms
    return None


def _time_scale(items: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> int:
    """Return 1 where whole numbers are milliseconds, 1000 where numbers are seconds."""
    plain_keys = [key for key in (*_START_KEYS, *_END_KEYS) if not key.lower().endswith("ms")]
    numbers = [item[key] for item in items for key in plain_keys if key in item]
    whole = [n for n in numbers if isinstance(n, int) and not isinstance(n, bool)]
    if not whole or len(whole) < len(numbers):
        return 1000
    n_words = sum(len(text.split()) for text in texts)
    span = max(whole) - min(whole)
    return 1 if span > 0 and n_words / span < _SLOWEST_SPEECH else 1000


def _clean(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    marks = sum(len(_MARK.findall(text)) for text in texts)
    bare = [_MARK.sub(" ", text) for text in texts]
    spaced = [text for text in bare if _SPACED.search(text)]
    close_up = len(spaced) >= max(1, _SPACED_SHARE * len(texts))
    if close_up:
        bare = [_SPACED.sub(r"\1", text) for text in bare]
    if marks or close_up:
        bare = [re.sub(r"[ \t]+", " ", text) for text in bare]
    warnings = []
    if marks:
        warnings.append(f"{count(marks, 'mark')} such as {{vocalsound}} left out of the text.")
    if close_up:
        warnings.append(f"Spaces before punctuation closed up in {count(len(spaced), 'turn')}.")
    return [text.strip() for text in bare], warnings
