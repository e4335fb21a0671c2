"""Every figure by name: marks carry ids that open, captions say what was counted, files hold it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import plotly.graph_objects as go
import pytest

from parihs import compare
from parihs.charts import saving
from parihs.compare import Exhibit
from parihs.errors import ParihsError
from parihs.exchange.demo import load_demo
from parihs.figures import FIGURES, Material, Question, figure_named
from parihs.home import Home
from parihs.store import Store
from parihs.store.codebooks import codebooks, definitions, latest_codebook_version
from tests.conftest import need


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(Home(tmp_path_factory.mktemp("home")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def material(store: Store) -> Material:
    """The demo study."""
    study = load_demo(store)
    with store.read() as session:
        version = latest_codebook_version(session, codebooks(session, study.id)[0].id)
        assert version is not None
        return Material(
            compare.load_excerpts(session, study.id, version.id),
            compare.load_denominators(session, study.id),
            definitions(session, version.id),
        )


def exhibit(store: Store, material: Material, name: str, question: Question) -> Exhibit:
    with store.read() as session:
        return FIGURES[name].compute(session, material, question)


def marks(figure: go.Figure) -> set[tuple[str, ...]]:
    """What the marks of a figure carry."""
    return {
        tuple(ids)
        for trace in figure.data
        if trace.customdata is not None
        for ids in trace.customdata
    }


@pytest.mark.parametrize("cols", ["construct", 1])
@pytest.mark.parametrize("name", list(FIGURES))
def test_every_mark_carries_ids_that_open(
    store: Store, material: Material, name: str, cols: str | int
) -> None:
    shown = exhibit(store, material, name, Question(cols=cols))
    known = set(material.excerpts["excerpt_id"])
    for dark in (False, True):
        figure, caption = FIGURES[name].draw(shown, dark=dark)
        drawn = marks(figure)
        opened = {mark: shown.excerpts(*mark) for mark in drawn}
        assert sum(map(bool, opened.values())) > 3
        assert {id_ for ids in opened.values() for id_ in ids} <= known
        assert all(shown.title(*mark) for mark, ids in opened.items() if ids)
        if name == "balance":
            named = {mark[2]: shown.title(*mark) for mark in opened if mark[2:] and mark[2]}
            assert {"enabling", "constraining"} <= named.keys()
            assert all(title.endswith(f" · {direction}") for direction, title in named.items())
        assert re.search(r"\d", caption)
        written = [text for trace in figure.data if trace.text is not None for text in trace.text]
        assert not any("nan" in text.split() for text in written)


@pytest.mark.parametrize("name", ["heatmap", "multiples", "change", "coverage", "tree", "network"])
def test_no_cell_with_excerpts_is_left_without_a_mark(
    store: Store, material: Material, name: str
) -> None:
    shown = exhibit(store, material, name, Question())
    figure, _ = FIGURES[name].draw(shown)
    drawn = {frozenset(mark) for mark in marks(figure)}
    rows = shown.frame[list(shown.marks)].itertuples(index=False, name=None)
    assert {frozenset(mark) for mark in rows if shown.excerpts(*mark)} <= drawn


@pytest.mark.parametrize("name", list(FIGURES))
def test_the_table_behind_a_figure_names_its_excerpts(
    store: Store, material: Material, name: str
) -> None:
    table = exhibit(store, material, name, Question()).table()
    assert table["excerpt_ids"].str.len().gt(0).any()
    text = compare.to_csv(table)
    assert len(text.splitlines()) == len(table) + 1


def test_questions_are_checked(store: Store, material: Material) -> None:
    with pytest.raises(ParihsError, match="no figure"):
        figure_named("pie")
    with pytest.raises(ParihsError, match="transcript"):
        exhibit(store, material, "timeline", Question(transcript="nothing"))


def test_a_page_with_a_figure_needs_nothing_else(store: Store, material: Material) -> None:
    shown = exhibit(store, material, "coverage", Question())
    figure, caption = FIGURES["coverage"].draw(shown)
    page = saving.as_html(figure, f"{caption} <b>&", "A & B")
    assert "&lt;b&gt;&amp;" in page
    assert "<title>A &amp; B</title>" in page
    outside = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", page)
    assert outside == []


@pytest.mark.browser
def test_pictures_come_from_a_browser_of_this_computer(store: Store, material: Material) -> None:
    need(saving.find_browser() is not None, "Chromium")
    shown = exhibit(store, material, "participation", Question())
    figure, _ = FIGURES["participation"].draw(shown)
    drawing = ET.fromstring(saving.as_svg(figure))
    assert drawing.attrib["width"] == str(figure.layout.width)
    assert "Facilitator" in "".join(drawing.itertext())
    picture = saving.as_png(figure)
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == 2 * figure.layout.width


def test_without_a_browser_the_person_is_told_what_works(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PARIHS_BROWSER", str(tmp_path / "none"))
    with pytest.raises(ParihsError) as refused:
        saving.as_png(go.Figure())
    assert "HTML" in refused.value.hint
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PARIHS_BROWSER", str(broken))
    with pytest.raises(ParihsError, match="did not draw"):
        saving.as_svg(go.Figure())
