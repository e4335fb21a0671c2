"""Plain text in the layouts of Otter, Google Meet, MAXQDA, f4, aTrain, and of people."""

from __future__ import annotations

from pathlib import Path

import pytest

from parihs.formats import read, read_bytes

DATA = Path(__file__).parents[1] / "data" / "formats"
BEGIN, WAITED, WHO = "Shall we begin?", "We waited for the nurse.", "Who else was there?"


def text(body: str):
    return read_bytes(body.encode(), "talk.txt")


def rows(parsed):
    return [(turn.speaker, turn.text, turn.start_ms, turn.end_ms) for turn in parsed.turns]


def test_otter_headers_summary_and_paragraphs():
    parsed = read(DATA / "otter_full.txt")
    assert parsed.format == "otter"
    assert rows(parsed) == [
        (
            "Ann Example",
            "Shall we begin? We start at 10:30\nand I will take notes.\nA second paragraph by Ann.",
            3000,
            None,
        ),
        ("Ben Okafor", WAITED, 3729000, None),
    ]
    assert parsed.warnings == (
        "6 lines before the first speaker left out.",
        "1 line by the transcription service left out.",
    )


@pytest.mark.parametrize(
    "header",
    ["Ann Example (00:03):", "00:00:03 Ann Example", "Ann Example\t0:03", "[0:03] Ann Example"],
)
def test_other_ways_to_write_name_and_time_on_a_line(header):
    parsed = text(f"{header}\n{BEGIN}\n\n{header.replace('Ann', 'Ben')}\n{WAITED}\n")
    assert rows(parsed) == [("Ann Example", BEGIN, 3000, None), ("Ben Example", WAITED, 3000, None)]


def test_bracketed_times_before_names():
    assert rows(read(DATA / "meet_bracketed.txt")) == [
        ("Ann Example", BEGIN, 2000, None),
        ("Ben Okafor", "We waited for the nurse,", 5000, None),
        ("Ann Example", WHO, 62000, None),
        ("Ben Okafor", "Nobody.", 90000000, None),
    ]


def test_google_meet_times_stand_on_their_own_line():
    parsed = read(DATA / "google_meet.txt")
    assert rows(parsed)[2:] == [
        ("Ann Example", BEGIN, 0, None),
        ("Ben Okafor", WAITED, None, None),
        ("Ann Example", WHO, 300000, None),
        ("Ben Okafor", "Nobody.", None, None),
    ]
    assert [turn.speaker for turn in parsed.turns[:2]] == [None, None]


@pytest.mark.parametrize(
    "line",
    [
        "Ann (00:01:02): Shall we begin?",
        "Ann [00:01:02] Shall we begin?",
        "Ann: [00:01:02] Shall we begin?",
        "(00:01:02) Ann: Shall we begin?",
        "[00:01:02 - 00:01:04] Ann: Shall we begin?",
        "00:01:02 Ann: Shall we begin?",
    ],
)
def test_times_in_brackets_on_either_side_of_the_name(line):
    parsed = text(f"{line}\n{line}\n")
    end = 64000 if " - " in line else None
    assert rows(parsed) == [("Ann", BEGIN, 62000, end)] * 2


def test_times_with_an_arrow_on_the_line_of_the_words():
    assert rows(text("[00:01.000 --> 00:04.000]  One\n[00:04.000 --> 00:06.500]  two\n")) == [
        (None, "One", 1000, 4000),
        (None, "two", 4000, 6500),
    ]
    assert (
        rows(text("00:00:01.0 --> 00:00:04.0 Ann: One\n" * 2)) == [("Ann", "One", 1000, 4000)] * 2
    )


def test_days_and_times_below_a_transcript_are_not_its_speakers():
    talk = "".join(f"Ann: Sentence {n}.\nBen: Answer {n}.\n" for n in range(20))
    parsed = text(f"{talk}Monday 10:30\nTuesday 11:00\n")
    assert (parsed.format, parsed.speakers, len(parsed.turns)) == ("text", ["Ann", "Ben"], 42)


