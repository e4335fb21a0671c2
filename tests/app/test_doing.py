"""What people do on the pages ends up in the study, and is remembered."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from parihs.coding import apply_ops
from parihs.model import Coder, Participant, Site, Transcript, Workshop, new_id
from parihs.store import Store
from parihs.store.studies import studies
from tests.app.conftest import OpenPage
from tests.app.test_every_page import ran, title, words
from tests.support.remembered import choices_of
from tests.support.small_study import SmallStudy


def labelled(elements: list, label: str):
    """The widget with this label."""
    return next(element for element in elements if element.label == label)


def start(app: AppTest, name: str, sites: str, coder: str) -> AppTest:
    labelled(app.text_input, "Name of the study").input(name)
    labelled(app.text_area, "Sites, one per line").input(sites)
    labelled(app.text_input, "Your name, as a coder").input(coder)
    return ran(labelled(app.button, "Start the study").click().run())


def test_a_study_is_started_through_the_form(app_store: Store, open_page: OpenPage) -> None:
    app = start(open_page("overview"), "Harbour study", "North ward\nSouth ward\nNorth ward", "Zoe")
    assert title(app) == "Harbour study"
    with app_store.read() as session:
        (study,) = studies(session)
        assert list(session.scalars(select(Site.name).order_by(Site.name))) == [
            "North ward",
            "South ward",
        ]
        assert session.scalars(select(Coder)).one().name == "Zoe"
    assert labelled(app.selectbox, "You are coding as").value.name == "Zoe"
    assert title(open_page("overview")) == "Harbour study"
    assert not study.fictional


def test_names_in_any_script_start_a_study(app_store: Store, open_page: OpenPage) -> None:
    app = start(open_page("overview"), "Исследование", "Больница\nПоликлиника\n病院", "Зоя")
    assert title(app) == "Исследование"
    with app_store.read() as session:
        assert len(session.scalars(select(Site)).all()) == 3


@pytest.mark.parametrize(("name", "coder"), [("", "Zoe"), ("Harbour", ""), ("  ", " ")])
def test_a_study_needs_names(app_store: Store, open_page: OpenPage, name: str, coder: str) -> None:
    app = start(open_page("overview"), name, "", coder)
    assert "The study was not started." in words(app)
    with app_store.read() as session:
        assert studies(session) == []


def test_a_name_taken_is_said(app_store: Store, open_page: OpenPage) -> None:
    start(open_page("overview"), "Harbour", "", "Zoe")
    app = labelled(open_page("overview").toggle, "Start another study").set_value(True).run()
    app = start(app, "Harbour", "", "Zoe")
    assert "Harbour" in "".join(error.value for error in app.error) or "harbour" in words(app)
    with app_store.read() as session:
        assert len(studies(session)) == 1


def test_one_name_in_two_studies(app_store: Store, open_page: OpenPage) -> None:
    app = start(open_page("overview"), "Harbour", "", "Zoe")
    box = labelled(app.selectbox, "You are coding as")
    ran(box.select_index(0).run())
    box = labelled(app.selectbox, "You are coding as")
    app = ran(box.select_index(1).run())
    app = labelled(app.toggle, "Start another study").set_value(True).run()
    app = start(app, "Island", "", "Zoe")
    # The page of the new study, as its Zoe, and without the form that was just filled in.
    assert title(app) == "Island"
    zoe = labelled(app.selectbox, "You are coding as").value
    with app_store.read() as session:
        assert session.get_one(Coder, zoe.id).study_id == studies(session)[1].id
    assert not labelled(app.toggle, "Start another study").value


def test_the_demo_opens_with_one_button(app_store: Store, open_page: OpenPage) -> None:
    app = ran(labelled(open_page("overview").button, "Open the demo study").click().run())
    assert title(app) == "The Lantern Study (fictional)"


def test_who_is_coding_is_remembered(study: SmallStudy, open_page: OpenPage) -> None:
    app = open_page("code")
    assert '"can_code": false' in spaced(app)
    box = labelled(app.selectbox, "You are coding as")
    box.select_index(1)
    app = ran(app.run())
    assert '"can_code": true' in spaced(app)
    again = open_page("code")
    assert labelled(again.selectbox, "You are coding as").value.key == "ada"
    assert study.ada.id in spaced(again)


def spaced(app: AppTest) -> str:
    """The reader's data as JSON with one spelling."""
    return json.dumps(json.loads(app.get("bidi_component")[0].proto.json))


