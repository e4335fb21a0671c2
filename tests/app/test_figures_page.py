"""The figures page and the views of the compare page, without a browser."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from parihs.figures import FIGURES
from parihs.store import Store
from tests.app.conftest import OpenPage


def box(app: AppTest, label: str) -> Any:
    return next(box for box in app.selectbox if box.label == label)


def said(app: AppTest) -> str:
    return " ".join(caption.value.replace("\\", "") for caption in app.caption)


def test_every_figure_is_drawn_with_its_caption(demo: Store, open_page: OpenPage) -> None:
    app = open_page("figures")
    for name, figure in FIGURES.items():
        app = box(app, "Figure").set_value(name).run()
        assert not app.exception
        assert len(app.get("plotly_chart")) == 1
        assert "words" in said(app)
        assert [b.label for b in app.get("download_button")] == ["HTML", "SVG", "PNG", "CSV"]
        shown = {"rows": "Rows", "value": "Shown", "split": "Side by side", "talk": "Who spoke"}
        for ask, label in shown.items():
            assert (label in [b.label for b in app.selectbox]) == (ask in figure.asks)


def test_one_choice_after_another_holds_and_goes_along_to_the_other_page(
    demo: Store, open_page: OpenPage
) -> None:
    app = open_page("compare")
    for view in ("balance", "cooccurrence", "multiples", "matrix"):
        app = app.segmented_control[0].set_value(view).run()
        assert not app.exception
        assert app.segmented_control[0].value == view
    for value in ("words", "share", "balance", "speakers"):
        app = box(app, "Shown").set_value(value).run()
        assert box(app, "Shown").value == value
    app = box(app, "Rows").set_value("role").run()
    app = app.switch_page("views/figures.py").run()
    assert box(app, "Rows").value == "role"
    assert box(app, "Shown").value == "speakers"
    assert "facilitators left out" not in said(app)
