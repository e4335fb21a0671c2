"""Words of a text and their times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parihs.transcribe.word_times import Measured, alignable, spans, timed_words

texts = st.text(alphabet="ab 'é7,.\U0001f600", max_size=40)


@st.composite
def measured_texts(draw: st.DrawFn):
    text = draw(texts)
    places = spans(text, "en")
    moment = st.integers(-500, 6_000)
    one = st.none() | st.builds(Measured, moment, moment, st.none() | st.floats(0, 1))
    return text, places, draw(st.lists(one, min_size=len(places), max_size=len(places)))


@given(measured_texts())
def test_words_never_run_backwards_and_stay_in_their_chunk(case):
    text, places, measured = case
    words = timed_words(places, measured, 1_000, 5_000)
    assert [text[word.start : word.end] for word in words] == text.split()
    times = [time for word in words for time in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert all(1_000 <= time <= 5_000 for time in times)
    assert [word.interpolated for word in words] == [found is None for found in measured]


def test_a_word_without_a_time_gets_the_time_between_its_neighbours():
    words = timed_words(
        spans("in 42 days", "en"),
        [Measured(1_000, 1_200, 0.8), None, Measured(1_900, 2_300, 0.9)],
        1_000,
        3_000,
    )
    assert [(word.start_ms, word.end_ms) for word in words] == [
        (1_000, 1_200),
        (1_200, 1_900),
        (1_900, 2_300),
    ]
    assert words[1].interpolated
    assert words[1].confidence is None
    assert not words[2].interpolated


def test_longer_words_get_more_of_the_time():
    words = timed_words(spans("a bbb", "en"), [None, None], 0, 400)
    assert [(word.start_ms, word.end_ms) for word in words] == [(0, 100), (100, 400)]


def test_only_letters_the_aligner_knows_are_aligned():
    alphabet = {"-", "|", "'", "d", "o", "n", "t"}
    assert alignable("“Don't”,", alphabet) == "don't"
    assert alignable("42", alphabet) == ""


def test_languages_without_spaces_have_a_word_per_character():
    assert spans("你好 吗", "zh") == [(0, 1), (1, 2), (3, 4)]
    assert spans("你好 吗", "en") == [(0, 2), (3, 4)]
