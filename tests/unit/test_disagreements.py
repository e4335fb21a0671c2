"""Disagreements: worked examples a team would accept, and what holds for any codings at all."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parihs.coding.consensus import Span
from parihs.coding.disagreements import (
    KINDS,
    Place,
    agreed,
    compare,
    confused_codes,
    confusion,
    counts_by_kind,
    disagreements,
)
from parihs.coding.levels import Level
from parihs.coding.places import overlap_share, trimmed
from parihs.errors import ParihsError
from parihs.model import Turn


@dataclass(frozen=True)
class ACode:
    """A code whose id is its key."""

    key: str

    @property
    def code_id(self) -> str:
        return self.key

    @property
    def parent_key(self) -> str | None:
        return self.key.rpartition(".")[0] or None


BOOK = [
    ACode(key)
    for key in (
        "context",
        "context.org",
        "context.org.culture",
        "context.org.leadership",
        "context.local",
        "context.local.culture",
        "recipients",
        "recipients.time",
        "recipients.power",
        "innovation",
        "innovation.fit",
    )
]


def turns_of(*texts: str) -> list[Turn]:
    found, start = [], 0
    for position, text in enumerate(texts):
        turn = Turn(
            version_id="v",
            position=position,
            start=start,
            end=start + len(text),
            text=text,
            n_words=len(text.split()),
        )
        found.append(turn)
        start += len(text) + 1
    return found


TALK = turns_of(
    "Shall we begin? 🙂 Who has read it?",
    "We have no time for this. My chief said yes, and then she left. It was never ours.",
    "That is how it goes here.",
)
TEXT = "\n".join(turn.text for turn in TALK)
LONG = TALK[1].text


def coded(coder: str, code: str, quote: str, valence: str = "unrated") -> Span:
    start = TEXT.index(quote)
    end = start + len(quote)
    return Span(f"{coder}/{code}/{start}-{end}", "v", code, coder, start, end, valence)


def look(*codings: Span, level: Level = "code", coders: Sequence[str] | None = None) -> list[Place]:
    return compare(codings, TALK, BOOK, level=level, coders=coders)


def short(places: list[Place]) -> list[tuple[str | None, tuple[str, ...]]]:
    return [(place.kind, place.code_ids) for place in places]


def test_one_coded_where_the_other_saw_nothing() -> None:
    (place,) = look(coded("ada", "recipients.time", "no time for this"), coders=["ada", "ben"])
    assert place.kinds == ("one coded",)
    assert {coder: len(given) for coder, given in place.by_coder.items()} == {"ada": 1, "ben": 0}
    assert place.turns == (1,)
    assert TEXT[place.start : place.end] == "no time for this"


def test_the_same_words_with_the_same_code_are_agreed() -> None:
    both = [coded(coder, "recipients.time", "no time for this", "-1") for coder in ("ada", "ben")]
    (place,) = look(*both)
    assert (place.kinds, place.overlap) == ((), 1.0)
    assert agreed(both, TALK, BOOK) == [place]
    assert disagreements(both, TALK, BOOK) == []


def test_a_blank_a_full_stop_or_a_quotation_mark_more_is_no_disagreement() -> None:
    (place,) = look(
        coded("ada", "recipients.time", "We have no time for this. "),
        coded("ben", "recipients.time", "We have no time for this"),
    )
    assert place.kinds == ()


def test_a_word_more_is_a_different_boundary_with_its_overlap() -> None:
    (place,) = look(
        coded("ada", "recipients.time", "have no time"), coded("ben", "recipients.time", "no time")
    )
    assert place.kinds == ("different boundary",)
    assert place.overlap == pytest.approx(len("no time") / len("have no time"))


def test_two_neighbouring_sentences_are_one_stretch_of_their_coder() -> None:
    (place,) = look(
        coded("ada", "recipients.time", "We have no time for this."),
        coded("ada", "recipients.time", "My chief said yes, and then she left."),
        coded("ben", "recipients.time", LONG.split(" It was")[0]),
    )
    assert (place.kinds, len(place.codings)) == ((), 3)
    (alone,) = look(*[span for span in place.codings if span.coder_id == "ada"])
    assert len(alone.codings) == 2


def test_neighbouring_turns_are_not_one_stretch() -> None:
    whole = [coded("ada", "recipients.time", turn.text) for turn in TALK[1:]]
    assert len(look(*whole, coders=["ada", "ben"])) == 2


def test_two_short_stretches_against_the_whole_turn_are_one_question() -> None:
    (place,) = look(
        coded("ada", "context.org.leadership", "My chief said yes"),
        coded("ada", "context.org.leadership", "It was never ours"),
        coded("ben", "context.org.leadership", LONG),
    )
    assert place.kinds == ("different boundary",)
    assert place.overlap == pytest.approx(
        (len("My chief said yes") + len("It was never ours")) / len(LONG.rstrip("."))
    )


def test_different_codes_for_one_statement_stand_against_each_other() -> None:
    (place,) = look(
        coded("ada", "context.org.leadership", "My chief said yes, and then she left."),
        coded("ben", "recipients.power", "she left"),
    )
    assert short([place]) == [
        ("different code", ("context.org.leadership", "recipients.power")),
    ]
    assert "different boundary" not in place.kinds


def test_stretches_that_hardly_overlap_are_two_separate_statements() -> None:
    """They share 14 of the shorter one's 35 characters."""
    places = look(
        coded("ada", "context.org.leadership", "no time for this. My chief said yes"),
        coded("ben", "recipients.power", "chief said yes, and then she left. It"),
    )
    assert [place.kind for place in places] == ["one coded", "one coded"]


