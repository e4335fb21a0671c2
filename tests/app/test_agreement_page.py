"""The agreement page: what it shows to whom, and what it says where there is nothing to show."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from parihs.coding import apply_ops
from parihs.coding.discussion import propose_clarification
from parihs.model import Coder, new_id
from parihs.store import Store
from parihs.store.transcripts import release
from tests.app.conftest import OpenPage
from tests.support.remembered import choices_of
from tests.support.small_study import SmallStudy

VIEWS = ("disagreements", "codes", "whole", "confusion", "time")


def words(app: AppTest) -> str:
    """Everything the page says in its own words."""
    assert not app.exception, app.exception
    kinds = ("title", "subheader", "markdown", "caption", "info", "error")
    said = "\n".join(str(element.value) for kind in kinds for element in app.get(kind))
    return re.sub(r"\\(\W)", r"\1", said)


def components(app: AppTest) -> list[dict[str, Any]]:
    """What the page's components were given."""
    return [json.loads(element.proto.json) for element in app.get("bidi_component")]


def desk(app: AppTest) -> dict[str, Any]:
    """The disagreements as the component gets them."""
    return next(data for data in components(app) if "may_settle" in data)


def choose(store: Store, **choices: Any) -> None:
    """Choices as an earlier visit would have left them."""
    choices_of(store.home).write_text(json.dumps(choices))


def give(store: Store, study: SmallStudy, coder: Coder, code: str, end: int) -> None:
    """Code the second turn of the first transcript, up to a position."""
    op = {
        "op_id": new_id(),
        "verb": "code",
        "coding_id": new_id(),
        "start": 23,
        "end": end,
        "code": study.codes[code],
    }
    done = apply_ops(
        store,
        coder_id=coder.id,
        version_id=study.versions[0].id,
        codebook_version_id=study.codebook.id,
        ops=[op],
    )
    assert not done.refused


def release_first(store: Store, study: SmallStudy) -> None:
    with store.write("lead") as tx:
        release(tx, study.versions[0].transcript_id)


def test_blind_transcripts_stay_hidden_and_the_page_says_what_to_do(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    give(app_store, study, study.ada, "fit.place", 44)
    give(app_store, study, study.ben, "help", 44)
    app = open_page("agreement")
    assert "2 transcripts still coded blind" in words(app)
    assert components(app) == []
    release_first(app_store, study)
    app = open_page("agreement")
    assert "0 places alike, and 1 where they differ" in words(app)
    assert "1 transcript still coded blind" in words(app)
    assert desk(app)["items"][0]["kind"] == "Different code"


def test_one_coder_is_not_enough(app_store: Store, study: SmallStudy, open_page: OpenPage) -> None:
    give(app_store, study, study.ada, "fit.place", 44)
    release_first(app_store, study)
    assert "fewer than two of the coders" in words(open_page("agreement"))


def test_a_place_shows_both_sides_in_its_text(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    give(app_store, study, study.ada, "fit.place", 44)
    give(app_store, study, study.ben, "fit.place", 58)
    release_first(app_store, study)
    (item,) = desk(open_page("agreement"))["items"]
    assert item["kind"] == "Different boundary"
    assert {coder["name"] for coder in item["coders"]} == {"Ada", "Ben"}
    spans = {lane["coder"]: lane["spans"] for lane in item["lanes"]}
    assert spans == {"Ada": [[23, 44]], "Ben": [[23, 58]]}
    (turn,) = (turn for turn in item["turns"] if not turn["context"])
    assert turn["text"][23 - turn["start"] : 44 - turn["start"]] == "It does not fit here."
    assert [turn["context"] for turn in item["turns"]] == [True, False, True]


def test_who_only_reads_cannot_settle(demo: Store, open_page: OpenPage) -> None:
    assert not desk(open_page("agreement"))["may_settle"]
    choose(demo, **{"coder:lantern": "isla"})
    shown = desk(open_page("agreement"))
    assert shown["may_settle"]
    labels = [option["label"] for option in shown["items"][0]["outcomes"]]
    assert set(labels[:2]) == {"Dev Rao", "Isla Marsh"}
    assert labels[2:] == ["Both", "Neither", "Edit…"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("level", ["code", "construct"])
def test_every_view_of_the_demo_opens(
    view: str, level: str, demo: Store, open_page: OpenPage
) -> None:
    choose(demo, **{"agreement-view": view, "agreement:lantern": {"level": level}})
    text = words(open_page("agreement"))
    expected = {
        "disagreements": "where they differ",
        "codes": "B = 1,000, seed 1",
        "whole": "113,779 characters",
        "confusion": "On the diagonal both gave the code",
        "time": "neighbouring turns are alike",
    }
    assert expected[view] in text


def test_filters_of_an_earlier_visit_hold(demo: Store, open_page: OpenPage) -> None:
    choose(demo, **{"disagreements:lantern": {"kinds": ["different code"]}})
    shown = desk(open_page("agreement"))
    assert shown["total"] == 140
    assert {item["kind"] for item in shown["items"]} == {"Different code"}
    assert shown["progress"] == {"settled": 0, "stale": 0, "total": 811}


@pytest.mark.parametrize(
    "kept",
    [
        {"agreement-view": "gone"},
        {"agreement:lantern": {"level": "gone", "transcripts": ["gone"], "coders": ["gone"]}},
        {"disagreements:lantern": {"kinds": ["gone"], "state": 3, "code": "gone"}},
    ],
)
def test_choices_that_are_gone_do_no_harm(
    kept: dict[str, Any], demo: Store, open_page: OpenPage
) -> None:
    choose(demo, **kept)
    assert "where they differ" in words(open_page("agreement"))


def test_no_adjectives_unless_asked_for(demo: Store, open_page: OpenPage) -> None:
    choose(demo, **{"agreement-view": "codes"})
    app = open_page("agreement")
    table = next(data for data in components(app) if "heads" in data)
    assert "In words" not in [head["label"] for head in table["heads"]]
    (toggle,) = app.toggle
    app = toggle.set_value(True).run()
    table = next(data for data in components(app) if "heads" in data)
    said = {row["label"]: row["values"][-1]["text"] for row in table["rows"]}
    # Kappa 0.57, but its interval begins at 0.40.
    assert said["Degree of fit"] == "moderate"
    # Kappa 0.76, but its interval begins at 0.51.
    assert said["Collaboration and teamwork"] == "moderate"


def test_a_proposed_clarification_is_read_on_the_codebook_page(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    with app_store.write(study.ada.id) as tx:
        propose_clarification(tx, study.codes["fit"], "Say what **fit** leaves out.")
    text = words(open_page("codebook"))
    assert "Say what **fit** leaves out." in text
    assert "Ada" in text
