"""The Codebook page as people use it: changing codes, two at once, versions, merging, splitting."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from parihs.coding.codebook_changes import add_inductive, split_code
from parihs.coding.operations import apply_ops
from parihs.model import new_id
from parihs.store import Store
from parihs.store.codebooks import codebook_file, latest_codebook_version
from parihs.store.roles import give_role
from parihs.ui.codebook_draft import FIELDS
from tests.app.conftest import OpenPage
from tests.support.remembered import choices_of
from tests.support.small_study import SmallStudy


@pytest.fixture
def page(study: SmallStudy, open_page: OpenPage) -> AppTest:
    return open_page("codebook")


def said(app: AppTest) -> str:
    shown = [*app.markdown, *app.caption, *app.warning, *app.success, *app.info, *app.error]
    return "\n".join(str(each.value) for each in shown).replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    button = next(each for each in app.button if each.label == label)
    assert not button.disabled
    return button.click().run()


def names(store: Store, study: SmallStudy) -> tuple[int, list[str]]:
    with store.read() as session:
        version = latest_codebook_version(session, study.codebook.codebook_id)
        assert version is not None
        return version.number, [each.name for each in codebook_file(session, version.id).codes]


def test_several_changes_are_one_version_with_a_note(
    page: AppTest, app_store: Store, study: SmallStudy
) -> None:
    page.text_input(key=f"{FIELDS}fit:name").set_value("Fits").run()
    page.text_area(key=f"{FIELDS}fit:enabling").set_value("it helps\nit is there").run()
    page.text_input(key=f"{FIELDS}fit:new").set_value("Of the day").run()
    press(page, "Add it")
    assert "2 codes changed, not saved yet" in said(page)
    assert names(app_store, study) == (1, ["Fit", "Place", "Person", "Help"])
    page.text_input(key="codebook-note").set_value("Clearer").run()
    press(page, "Save as version 2")
    assert not page.exception
    number, found = names(app_store, study)
    assert (number, found) == (2, ["Fits", "Place", "Person", "Of the day", "Help"])
    assert "Saved as version 2" in said(page)
    page.radio(key="codebook-room").set_value("Versions").run()
    assert not page.exception
    assert "Clearer" in said(page)


def test_a_draft_outlives_the_session_and_joins_what_others_saved(
    page: AppTest, app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    page.text_input(key=f"{FIELDS}fit:name").set_value("Fits").run()
    with app_store.write(study.ben.id) as tx:
        add_inductive(tx, study.codebook.id, study.codes["help"], "Meanwhile")
    again = open_page("codebook")
    assert "changed while you were changing it: version 2" in said(again)
    assert "1 code changed, not saved yet" in said(again).replace("**", "")
    again.text_input(key="codebook-note").set_value("Why").run()
    press(again, "Save as version 3")
    number, found = names(app_store, study)
    assert number == 3
    assert {"Fits", "Meanwhile"} <= set(found)


def test_what_cannot_be_done_is_said_and_changes_nothing(page: AppTest) -> None:
    press(page, "Retire this code")
    assert "has codes below it" in said(page)
    assert "not saved yet" not in said(page)


def test_merging_splitting_and_the_way_back(
    page: AppTest, app_store: Store, study: SmallStudy
) -> None:
    page.radio(key="codebook-room").set_value("Merge and split").run()
    page.selectbox(key="merge-from").set_value("fit.place").run()
    page.selectbox(key="merge-into").set_value("help").run()
    page.text_input(key="merge-note").set_value("the same").run()
    press(page, "Merge")
    assert names(app_store, study) == (2, ["Fit", "Person", "Help"])
    press(page, "Take this merging back")
    assert names(app_store, study) == (3, ["Fit", "Place", "Person", "Help"])
    page.selectbox(key="split-from").set_value("help").run()
    page.text_area(key="split-into").set_value("Aid: from people\nMeans").run()
    page.text_input(key="split-note").set_value("two things").run()
    press(page, "Split")
    assert not page.exception
    assert names(app_store, study) == (4, ["Fit", "Place", "Person", "Aid", "Means"])


def test_the_overview_leads_to_the_codings_that_wait_since_a_change(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    op = {"op_id": new_id(), "verb": "code", "coding_id": new_id(), "start": 0, "end": 5}
    apply_ops(
        app_store,
        coder_id=study.ada.id,
        version_id=study.versions[0].id,
        codebook_version_id=study.codebook.id,
        ops=[{**op, "code": study.codes["help"]}],
    )
    with app_store.write(study.ada.id) as tx:
        split_code(tx, study.codebook.id, "help", [("Aid", "of people"), ("Means", "")], "two")

    def asked(name: str) -> bool:
        choices_of(app_store.home).write_text(json.dumps({f"coder:{study.study.key}": name}))
        return "1 coding waits for your decision" in said(open_page("overview"))

    assert [asked("ada"), asked("ben")] == [True, False]
    app = open_page("codebook", view="look")
    assert app.radio(key="codebook-room").value == "To look at"
    assert not app.exception


def test_where_there_is_a_lead_others_look_only(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    with app_store.write("test") as tx:
        give_role(tx, study.ben.id, "lead")
    app = open_page("codebook")
    assert not app.exception
    assert [each.label for each in app.expander] == []
    assert "reading only" in said(app)