def test_a_further_code_does_not_spoil_the_code_that_both_gave() -> None:
    """Ada gave two codes, Ben one of them: they agree on it, and Ben left the other out."""
    places = look(
        coded("ada", "recipients.time", "We have no time for this."),
        coded("ada", "innovation.fit", "We have no time for this."),
        coded("ben", "recipients.time", "We have no time for this."),
    )
    assert short(places) == [(None, ("recipients.time",)), ("one coded", ("innovation.fit",))]


def test_only_what_is_left_over_is_set_against_each_other() -> None:
    """Both gave ``time``; Ada also ``fit`` and Ben also ``power``: agreed, and one confusion."""
    quote = "We have no time for this."
    places = look(
        coded("ada", "recipients.time", quote),
        coded("ada", "innovation.fit", quote),
        coded("ben", "recipients.time", quote),
        coded("ben", "recipients.power", quote),
    )
    assert sorted(short(places), key=str) == [
        ("different code", ("recipients.power", "innovation.fit")),
        (None, ("recipients.time",)),
    ]


def test_each_code_is_set_against_the_one_that_fits_best() -> None:
    """Ada coded the turn once, Ben three statements in it: one confusion and two left out."""
    places = look(
        coded("ada", "context.org.leadership", LONG),
        coded("ben", "recipients.time", "We have no time for this."),
        coded("ben", "recipients.power", "My chief said yes, and then she left."),
        coded("ben", "innovation.fit", "It was never ours."),
    )
    assert sorted(short(places), key=str) == [
        ("different code", ("context.org.leadership", "recipients.power")),
        ("one coded", ("innovation.fit",)),
        ("one coded", ("recipients.time",)),
    ]


def test_between_equal_stretches_the_nearest_code_of_the_book_is_the_counterpart() -> None:
    quote = "My chief said yes"
    places = look(
        coded("ada", "context.org.leadership", quote),
        coded("ben", "recipients.power", quote),
        coded("ben", "context.org.culture", quote),
    )
    assert sorted(short(places), key=str) == [
        ("different code", ("context.org.culture", "context.org.leadership")),
        ("one coded", ("recipients.power",)),
    ]


@pytest.mark.parametrize(
    ("valences", "gap"),
    [
        (("-1", "-1"), None),
        (("-1", "unrated"), None),
        (("1", "2"), "strength"),
        (("0", "1"), "direction"),
        (("mixed", "-2"), "direction"),
        (("-1", "2"), "opposite"),
    ],
)
def test_valences(valences: tuple[str, str], gap: str | None) -> None:
    (place,) = look(
        coded("ada", "recipients.time", "no time", valences[0]),
        coded("ben", "recipients.time", "no time", valences[1]),
    )
    assert place.valence_gap == gap
    assert place.kinds == (() if gap is None else ("different valence",))


