"""Every format that can be written: what it can hold is read back, and nothing becomes wrong."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parihs.errors import ParihsError
from parihs.formats import WRITERS, read, read_bytes, write, write_bytes
from parihs.formats.clock import parse_clock
from parihs.formats.cue_times import cue_times
from parihs.formats.names import LABEL, could_be_header
from parihs.formats.spoken_lines import UNKNOWN, one_line, without_time_marks
from parihs.formats.srt import speakable as for_srt
from parihs.formats.writing import safe_name
from parihs.model import ParsedTranscript, ParsedTurn, ParsedWord

relaxed = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])

LONGEST_MS = 500 * 3600 * 1000

letters = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"))
nasty = st.sampled_from(
    [
        "Ann: hi",
        "a --> b",
        "00:00:01.000 --> 00:00:02.000",
        "<v Bob>",
        "<b>so</b>",
        "{\\an8}",
        "&amp;",
        "NOTE",
        "WEBVTT",
        "[00:01]",
        "(1:02:03)",
        "#00:00:05-1#",
        "\\",
        "=SUM(A1)",
        "'=1",
        '"quoted"',
        "a,b;c",
        "שלום עולם",
        "مرحبا",
        "e\u0301\u0323",
        "👩‍⚕️🇳🇱",
        "\u200f\u202e",
        "1",
        "?:",
        "- yes",
    ]
)
phrases = st.lists(
    st.one_of(st.text(letters, min_size=1, max_size=15), nasty), min_size=1, max_size=4
)
said = phrases.map(" ".join).map(str.strip).filter(bool)
texts = st.one_of(said, st.lists(said, min_size=1, max_size=3).map("\n\n".join))
times = st.one_of(
    st.integers(0, LONGEST_MS),
    st.sampled_from([0, 999, 1999, 59_999, 3_599_999, 86_399_999, 86_400_000, 360_000_000]),
)


def is_ordinary(name: str) -> bool:
    """Whether a reader of running text can tell the name from other words."""
    label = LABEL.match(f"{name}: x")
    return could_be_header(name) and label is not None and label["name"] == name


names = st.one_of(
    st.sampled_from(
        ["Ann Example", "SPEAKER_00", "Dr. O’Neill", "محمد", "李雷", "Zoë\u0301", "Ann (nurse)"]
    ),
    st.text(letters, min_size=1, max_size=12).map(str.strip).filter(is_ordinary),
)
odd_names = st.one_of(names, said, st.sampled_from(["Ward 7: Ann", "a", "?", "=x", "[Bob]"]))


@st.composite
def spans(draw) -> tuple[int | None, int | None]:
    start, end = sorted((draw(times), draw(times)))
    shapes = [(start, end), (start, start), (start, None), (None, end), (None, None)]
    return draw(st.sampled_from(shapes))


@st.composite
def turns(draw, name: st.SearchStrategy[str | None], text: st.SearchStrategy[str]) -> ParsedTurn:
    start, end = draw(spans())
    return ParsedTurn(draw(name), draw(text), start, end)


def transcripts(
    name: st.SearchStrategy[str | None], text: st.SearchStrategy[str]
) -> st.SearchStrategy[ParsedTranscript]:
    return st.builds(
        ParsedTranscript,
        turns=st.lists(turns(name, text), min_size=1, max_size=6).map(tuple),
        format=st.just("any"),
    )


anybody = transcripts(st.none() | odd_names, texts)
# A turn that is nothing but a time looks like the line above a turn.
words_said = texts.filter(lambda text: parse_clock(without_time_marks(text)) is None)
ordinary = st.one_of(
    transcripts(names, words_said),
    transcripts(st.none() | names, words_said).filter(lambda parsed: bool(parsed.speakers)),
)


def again(parsed: ParsedTranscript, format: str) -> ParsedTranscript:
    filename = next(w for w in WRITERS if w.name == format).filename("talk")
    return read_bytes(write_bytes(parsed, filename, format=format), filename)


@relaxed
@given(anybody)
@pytest.mark.parametrize("format", ["docx", "text", "csv", "whisperx"])
def test_turns_read_back_as_they_were(format, parsed):
    assert again(parsed, format).turns == parsed.turns


@relaxed
@given(anybody.filter(lambda parsed: parsed.duration_ms is not None))
def test_captions_read_back_as_they_were(parsed):
    assert again(parsed, "webvtt").turns == parsed.turns


def cut(ms: int | None, step: int) -> int | None:
    return None if ms is None else ms - ms % step


@relaxed
@given(anybody)
def test_nvivo_loses_only_fine_times_and_line_breaks(parsed):
    assert [(t.speaker, t.text, t.start_ms, t.end_ms) for t in again(parsed, "nvivo").turns] == [
        (
            None if turn.speaker is None else one_line(turn.speaker),
            one_line(turn.text),
            cut(turn.start_ms, 100),
            None if turn.start_ms is None else cut(turn.end_ms, 100),
        )
        for turn in parsed.turns
    ]


@relaxed
@given(ordinary)
@pytest.mark.parametrize(("format", "step"), [("maxqda", 100), ("atlasti", 1000)])
def test_texts_for_other_programs_keep_who_said_what_and_when(format, step, parsed):
    expected = [
        (turn.speaker or UNKNOWN, without_time_marks(one_line(turn.text)), cut(turn.start_ms, step))
        for turn in parsed.turns
    ]
    found = again(parsed, format)
    assert [(t.speaker, t.text, t.start_ms) for t in found.turns] == expected
    assert all(turn.end_ms is None for turn in found.turns)


@relaxed
@given(ordinary.filter(lambda parsed: parsed.duration_ms is not None))
def test_srt_keeps_who_said_what_and_guesses_missing_times(parsed):
    moments = list(cue_times([replace(t, text=one_line(t.text)) for t in parsed.turns]))
    expected = [
        (turn.speaker or UNKNOWN, for_srt(one_line(turn.text)), start, end)
        for turn, (start, end) in zip(parsed.turns, moments, strict=True)
    ]
    found = [(t.speaker, t.text, t.start_ms, t.end_ms) for t in again(parsed, "srt").turns]
    assert found == expected


@relaxed
@given(st.lists(spans(), min_size=1, max_size=5), st.sampled_from([w.name for w in WRITERS]))
def test_no_time_is_rounded_up_or_wraps_at_a_day(moments, format):
    """Whatever the format: milliseconds below 1,000, seconds and minutes below 60, hours go on."""
    parsed = ParsedTranscript(
        tuple(ParsedTurn("Ann", "Yes indeed", start, end) for start, end in moments), "any"
    )
    if parsed.duration_ms is None and format in ("srt", "webvtt"):
        return
    step = {"maxqda": 100, "nvivo": 100, "atlasti": 1000}.get(format, 1)
    found = again(parsed, format)
    if format != "srt":
        assert [turn.start_ms for turn in found.turns] == [cut(start, step) for start, _ in moments]
    if format in ("docx", "whisperx"):
        return
    written = write_bytes(parsed, "talk", format=format).decode()
    clocks = re.findall(r"(\d{2,}):(\d\d):(\d\d)(?:[.,-](\d+))?", written)
    assert all(int(m) < 60 and int(s) < 60 and len(ms) <= 3 for _, m, s, ms in clocks)


@st.composite
def worded(draw) -> ParsedTurn:
    start, end = sorted((draw(times), draw(times)))
    pieces = draw(
        st.lists(
            st.one_of(st.sampled_from(["the", "a", "the"]), said).filter(lambda s: not s.isspace()),
            min_size=1,
            max_size=6,
        )
    )
    words, text = [], ""
    for piece in pieces:
        text += " " if text else ""
        first, last = sorted((draw(times), draw(times)))
        sure = draw(st.none() | st.floats(0, 1))
        if draw(st.booleans()) or not words:
            place = (len(text), len(text) + len(piece))
            words.append(ParsedWord(*place, first, last, sure, draw(st.booleans())))
        text += piece
    marks = draw(st.sampled_from([(), ("overlap",), ("unsure", "no speech")]))
    return ParsedTurn(draw(st.none() | names), text, start, end, tuple(words), marks)


@relaxed
@given(st.lists(worded(), min_size=1, max_size=4).map(tuple))
def test_json_keeps_words_confidence_guesses_and_marks(made):
    parsed = ParsedTranscript(made, "any", "nl")
    found = again(parsed, "whisperx")
    assert found.turns == made
    assert found.language == "nl"


def test_json_has_the_shape_that_other_programs_read():
    words = (ParsedWord(0, 5, 500, 900, 0.25), ParsedWord(6, 10))
    parsed = ParsedTranscript((ParsedTurn("Ann", "Right away", 500, 1700, words),), "any", "en")
    assert json.loads(write_bytes(parsed, "talk.json")) == {
        "language": "en",
        "segments": [
            {
                "start": 0.5,
                "end": 1.7,
                "text": "Right away",
                "speaker": "Ann",
                "words": [
                    {"word": "Right", "start": 0.5, "end": 0.9, "score": 0.25, "speaker": "Ann"},
                    {"word": "away", "speaker": "Ann"},
                ],
            }
        ],
        "word_segments": [
            {"word": "Right", "start": 0.5, "end": 0.9, "score": 0.25, "speaker": "Ann"},
            {"word": "away", "speaker": "Ann"},
        ],
    }
    filled = read_bytes(write_bytes(parsed, "talk.json"), "talk.json").turns[0].words[1]
    assert (filled.start_ms, filled.end_ms, filled.interpolated) == (900, 1700, True)


TALK = ParsedTranscript(
    (
        ParsedTurn("Ann", "Shall we?", 1999, 90_061_940),
        ParsedTurn(None, "=2+2", 90_061_940, 90_061_940),
        ParsedTurn("Ward 7: Ben", "Yes.\nRight away.", 360_000_000, None),
    ),
    "any",
)


def test_what_the_files_look_like():
    assert write_bytes(TALK, "talk.srt").decode() == (
        "1\n00:00:01,999 --> 25:01:01,940\nAnn: Shall we?\n\n"
        "2\n25:01:01,940 --> 25:01:01,940\nUnknown Speaker: =2+2\n\n"
        "3\n100:00:00,000 --> 100:00:01,200\nWard 7꞉ Ben: Yes. Right away.\n"
    )
    assert write_bytes(TALK, "talk", format="maxqda").decode() == (
        "#00:00:01-9# Ann: Shall we?\n\n#25:01:01-9# Unknown Speaker: =2+2\n\n"
        "#100:00:00-0# Ward 7꞉ Ben: Yes. Right away.\n"
    )
    assert write_bytes(TALK, "talk", format="atlasti").decode() == (
        "[00:00:01] Ann: Shall we?\n\n[25:01:01] Unknown Speaker: =2+2\n\n"
        "[100:00:00] Ward 7꞉ Ben: Yes. Right away.\n"
    )
    assert write_bytes(TALK, "talk", format="nvivo").decode() == (
        "Timespan\tSpeaker\tContent\n00:00:01.9 - 25:01:01.9\tAnn\tShall we?\n"
        "25:01:01.9 - 25:01:01.9\t\t=2+2\n100:00:00.0\tWard 7: Ben\tYes. Right away.\n"
    )
    rows = list(csv.reader(io.StringIO(write_bytes(TALK, "talk.csv").decode("utf-8-sig"))))
    assert rows == [
        ["start", "end", "speaker", "text"],
        ["00:00:01.999", "25:01:01.940", "Ann", "Shall we?"],
        ["25:01:01.940", "25:01:01.940", "", "'=2+2"],
        ["100:00:00.000", "", "Ward 7: Ben", "Yes.\nRight away."],
    ]


def test_the_word_document_is_one_to_hand_over():
    arabic = ParsedTurn("Ann", "مرحبا", 1000, 2000)
    made = ParsedTranscript((*TALK.turns, arabic), "any", "en")
    document = docx.Document(io.BytesIO(write_bytes(made, "x.docx", title="Ward & <workshop>\x07")))
    assert [p.text for p in document.paragraphs[:2]] == [
        "Ward & <workshop>",
        "Speakers: Ann, Ward 7: Ben. 4 turns, 7 words, 100:00:00 long.",
    ]
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Time", "Speaker", "Text"]
    assert [cell.text for cell in table.rows[1].cells] == [
        "00:00:01.999\n– 25:01:01.940",
        "Ann",
        "Shall we?",
    ]
    inside = table._tbl.xml
    assert "w:tblHeader" in inside
    assert "w:bidi" in table.rows[4]._tr.xml
    footer = document.sections[0].footer._element.xml
    assert 'instr="PAGE"' in footer
    assert 'instr="NUMPAGES"' in footer


def test_a_file_is_written_whole_and_read_back(tmp_path: Path):
    for writer in WRITERS:
        path = write(TALK, tmp_path / writer.filename("A: talk"), format=writer.name)
        assert path.name.startswith("A- talk")
        assert len(read(path).turns) == len(TALK.turns)
    assert len(list(tmp_path.iterdir())) == len(WRITERS)


def test_refusals_say_what_to_do(tmp_path: Path):
    with pytest.raises(ParihsError, match=r"\.docx, \.txt"):
        write_bytes(TALK, "talk.pdf")
    with pytest.raises(ParihsError, match="maxqda, nvivo, atlasti"):
        write_bytes(TALK, "talk.txt", format="word")
    untimed = ParsedTranscript((ParsedTurn("Ann", "Hi"),), "any")
    for ending in ("srt", "vtt"):
        with pytest.raises(ParihsError, match="no times"):
            write_bytes(untimed, f"talk.{ending}")
    with pytest.raises(ParihsError, match="cannot be written"):
        write(TALK, tmp_path / "nowhere" / "talk.txt")


@given(st.text(max_size=150))
def test_any_title_becomes_a_file_name(title):
    name = safe_name(title)
    assert name
    assert not set('\\/:*?"<>|\n\t\0') & set(name)
    assert name == name.strip(" .")
