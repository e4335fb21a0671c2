"""Suggestions taken and turned down, and a training test taken, by keys in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from parihs.coding.training import Excerpt, make_test
from parihs.coding.training_picks import OWN, picks
from parihs.model import Coding, Event, TrainingAnswer, TrainingTest
from parihs.store.codebooks import codebooks, definitions, latest_codebook_version
from parihs.store.studies import coders, studies
from parihs.suggestions.material import read_material
from parihs.suggestions.results import CodeQuality, Place, Results, Suggested, save_results
from tests.e2e.axe import problems
from tests.e2e.conftest import Watched
from tests.e2e.doing import code_as, go, settled
from tests.e2e.doing import select as choose
from tests.e2e.serving import Server

pytestmark = pytest.mark.slow
WHY = "Because the ward pays for it."


def test_suggestions_by_keys(own: Server, watch: Callable[..., Watched]) -> None:
    own.start()
    store = own.store()
    with store.read() as session:
        study = studies(session)[0]
        isla = next(each for each in coders(session, study.id) if each.key == "isla")
        material = read_material(session, study.id, isla.id)
    code = next(iter(material.codes))
    free = [unit for unit in material.units if not unit.codings][:3]
    places = [Place(u.version_id, u.transcript_id, u.start, u.end) for u in free]
    results = Results(
        study_id=study.id,
        viewer_id=isla.id,
        made_at="",
        n_units=len(material.units),
        n_workshops=12,
        n_folds=5,
        n_codings=1,
        seconds=1.0,
        cpu_seconds=1.0,
        open_transcripts=sorted(material.open_transcripts),
        codes=[CodeQuality(code, 100, 12, 60, 40, 0.67, 0.4, 0.1)],
        suggested=[Suggested(each, code, 0.9, []) for each in places],
    )
    save_results(own.home, results, isla.id)
    own.choose(**{f"coder:{study.key}": "isla"})
    page = watch().page
    page.goto(own.url)
    go(page, "Suggestions")
    expect(page.get_by_text("40 of 60 of those suggestions were right")).to_be_visible()
    expect(page.locator(".ps-item")).to_have_count(0)
    page.get_by_text("Suggested codes", exact=True).click()
    expect(page.locator(".ps-item")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator(".ps-said")).to_contain_text("Coded as")
    page.keyboard.press("x")
    expect(page.locator(".ps-said")).to_contain_text("Turned down")
    with store.read() as session:
        query = select(Coding).where(Coding.coder_id == isla.id, Coding.code_id == code)
        taken = [
            coding
            for coding in session.scalars(query.where(Coding.uncoded.is_(False)))
            if (coding.version_id, coding.start, coding.end)
            == (places[0].version_id, places[0].start, places[0].end)
        ]
        assert len(taken) == 1
        said = session.scalars(select(Event.data).filter_by(object_id=taken[0].id)).one()
        assert said["suggested"] == "codes"
        refused = session.scalars(select(Event.data).filter_by(verb="turned down")).one()
        assert refused["start"] == places[1].start
    # The last answer is undone first, and it is the server that knows it: a reload forgets nothing.
    page.reload()
    settled(page)
    page.get_by_text("Suggested codes", exact=True).click()
    expect(page.locator(".ps-moves")).to_contain_text("1 of 1")
    page.keyboard.press("z")
    expect(page.locator(".ps-said")).to_contain_text("Taken back: not")
    expect(page.locator(".ps-moves")).to_contain_text("of 2")
    page.get_by_role("button", name="Undo: coded as").click()
    expect(page.locator(".ps-said")).to_contain_text("Taken back: coded as")
    expect(page.locator(".ps-moves")).to_contain_text("of 3")
    expect(page.locator(".ps-undo")).to_have_count(0)
    with store.read() as session:
        assert session.get_one(Coding, taken[0].id).uncoded

    # What was turned down is listed, and put back from there.
    page.keyboard.press("x")
    expect(page.locator(".ps-said")).to_contain_text("Turned down")
    page.get_by_text("What I turned down", exact=True).click()
    row = page.locator(".ps-row")
    expect(row).to_have_count(1)
    assert problems(page) == []
    row.get_by_role("button", name="Put back").click()
    expect(row).to_contain_text("Turn down again")
    page.get_by_text("Suggested codes", exact=True).click()
    expect(page.locator(".ps-moves")).to_contain_text("of 3")

    # Away to the transcript and back: the list is still there, at the one that was left.
    page.keyboard.press("n")
    expect(page.locator(".ps-moves")).to_contain_text("2 of 3")
    page.keyboard.press("o")
    page.wait_for_url("**/code?**")
    go(page, "Suggestions")
    expect(page.locator(".ps-moves")).to_contain_text("2 of 3")


def test_a_training_test_by_keys(own: Server, watch: Callable[..., Watched]) -> None:
    own.start()
    store = own.store()
    with store.read() as session:
        study = studies(session)[0]
        people = {each.key: each.id for each in coders(session, study.id)}
        book = latest_codebook_version(session, codebooks(session, study.id)[0].id)
        assert book is not None
        names = {each.code_id: each.name for each in definitions(session, book.id)}
        found = picks(session, study.id, people["dev"], OWN)[:40:20]
        before = len(session.scalars(select(Coding.id)).all())
    with store.write(people["dev"]) as tx:
        asked = [Excerpt(p.version_id, p.start, p.end, p.codes, WHY) for p in found]
        make_test(tx, study.id, book.id, "First week", asked)
    right = next(iter(found[0].codes))
    own.choose(**{f"coder:{study.key}": "isla"})
    page = watch().page
    page.goto(own.url)
    go(page, "Training test")
    expect(page.locator(".pt-words mark")).to_be_visible()
    assert WHY not in page.content()
    page.keyboard.press("c")
    page.keyboard.type(names[right])
    page.keyboard.press("Enter")
    expect(page.locator(".pt-chip")).to_contain_text(names[right])
    page.keyboard.press("Control+Enter")
    alone = len(found[0].codes) == 1
    expect(page.locator(".pt-verdict")).to_contain_text("All right" if alone else "1 right")
    expect(page.locator(".pt-verdict")).to_contain_text(WHY)
    expect(page.get_by_text("Your result")).to_be_visible()
    with store.read() as session:
        answer = session.scalars(select(TrainingAnswer)).one()
        assert answer.codes == {right: "unrated"}
        assert len(session.scalars(select(Coding.id)).all()) == before


def test_a_lead_makes_a_training_test_and_somebody_new_takes_it(
    own: Server, watch: Callable[..., Watched]
) -> None:
    own.start()
    store = own.store()
    with store.read() as session:
        study = studies(session)[0]
    own.choose(**{f"coder:{study.key}": "dev"})
    page = watch().page
    page.goto(f"{own.url}/team")
    settled(page)
    page.get_by_role("button", name="Make me the lead").click()
    expect(page.get_by_text("This study has no lead")).to_have_count(0)
    page.get_by_placeholder("Name of a coder").fill("Nia New")
    page.get_by_role("button", name="Add to the team").click()
    expect(page.get_by_text("Nia New").first).to_be_visible()

    # Picked in two transcripts: what was picked first stays picked.
    go(page, "Training test")
    save = page.get_by_role("button", name="Save a test of")
    expect(save).to_be_disabled()
    main = page.get_by_test_id("stMain")
    tick = main.get_by_text("Ask this excerpt", exact=True)
    tick.nth(1).click()
    expect(page.get_by_text("Show only what is picked (1)")).to_be_visible()
    page.get_by_placeholder("Why this is right").fill(WHY)
    page.get_by_placeholder("Why this is right").press("Tab")
    settled(page)
    choose(page, "Transcript", "Ferncross workshop 2")
    part = page.get_by_label("Part of the list")
    expect(part).to_have_value(re.compile(r"1–12 of \d+: Ferncross workshop 2"))
    tick.nth(2).click()
    expect(page.get_by_text("Show only what is picked (2)")).to_be_visible()
    page.get_by_text("Show only what is picked").click()
    expect(tick).to_have_count(2)
    expect(page.get_by_placeholder("Why this is right").first).to_have_value(WHY)
    page.get_by_label("Title of the test").fill("First week")
    page.get_by_label("Title of the test").press("Tab")
    expect(save).to_have_text("Save a test of 2 excerpts")
    assert problems(page) == []
    # What is not saved outlives a reload.
    page.reload()
    settled(page)
    expect(page.get_by_label("Title of the test")).to_have_value("First week")
    page.get_by_text("Show only what is picked (2)").click()
    expect(tick).to_have_count(2)
    settled(page)
    expect(page.get_by_placeholder("Why this is right").first).to_have_value(WHY)
    expect(save).to_have_text("Save a test of 2 excerpts")
    save.click()
    expect(page.get_by_text("is saved with 2 excerpts")).to_be_visible()
    page.get_by_text("Make a test", exact=True).click()
    expect(page.get_by_label("Title of the test")).to_have_value("")
    with store.read() as session:
        (made,) = session.scalars(select(TrainingTest)).all()
        assert [bool(each["codes"]) for each in made.excerpts] == [True, True]
        assert made.excerpts[0]["why"] == WHY

    # Somebody new sees the excerpt, and only after the answer what is right and why.
    code_as(page, "Nia New")
    go(page, "Training test")
    expect(page.get_by_text("Make a test")).to_have_count(0)
    expect(page.locator(".pt-words mark")).to_be_visible()
    assert WHY not in page.content()
    assert problems(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator(".pt-verdict")).to_contain_text("missed")
    expect(page.locator(".pt-verdict")).to_contain_text(WHY)
    expect(page.locator(".pt-verdict .pt-rule")).not_to_have_count(0)
    expect(page.get_by_text("1 of 2 excerpts answered")).to_be_visible()

    # A lead sees how it went; a test taken off the list comes back with its answers.
    code_as(page, "Dev Rao")
    go(page, "Training test")
    page.get_by_text("Everybody’s results").click()
    page.get_by_role("button", name="Withdraw this test").click()
    expect(page.get_by_text("“First week” is withdrawn")).to_be_visible()
    page.get_by_text("Withdrawn tests (1)").click()
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_text("“First week” is back")).to_be_visible()
    expect(page.get_by_label("Test", exact=True)).to_have_value("First week (2 excerpts)")
    with store.read() as session:
        assert not session.get_one(TrainingTest, made.id).withdrawn
        assert len(session.scalars(select(TrainingAnswer)).all()) == 1
