"""SubRip files with the liberties people take."""

from __future__ import annotations

from pathlib import Path

from parihs.formats import read, read_bytes

DATA = Path(__file__).parents[1] / "data" / "formats"


def test_missing_indices_dots_styles_and_blank_lines():
    parsed = read(DATA / "messy.srt")
    assert parsed.format == "srt"
    assert [(t.speaker, t.text, t.start_ms, t.end_ms) for t in parsed.turns] == [
        ("Ann", "Shall we begin?", 1000, 2500),
        ("Ben", "We waited for the nurse.", 3000, 4000),
        ("Ann", "Who else was there?", 5000, 6000),
        ("Ben", "I am 42 and she is 42", 9000, 10000),
        (None, "42", 11000, 12000),
    ]
    assert any("1 cue without text" in warning for warning in parsed.warnings)
    assert any("1 cue names nobody" in warning for warning in parsed.warnings)


def test_byte_order_mark_and_windows_line_ends():
    data = b"\xef\xbb\xbf1\r\n00:00:01,5 --> 00:00:02,050\r\nSi\xc3\xa2n\r\n"
    parsed = read_bytes(data, "talk.srt")
    assert [(t.text, t.start_ms, t.end_ms) for t in parsed.turns] == [("Siân", 1500, 2050)]
    assert parsed.provenance["encoding"] == "utf-8-sig"


def test_two_people_in_one_cue_are_two_turns():
    text = (
        "1\n00:01,000 --> 00:02,000\nAnn: Hi.\nBen: Hello\nagain.\n\n2\n00:03,000 --> 00:04,000\n"
    )
    parsed = read_bytes(f"{text}Ann: So.\n".encode(), "talk.srt")
    assert [(t.speaker, t.text) for t in parsed.turns] == [
        ("Ann", "Hi."),
        ("Ben", "Hello again."),
        ("Ann", "So."),
    ]


def test_rolling_captions_without_inline_times():
    lines = ["hello everyone", "to the workshop", "please sit down", "we begin"]
    cues = [
        f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n{before}\n{line}\n"
        for n, (before, line) in enumerate(zip(["", *lines[:-1]], lines, strict=True), start=1)
    ]
    parsed = read_bytes("\n".join(cues).replace("\n\nhello", "\nhello").encode(), "talk.srt")
    assert [turn.text for turn in parsed.turns] == lines


def test_an_arrow_in_speech_is_speech():
    data = b"1\n00:00:01,000 --> 00:00:02,000\nfrom ward --> clinic\n"
    assert read_bytes(data, "talk.srt").turns[0].text == "from ward --> clinic"
