"""Edit scripts: what stays is found, and every position goes where its words went."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parihs.correction.script import Script
from parihs.correction.word_diff import difference

WORDS = st.sampled_from(["it", "does", "not", "fit", "the", "🙂", "e\u0301te\u0301", "naïve", "–"])
TEXTS = st.lists(WORDS, max_size=12).flatmap(
    lambda words: st.sampled_from([" ", "\n", ", "]).map(lambda blank: blank.join(words))
)


def moved(old: str, new: str, quote: str, kept: tuple[tuple[int, int, int], ...] = ()) -> str:
    """What a quote of the old text is in the new one."""
    start = old.rindex(quote)
    first, last = difference(old, new, kept).place(start, start + len(quote))
    return new[first:last]


@pytest.mark.parametrize(
    ("new", "quote", "becomes"),
    [
        ("It does not fits here.", "fit here", "fits here"),
        ("It does not fits here.", "fit", "fits"),
        ("It does not fits here.", "here", "here"),
        ("It really does not fit here.", "does not", "does not"),
        ("It does really not fit here.", "does not", "does really not"),
        ("It does not fit here at all.", "fit here", "fit here"),
        ("It does not.", "not fit", "not"),
        ("It does not.", "fit here", ""),
        ("IT DOES NOT FIT HERE!", "fit here", "FIT HERE"),
        ("It does not\nfit here.", "not fit", "not\nfit"),
        ("It is not going to fit here.", "does not", "is not"),
    ],
)
def test_a_quote_goes_where_its_words_went(new: str, quote: str, becomes: str) -> None:
    assert moved("It does not fit here.", new, quote) == becomes


def test_what_was_seen_typed_decides_between_equal_words() -> None:
    """Of two equal words the first was deleted; the words alone could not tell."""
    assert moved("the the cat", "the cat", "the cat", ((4, 0, 7),)) == "the cat"
    start = Script.of(((4, 0, 7),), 11, 7)
    assert difference("the the cat", "the cat", start.kept).place(4, 7) == (0, 3)


@given(TEXTS, TEXTS, st.lists(st.tuples(*[st.integers(-2, 30)] * 3), max_size=4))
def test_a_script_is_sound_whatever_it_is_told(
    old: str, new: str, told: list[tuple[int, int, int]]
) -> None:
    script = difference(old, new, told)
    reach_old = reach_new = 0
    for start, there, length in script.kept:
        assert start >= reach_old
        assert there >= reach_new
        assert length >= 0
        assert old[start : start + length] == new[there : there + length]
        reach_old, reach_new = start + length, there + length
    assert reach_old <= len(old)
    assert reach_new <= len(new)


@given(TEXTS, TEXTS, st.data())
def test_positions_stay_inside_and_in_order(old: str, new: str, data: st.DataObject) -> None:
    script = difference(old, new)
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    first, last = script.place(start, end)
    assert 0 <= first <= last <= len(new)
    if start < end and script.keeps(start, end) is not None:
        assert new[first:last] == old[start:end]


@given(TEXTS)
def test_the_same_text_stays_where_it_is(text: str) -> None:
    assert difference(text, text) == Script.same(len(text))


@given(TEXTS, TEXTS, TEXTS)
def test_scripts_follow_on_each_other_and_turn_round(one: str, two: str, three: str) -> None:
    there = difference(one, two)
    assert there.inverse().inverse() == there
    for start, now, length in there.then(difference(two, three)).kept:
        assert one[start : start + length] == three[now : now + length]
    back = there.then(there.inverse())
    assert all(start == now for start, now, _ in back.kept)
    assert sum(n for _, _, n in back.kept) == sum(n for _, _, n in there.kept)


@given(TEXTS, TEXTS)
def test_changes_and_kept_blocks_make_up_both_texts(old: str, new: str) -> None:
    script = difference(old, new)
    kept = sum(length for _, _, length in script.kept)
    assert kept + sum(c.old_end - c.old_start for c in script.changes()) == len(old)
    assert kept + sum(c.new_end - c.new_start for c in script.changes()) == len(new)
