"""Figures: every mark carries its ids, empty cells differ, and a browser draws and clicks them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
from playwright.sync_api import Browser

from parihs.charts import CONFIG, balance_bars, heatmap
from parihs.charts.theme import DARK, LIGHT, Theme, between, contrast, text_on

CONSTRUCTS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9")
STATES = ("value", "nothing said", "not asked", "mixed", "not coded", "unrated")
DRAWN = {"value", "mixed"}


def matrix_table(
    n_rows: int, n_columns: int, measure: str = "count", per: str = "none"
) -> pd.DataFrame:
    """A table as ``parihs.compare.to_frame`` makes it, with every state in it."""
    states = STATES if measure == "balance" else ("value", "value", "nothing said", "not asked")
    records = []
    for r in range(n_rows):
        for c in range(n_columns):
            state = states[(r * 7 + c) % len(states)]
            value = (r * 5 + c * 3) % 17 - (8 if measure == "balance" else 0)
            value = value / 20 if measure == "share" else value
            construct = c * 5 // n_columns
            records.append(
                {
                    "row_id": f"r{r}",
                    "row": f"<Site & ward> number {r} with a rather long name",
                    "row_words": 1000 * r,
                    "row_workshops": r,
                    "row_transcripts": r,
                    "column_id": f"c{c}",
                    "column": f"Senior leadership and management support {c}",
                    "construct_id": f"k{construct}",
                    "construct": f"Construct {construct}",
                    "colour": CONSTRUCTS[construct],
                    "construct_colour": CONSTRUCTS[construct],
                    "value": float(value) if state in DRAWN else float("nan"),
                    "state": state,
                    "measure": measure,
                    "per": per,
                    "n_excerpts": 3 if state in DRAWN else 0,
                    "excerpt_ids": "a b c" if state in DRAWN else "",
                }
            )
    return pd.DataFrame.from_records(records)


def balance_table(n_rows: int, n_columns: int) -> pd.DataFrame:
    """A table as ``parihs.compare.balance(…).frame``."""
    frame = matrix_table(n_rows, n_columns)
    place = pd.Series(range(len(frame)))
    said = frame["state"] == "value"
    return frame.assign(
        enabling=(place % 9).where(said, 0),
        constraining=(place % 5).where(said, 0),
        mixed=(place % 3).where(said, 0),
        neutral=1,
        unrated=0,
        speakers=4,
        speakers_enabling=2,
        speakers_constraining=1,
    )


SIZES = [(5, 5), (12, 67), (1, 1)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("measure", ["count", "share", "balance", "present"])
@pytest.mark.parametrize("dark", [False, True])
def test_every_cell_of_a_heatmap_carries_its_ids(
    size: tuple[int, int], measure: str, dark: bool
) -> None:
    frame = matrix_table(*size, measure=measure)
    figure, caption = heatmap(frame, "Codings, 12 workshops.", dark=dark)
    points = [tuple(ids) for trace in figure.data for ids in trace.customdata]
    assert points == list(zip(frame["row_id"], frame["column_id"], strict=True))
    assert caption.startswith("Codings, 12 workshops.")
    figure.to_json()


def test_the_kinds_of_empty_cell_look_different_and_are_explained() -> None:
    frame = matrix_table(6, 6, measure="balance")
    figure, caption = heatmap(frame, "Balance.")
    shown = {
        state: figure.data[0].text[place]
        for place, state in enumerate(frame["state"])
        if state != "value"
    }
    assert len(set(shown.values())) == len(shown) == 5
    for mark in shown.values():
        assert f"{mark} " in caption
    values = frame[frame["state"] == "value"]
    texts = [figure.data[0].text[place] for place in values.index]
    assert any(text.startswith("+") for text in texts)
    assert any(text.startswith("−") for text in texts)


@pytest.mark.parametrize(
    ("value", "measure", "per", "text"),
    [
        (1234.0, "count", "none", "1,234"),
        (0.034, "share", "none", "3.4%"),
        (0.34, "share", "none", "34%"),
        (4.26, "excerpts", "1000 words", "4.3"),
        (-3.0, "balance", "none", "−3"),
        (0.0, "balance", "none", "0"),
    ],
)
def test_numbers_are_printed_in_their_unit(value: float, measure: str, per: str, text: str) -> None:
    frame = matrix_table(1, 1, measure=measure, per=per).assign(value=value, state="value")
    assert heatmap(frame, "")[0].data[0].text[0] == text


@pytest.mark.parametrize("size", SIZES)
def test_every_bar_carries_its_ids_and_counts_what_the_table_says(size: tuple[int, int]) -> None:
    frame = balance_table(*size)
    figure, _ = balance_bars(frame, "Bars.")
    drawn: dict[tuple[str, str, str], float] = {}
    for bars in figure.select_traces({"type": "bar"}):
        drawn |= {tuple(ids): x for ids, x in zip(bars.customdata, bars.x, strict=True)}
    expected = {
        (cell["row_id"], cell["column_id"], name): side * cell[name]
        for cell in frame.to_dict("records")
        for name, side in (("enabling", 1), ("constraining", -1))
        if cell[name]
    }
    assert drawn == expected
    labels = [text for bars in figure.select_traces({"type": "bar"}) for text in bars.text]
    assert all(label[0] in "+−" and label.endswith(")") for label in labels)


def test_names_from_the_study_are_shown_and_never_read_as_markup() -> None:
    for figure, _ in (heatmap(matrix_table(2, 2), ""), balance_bars(balance_table(2, 2), "")):
        names = " ".join(figure.layout.yaxis.ticktext)
        assert "&lt;Site &amp; ward&gt;" in names
        assert "<Site" not in names


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_numbers_stay_readable_on_every_ground(colours: Theme) -> None:
    for stops in (colours.scale, colours.diverging):
        for step in range(101):
            ground = between(stops, step / 100)
            assert contrast(ground, text_on(ground)) >= 4.3


def _drawings() -> dict[str, go.Figure]:
    return {
        "heatmap": heatmap(matrix_table(5, 5, measure="balance"), "")[0],
        "wide": heatmap(matrix_table(12, 67), "", dark=True)[0],
        "bars": balance_bars(balance_table(5, 5), "")[0],
    }


@pytest.mark.browser
def test_a_browser_draws_them_offline_and_a_click_gives_the_ids(
    chromium: Browser, tmp_path: Path
) -> None:
    page = chromium.new_page(viewport={"width": 1900, "height": 900})
    asked: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    for name, figure in _drawings().items():
        file = tmp_path / f"{name}.html"
        file.write_text(figure.to_html(include_plotlyjs=True, config=CONFIG), encoding="utf-8")
        page.goto(file.as_uri())
        clicked = _click(page, figure)
        assert clicked in [list(ids) for trace in figure.data for ids in trace.customdata]
    page.close()
    assert not problems
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)


def _click(page, figure: go.Figure) -> list[str]:  # type: ignore[no-untyped-def]
    """Click the first mark that has ids, and return what the figure reports."""
    page.wait_for_selector(".main-svg")
    page.evaluate(
        "document.querySelector('.js-plotly-plot').on('plotly_click',"
        " event => window.clicked = event.points[0].customdata)"
    )
    mark = page.locator(".point path, path.point").first
    box = mark.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 - 3, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("window.clicked")
    found: Callable[..., list[str]] = page.evaluate
    return found("window.clicked")
