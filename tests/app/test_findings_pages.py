"""Grid, ratings, findings and report: what people write is kept, shown back, and never lost."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from parihs.inquiry import (
    add_finding,
    edit_finding,
    find_cell,
    findings,
    link_excerpts,
    marker,
    rating_sheet,
    save_cell,
)
from parihs.model import Finding, GridCell
from parihs.store import Store
from parihs.store.transcripts import release
from tests.app.conftest import OpenPage
from tests.app.test_doing import labelled
from tests.app.test_every_page import ran, words
from tests.support.remembered import choices_of
from tests.support.small_study import SmallStudy
from tests.unit.inquiry_study import KIM, MARA, code


@pytest.fixture
def coded(app_store: Store, study: SmallStudy) -> tuple[str, str]:
    """Both coders give the same code at the first site, and nothing at the second; released."""
    one, other = (
        code(app_store, study, 0, KIM, valence="-1", by=coder.id)
        for coder in (study.ada, study.ben)
    )
    with app_store.write("test") as tx:
        for version in study.versions:
            release(tx, version.transcript_id)
    return one, other


def as_coder(store: Store, key: str | None, **choices: Any) -> None:
    """Choices as an earlier visit left them."""
    file = choices_of(store.home)
    file.write_text(json.dumps({"coder:small": key, **choices}))


def stretch(store: Store, study: SmallStudy) -> str:
    """Id of what both coders agree on."""
    version, code_id = study.versions[0].id, study.codes["fit"]
    return f"{version}.{code_id}.{KIM[0]}-{KIM[1]}"


def test_a_finding_is_written_linked_and_quoted(
    app_store: Store, study: SmallStudy, coded: tuple[str, str], open_page: OpenPage
) -> None:
    as_coder(app_store, "ada")
    app = ran(open_page("findings"))
    assert "There is no finding yet" in words(app)
    app.text_input[0].input("It fits nowhere")
    app.text_area[0].input("So they say.")
    app = ran(app.run())
    app = ran(labelled(app.button, "Save the finding").click().run())
    with app_store.read() as session:
        (view,) = findings(session, study.study.id)
        assert (view.finding.title, view.finding.claim) == ("It fits nowhere", "So they say.")
        assert view.finding.author == study.ada.id
    assert "No excerpt supports this finding" in words(app)
    found = next(m for m in app.multiselect if m.label.endswith("excerpts"))
    assert len(found.options) == 1
    assert "Kim1" in found.options[0]
    found.select(stretch(app_store, study))
    app = ran(app.run())
    app = ran(labelled(app.button, "Add").click().run())
    assert "Only Kim1 is heard" in words(app)
    app = ran(labelled(app.button, "Quote").click().run())
    claim = labelled(app.text_area, "Claim").value
    assert claim.startswith("So they say.\n\n[quote: Kim1 ")
    assert "Not saved yet" in words(app)
    app = ran(labelled(app.button, "Save").click().run())
    with app_store.read() as session:
        (view,) = findings(session, study.study.id)
        assert view.finding.claim == f"So they say.\n\n{marker(stretch(app_store, study))}"
        assert view.ids() == (stretch(app_store, study),)
    assert "Not saved yet" not in words(app)
    assert "It does not fit here" in words(app)


def test_what_is_typed_stays_while_one_looks_elsewhere(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    with app_store.write("test") as tx:
        add_finding(tx, study.study.id, title="Kept", claim="As it was")
    app = ran(open_page("findings"))
    labelled(app.text_area, "Claim").input("As it shall be")
    app = ran(app.run())
    app = ran(app.switch_page("views/codebook.py").run())
    app = ran(app.switch_page("views/report.py").run())
    assert "1 text is not saved yet" in "".join(w.value for w in app.warning)
    app = ran(app.switch_page("views/findings.py").run())
    assert labelled(app.text_area, "Claim").value == "As it shall be"
    app = ran(labelled(app.button, "Give it up").click().run())
    assert labelled(app.text_area, "Claim").value == "As it was"


def test_what_is_typed_survives_a_reload_and_belongs_to_who_typed_it(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    with app_store.write("test") as tx:
        finding = add_finding(tx, study.study.id, title="Kept", claim="As it was")
    as_coder(app_store, study.ada.key)
    app = ran(open_page("findings"))
    labelled(app.text_area, "Claim").input("As it shall be")
    ran(app.run())
    as_coder(app_store, study.ben.key)
    assert labelled(ran(open_page("findings")).text_area, "Claim").value == "As it was"
    with app_store.write("Ben") as tx:
        edit_finding(tx, finding.id, base_rev=finding.rev, claim="Theirs")
    as_coder(app_store, study.ada.key)
    app = ran(open_page("findings"))
    assert labelled(app.text_area, "Claim").value == "As it shall be"
    assert "Not saved yet" in words(app)
    app = ran(labelled(app.button, "Save").click().run())
    assert "Theirs" in "".join(text.value for text in app.text)
    app = ran(labelled(app.button, "Save").click().run())
    with app_store.read() as session:
        assert session.get_one(Finding, finding.id).claim == "As it shall be"
    assert not list((app_store.home.path / "drafts").glob("*.json"))


def test_nobody_writes_over_a_text_they_have_not_seen(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    with app_store.write("test") as tx:
        finding = add_finding(tx, study.study.id, title="Kept", claim="As it was")
    app = ran(open_page("findings"))
    labelled(app.text_area, "Claim").input("Mine")
    app = ran(app.run())
    with app_store.write("Ben") as tx:
        edit_finding(tx, finding.id, base_rev=finding.rev, claim="Theirs")
    app = ran(labelled(app.button, "Save").click().run())
    with app_store.read() as session:
        assert session.get_one(Finding, finding.id).claim == "Theirs"
    assert "Ben saved another text here" in "".join(w.value for w in app.warning)
    assert "Theirs" in "".join(text.value for text in app.text)
    assert labelled(app.text_area, "Claim").value == "Mine"
    labelled(app.text_area, "Claim").input("Mine and theirs")
    app = ran(app.run())
    app = ran(labelled(app.button, "Save").click().run())
    with app_store.read() as session:
        assert session.get_one(Finding, finding.id).claim == "Mine and theirs"


def test_a_finding_is_withdrawn_restored_and_moved(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    with app_store.write("test") as tx:
        for title in ("First", "Second"):
            add_finding(tx, study.study.id, title=title)
    app = ran(open_page("findings"))
    app = ran(labelled(app.button, "Move down").click().run())

    def titles() -> list[str]:
        with app_store.read() as session:
            return [view.finding.title for view in findings(session, study.study.id)]

    assert titles() == ["Second", "First"]
    labelled(app.text_input, "Why?").input("One voice only")
    app = ran(app.run())
    app = ran(labelled(app.button, "Withdraw it").click().run())
    assert titles() == ["Second"]
    app = ran(labelled(app.button, "Restore").click().run())
    assert titles() == ["Second", "First"]


def test_negative_cases_are_offered_and_linked(
    app_store: Store, study: SmallStudy, coded: tuple[str, str], open_page: OpenPage
) -> None:
    against = code(app_store, study, 0, MARA, valence="2")
    with app_store.write("test") as tx:
        finding = add_finding(tx, study.study.id, title="It does not fit")
        link_excerpts(tx, finding.id, [coded[0]])
    app = ran(open_page("findings"))
    assert "rated enabling" in words(app)
    labelled(app.multiselect, "Which?").select(against)
    app = ran(app.run())
    app = ran(labelled(app.button, "They contradict it").click().run())
    with app_store.read() as session:
        (view,) = findings(session, study.study.id)
        assert view.ids("contradicts") == (against,)
    assert "rated enabling" not in words(app)


def test_a_summary_is_written_in_its_cell(
    app_store: Store, study: SmallStudy, coded: tuple[str, str], open_page: OpenPage
) -> None:
    place = [study.sites[0].id, study.codes["fit"]]
    as_coder(app_store, "ada", **{"grid-cell:small": place})
    app = ran(open_page("grid"))
    assert "Nothing is written yet" in words(app)
    assert app.subheader[0].value == "North · Fit"
    app.text_area[0].input("It does not fit here.")
    labelled(app.multiselect, "Rests on").select(stretch(app_store, study))
    labelled(app.selectbox, "Status").select("agreed")
    app = ran(app.run())
    assert "Not saved yet" in words(app)
    app = ran(labelled(app.button, "Save").click().run())
    with app_store.read() as session:
        cell = find_cell(session, study.study.id, "site", *place)
        assert cell is not None
        assert (cell.summary, cell.status) == ("It does not fit here.", "agreed")
        assert cell.excerpt_ids == [stretch(app_store, study)]
        assert cell.author == study.ada.id
    assert "1 agreed, 0 drafted, 0 to look at again, of 4 cells" in words(app)


def test_a_stale_summary_is_marked_and_confirmed(
    app_store: Store, study: SmallStudy, coded: tuple[str, str], open_page: OpenPage
) -> None:
    place = [study.sites[0].id, study.codes["fit"]]
    with app_store.write(study.ada.id) as tx:
        save_cell(
            tx, study.study.id, "site", *place, summary="No.", base_rev=0, excerpt_ids=[coded[0]]
        )
    code(app_store, study, 0, MARA)
    as_coder(app_store, "ada", **{"grid-cell:small": place})
    app = ran(open_page("grid"))
    assert "1 coding changed here since this was written" in "".join(w.value for w in app.warning)
    app = ran(labelled(app.button, "It still holds").click().run())
    assert not app.warning
    with app_store.read() as session:
        assert session.scalars(select(GridCell)).one().summary == "No."


def test_one_code_side_by_side_over_all_sites(
    app_store: Store, study: SmallStudy, coded: tuple[str, str], open_page: OpenPage
) -> None:
    as_coder(app_store, "ada", **{"grid:small": {"view": "beside"}})
    app = ran(open_page("grid"))
    assert [area.label for area in app.text_area] == ["Summary", "Summary"]
    app.text_area[1].input("South says nothing of it.")
    app = ran(app.run())
    saves = [b for b in app.button if b.label == "Save"]
    app = ran(saves[1].click().run())
    with app_store.read() as session:
        cell = session.scalars(select(GridCell)).one()
        assert (cell.case_id, cell.summary) == (study.sites[1].id, "South says nothing of it.")


def rate_as(
    app_store: Store, study: SmallStudy, open_page: OpenPage, key: str, value: str
) -> AppTest:
    """Rate the first site's fit on the page, with a reason and an excerpt."""
    place = [study.sites[0].id, study.codes["fit"]]
    as_coder(app_store, key, **{"rating-place:small": place, "ratings-view": "mine"})
    app = ran(open_page("ratings"))
    labelled(app.selectbox, "Rating").select(value)
    labelled(app.text_area, "Why").input(f"Because {key} thinks so")
    labelled(app.multiselect, "Borne out by").select(stretch(app_store, study))
    app = ran(app.run())
    return ran(labelled(app.button, "Save my rating").click().run())