def test_a_blind_coder_sees_no_numbers_of_others(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    """Neither on the overview, nor in the comparison; released, they are there."""
    op = {
        "op_id": new_id(),
        "verb": "code",
        "coding_id": new_id(),
        "start": 0,
        "end": 12,
        "code": study.codes["fit"],
        "memo": "only for Ada",
    }
    apply_ops(
        app_store,
        coder_id=study.ada.id,
        version_id=study.versions[0].id,
        codebook_version_id=study.codebook.id,
        ops=[op],
    )

    def as_ben(page: str) -> AppTest:
        app = open_page("overview")
        labelled(app.selectbox, "You are coding as").select_index(2)
        app.run()
        return ran(open_page(page))

    assert labelled(as_ben("overview").metric, "Codings").value == "0"
    assert "Ada 1" not in words(as_ben("overview"))
    assert "Nothing is coded here yet" in words(as_ben("compare"))

    team = open_page("team")
    toggle = next(each for each in team.toggle if "North 1" in each.label)
    ran(toggle.set_value(True).run())
    with app_store.read() as session:
        assert session.get_one(Transcript, study.versions[0].transcript_id).released
    assert labelled(as_ben("overview").metric, "Codings").value == "1"
    assert "Ada 1" in words(as_ben("overview"))


def test_a_transcript_is_previewed_then_saved(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    app = open_page("add")
    text = "Mara: What now?\nKim1: Naïve 🙂 hope.\n"
    app.file_uploader[0].upload("Second talk.txt", text.encode(), "text/plain")
    app = ran(app.run())
    assert "2 turns" in words(app)
    assert labelled(app.button, "Save transcript").disabled
    labelled(app.selectbox, "Workshop").select(study.workshops[0].id)
    app = ran(app.run())
    app = ran(labelled(app.button, "Save transcript").click().run())
    assert "Saved: 2 turns in North 1." in words(app)
    with app_store.read() as session:
        query = select(Transcript).where(Transcript.title == "Second talk")
        assert session.scalars(query).one().workshop_id == study.workshops[0].id


def test_all_transcripts_of_a_workshop_stay_in_reach(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    """A second transcript joins the first; it does not hide it and what is coded in it."""
    test_a_transcript_is_previewed_then_saved(app_store, study, open_page)
    overview = open_page("overview")
    assert labelled(overview.metric, "Workshops").value == "2"
    code = open_page("code")
    options = next(box for box in code.selectbox if box.label == "Transcript").options
    assert len(options) == len(set(options)) == 3
    first = study.versions[0].transcript_id
    chosen = open_page("code", transcript=first)
    assert first in spaced(chosen)


def test_a_coder_a_site_and_a_participant_are_added(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    app = open_page("team")
    labelled(app.text_input, "Somebody new").input("Cy Ng")
    ran(labelled(app.button, "Add to the team").click().run())
    app = open_page("people")
    labelled(app.text_input, "Name of the site").input("West wing")
    app = ran(labelled(app.button, "Add site").click().run())
    labelled(app.text_input, "Pseudonym").input("Noor")
    app = ran(labelled(app.button, "Add participant").click().run())
    with app_store.read() as session:
        assert "Cy Ng" in session.scalars(select(Coder.name)).all()
        assert "West wing" in session.scalars(select(Site.name)).all()
        assert "Noor" in session.scalars(select(Participant.pseudonym)).all()
        assert len(session.scalars(select(Workshop)).all()) == 2
    labelled(app.text_input, "Pseudonym").input("Noor")
    app = ran(labelled(app.button, "Add participant").click().run())
    assert "already used" in words(app)


@pytest.mark.parametrize("cols", ["construct", "1", "code"])
@pytest.mark.parametrize("rows", ["site", "workshop", "role"])
def test_every_comparison_can_be_chosen(
    demo: Store, open_page: OpenPage, rows: str, cols: str
) -> None:
    kept = {"rows": rows, "cols": cols, "value": "share", "layer": "all"}
    choices_of(demo.home).write_text(json.dumps({"compare:lantern": kept}))
    app = ran(open_page("compare"))
    assert labelled(app.selectbox, "Rows").value == rows
    assert labelled(app.selectbox, "Columns").value == cols
    assert "%" in app.get("bidi_component")[0].proto.json
