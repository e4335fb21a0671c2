"""Words of a text and their times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parihs.transcribe.word_times import Measured, alignable, measured_by_pieces, spans, timed_words

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
    # what is spoken of "2nd" is not what is written
    assert alignable("2nd", alphabet) == ""


def test_a_recognisers_pieces_are_put_together_into_words():
    text = "It cost £13.60, (well-known) I think."
    pieces = [
        *[(" It", Measured(0, 100, 0.9)), (" cost", Measured(100, 300, 0.8))],
        *[(" £13", Measured(300, 500, 0.7)), (".60,", Measured(500, 900, 0.4))],
        *[(" (well", Measured(900, 1_000, 0.9)), ("-", Measured(1_000, 1_010, 0.6))],
        *[("known)", Measured(1_010, 1_200, 0.95)), (" I think.", Measured(1_200, 1_500, 0.9))],
    ]
    places = spans(text, "en")
    measured = measured_by_pieces(text, places, pieces)
    words = timed_words(places, measured, 0, 1_500)
    assert [text[word.start : word.end] for word in words] == text.split()
    assert (words[2].start_ms, words[2].end_ms, words[2].confidence) == (300, 900, 0.4)
    assert (words[3].start_ms, words[3].end_ms, words[3].confidence) == (900, 1_200, 0.6)
    assert not any(word.interpolated for word in words)
    # pieces that spell something else say nothing about these words
    assert measured_by_pieces(text, places, pieces[1:]) == [None] * len(places)


@given(st.text("ab £1.-", max_size=30), st.data())
def test_however_pieces_are_cut_every_word_is_found(text, data):
    text = " ".join(text.split())
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    parts = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    pieces = [(part, Measured(i, i + 1, 0.5)) for i, part in enumerate(parts)]
    places = spans(text, "en")
    measured = measured_by_pieces(text, places, pieces)
    assert len(measured) == len(places)
    assert all(found is not None for found in measured)
    starts = [found.start_ms for found in measured]
    assert starts == sorted(starts)


def test_languages_without_spaces_have_a_word_per_character():
    assert spans("你好 吗", "zh") == [(0, 1), (1, 2), (3, 4)]
    assert spans("你好 吗", "en") == [(0, 2), (3, 4)]