def test_maxqda_times_before_paragraphs():
    parsed = read(DATA / "maxqda.txt")
    assert parsed.format == "maxqda"
    assert rows(parsed) == [
        ("Ann", BEGIN, 1500, None),
        ("Ben", WAITED, 4000, None),
        ("Ann", WHO, 70900, None),
    ]
    assert "1 time in the middle of a paragraph left out." in parsed.warnings


def test_f4_times_after_paragraphs_start_the_next():
    parsed = read(DATA / "f4.txt")
    assert rows(parsed) == [
        ("Ann", BEGIN, None, 3500),
        ("Ben", WAITED, 3500, 9100),
        ("Ann", WHO, 9100, 11000),
    ]
    assert any("starts where the one before it ended" in warning for warning in parsed.warnings)


def test_f4_without_blank_lines_is_the_same():
    body = (DATA / "f4.txt").read_text().replace("\n\n", "\n")
    assert rows(text(body)) == rows(read(DATA / "f4.txt"))


def test_time_glued_to_the_name():
    assert rows(read(DATA / "maxqda_glued.txt")) == [
        ("Ann", BEGIN, 220500, None),
        ("Ben", WAITED, 224200, None),
        ("Ann", WHO, 231000, None),
    ]


def test_atrain_for_maxqda_runs_segments_together():
    parsed = read(DATA / "atrain_maxqda.txt")
    assert parsed.format == "atrain"
    assert rows(parsed) == [
        ("SPEAKER_00", BEGIN, 1000, None),
        ("SPEAKER_00", "I will take notes.", 3000, None),
        ("SPEAKER_01", WAITED, 6000, None),
        ("SPEAKER_00", WHO, 69000, None),
    ]
    assert parsed.warnings == ("1 line before the first speaker left out.",)


def test_atrain_for_nvivo_has_no_brackets():
    assert rows(read(DATA / "atrain_nvivo.txt")) == [
        ("SPEAKER_00", BEGIN, 1000, None),
        ("SPEAKER_00", "I will take notes.", 3000, None),
        ("SPEAKER_01", WAITED, 6000, None),
    ]


def test_atrain_without_speakers():
    body = "Transcription for ward\n\n[00:00:01] - Shall we begin?\n[00:00:06] - We waited.\n"
    assert rows(text(body)) == [(None, BEGIN, 1000, None), (None, "We waited.", 6000, None)]


def test_text_without_speakers_is_its_paragraphs():
    parsed = read(DATA / "no_speakers.txt")
    assert parsed.format == "text"
    assert [turn.speaker for turn in parsed.turns] == [None] * 3
    assert parsed.turns[0].text.startswith("The workshop began late. People came in from two wards")
    assert parsed.turns[1].text.startswith("At 10:30")
    assert parsed.turns[2].text == "Note: the tape was changed here."


def test_lines_without_blank_lines_are_turns():
    assert [t.text for t in text("One day.\nAnother day.\n").turns] == ["One day.", "Another day."]


def test_a_paragraph_without_a_name_goes_on_with_the_speaker():
    parsed = text("Ann: One.\n\nTwo.\n\n[laughter]\n\nBen: Three.\n\nAnn: Four.\n")
    assert [(t.speaker, t.text) for t in parsed.turns] == [
        ("Ann", "One."),
        ("Ann", "Two."),
        (None, "[laughter]"),
        ("Ben", "Three."),
        ("Ann", "Four."),
    ]
    assert any("1 paragraph without a name" in warning for warning in parsed.warnings)
    assert any("1 remark" in warning for warning in parsed.warnings)


def test_a_name_alone_on_its_line_names_the_paragraph_below():
    parsed = text("Ann:\n\nOne.\n\nBen:\nTwo\nthree.\n\nAnn:\n\nFour.\n")
    assert [(t.speaker, t.text) for t in parsed.turns] == [
        ("Ann", "One."),
        ("Ben", "Two three."),
        ("Ann", "Four."),
    ]
