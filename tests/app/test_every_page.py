"""Every page runs on no study, an empty study and the demo study, and says what it is for."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from parihs.codebook import load, shipped
from parihs.store import Store
from parihs.store.codebooks import save_codebook
from parihs.store.studies import add_coder, add_study
from tests.app.conftest import MAIN, PAGES, OpenPage
from tests.support.remembered import choices_of

TITLES = {
    "add": "Add material",
    "code": "Read and code",
    "codebook": "Codebook",
    "compare": "Compare sites",
    "people": "Sites and people",
    "history": "History",
    "team": "Team",
    "speakers": "Speakers",
    "transcription": "Transcription",
}


def words(app: AppTest) -> str:
    """Everything the page says."""
    # Names are escaped, so that none of them can become a link or a heading.
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "success", "error")
    said = "\n".join(str(element.value) for kind in kinds for element in app.get(kind))
    return re.sub(r"\\(\W)", r"\1", said)


def title(app: AppTest) -> str:
    """The page's title as it is shown."""
    return re.sub(r"\\(\W)", r"\1", app.title[0].value)


def ran(app: AppTest) -> AppTest:
    """The page, after checking that nothing failed in it."""
    assert not app.exception, app.exception
    return app


def test_every_page_is_in_the_navigation() -> None:
    files = {file.stem for file in (MAIN.parent / "views").glob("*.py")} - {"__init__"}
    assert files == set(PAGES)
    assert {"overview", *TITLES} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_without_a_study_each_page_shows_the_way_to_one(page: str, open_page: OpenPage) -> None:
    app = ran(open_page(page))
    if page == "overview":
        assert app.title[0].value == "Welcome to parihs"
        assert "fictional" in words(app)
        assert [button.label for button in app.button] == ["Open the demo study", "Start the study"]
    else:
        assert "There is no study yet." in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_study_says_what_comes_first(
    page: str, app_store: Store, open_page: OpenPage
) -> None:
    with app_store.write("test") as tx:
        study = add_study(tx, key="empty", name="Empty study")
        save_codebook(tx, study.id, load(shipped()["i-parihs"]))
        add_coder(tx, study.id, key="zoe", name="Zoe")
    app = ran(open_page(page))
    assert app.title[0].value == TITLES.get(page, app.title[0].value)
    says = {
        "overview": "Add the first recording or transcript",
        "add": "until you say so",
        "code": "There is no transcript yet",
        "compare": "Nothing is coded here yet",
        "people": "Pseudonyms only",
        "speakers": "There is no transcript yet",
        "participation": "nobody has been heard",
        "transcription": "There is no recording yet",
        "codebook": "67 codes",
    }
    assert says.get(page, "") in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_study_without_a_codebook_is_no_trap(
    page: str, app_store: Store, open_page: OpenPage
) -> None:
    with app_store.write("test") as tx:
        add_study(tx, key="bare", name="Bare study")
    ran(open_page(page))


@pytest.mark.parametrize("page", PAGES)
def test_the_demo_study_fills_each_page(page: str, demo: Store, open_page: OpenPage) -> None:
    app = ran(open_page(page))
    text = words(app)
    if page == "overview":
        assert title(app) == "The Lantern Study (fictional)"
        metrics = {metric.label: metric.value for metric in app.metric}
        assert metrics["Sites"] == "5"
        assert metrics["Workshops"] == "12"
        assert metrics["Participants"] == "35"
        assert int(metrics["Words transcribed"].replace(",", "")) > 18_000
        assert "What to do next" in text
        assert "Northmoor Professional Support Unit" in text
    elif page == "code":
        reader = app.get("bidi_component")[0].proto
        assert "version_id" in reader.json
        assert "So you've all had" not in reader.json
        (box,) = (each for each in app.selectbox if each.label == "Transcript")
        assert len(box.options) == 12
        assert box.options[0] == "Harrowdale General Hospital · Harrowdale workshop 1"
    elif page == "compare":
        matrix = app.get("bidi_component")[0].proto.json
        assert "Innovation" in matrix
        assert "12 workshops" in text
    elif page == "transcription":
        assert "northmoor-1.ogg" in text
        assert "No recognition model" in text
    elif page == "codebook":
        assert "67 codes" in text
        assert "Innovation" in text
    elif page == "people":
        assert {tab.label for tab in app.tabs} == {"Participants", "Sites"}
    elif page == "speakers":
        assert "Bridget" in text
        assert "voices known" in text


@pytest.mark.parametrize("query", [{"transcript": "gone"}, {"start": "x", "end": "7"}])
def test_a_broken_link_opens_a_transcript_all_the_same(
    query: dict[str, str], demo: Store, open_page: OpenPage
) -> None:
    app = ran(open_page("code", **query))
    assert "version_id" in app.get("bidi_component")[0].proto.json


@pytest.mark.parametrize("kept", [{"rows": 3}, {"rows": "gone", "roles": ["gone"]}])
def test_choices_of_another_version_do_no_harm(
    kept: object, demo: Store, open_page: OpenPage
) -> None:
    file = choices_of(demo.home)
    file.write_text(json.dumps({"study": "gone", "compare:lantern": kept, "transcription": kept}))
    for page in ("overview", "compare", "transcription"):
        ran(open_page(page))
    file.write_text("not json")
    ran(open_page("overview"))
