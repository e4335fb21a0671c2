"""A choice among options whose words change, as they do where they hold a count."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from parihs.ui.choose import choose

    waiting = st.session_state.setdefault("waiting", {"a": 4, "b": 30, "c": 2})
    words = {name: f"Workshop {name} · {number} not known" for name, number in waiting.items()}
    wanted = st.session_state.setdefault("wanted", "a")
    st.text(choose(st.container(), "Transcript", words, wanted=wanted, key="transcript"))


def chosen(at: AppTest) -> str:
    assert not at.exception
    return at.text[0].value


def test_a_choice_stays_when_its_words_change() -> None:
    at = AppTest.from_function(page).run()
    at.selectbox[0].set_value("b").run()
    at.session_state["waiting"] = {"a": 4, "b": 29, "c": 2}
    at.run()
    assert chosen(at) == "b"
    box = at.selectbox[0].proto
    assert box.set_value, "the browser keeps the old words unless it is told"
    assert box.raw_value == "Workshop b · 29 not known"
    at.run()
    assert not at.selectbox[0].proto.set_value, "nothing is put back over a newer choice"


def test_words_that_the_browser_still_shows_mean_what_they_meant() -> None:
    at = AppTest.from_function(page).run()
    at.selectbox[0].set_value("b")
    sent = at._tree.get_widget_states()  # what the browser says while it shows the old words
    for left in (29, 28):
        at.session_state["waiting"] = {"a": 4, "b": left, "c": 2}
        at._run(sent)
    assert chosen(at) == "b"


def test_a_box_that_was_told_nothing_stands_where_it_should() -> None:
    at = AppTest.from_function(page)
    at.session_state["wanted"] = "c"
    at.run()
    assert chosen(at) == "c"
    assert at.selectbox[0].proto.default == 2
    at.selectbox[0].set_value("b").run()
    assert at.selectbox[0].proto.default == 1


def test_an_option_that_is_gone_gives_way_to_the_wanted_one() -> None:
    at = AppTest.from_function(page).run()
    at.selectbox[0].set_value("b").run()
    at.session_state["waiting"] = {"c": 2, "a": 4}
    at.run()
    assert chosen(at) == "a"