def test_two_rate_blind_and_the_team_agrees(
    app_store: Store, study: SmallStudy, coded: tuple[str, str], open_page: OpenPage
) -> None:
    rate_as(app_store, study, open_page, "ada", "-1")
    as_coder(
        app_store,
        "ben",
        **{
            "rating-place:small": [study.sites[0].id, study.codes["fit"]],
            "ratings-view": "mine",
        },
    )
    before = ran(open_page("ratings"))
    assert "1 other has rated this; hidden until you do." in words(before)
    assert "Because ada thinks so" not in words(before)
    after = rate_as(app_store, study, open_page, "ben", "-2")
    assert "Because ada thinks so" in words(after)
    place = [study.sites[0].id, study.codes["fit"]]
    as_coder(app_store, "ben", **{"rating-place:small": place, "ratings-view": "agreed"})
    app = ran(open_page("ratings"))
    assert "they gave the same value 0 times" in words(app)
    labelled(app.selectbox, "Rating").select("-1")
    labelled(app.text_area, "Why").input("The weaker holds")
    labelled(app.multiselect, "Borne out by").select(stretch(app_store, study))
    app = ran(app.run())
    app = ran(labelled(app.button, "Save as agreed").click().run())
    with app_store.read() as session:
        sheet = rating_sheet(session, study.study.id)
        assert sheet.at(place[0], place[1]).agreed == "-1"


