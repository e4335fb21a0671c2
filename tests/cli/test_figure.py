"""Figures and co-occurrence from the command line, on the demo study."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from parihs.cli.main import cli
from parihs.errors import ParihsError
from parihs.exchange.demo import load_demo
from parihs.figures import FIGURES
from parihs.store import Store


@pytest.fixture
def demo(store: Store) -> Path:
    """Folder of a home with the demo study."""
    load_demo(store)
    return store.home.path


def run(home: Path, *arguments: str | Path) -> Result:
    result = CliRunner().invoke(cli, [*map(str, arguments), "--home", str(home)])
    if result.exception is not None:
        raise result.exception
    return result


def test_every_figure_can_be_written_as_a_page_and_as_its_table(demo: Path, tmp_path: Path) -> None:
    for name in FIGURES:
        for kind, begins in (("html", "<!doctype html>"), ("csv", "")):
            out = tmp_path / f"{name}.{kind}"
            said = run(demo, "figure", name, "--out", out).output
            assert said.startswith(f"{out}: ")
            assert out.read_text(encoding="utf-8").startswith(begins)
        heads = (tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        assert "excerpt_ids" in heads
    assert list(tmp_path.glob("*.part")) == []


def test_codes_are_counted_together(demo: Path) -> None:
    table = json.loads(run(demo, "compare", "--cooccurrence", "turn", "--json").output)
    cells = {(cell["row"], cell["column"]): cell for cell in table["cells"]}
    assert len(table["codes"]) == 5
    for (row, column), cell in cells.items():
        assert cells[column, row]["value"] == cell["value"]
        assert len(cell["excerpts"]) >= (cell["value"] if row == column else 2)
    text = run(demo, "compare", "--cooccurrence", "overlap", "--cols", "1").output
    assert "overlap" in text
    assert "consensus of two coders" in text


def test_a_file_of_another_kind_is_refused(demo: Path, tmp_path: Path) -> None:
    with pytest.raises(ParihsError, match="kind of figure"):
        run(demo, "figure", "tree", "--out", tmp_path / "tree.gif")
    with pytest.raises(ParihsError, match="no code"):
        run(demo, "figure", "heatmap", "--below", "mood", "--out", tmp_path / "x.csv")
    assert list(tmp_path.glob("x*")) == []
