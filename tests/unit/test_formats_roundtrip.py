"""What is written reads back the same, for any transcript."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parihs.errors import ParihsError
from parihs.formats import read_bytes, write_text, write_webvtt
from parihs.formats.clock import format_clock, parse_clock
from parihs.model import ParsedTranscript, ParsedTurn, ParsedWord

# Drawing a whole transcript is slow on a busy machine, and that says nothing about the code.
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

LONGEST_MS = 500 * 3600 * 1000

letters = st.characters(exclude_categories=("Cs", "Cc"))
tricky = st.sampled_from(
    [
        "Ann: hi",
        "-->",
        "<v Bob>",
        "&amp;",
        "NOTE",
        "[00:01]",
        "\\",
        "?:",
        "Note: x",
        "<00:01.000>",
        "1",
    ]
)
said = (
    st.lists(st.one_of(st.text(letters, min_size=1, max_size=20), tricky), min_size=1, max_size=4)
    .map(" ".join)
    .map(str.strip)
    .filter(bool)
)
texts = st.one_of(said, st.lists(said, min_size=1, max_size=3).map("\n".join))
single_words = st.text(letters, min_size=1, max_size=8).filter(lambda s: len(s.split()) == 1)
names = st.none() | said
times = st.integers(0, LONGEST_MS)


@st.composite
def spans(draw, partial: bool = True) -> tuple[int | None, int | None]:
    start, end = sorted((draw(times), draw(times)))
    if not partial:
        return start, end
    return draw(st.sampled_from([(start, end), (start, None), (None, end), (None, None)]))


@st.composite
def turns(draw) -> ParsedTurn:
    start, end = draw(spans())
    return ParsedTurn(draw(names), draw(texts), start, end)


@st.composite
def worded_turns(draw) -> ParsedTurn:
    start, end = draw(spans(partial=False))
    pieces = draw(st.lists(single_words, min_size=1, max_size=5))
    words, text = [], ""
    for piece in (piece.strip() for piece in pieces):
        text += " " if text else ""
        first, last = sorted((draw(times), draw(times)))
        words.append(
            ParsedWord(len(text), len(text) + len(piece), first, last, None, draw(st.booleans()))
        )
        text += piece
    return ParsedTurn(draw(names), text, start, end, tuple(words))


def transcripts(turn: st.SearchStrategy[ParsedTurn]) -> st.SearchStrategy[ParsedTranscript]:
    return st.builds(
        ParsedTranscript,
        turns=st.lists(turn, min_size=1, max_size=5).map(tuple),
        format=st.just("any"),
        language=st.none() | st.sampled_from(["en", "nl", "pt-BR"]),
    )


@relaxed
@given(transcripts(turns()))
def test_text_reads_back(parsed):
    again = read_bytes(write_text(parsed).encode(), "talk.txt")
    assert again.turns == parsed.turns
    assert again.language == parsed.language


@relaxed
@given(transcripts(turns()).filter(lambda parsed: parsed.duration_ms is not None))
def test_webvtt_reads_back(parsed):
    again = read_bytes(write_webvtt(parsed).encode(), "talk.vtt")
    assert again.turns == parsed.turns
    assert again.language == parsed.language


@relaxed
@given(transcripts(worded_turns()))
def test_webvtt_keeps_the_times_of_words(parsed):
    assert read_bytes(write_webvtt(parsed).encode(), "talk.vtt").turns == parsed.turns


@relaxed
@given(times)
def test_clock_reads_back(ms):
    assert parse_clock(format_clock(ms)) == ms


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("0:03", 3000),
        ("92:03", 5523000),
        ("1:02:03", 3723000),
        ("00:03:40-5", 220500),
        ("00:00:01,5", 1500),
        ("00:05:00.1230000", 300123),
        ("30:00:00.001", 108000001),
        ("1:60:00", None),
        ("0:61", None),
        ("noon", None),
    ],
)
def test_clock_notations(written, ms):
    assert parse_clock(written) == ms


def test_what_the_files_look_like():
    words = (ParsedWord(0, 5, 500, 900), ParsedWord(6, 10, 900, 1400, None, True))
    parsed = ParsedTranscript(
        (
            ParsedTurn("Ann", "Shall we?", 500, 1700),
            ParsedTurn(None, "Right away", 1800, None, words),
        ),
        "any",
        "en",
    )
    assert write_text(parsed) == (
        "# parihs transcript (en)\n\n"
        "[00:00:00.500 - 00:00:01.700] Ann: Shall we?\n\n"
        "[00:00:01.800] ?: Right away\n"
    )
    assert write_webvtt(parsed) == (
        "WEBVTT\nLanguage: en\n\n"
        "1\n00:00:00.500 --> 00:00:01.700\n<v Ann>Shall we?</v>\n\n"
        "2 (end estimated)\n00:00:01.800 --> 00:00:02.600\n"
        "<00:00:00.500>Right <00:00:00.900><c.interpolated>away</c><00:00:01.400>\n"
    )


def test_text_without_its_first_line_is_ordinary_text():
    turns = (ParsedTurn("Ann", "Shall we?", 500, 1700), ParsedTurn("Ben", "Yes.", 1800, 2000))
    written = write_text(ParsedTranscript(turns, "any")).split("\n", 2)[2]
    parsed = read_bytes(written.encode(), "talk.txt")
    assert (parsed.format, parsed.turns) == ("text", turns)


def test_words_without_all_their_times_leave_the_text_whole():
    words = (ParsedWord(0, 3, 500, 900), ParsedWord(4, 6))
    turn = ParsedTurn("Ann", "Oh no", 500, 1700, words)
    again = read_bytes(write_webvtt(ParsedTranscript((turn,), "any")).encode(), "talk.vtt")
    assert again.turns == (replace(turn, words=()),)


def test_captions_need_a_time():
    with pytest.raises(ParihsError, match=r"no times.*text"):
        write_webvtt(ParsedTranscript((ParsedTurn("Ann", "Hi"),), "any"))