def test_one_place_can_differ_in_two_ways_and_is_one_decision() -> None:
    (place,) = look(
        coded("ada", "recipients.time", "no time", "-1"),
        coded("ben", "recipients.time", "We have no time for this.", "1"),
    )
    assert place.kinds == ("different valence", "different boundary")
    assert counts_by_kind([place]) == {
        "different code": 0,
        "one coded": 0,
        "different valence": 1,
        "different boundary": 0,
    }


def test_levels_of_the_codebook() -> None:
    culture = (
        coded("ada", "context.org.culture", "how it goes here"),
        coded("ben", "context.local.culture", "how it goes here"),
    )
    assert [place.kind for place in look(*culture)] == ["different code"]
    assert [place.kind for place in look(*culture, level="parent")] == ["different code"]
    assert [place.kind for place in look(*culture, level="construct")] == [None]
    broad = (
        coded("ada", "context.org", "how it goes here"),
        coded("ben", "context.org.culture", "how it goes here"),
    )
    assert [place.kind for place in look(*broad)] == ["different code"]
    assert [place.kind for place in look(*broad, level="parent")] == [None]
    with pytest.raises(ParihsError, match="level"):
        look(*culture, level="leaf")  # type: ignore[arg-type]


def test_a_place_has_the_same_id_at_every_level_and_after_an_edit() -> None:
    ada = coded("ada", "recipients.time", "no time")
    ben = coded("ben", "recipients.time", "have no time")
    (place,) = look(ada, ben)
    (above,) = look(ada, ben, level="construct")
    (edited,) = look(ada, replace(ben, start=ada.start, valence="2"))
    assert place.id == above.id == edited.id
    assert edited.kinds == ()
    (other,) = look(ada, coders=["ada", "ben"])
    assert other.id != place.id


def test_three_coders_two_against_one() -> None:
    """Two call it leadership and one calls it power; the third code of one of them stays apart."""
    quote = "My chief said yes"
    places = look(
        coded("ada", "context.org.leadership", quote),
        coded("ben", "context.org.leadership", quote),
        coded("cleo", "recipients.power", quote),
    )
    assert short(places) == [("different code", ("context.org.leadership", "recipients.power"))]
    assert confused_codes(places) == {("context.org.leadership", "recipients.power"): 2}


def test_three_coders_with_three_codes_are_one_place() -> None:
    quote = "My chief said yes"
    (place,) = look(
        coded("ada", "context.org.leadership", quote),
        coded("ben", "recipients.power", quote),
        coded("cleo", "innovation.fit", quote),
    )
    assert len(place.parts) == 3


def test_two_of_three_is_one_coded_and_keeps_its_other_differences() -> None:
    (place,) = look(
        coded("ada", "recipients.time", "no time", "1"),
        coded("ben", "recipients.time", "have no time", "-2"),
        coders=["ada", "ben", "cleo"],
    )
    assert place.kinds == ("one coded", "different valence", "different boundary")


def test_a_coder_who_gave_both_codes_does_not_confuse_them() -> None:
    """Ada gave both, Ben one, Cleo the other: Ben and Cleo differ, Ada agrees with each."""
    quote = "My chief said yes"
    (place,) = look(
        coded("ada", "context.org.leadership", quote),
        coded("ada", "recipients.power", quote),
        coded("ben", "context.org.leadership", quote),
        coded("cleo", "recipients.power", quote),
    )
    assert place.kind == "different code"
    assert confused_codes([place]) == {("context.org.leadership", "recipients.power"): 1}


def test_the_confusion_table_counts_agreement_confusion_and_silence() -> None:
    quote = "We have no time for this."
    places = look(
        coded("ada", "recipients.time", quote),
        coded("ben", "recipients.time", quote),
        coded("ada", "context.org.leadership", "My chief said yes"),
        coded("ben", "recipients.power", "My chief said yes"),
        coded("ben", "innovation.fit", "It was never ours."),
    )
    assert confusion(places, "ada", "ben") == {
        ("recipients.time", "recipients.time"): 1,
        ("context.org.leadership", "recipients.power"): 1,
        (None, "innovation.fit"): 1,
    }
    mirrored = {(b, a): n for (a, b), n in confusion(places, "ada", "ben").items()}
    assert confusion(places, "ben", "ada") == mirrored


def test_codings_of_others_are_left_out() -> None:
    quote = "My chief said yes"
    codings = [coded(coder, "recipients.power", quote) for coder in ("ada", "ben", "cleo")]
    (place,) = look(*codings, coders=["ada", "cleo"])
    assert {span.coder_id for span in place.codings} == {"ada", "cleo"}


