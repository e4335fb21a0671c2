"""The error rates that ``benchmarks/error_rates.py`` reports, against counts made by hand."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.error_metrics import (
    Speech,
    WordErrors,
    normalised,
    read_rttm,
    speaker_errors,
    word_errors,
)

WORDS = st.lists(st.sampled_from("abcd"), max_size=7)
TURNS = st.lists(
    st.builds(
        lambda start, length, who: Speech(start, start + length, who),
        st.integers(0, 30),
        st.integers(1, 10),
        st.sampled_from("xyz"),
    ),
    max_size=5,
)


@pytest.mark.parametrize(
    ("said", "heard", "expected"),
    [
        ("the cat sat on the mat", "the cat sat on the mat", (6, 0, 0, 0)),
        ("the cat sat on the mat", "the cat sat mat", (6, 0, 0, 2)),
        ("the cat sat", "the the cat sat down", (3, 0, 2, 0)),
        ("the cat sat", "the dog sat", (3, 1, 0, 0)),
        ("", "anything", (0, 0, 1, 0)),
        ("gone", "", (1, 0, 0, 1)),
        ("a b", "b c", (2, 0, 1, 1)),
    ],
)
def test_edits_counted_by_hand(said: str, heard: str, expected: tuple[int, ...]):
    assert word_errors(said.split(), heard.split()) == WordErrors(*expected)


def test_a_rate_can_exceed_one_and_is_nothing_without_words():
    assert word_errors(["yes"], ["no", "no", "no"]).rate == 3
    assert word_errors([], ["no"]).rate is None


def test_the_classic_example():
    """“kitten” to “sitting”, letter by letter, takes two replacements and one insertion."""
    assert word_errors("kitten", "sitting") == WordErrors(6, 2, 1, 0)


@given(WORDS, WORDS)
def test_edits_are_the_fewest_there_are(said: list[str], heard: list[str]):
    found = word_errors(said, heard)
    assert found.errors == slow_distance(said, heard)
    assert found.words - found.deletions == len(heard) - found.insertions
    assert min(found.substitutions, found.insertions, found.deletions) >= 0
    back = word_errors(heard, said)
    assert (back.insertions, back.deletions) == (found.deletions, found.insertions)


def slow_distance(said: list[str], heard: list[str]) -> int:
    """The definition itself, recursively."""
    if not said or not heard:
        return len(said) + len(heard)
    if said[0] == heard[0]:
        return slow_distance(said[1:], heard[1:])
    return 1 + min(
        slow_distance(said[1:], heard),
        slow_distance(said, heard[1:]),
        slow_distance(said[1:], heard[1:]),
    )


def test_case_and_punctuation_do_not_count():
    assert normalised("Well — it’s the “A&E”, isn't it? Co-design…") == [
        *("well", "it's", "the", "a", "e", "isn't", "it", "co", "design")
    ]


def test_speaker_errors_by_hand():
    """Ten seconds: one missed, one invented, two given to the wrong person."""
    said = [Speech(0, 5_000, "Ann"), Speech(5_000, 10_000, "Bob")]
    heard = [Speech(0, 4_000, "S1"), Speech(5_000, 8_000, "S2"), Speech(8_000, 10_000, "S1")]
    heard.append(Speech(10_000, 11_000, "S2"))
    found = speaker_errors(said, heard)
    assert (found.speech_ms, found.missed_ms, found.false_alarm_ms, found.confusion_ms) == (
        *(10_000, 1_000, 1_000, 2_000),
    )
    assert found.rate == 0.4


def test_overlap_counts_for_each_speaker():
    said = [Speech(0, 2_000, "Ann"), Speech(1_000, 2_000, "Bob")]
    found = speaker_errors(said, [Speech(0, 2_000, "S1")])
    assert (found.speech_ms, found.missed_ms, found.confusion_ms) == (3_000, 1_000, 0)


def test_a_collar_forgives_boundaries():
    said = [Speech(1_000, 3_000, "Ann")]
    heard = [Speech(800, 3_100, "S1")]
    assert speaker_errors(said, heard).false_alarm_ms == 300
    found = speaker_errors(said, heard, collar_ms=250)
    assert (found.speech_ms, found.false_alarm_ms) == (1_500, 0)


def test_names_do_not_matter():
    said = [Speech(0, 5, "a"), Speech(5, 9, "b")]
    assert speaker_errors(said, [Speech(0, 5, "b"), Speech(5, 9, "a")]).rate == 0


@given(TURNS, TURNS)
def test_speaker_errors_are_the_smallest_over_all_matchings(
    said: list[Speech], heard: list[Speech]
):
    """Millisecond by millisecond, with every way to match the labels tried."""
    names = sorted({t.speaker for t in said})
    others = sorted({t.speaker for t in heard})
    padded = names + [""] * len(others)
    best = None
    for matching in permutations(padded, len(others)):
        named = dict(zip(others, matching, strict=True))
        wrong = 0
        for ms in range(45):
            at = {t.speaker for t in said if t.start_ms <= ms < t.end_ms}
            got = {t.speaker for t in heard if t.start_ms <= ms < t.end_ms}
            right = sum(named[g] in at for g in got)
            wrong += max(len(at), len(got)) - right
        best = wrong if best is None else min(best, wrong)
    found = speaker_errors(said, heard)
    assert found.missed_ms + found.false_alarm_ms + found.confusion_ms == best


def test_an_rttm_is_read(tmp_path):
    file = tmp_path / "a.rttm"
    file.write_text("SPEAKER clip 1 1.440 0.336 <NA> <NA> MEE009 <NA> <NA>\n;; comment\n")
    assert read_rttm(file) == {"clip": [Speech(1440, 1776, "MEE009")]}
