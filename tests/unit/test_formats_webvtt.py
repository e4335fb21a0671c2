"""WebVTT in the dialects of Teams, Zoom, Stream and YouTube."""

from __future__ import annotations

from pathlib import Path

from parihs.formats import read, read_bytes

DATA = Path(__file__).parents[1] / "data" / "formats"


def vtt(body: str, newline: str = "\n"):
    return read_bytes(f"WEBVTT\n\n{body}".replace("\n", newline).encode(), "talk.vtt")


def test_voice_spans_with_classes_and_nested_markup():
    first, second, third, *_ = read(DATA / "voices.vtt").turns
    assert (first.speaker, first.text) == ("Ann & co", "Tom & Ann <both> agree")
    assert (second.speaker, second.text) == ("Bob", "I don't")
    assert (first.start_ms, first.end_ms) == (second.start_ms, second.end_ms) == (1000, 3500)
    assert (third.speaker, third.text) == ("Bob", "Fish < chips, <laughs> AT&T")


def test_notes_regions_and_empty_cues_are_counted():
    warnings = read(DATA / "voices.vtt").warnings
    assert warnings == (
        "Not speech, left out: 1 note, 1 screen region.",
        "1 cue without text left out.",
    )


def test_inline_times_become_words():
    turn = read(DATA / "voices.vtt").turns[3]
    assert [turn.text[w.start : w.end] for w in turn.words] == ["Well", "then", "yes"]
    assert [(w.start_ms, w.end_ms) for w in turn.words] == [
        (6000, 6400),
        (6400, 6900),
        (7100, 8000),
    ]
    assert not any(word.interpolated for word in turn.words)


def test_several_words_between_two_times_share_them_and_say_so():
    turn = vtt("00:01.000 --> 00:02.000\none<00:01.200> two six<00:01.800> ten\n").turns[0]
    assert [(w.start_ms, w.end_ms, w.interpolated) for w in turn.words] == [
        (1000, 1200, False),
        (1200, 1500, True),
        (1500, 1800, True),
        (1800, 2000, False),
    ]


def test_stream_notes_never_reach_the_speech():
    parsed = read(DATA / "ms_stream.vtt")
    assert parsed.language == "en-gb"
    assert [turn.text for turn in parsed.turns] == [
        "Shall we begin with the ward round?",
        "NOTE taking was the hardest part.",
        "Yes, and the beds.",
    ]
    assert parsed.turns[0].end_ms == 4050
    assert parsed.warnings == ("Not speech, left out: 2 confidence notes, 2 notes, 1 style block.",)


def test_rolling_captions_say_everything_once():
    parsed = read(DATA / "youtube_rolling.vtt")
    assert [turn.text for turn in parsed.turns] == [
        "hello everyone welcome",
        "to the workshop",
        "please sit down",
    ]
    assert [(turn.start_ms, turn.end_ms) for turn in parsed.turns] == [
        (0, 2470),
        (2480, 5000),
        (5010, 8000),
    ]
    assert [w.start_ms for w in parsed.turns[1].words] == [2480, 2720, 3000]
    assert parsed.language == "en"
    assert any("4 repeated lines" in warning for warning in parsed.warnings)


def test_rolling_captions_survive_an_editor_that_trims_lines():
    text = (DATA / "youtube_rolling.vtt").read_text().replace("\n \n", "\n\n")
    assert [turn.text for turn in read_bytes(text.encode(), "talk.vtt").turns] == [
        "hello everyone welcome",
        "to the workshop",
        "please sit down",
    ]


def test_the_same_answer_twice_is_not_a_rolling_caption():
    parsed = vtt(
        "00:01.000 --> 00:02.000\nYeah.\n\n00:02.000 --> 00:03.000\nYeah.\n\n"
        "00:03.000 --> 00:04.000\nYeah.\nI know.\n"
    )
    assert [turn.text for turn in parsed.turns] == ["Yeah.", "Yeah.", "Yeah. I know."]


def test_zoom_names_with_windows_line_ends():
    parsed = vtt(
        "1\n00:00:01.000 --> 00:00:02.000\nAnn Example: Shall we\nbegin?\n\n"
        "2\n00:00:02.000 --> 00:00:03.000\nBen: Yes: now.\n\n"
        "3\n00:00:03.000 --> 00:00:04.000\nAnn Example: Good.\n",
        newline="\r\n",
    )
    assert [(turn.speaker, turn.text) for turn in parsed.turns] == [
        ("Ann Example", "Shall we begin?"),
        ("Ben", "Yes: now."),
        ("Ann Example", "Good."),
    ]


def test_teams_cue_ids_and_hours_past_a_day():
    parsed = vtt(
        "64b2d2bc-815a-47c5-f0df-b4a5d8a064df/0-0\n30:00:00.500 --> 30:00:01.700\n<v Ann>Hm.</v>\n"
        "64b2d2bc-815a-47c5-f0df-b4a5d8a064df/0-1\n100:00:00.000 --> 100:00:01.000\n<v Ann>Yes.\n"
    )
    assert [(t.text, t.start_ms) for t in parsed.turns] == [("Hm.", 108000500), ("Yes.", 360000000)]


def test_text_after_a_blank_line_stays_with_its_cue():
    parsed = vtt("00:01.000 --> 00:02.000\nOne\n\nand two.\n\n\n7\n00:03.000 --> 00:04.000\nThree.")
    assert [turn.text for turn in parsed.turns] == ["One and two.", "Three."]
    assert any("blank line" in warning for warning in parsed.warnings)


def test_a_file_without_its_first_line_is_read_with_a_warning():
    parsed = read_bytes(b"00:01.000 --> 00:02.000\n<v Ann>Hi</v>\n", "talk.vtt", format="webvtt")
    assert parsed.turns[0].speaker == "Ann"
    assert any("WEBVTT" in warning for warning in parsed.warnings)


def test_an_end_before_the_start_is_left_out_and_counted():
    parsed = vtt("00:05.000 --> 00:02.000\nOne\n\n00:01.000 --> 00:03.000\nTwo\n")
    assert (parsed.turns[0].start_ms, parsed.turns[0].end_ms) == (5000, None)
    assert any("1 turn ends before the start" in warning for warning in parsed.warnings)
    assert any("1 turn starts earlier" in warning for warning in parsed.warnings)
