"""``parihs report``: all kinds of file from one command, the same bytes each time."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from docx import Document

from parihs.home import Home
from parihs.store import Store
from tests.cli.test_commands import Shell, demo
from tests.support.small_study import make_small_study
from tests.unit.inquiry_study import KIM, code

pytestmark = pytest.mark.slow

__all__ = ["demo"]


@pytest.fixture
def parihs(tmp_path: Path) -> Shell:
    """A shell over an empty home."""
    return Shell(tmp_path / "home")


def test_one_command_writes_the_whole_report(demo: Shell, tmp_path: Path) -> None:
    said = demo("report", "--out", tmp_path / "first").stdout
    files = {file.name: file.read_bytes() for file in (tmp_path / "first").iterdir()}
    assert set(files) == {"report.docx", "report.html", "report.xlsx", "report-tables.zip"}
    assert len(said.splitlines()) == 4
    demo("report", "--out", tmp_path / "second")
    assert {f.name: f.read_bytes() for f in (tmp_path / "second").iterdir()} == files
    document = Document(io.BytesIO(files["report.docx"]))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "5 sites and 12 workshops" in text
    counted = json.loads(demo("compare", "--json").stdout)
    wanted = [str(int(cell["value"])) for cell in counted["cells"][:5]]
    assert [cell.text for cell in document.tables[3].rows[1].cells[1:]] == wanted


def test_only_what_was_asked_for(demo: Shell, tmp_path: Path) -> None:
    made = demo.json("report", "--out", tmp_path, "--html", "--csv", "--part", "findings")
    assert [each["kind"] for each in made["files"]] == ["html", "csv"]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert 'id="findings"' in page
    assert 'id="codebook"' not in page
    assert not (tmp_path / "report.docx").exists()


def test_a_coders_eyes_leave_out_what_is_not_released(parihs: Shell, tmp_path: Path) -> None:
    store = Store(Home(parihs.folder))
    small = make_small_study(store)
    code(store, small, 0, KIM)
    store.close()
    for name, options, seen in (
        ("lead", (), True),
        ("ada", ("--as", "ada"), True),
        ("ben", ("--as", "ben"), False),
    ):
        parihs("report", "--out", tmp_path / name, "--html", "--layer", "all", *options)
        page = (tmp_path / name / "report.html").read_text(encoding="utf-8")
        assert ("It never has" in page) == seen


def test_it_refuses_in_a_sentence(parihs: Shell, demo: Shell, tmp_path: Path) -> None:
    assert "no study" in parihs.refuses("report", "--out", tmp_path).lower()
    assert "no coder “zoe”" in demo.refuses("report", "--out", tmp_path, "--as", "zoe")
    assert "no coder “zoe”" in demo.refuses("report", "--out", tmp_path, "--layer", "zoe")
    assert "Missing option" in demo("report", code=2).stderr
    assert list(tmp_path.glob("report*")) == []
