"""What is said around an excerpt: whole words, of other turns too, and a sign where it is cut."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parihs.coding.around import around, neighbourhood
from parihs.store import Store
from parihs.store.transcripts import stretch
from tests.support.small_study import SmallStudy

TEXT = "Shall we begin 🙂 then?\nIt does not fit here. It never has.\nCafé talk, naïve as it is."
PLACE = st.integers(0, len(TEXT))


def test_it_is_cut_between_words(store: Store, small: SmallStudy) -> None:
    version = small.versions[0].id
    with store.read() as session:
        assert stretch(session, version, 0, len(TEXT)) == TEXT
        assert around(session, [(version, 45, 47)], 8) == [("… here. ", " never …")]
        # A word fits whole or is left out; one that fills the reach alone is cut.
        assert around(session, [(version, 31, 34)], 5) == [("… does ", " fit …")]
        assert around(session, [(version, 31, 34)], 4) == [("… oes ", " fit …")]


def test_of_many_each_has_its_own(store: Store, small: SmallStudy) -> None:
    versions = [version.id for version in small.versions]
    places = [(version, at, at + 3) for at in (31, 8, 45) for version in versions]
    with store.read() as session:
        alone = [around(session, [place], 7)[0] for place in places]
        assert around(session, places, 7) == alone
        assert len(set(alone)) >= 3
        assert around(session, [], 7) == []


def test_a_stroke_stands_where_somebody_else_speaks(store: Store, small: SmallStudy) -> None:
    version = small.versions[0].id
    with store.read() as session:
        assert around(session, [(version, 23, 58)], 11) == [("… 🙂 then? / ", " / Café talk, …")]
        [everything] = around(session, [(version, 23, 58)], 1000)
        assert everything == (TEXT[:23].replace("\n", " / "), TEXT[58:].replace("\n", " / "))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(PLACE, PLACE, st.integers(1, 30))
def test_it_stands_in_the_text_and_cuts_no_word(
    store: Store, small: SmallStudy, one: int, other: int, reach: int
) -> None:
    start, end = sorted((one, other))
    with store.read() as session:
        near = neighbourhood(session, small.versions[0].id, start, end, reach)
    last = end + len(near.after)
    assert (near.before, near.after) == (TEXT[near.first : start], TEXT[end:last])
    assert max(len(near.before), len(near.after)) <= reach
    assert (near.begun, near.goes_on) == (start > reach, len(TEXT) - end > reach)
    whole_left = (" " + TEXT)[near.first].isspace() or near.before[:1].isspace()
    whole_right = (TEXT + " ")[last].isspace() or near.after[-1:].isspace()
    assert whole_left or len(near.before.split()) <= 1
    assert whole_right or len(near.after.split()) <= 1