def test_a_rating_without_an_excerpt_is_refused_and_kept_in_the_fields(
    app_store: Store, study: SmallStudy, coded: tuple[str, str], open_page: OpenPage
) -> None:
    place = [study.sites[1].id, study.codes["fit"]]
    as_coder(app_store, "ada", **{"rating-place:small": place, "ratings-view": "mine"})
    app = ran(open_page("ratings"))
    labelled(app.selectbox, "Rating").select("2")
    labelled(app.text_area, "Why").input("I feel it")
    app = ran(app.run())
    app = ran(labelled(app.button, "Save my rating").click().run())
    assert "has no excerpt, so it was not saved" in words(app).replace("\\", "")
    app = ran(app.run())
    assert labelled(app.text_area, "Why").value == "I feel it"


def test_the_demo_team_sees_what_tells_its_sites_apart(demo: Store, open_page: OpenPage) -> None:
    file = choices_of(demo.home)
    file.write_text(json.dumps({"coder:lantern": "isla", "ratings-view": "apart"}))
    app = ran(open_page("ratings"))
    rows = app.dataframe[0].value
    assert rows["Code"].tolist() == ["Innovation", "Recipients", "Context", "Facilitation"]
    assert rows["Distinguishes"].tolist() == ["Weak", "Weak", "None", "None"]
    assert "at least 2 points above the highest" in words(app)


def test_a_report_is_built_and_offered(demo: Store, open_page: OpenPage) -> None:
    app = ran(open_page("report"))
    app = ran(labelled(app.button, "Build the report").click().run())
    assert "The report is ready" in words(app)
    names = [button.proto.label for button in app.get("download_button")]
    assert names == [
        "Word document",
        "Web page, one file",
        "Excel workbook",
        "Tables as CSV, zipped",
    ]
    made = app.session_state["report-made"]
    text = "\n".join(p.text for p in Document(io.BytesIO(made.files["docx"])).paragraphs)
    assert "22,202 words" in text
    assert "changed since these files" not in words(app)
    with demo.write("test") as tx:
        study_id = tx.session.scalars(select(Finding.study_id)).first()
        assert study_id is not None
        add_finding(tx, study_id, title="Another one")
    app = ran(app.run())
    assert "changed since these files were made" in words(app)
