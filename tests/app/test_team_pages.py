"""Team and History as people use them: a lead is named, work is shared out, coding comes back."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from parihs.coding import apply_ops
from parihs.coding.assignments import assigned, finished_readers
from parihs.model import Coder, Coding, Transcript, new_id
from parihs.store import Store
from parihs.store.roles import give_role, leads
from tests.app.conftest import OpenPage
from tests.app.test_doing import labelled
from tests.app.test_every_page import ran, words
from tests.support.small_study import SmallStudy


def come_in_as(open_page: OpenPage, place: int) -> None:
    """Choose a coder in the side bar, by place in the list."""
    app = open_page("overview")
    labelled(app.selectbox, "You are coding as").select_index(place)
    ran(app.run())


def code(store: Store, study: SmallStudy, start: int) -> str:
    """One coding by Ada."""
    op = {"op_id": new_id(), "coding_id": new_id(), "verb": "code", "start": start, "end": 30}
    done = apply_ops(
        store,
        coder_id=study.ada.id,
        version_id=study.versions[0].id,
        codebook_version_id=study.codebook.id,
        ops=[{**op, "code": study.codes["fit"]}],
    )
    assert not done.refused
    return str(op["coding_id"])


def test_a_lead_is_named_and_shares_the_work_out(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    assert "This study has no lead" in words(open_page("team"))
    come_in_as(open_page, 1)
    app = ran(labelled(open_page("team").button, "Make me the lead").click().run())
    assert "Ada leads this study" in words(app)
    ran(labelled(app.button, "Share out evenly").click().run())
    with app_store.read() as session:
        assert [lead.id for lead in leads(session, study.study.id)] == [study.ada.id]
        given = assigned(session, study.study.id)
    assert {tuple(sorted(people)) for people in given.values()} == {
        tuple(sorted((study.ada.id, study.ben.id)))
    }
    assert labelled(open_page("overview").selectbox, "You are coding as").options[1] == "Ada (lead)"


def test_a_coder_cannot_do_what_leads_do(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    with app_store.write("test") as tx:
        give_role(tx, study.ada.id, "lead")
    come_in_as(open_page, 2)
    app = open_page("team")
    assert "ask Ada" in words(app)
    assert all(toggle.disabled for toggle in app.toggle)
    assert all(box.disabled for box in app.selectbox if box.label.startswith("Role of"))
    assert "Assign" not in [button.label for button in app.button]


def test_somebody_new_begins_in_the_side_bar(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    app = open_page("overview")
    box = labelled(app.selectbox, "You are coding as")
    box.select_index(len(box.options) - 1)
    app = ran(app.run())
    labelled(app.text_input, "Your name, as a coder").input("Noor Ö.")
    app = ran(labelled(app.button, "Start coding").click().run())
    assert labelled(app.selectbox, "You are coding as").value.name == "Noor Ö."
    with app_store.read() as session:
        assert "Noor Ö." in [coder.name for coder in session.query(Coder)]


def test_reading_all_is_said_beside_the_transcript(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    come_in_as(open_page, 1)
    transcript_id = study.versions[0].transcript_id
    for said in (True, False):
        app = open_page("code", transcript=transcript_id)
        ran(labelled(app.toggle, "I have read all of this").set_value(said).run())
        with app_store.read() as session:
            found = finished_readers(session, [transcript_id])
        assert found == ({transcript_id: {study.ada.id}} if said else {})


def test_coding_is_brought_back_from_the_history(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    first, later = code(app_store, study, 23), code(app_store, study, 26)
    come_in_as(open_page, 1)
    app = open_page("history")
    assert "1 coding would change" in words(app)
    app = ran(labelled(app.button, "Bring it back").click().run())
    assert "1 coding is as it was then" in words(app)

    def gone(key: str) -> bool:
        with app_store.read() as session:
            return session.get_one(Coding, key).uncoded

    assert (gone(first), gone(later)) == (False, True)


def test_the_history_is_filtered_by_who(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    code(app_store, study, 23)
    come_in_as(open_page, 1)
    app = open_page("history")
    labelled(app.selectbox, "Who").select(study.ada.id)
    app = ran(app.run())
    shown = html(app)
    assert "coded “It does” as “Fit”" in shown
    assert "added the site" not in shown
    with app_store.read() as session:
        assert session.get_one(Transcript, study.versions[0].transcript_id).title in shown


def html(app: AppTest) -> str:
    """What is drawn as HTML."""
    return "\n".join(str(each.proto.body) for each in app.main.get("html"))
