"""Disagreements settled by keys, reopened, discussed and filtered, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from parihs.coding.adjudication import settlements
from parihs.coding.discussion import clarifications, remarks
from parihs.model import Settlement
from parihs.store.studies import coders, get_study
from tests.e2e.conftest import Watched
from tests.e2e.doing import go, heading, hears_past, overflow, reader_ready, select, settled
from tests.e2e.serving import Server

pytestmark = pytest.mark.slow

ALL = "811"


def open_agreement(page: Page, server: Server) -> None:
    """The page with its first disagreement."""
    page.goto(f"{server.url}/agreement")
    heading(page, "Agreement")
    expect(page.locator(".pd-detail")).to_be_visible()
    settled(page)


def shown(page: Page) -> str:
    """Id of the place in focus."""
    return page.locator(".pd-detail").get_attribute("data-id") or ""


def view(page: Page, name: str) -> None:
    """Choose one of the page's views."""
    page.get_by_test_id("stButtonGroup").first.get_by_text(name, exact=True).click()
    settled(page)


def decisions(server: Server, *, reopened: bool = False) -> list[Settlement]:
    """What was really saved."""
    store = server.store()
    with store.read() as session:
        found = settlements(session, get_study(session).id, reopened=reopened)
    store.close()
    return [each.settlement for each in found]


def test_a_disagreement_is_settled_by_keys_and_reopened(
    own: Server, watch: Callable[..., Watched]
) -> None:
    own.choose(**{"coder:lantern": "isla"})
    own.start()
    watched = watch()
    page = watched.page
    open_agreement(page, own)
    expect(page.locator(".pd-count")).to_have_text(f"0 of {ALL} settled")
    first = shown(page)
    page.keyboard.press("n")
    second = shown(page)
    assert second != first
    page.keyboard.press("p")
    assert shown(page) == first
    page.keyboard.press("3")
    expect(page.locator(".pd-outcome[aria-pressed=true]")).to_have_attribute("data-key", "3")
    page.keyboard.type("We meant the same: n and 2 are letters here")
    page.keyboard.press("Enter")
    expect(page.locator(".pd-count")).to_have_text(f"1 of {ALL} settled")
    # The settled place has left the list of open ones, and the next one is in focus.
    expect(page.locator(".pd-detail")).to_have_attribute("data-id", second)
    (kept,) = decisions(own)
    assert (kept.outcome, kept.disagreement_id) == ("both", first)
    assert kept.reason == "We meant the same: n and 2 are letters here"
    store = own.store()
    with store.read() as session:
        isla = next(c for c in coders(session, get_study(session).id) if c.key == "isla")
    store.close()
    assert kept.decided_by == isla.id

    select(page, "State", "Settled")
    expect(page.locator(".pd-decision")).to_contain_text("We meant the same")
    expect(page.locator(".pd-entry")).to_have_count(1)
    watched.picture("agreement-settled")
    page.locator(".pd-reopen").click()
    page.keyboard.type("On second thoughts")
    page.keyboard.press("Enter")
    expect(page.locator(".pd-count")).to_have_text(f"0 of {ALL} settled")
    assert decisions(own) == []
    (reopened,) = decisions(own, reopened=True)
    assert reopened.reopened_because == "On second thoughts"


def test_a_place_is_edited_discussed_and_asks_for_a_clearer_rule(
    own: Server, watch: Callable[..., Watched]
) -> None:
    own.choose(**{"coder:lantern": "isla"})
    own.start()
    page = watch().page
    open_agreement(page, own)
    page.keyboard.press("t")
    page.keyboard.type("Where does it end?")
    page.keyboard.press("Enter")
    expect(page.locator(".pd-remark").first).to_contain_text("Where does it end?")
    page.locator(".pd-talk summary").last.click()
    page.get_by_label("Proposal").fill("Code the question with its answer.")
    page.get_by_role("button", name="Propose").click()
    expect(page.locator(".pd-talk").last).to_contain_text("Code the question with its answer.")
    page.locator(".pd-detail .pd-kind").click()
    page.keyboard.press("e")
    words = page.locator(".pd-turn:not(.pd-context) .pd-words [data-at]").first
    at = int(words.get_attribute("data-at") or 0)
    words.evaluate(
        """node => { const range = document.createRange();
           range.setStart(node.firstChild, 3); range.setEnd(node.firstChild, 12);
           getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    page.get_by_role("button", name="Take the selected words").first.click()
    page.get_by_label("Reason").fill("Only these words")
    page.get_by_role("button", name="Settle").click()
    expect(page.locator(".pd-count")).to_have_text(f"1 of {ALL} settled")
    (kept,) = decisions(own)
    assert kept.outcome == "edited"
    assert (kept.result[0]["start"], kept.result[0]["end"]) == (at + 3, at + 12)
    store = own.store()
    with store.read() as session:
        study = get_study(session)
        assert [r.memo.text for r in remarks(session, study.id)] == ["Where does it end?"]
        (proposal,) = clarifications(session, study.id)
    store.close()
    assert proposal.code_id == kept.codings[0]["code_id"]
    assert proposal.disagreement_id == kept.disagreement_id


def test_the_list_is_filtered_and_leafed_through(
    demo: Server, watch: Callable[..., Watched]
) -> None:
    page = watch().page
    open_agreement(page, demo)
    expect(page.locator(".pd-entry")).to_have_count(40)
    expect(page.locator(".pd-outcome")).to_have_count(0)
    expect(page.locator(".pd-settle")).to_contain_text("Say who you are in the side bar")
    page.get_by_role("button", name="Different code 140").click()
    expect(page.locator(".pd-moves")).to_contain_text("1 of 140 shown")
    for _ in range(40):
        page.keyboard.press("n")
    expect(page.locator(".pd-moves")).to_contain_text("41 of 140 shown")
    page.keyboard.press("p")
    expect(page.locator(".pd-moves")).to_contain_text("40 of 140 shown")
    select(page, "Transcript", "Northmoor workshop 1")
    expect(page.locator(".pd-entry").first).to_contain_text("Northmoor workshop 1")
    play = page.locator(".pd-play")
    play.click()
    expect(play).to_have_text("■ Stop")
    hears_past(page, 0.3)
    play.click()
    page.get_by_role("button", name="Open in transcript").click()
    reader_ready(page)


def test_a_code_opens_its_numbers_and_its_places(
    demo: Server, watch: Callable[..., Watched]
) -> None:
    watched = watch()
    page = watched.page
    open_agreement(page, demo)
    view(page, "Per code")
    expect(page.locator(".pt-table")).to_be_visible()
    page.get_by_role("button", name="n Isla").click()
    expect(page.locator(".pt-name .pt-label").first).to_have_text("Extent of adoption")
    page.locator(".pt-label", has_text="Structure and systems").click()
    expect(page.get_by_text("both in 10")).to_be_visible()
    expect(page.locator(".pd-entry-title").first).to_contain_text("Structure and systems")
    watched.picture("agreement-code")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_small_window(demo: Server, watch: Callable[..., Watched], scheme: str) -> None:
    watched = watch(viewport={"width": 1024, "height": 768}, color_scheme=scheme)
    page = watched.page
    page.goto(demo.url)
    settled(page)
    go(page, "Agreement")
    for name in ("Disagreements", "Per code", "Whole coding and units", "Confusion", "Over time"):
        view(page, name)
        page.wait_for_timeout(500)
        watched.picture(f"agreement-{scheme}-1024-{name.lower().replace(' ', '-')}")
        assert overflow(page) <= 0, name
