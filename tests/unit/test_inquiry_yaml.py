"""A team's summaries, ratings and findings from a plain file: all of it or nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from parihs.errors import ParihsError
from parihs.exchange import load_study
from parihs.exchange.demo import demo_folder
from parihs.inquiry import RATINGS, findings, lint, rating_sheet, site_grouping
from parihs.model import GridCell, Study
from parihs.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo study's files, without its recording."""
    copy = tmp_path / "study"
    shutil.copytree(demo_folder(), copy, ignore=shutil.ignore_patterns("*.ogg"))
    about = (copy / "study.yaml").read_text(encoding="utf-8")
    (copy / "study.yaml").write_text(about.replace(", recording: northmoor-1.ogg", ""))
    return copy


def changed(folder: Path, change: Any) -> None:
    """Change the inquiry file."""
    path = folder / "inquiry.yaml"
    about = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(about)
    path.write_text(yaml.safe_dump(about, allow_unicode=True), encoding="utf-8")


def test_the_demo_team_has_written_rated_and_found(store: Store, folder: Path) -> None:
    study = load_study(store, folder)
    with store.read() as session:
        cells = list(session.scalars(select(GridCell)))
        assert len(cells) == 20
        assert all(cell.summary and cell.excerpt_ids for cell in cells)
        assert {cell.status for cell in cells} == {"drafted", "agreed"}
        sheet = rating_sheet(session, study.id)
        assert len(sheet.places) == 20
        assert {len(place.ratings) for place in sheet.places.values()} == {2}
        assert all(r.blind_value in RATINGS for p in sheet.places.values() for r in p.ratings[:2])
        agreed = sum(place.agreed is not None for place in sheet.places.values())
        assert 0 < agreed < 20
        grouping = site_grouping(session, study.id)
        assert grouping is not None
        assert (len(grouping.high), len(grouping.low)) == (2, 2)
        *good, bad = findings(session, study.id)
        assert len(good) == 3
        found = lint(session, study.id)
        kinds = {each.kind for each in found if each.finding_id == bad.finding.id}
        assert kinds == {"contradicted", "one voice", "one site"}
        assert not [each for each in found if each.severity == "problem"]


def test_a_folder_without_the_file_is_a_study_all_the_same(store: Store, folder: Path) -> None:
    (folder / "inquiry.yaml").unlink()
    study = load_study(store, folder)
    with store.read() as session:
        assert findings(session, study.id) == []


def _wrong_quote(about: Any) -> None:
    about["grid"][0]["excerpts"][0]["quote"] = "nobody ever said this"


def _wrong_turn(about: Any) -> None:
    about["grid"][0]["excerpts"][0]["turn"] = 9999


def _wrong_site(about: Any) -> None:
    about["ratings"][3]["site"] = "atlantis"


def _wrong_person(about: Any) -> None:
    about["findings"][0]["by"] = "nobody"


def _uncoded(about: Any) -> None:
    about["grid"][0]["excerpts"][0] |= {"turn": 2, "quote": "Four floors."}


def _no_value(about: Any) -> None:
    about["ratings"][0]["isla"]["value"] = "7"


def _other_format(about: Any) -> None:
    about["format"] = "something else"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_wrong_quote, "grid, entry 1: “nobody ever said this” is not in turn 8"),
        (_wrong_turn, "is not in turn 9999"),
        (_wrong_site, "ratings, entry 4: there is no 'atlantis'"),
        (_wrong_person, "findings, entry 1: there is no 'nobody'"),
        (_uncoded, "nothing is coded at “Four floors.”"),
        (_no_value, "“7” is no rating"),
        (_other_format, "does not say “format: parihs-inquiry/1”"),
    ],
)
def test_a_faulty_entry_is_named_and_nothing_is_loaded(
    store: Store, folder: Path, change: Any, says: str
) -> None:
    changed(folder, change)
    with pytest.raises(ParihsError) as caught:
        load_study(store, folder)
    assert says in str(caught.value)
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Study)) == 0
