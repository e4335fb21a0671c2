"""Joining cues of one speaker into turns."""

from __future__ import annotations

from parihs.formats import merge_turns
from parihs.model import ParsedTranscript, ParsedTurn, ParsedWord


def merged(*turns: ParsedTurn, gap_ms: int | None = None):
    return merge_turns(ParsedTranscript(turns, "any"), gap_ms=gap_ms).turns


def test_words_move_with_their_text():
    first = ParsedTurn(
        "Ann", "Shall we", 0, 900, (ParsedWord(0, 5, 0, 400), ParsedWord(6, 8, 400, 900))
    )
    second = ParsedTurn("Ann", "begin?", 1000, 1500, (ParsedWord(0, 6, 1000, 1500, 0.7),))
    (turn,) = merged(first, second)
    assert (turn.text, turn.start_ms, turn.end_ms) == ("Shall we begin?", 0, 1500)
    assert [turn.text[w.start : w.end] for w in turn.words] == ["Shall", "we", "begin?"]
    assert turn.words[2] == ParsedWord(9, 15, 1000, 1500, 0.7)


def test_other_speakers_and_unknown_ones_keep_turns_apart():
    turns = [ParsedTurn(who, "x") for who in ("Ann", "Ben", "Ann", None, None, "Ann", "Ann")]
    assert [turn.speaker for turn in merged(*turns)] == ["Ann", "Ben", "Ann", None, None, "Ann"]


def test_a_pause_longer_than_the_gap_keeps_turns_apart():
    turns = (ParsedTurn("Ann", "a", 0, 1000), ParsedTurn("Ann", "b", 2000, 3000))
    assert len(merged(*turns)) == 1
    assert len(merged(*turns, gap_ms=1000)) == 1
    assert len(merged(*turns, gap_ms=999)) == 2


def test_an_unknown_end_stays_unknown():
    (turn,) = merged(ParsedTurn("Ann", "a", 0, 1000), ParsedTurn("Ann", "b", 2000, None))
    assert (turn.start_ms, turn.end_ms) == (0, None)


def test_warnings_and_origin_are_kept():
    parsed = ParsedTranscript((ParsedTurn("Ann", "a"),), "srt", "en", ("One.",), {"file": "a.srt"})
    again = merge_turns(parsed)
    assert (again.format, again.language, again.warnings) == ("srt", "en", ("One.",))
    assert again.provenance == {"file": "a.srt"}
