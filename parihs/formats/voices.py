"""The text of one WebVTT cue: voice spans, inline times, character references.

``read_voices`` takes the markup apart, ``write_voice`` puts it together.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from parihs.formats.clock import CLOCK, format_clock, parse_clock
from parihs.formats.word_times import fill_times
from parihs.model import ParsedTurn, ParsedWord

_TAG = re.compile(
    rf"<(?P<time>{CLOCK})>"
    r"|<v(?:\.[^\s<>]*)?(?:[ \t]+(?P<voice>[^<>]*))?>"
    r"|(?P<close></v>)"
    r"|(?P<guess><c\.interpolated>)"
    # Only markup that captions really use; <laughs> is something a transcriber wrote.
    r"|</?(?:c|b|i|u|s|ruby|rt|lang|font|span|br|p|div)(?:[.\s/][^<>]*)?>"
)
_REFERENCE = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_WORD = re.compile(r"\S+")

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": "&#10;", "\r": "&#13;"})
# Without a voice tag, a colon could be mistaken for the end of a speaker's name.
_ESCAPES_UNVOICED = {**_ESCAPES, ord(":"): "&#58;", ord("："): "&#65306;"}


@dataclass(slots=True)
class _Span:
    """One voice's text so far, with the times that stand between its characters."""

    speaker: str | None
    text: str = ""
    marks: list[tuple[int, int]] = field(default_factory=list)
    guesses: set[int] = field(default_factory=set)


def unescape(text: str) -> str:
    """Replace character references that end in a semicolon; a bare ``AT&T`` stays."""
    return _REFERENCE.sub(lambda reference: html.unescape(reference[0]), text)


def read_voices(
    markup: str, speaker: str | None, start_ms: int | None, end_ms: int | None
) -> list[ParsedTurn]:
    """Return one turn per voice in a cue's text; ``speaker`` is who speaks before any voice tag.

    Words are given where the cue has inline times: a word alone between two times has exactly
    these, several share them by length and are marked as interpolated.
    """
    spans = [_Span(speaker)]
    now, at = None, 0
    for tag in _TAG.finditer(markup):
        spans[-1].text += unescape(markup[at : tag.start()])
        at = tag.end()
        if tag["time"] is not None:
            now = parse_clock(tag["time"])
            if now is not None:
                spans[-1].marks.append((len(spans[-1].text), now))
        elif tag["guess"] is not None:
            spans[-1].guesses.add(len(spans[-1].text))
        elif tag["close"] is not None or tag["voice"] is not None:
            voice = unescape(tag["voice"] or "").strip() or None
            spans.append(_Span(voice, marks=[(0, now)] if now is not None else []))
    spans[-1].text += unescape(markup[at:])
    return [_turn(span, start_ms, end_ms) for span in spans if span.text.strip()]


def _turn(span: _Span, start_ms: int | None, end_ms: int | None) -> ParsedTurn:
    text = span.text.strip()
    lead = len(span.text) - len(span.text.lstrip())
    turn = ParsedTurn(span.speaker, text, start_ms, end_ms)
    if not span.marks:
        return turn
    edges: list[tuple[int, int | None]] = [(0, start_ms)]
    edges += [(min(max(0, at - lead), len(text)), ms) for at, ms in span.marks]
    edges.append((len(text), end_ms))
    guesses = {at - lead for at in span.guesses}
    words: list[ParsedWord] = []
    for (start, first_ms), (stop, last_ms) in pairwise(edges):
        found = [ParsedWord(*match.span()) for match in _WORD.finditer(text, start, stop)]
        if len(found) == 1 and first_ms is not None and last_ms is not None:
            guess = found[0].start in guesses
            words.append(replace(found[0], start_ms=first_ms, end_ms=last_ms, interpolated=guess))
        else:
            words += fill_times(found, first_ms, last_ms)
    return replace(turn, words=tuple(words))


def write_voice(turn: ParsedTurn) -> str:
    """Return a turn as cue text, with a voice tag, and inline times where all its words have them.

    A recogniser's confidence has no place in WebVTT and is left out.
    """
    escapes = _ESCAPES_UNVOICED if turn.speaker is None else _ESCAPES
    text = _timed_text(turn, escapes) if _all_timed(turn) else turn.text.translate(escapes)
    return text if turn.speaker is None else f"<v {turn.speaker.translate(_ESCAPES)}>{text}</v>"


def _all_timed(turn: ParsedTurn) -> bool:
    """Say whether words and spaces alone make up the text, so that times can go between them."""
    at = 0
    for word in turn.words:
        if word.start_ms is None or word.end_ms is None or turn.text[at : word.start].strip():
            return False
        if word.start < at or _WORD.fullmatch(turn.text, word.start, word.end) is None:
            return False
        at = word.end
    return bool(turn.words) and not turn.text[at:].strip()


def _timed_text(turn: ParsedTurn, escapes: dict[int, str]) -> str:
    parts: list[str] = []
    at, now = 0, turn.start_ms
    for index, word in enumerate(turn.words):
        assert word.start_ms is not None
        assert word.end_ms is not None
        if index and now != word.start_ms:
            parts.append(_stamp(now))
        parts.append(turn.text[at : word.start].translate(escapes))
        # A word that fills its cue needs no time, but without one nobody would know it is timed.
        if index or now != word.start_ms or len(turn.words) == 1:
            parts.append(_stamp(word.start_ms))
        said = turn.text[word.start : word.end].translate(escapes)
        parts.append(f"<c.interpolated>{said}</c>" if word.interpolated else said)
        at, now = word.end, word.end_ms
    if now != turn.end_ms:
        parts.append(_stamp(now))
    return "".join(parts) + turn.text[at:].translate(escapes)


def _stamp(ms: int | None) -> str:
    return "" if ms is None else f"<{format_clock(ms)}>"
