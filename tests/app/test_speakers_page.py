"""The speakers page: who is who, turns in bulk, what was changed, and the switch of suggestions."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from parihs.model import Attendance, Participant, Speaker, Turn
from parihs.speakers import Target, move
from parihs.speakers.prints import set_switch, switch
from parihs.store import Store
from parihs.store.transcripts import turns, version_text
from tests.app.conftest import OpenPage
from tests.app.test_doing import labelled
from tests.app.test_every_page import ran, words
from tests.support.remembered import choices_of
from tests.support.small_study import SmallStudy


def opened(open_page: OpenPage, study: SmallStudy, tab: str = "Who is who") -> AppTest:
    """The page at the first transcript, with one of its tabs open."""
    app = open_page("speakers", transcript=study.versions[0].transcript_id)
    box = next(box for box in app.selectbox if box.label == "Transcript")
    if not str(box.value).startswith(study.versions[0].transcript_id):
        box.select(study.versions[0].transcript_id)
    app.session_state["speakers-tab"] = tab
    return ran(app.run())


def somebody(store: Store, study: SmallStudy) -> Speaker:
    """The voice that nobody has named."""
    with store.read() as session:
        query = select(Speaker).where(Speaker.transcript_id == study.versions[0].transcript_id)
        return session.scalars(query.where(Speaker.label == "Somebody")).one()


def who(store: Store, study: SmallStudy) -> list[str | None]:
    with store.read() as session:
        return [view.speaker for view in turns(session, study.versions[0].id)]


def test_a_voice_is_linked_and_its_name_holds(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    app = opened(open_page, study)
    assert "2 of 3 voices known" in words(app)
    with app_store.read() as session:
        kim = session.scalars(select(Participant).filter_by(pseudonym="Kim2")).one()
        before = version_text(session, study.versions[0].id)
    labelled(app.selectbox, "Who is Somebody?").select(kim.id)
    app = ran(app.run())
    assert "3 of 3 voices known" in words(app)
    assert who(app_store, study) == ["Mara", "Kim1", "Kim2"]
    with app_store.read() as session:
        assert version_text(session, study.versions[0].id) == before
        assert session.get(Attendance, (study.workshops[0].id, kim.id)) is not None


def test_a_change_made_elsewhere_is_not_taken_back_by_an_open_page(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    from parihs.speakers import link_voice

    app = opened(open_page, study)
    with app_store.read() as session:
        kim = session.scalars(select(Participant).filter_by(pseudonym="Kim2")).one()
    with app_store.write("ben") as tx:
        link_voice(tx, somebody(app_store, study).id, kim.id)
    ran(app.run())
    assert somebody(app_store, study).participant_id == kim.id


def test_voices_are_merged_renamed_and_marked(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    app = opened(open_page, study)
    place = [field.label for field in app.text_input].index("Name in this transcript")
    app.text_input[place + 2].input("Visitor")
    renames = [button for button in app.button if button.label == "Rename"]
    app = ran(renames[2].click().run())
    assert who(app_store, study)[2] == "Visitor"
    marks = [button for button in app.button if button.label == "Mark all of it as not sure"]
    app = ran(marks[2].click().run())
    assert "not sure who it is" in words(app)
    merges = [box for box in app.selectbox if box.label == "It is the same person as"]
    merges[2].select_index(0)
    buttons = [button for button in app.button if button.label == "Merge into that voice"]
    app = ran(buttons[2].click().run())
    assert who(app_store, study) == ["Mara", "Kim1", "Mara"]


def test_turns_are_given_in_bulk_and_given_back(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    app = opened(open_page, study, "Turns")
    assert "3 of 3 turns" in words(app)
    assert not [button for button in app.button if button.label.startswith("Give")]
    labelled(app.text_input, "From").input("0:02")
    app = ran(app.run())
    assert "2 of 3 turns" in words(app)
    box = next(box for box in app.selectbox if box.label.startswith("Give the 2 listed turns"))
    box.select(mara(app_store, study))
    app = ran(app.run())
    give = next(button for button in app.button if button.label == "Give 2 listed turns")
    app = ran(give.click().run())
    assert who(app_store, study) == ["Mara", "Mara", "Mara"]
    app = opened(open_page, study, "Changes")
    assert "gave turns 2 to 3 of Kim1 and Somebody to Mara" in words(app)
    app = ran(labelled(app.button, "Undo").click().run())
    assert who(app_store, study) == ["Mara", "Kim1", "Somebody"]
    assert "took back" in words(app)


def mara(store: Store, study: SmallStudy) -> str:
    """The option that stands for Mara's voice."""
    with store.read() as session:
        query = select(Speaker.id).filter_by(
            transcript_id=study.versions[0].transcript_id, label="Mara"
        )
        return f"voice:{session.scalars(query).one()}"


@pytest.mark.parametrize("text", ["later", "12", "0:99"])
def test_a_time_that_is_none_is_said(study: SmallStudy, open_page: OpenPage, text: str) -> None:
    app = opened(open_page, study, "Turns")
    labelled(app.text_input, "To").input(text)
    app = ran(app.run())
    assert "cannot be read" in words(app)


def test_unsure_turns_can_be_listed(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    app = opened(open_page, study, "Turns")
    labelled(app.text_input, "From").input("0:06")
    app = ran(app.run())
    app = ran(labelled(app.button, "Mark as not sure").click().run())
    labelled(app.text_input, "From").input("")
    labelled(app.checkbox, "Only turns not sure").check()
    app = ran(app.run())
    assert "1 of 3 turns" in words(app)
    with app_store.read() as session:
        query = select(Turn.marks).filter_by(version_id=study.versions[0].id)
        assert session.scalars(query.order_by(Turn.position)).all() == [[], [], ["unsure"]]


def test_what_somebody_else_changed_meanwhile_is_said(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    app = opened(open_page, study, "Changes")
    with app_store.write("ben") as tx:
        voice = somebody(app_store, study).id
        move(tx, study.versions[0].id, {2: voice}, Target(name="Door"))
    app = ran(app.run())
    assert "made the new voice Door of turn 3 of Somebody" in words(app)
    with app_store.write("ben") as tx:
        move(tx, study.versions[0].id, {2: door(tx, study)}, Target(voice=voice))
    undo = [button for button in app.button if button.label == "Undo"][-1]
    app = ran(undo.click().run())
    assert "in the meantime" in words(app)
    assert who(app_store, study)[2] == "Somebody"


def door(tx, study: SmallStudy) -> str:
    query = select(Speaker.id).filter_by(
        transcript_id=study.versions[0].transcript_id, label="Door"
    )
    return str(tx.session.scalars(query).one())


def test_the_switch_says_who_used_it(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    app = opened(open_page, study, "Same voice elsewhere")
    label = "Point out voices that may be the same person"
    assert labelled(app.toggle, label).disabled
    choices_of(app_store.home).write_text(json.dumps({"coder:small": "ada"}))
    app = opened(open_page, study, "Same voice elsewhere")
    assert "Off, as it is in every study" in words(app)
    labelled(app.toggle, label).set_value(True)
    app = ran(app.run())
    assert "Switched on by Ada" in words(app)
    with app_store.read() as session:
        assert switch(session, study.study.id).on
    with app_store.write("ben") as tx:
        set_switch(tx, study.study.id, False)
    app = ran(app.run())
    assert "Switched off by ben" in words(app)
    with app_store.read() as session:
        assert not switch(session, study.study.id).on
