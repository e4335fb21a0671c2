"""The participation page and the download on the reading page, without a browser."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from parihs.exchange.demo import load_demo
from parihs.formats import WRITERS
from parihs.model import Turn
from parihs.store import Store
from tests.app.conftest import OpenPage


def box(app: AppTest, label: str) -> Any:
    return next(box for box in app.selectbox if box.label == label)


def said(app: AppTest) -> str:
    return " ".join(caption.value.replace("\\", "") for caption in app.caption)


def test_every_choice_is_drawn_with_its_caption(demo: Store, open_page: OpenPage) -> None:
    app = open_page("participation")
    for label, values in {
        "Side by side": ("workshop", "cycle", "study"),
        "Who": ("speaker", "all", "role"),
        "Counted in": ("n_words", "n_turns", "interruptions"),
    }.items():
        for value in values:
            app = box(app, label).set_value(value).run()
            assert not app.exception
            assert len(app.get("plotly_chart")) == 1
            assert "people who took part heard" in said(app)
            assert [b.label for b in app.get("download_button")] == ["HTML", "CSV"]
    app = app.segmented_control[0].set_value("course").run()
    assert not app.exception
    assert "stretch of 5 minutes" in said(app)
    app = app.segmented_control[0].set_value("silent").run()
    assert not app.exception
    assert "heard" in app.success[0].value


def test_without_times_the_page_counts_words(app_store: Store, open_page: OpenPage) -> None:
    # loaded anew, for what is known of a version holds for good, and this changes versions
    load_demo(app_store)
    with app_store.write("test") as tx:
        tx.session.execute(update(Turn).values(start_ms=None, end_ms=None))
    app = open_page("participation")
    assert "no talk time to show" in app.info[0].value
    app = box(app, "Counted in").set_value("n_words").run()
    assert len(app.get("plotly_chart")) == 1
    assert "Nothing here is timed" in said(app)
    app = app.segmented_control[0].set_value("course").run()
    assert not app.exception
    assert "500 words" in said(app)


def test_a_transcript_can_be_taken_along_in_every_format(demo: Store, open_page: OpenPage) -> None:
    app = open_page("code")
    for writer in WRITERS:
        app = box(app, "Format").set_value(writer.name).run()
        assert not app.exception
        assert len(app.get("download_button")) == 2
        assert writer.loses.split(".")[0] in said(app)
