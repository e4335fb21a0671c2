"""JSON from recognisers and from research corpora."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parihs.errors import ParihsError
from parihs.formats import read, read_bytes

DATA = Path(__file__).parents[1] / "data" / "formats"


def of(value: object):
    return read_bytes(json.dumps(value).encode(), "talk.json")


def test_segments_divide_where_a_word_changes_speaker():
    parsed = read(DATA / "whisperx_words.json")
    assert (parsed.format, parsed.language) == ("whisperx", "nl")
    assert [(t.speaker, t.text, t.start_ms, t.end_ms) for t in parsed.turns] == [
        ("SPEAKER_00", "Goed, 25 bedden.", 500, 2400),
        ("SPEAKER_01", "Ja precies.", 2600, 3800),
        ("SPEAKER_00", "Dat was het.", 5000, 6250),
    ]
    assert parsed.warnings == (
        "1 segment without text left out.",
        "1 segment divided where the speaker changes.",
        "1 word without a time placed between their neighbours.",
    )


def test_words_keep_positions_scores_and_guesses():
    first, second, third = read(DATA / "whisperx_words.json").turns
    assert [first.text[w.start : w.end] for w in first.words] == ["Goed,", "25", "bedden."]
    assert [(w.start_ms, w.end_ms, w.confidence, w.interpolated) for w in first.words] == [
        (500, 900, 0.91, False),
        (900, 1900, None, True),
        (1900, 2400, 0.8, False),
    ]
    assert [second.text[w.start : w.end] for w in second.words] == ["Ja", "precies."]
    assert third.words == ()


def test_untimed_words_at_the_edges_lie_within_the_segment():
    words = [{"word": "10"}, {"word": "of", "start": 1.5, "end": 1.6}, {"word": "2000"}]
    turn = of({"segments": [{"start": 1, "end": 2, "text": "10 of 2000", "words": words}]}).turns[0]
    assert [(w.start_ms, w.end_ms, w.interpolated) for w in turn.words] == [
        (1000, 1500, True),
        (1500, 1600, False),
        (1600, 2000, True),
    ]


def test_a_missing_number_is_not_a_time():
    data = b'{"segments": [{"start": NaN, "end": 2.0, "text": "Hi", "words": [{"word": "Hi"}]}]}'
    turn = read_bytes(data, "talk.json").turns[0]
    assert (turn.start_ms, turn.end_ms) == (None, 2000)
    assert (turn.words[0].start_ms, turn.words[0].interpolated) == (None, False)


def test_words_that_differ_from_the_text_replace_it_with_a_warning():
    segment = {"start": 0, "end": 1, "text": "Hi you", "words": [{"word": "Hi"}, {"word": "yew"}]}
    parsed = of({"segments": [segment]})
    assert parsed.turns[0].text == "Hi yew"
    assert any("written from its words" in warning for warning in parsed.warnings)


def test_corpus_marks_and_spaced_punctuation():
    parsed = read(DATA / "corpus_turns.json")
    assert [(t.speaker, t.text) for t in parsed.turns] == [
        ("Ann", "Shall we begin?"),
        ("Ben", "We waited, for the nurse."),
    ]
    assert parsed.warnings == (
        "3 marks such as {vocalsound} left out of the text.",
        "Spaces before punctuation closed up in 2 turns.",
        "1 turn without text left out.",
        "1 turn with nothing but such marks left out.",
    )


def test_ordinary_punctuation_is_left_alone():
    turns = [{"speaker": "Ann", "text": f"Fine, {n}."} for n in range(9)]
    turns.append({"speaker": "Ann", "text": "Quoi ?"})
    assert of(turns).turns[-1].text == "Quoi ?"


def test_times_as_seconds_milliseconds_and_clocks():
    talk = " ".join(["word"] * 20)
    assert of([{"speaker": "A", "text": talk, "start": 1.5, "end": 9}]).turns[0].start_ms == 1500
    assert of([{"speaker": "A", "text": talk, "start": "1:01.5"}]).turns[0].start_ms == 61500
    assert of([{"speaker": "A", "text": talk, "start_ms": 700}]).turns[0].start_ms == 700
    parsed = of([{"speaker": "A", "text": talk, "start": 700, "end": 9000}])
    assert (parsed.turns[0].start_ms, parsed.turns[0].end_ms) == (700, 9000)
    assert any("milliseconds" in warning for warning in parsed.warnings)


def test_broken_json_names_its_line():
    with pytest.raises(ParihsError, match=r"“talk.json”, line 3"):
        read_bytes(b'{\n "segments": [\n  {"text": "a",,}\n]}', "talk.json")


@pytest.mark.parametrize("value", ["1e999", "1" * 400, "-3", "true", '"soon"', "[1]", "null"])
def test_impossible_times_are_unknown(value):
    turn = f'{{"start": {value}, "end": 1, "text": "Hi", "words": [{{"word": "Hi"}}]}}'
    parsed = read_bytes(f'{{"segments": [{turn}]}}'.encode(), "talk.json")
    assert (parsed.turns[0].start_ms, parsed.turns[0].end_ms) == (None, 1000)


@pytest.mark.parametrize("inner", ["[" * 100_000, "1" * 5000 + "]"])
def test_absurd_json_is_refused(inner):
    with pytest.raises(ParihsError, match="too deeply, or holds numbers too large"):
        read_bytes(f'{{"a": [{inner}}}'.encode(), "talk.json")


def test_json_without_turns_shows_what_a_turn_looks_like():
    with pytest.raises(ParihsError, match=r"no list of turns.*speaker"):
        of({"a": [1, 2]})


def test_characters_a_database_cannot_keep_are_replaced():
    parsed = read_bytes(b'[{"speaker": "Ann", "text": "a\\u0000b\\ud800c"}]', "talk.json")
    assert parsed.turns[0].text == "a\ufffdb\ufffdc"
    assert any("replaced in 1 turn" in warning for warning in parsed.warnings)