def test_codings_of_two_versions_are_not_mixed() -> None:
    first = coded("ada", "recipients.time", "no time")
    with pytest.raises(ValueError, match="versions"):
        look(first, replace(first, version_id="w"))


def test_an_excerpt_without_letters_keeps_its_place() -> None:
    assert trimmed("a 🙂 b", 2, 3) == (2, 3)
    assert trimmed("“Yes,” she said.", 0, 16) == (1, 15)


def test_overlap_share_of_three() -> None:
    assert overlap_share([((0, 10),), ((5, 10),), ((0, 7),)]) == pytest.approx(0.2)
    assert overlap_share([((0, 10),)]) == 1.0


WORDS = turns_of(*(" ".join(["we", "had", "no", "time."] * 5) for _ in range(3)))
LENGTH = WORDS[-1].end


@st.composite
def any_codings(draw: st.DrawFn, coders: str = "abc") -> list[Span]:
    found = []
    for number in range(draw(st.integers(0, 14))):
        start = draw(st.integers(0, LENGTH - 1))
        end = draw(st.integers(start + 1, min(LENGTH, start + 60)))
        code = draw(st.sampled_from(BOOK)).key
        coder = draw(st.sampled_from(coders))
        valence = draw(st.sampled_from(["1", "-1", "mixed", "unrated"]))
        found.append(Span(str(number), "v", code, coder, start, end, valence))
    return found


@given(any_codings(), st.sampled_from(["code", "parent", "construct"]), st.randoms())
def test_every_coding_is_in_one_place_whatever_the_order(
    codings: list[Span], level: Level, shuffler: random.Random
) -> None:
    places = compare(codings, WORDS, BOOK, level=level, coders="abc")
    seen = Counter(span.id for place in places for span in place.codings)
    assert seen == Counter(span.id for span in codings)
    assert [place.start for place in places] == sorted(place.start for place in places)
    shuffled = list(codings)
    shuffler.shuffle(shuffled)
    again = compare(shuffled, WORDS[::-1], BOOK, level=level, coders="abc")
    assert [(p.id, p.kinds) for p in again] == [(p.id, p.kinds) for p in places]


@given(any_codings("ab"))
def test_what_both_gave_the_same_words_never_counts_as_missing(codings: list[Span]) -> None:
    text = "\n".join(turn.text for turn in WORDS)
    places = compare(codings, WORDS, BOOK, coders="ab")
    for place in places:
        if place.kind not in ("one coded", "different code"):
            continue
        for part in place.parts:
            for span in codings:
                if span.code_id != part.code_id or span.coder_id in part.covered:
                    continue
                start, end = trimmed(text, span.start, span.end)
                assert end <= part.start or start >= part.end


@given(any_codings("ab"))
def test_two_coders_are_confused_about_pairs_of_codes_only(codings: list[Span]) -> None:
    places = compare(codings, WORDS, BOOK, coders="ab")
    assert all(len(place.parts) <= 2 for place in places)
    table = confusion(places, "a", "b")
    off = sum(n for (one, other), n in table.items() if one and other and one != other)
    assert off == counts_by_kind(places)["different code"]
    assert sum(table.values()) == len(places)


@given(any_codings("a"))
def test_whoever_copies_a_coding_agrees_with_it(codings: list[Span]) -> None:
    copies = [replace(span, id=f"copy {span.id}", coder_id="b") for span in codings]
    places = compare([*codings, *copies], WORDS, BOOK)
    assert all(place.kinds == () for place in places)
    assert counts_by_kind(places) == dict.fromkeys(KINDS, 0)


def test_two_thousand_codings_take_less_than_a_second() -> None:
    chance = random.Random(4)
    turns = turns_of(*("we had no time for this. " * chance.randint(2, 12) for _ in range(200)))
    codings = []
    for number in range(2000):
        turn = chance.choice(turns)
        start = turn.start + chance.randrange(len(turn.text) - 1)
        end = chance.randint(start + 1, turn.end)
        code, coder = chance.choice(BOOK).key, chance.choice("abcde")
        codings.append(Span(str(number), "v", code, coder, start, end, "1"))
    began = time.perf_counter()
    places = compare(codings, turns, BOOK)
    assert time.perf_counter() - began < 1
    assert len(places) > 100
