"""Who speaks, said with keys and mouse: in the reader, at the listening desk, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from parihs.model import Event
from parihs.store.studies import studies
from parihs.store.transcripts import TurnView, latest_version, transcripts, turns
from tests.e2e.conftest import Watched
from tests.e2e.doing import at_the_desk, hears_past, overflow, reader_ready, settled
from tests.e2e.serving import Server

pytestmark = pytest.mark.slow


def at_work(own: Server) -> str:
    """The recorded transcript open for Isla, who may code; its id."""
    own.start()
    with own.store().read() as session:
        study = studies(session)[0]
        found = next(t for t in transcripts(session, study.id) if t.recording_id)
    own.choose(**{f"coder:{study.key}": "isla"})
    return found.id


def said(own: Server, transcript_id: str) -> list[TurnView]:
    """The turns as they are saved."""
    with own.store().read() as session:
        version = latest_version(session, transcript_id)
        assert version is not None
        return turns(session, version.id)


def margin(page: Page, turn: int) -> str:
    """What stands in the margin of a turn."""
    text: str = page.locator(f".pr-turn[data-turn='{turn}'] .pr-margin").inner_text()
    return text


def current(page: Page) -> int:
    return int(page.locator(".pr-turn.is-current").get_attribute("data-turn") or -1)


def option(page: Page, text: str) -> Any:
    return page.locator(".pr-chooser .pr-option", has_text=text).first


def test_who_speaks_is_said_in_the_reader(own: Server, watch: Callable[..., Watched]) -> None:
    key = at_work(own)
    before = [view.speaker for view in said(own, key)]
    here = watch()
    page = here.page
    page.goto(f"{own.url}/code?transcript={key}")
    at_the_desk(page)
    for _ in range(3):
        page.keyboard.press("j")
    turn = current(page)
    other = next(name for name in before if name != before[turn])

    # By key: this turn is somebody else's.
    page.keyboard.press("w")
    page.keyboard.type(str(other)[:4])
    page.keyboard.press("Enter")
    expect(page.locator(".pr-notice")).to_contain_text(f"1 turn given to {other}")
    assert str(other) in margin(page, turn) or before[turn - 1] == other
    assert said(own, key)[turn].speaker == other

    # Taken back from the notice.
    page.locator(".pr-notice").get_by_role("button", name="Undo").click()
    expect(page.locator(".pr-notice").last).to_contain_text("Undone")
    assert [view.speaker for view in said(own, key)] == before

    # By mouse on the name: all of this voice, from here on, is a new voice.
    name = page.locator(".pr-speaker", has_text=str(before[turn])).last
    turn = int(name.locator("xpath=ancestor::*[@data-turn]").get_attribute("data-turn") or -1)
    name.click()
    page.keyboard.press("Tab")
    page.keyboard.type("Person at the door")
    option(page, "New voice").click()
    expect(page.locator(".pr-notice").last).to_contain_text("given to Person at the door")
    now = [view.speaker for view in said(own, key)]
    assert "Person at the door" in now
    assert [view.turn.text for view in said(own, key)]

    # Not sure: in the margin, and found by its key.
    page.locator(".pr-scroll").focus()
    page.keyboard.press("w")
    option(page, "Not sure who speaks").click()
    marked = current(page)
    expect(page.locator(f".pr-turn[data-turn='{marked}'] .pr-unsure")).to_have_text("not sure")
    assert "unsure" in said(own, key)[marked].turn.marks
    for _ in range(2):
        page.keyboard.press("k")
    page.keyboard.press("Shift+W")
    assert current(page) == marked
    here.picture("speakers-in-the-reader")

    # All of it is still so after a reload.
    page.reload()
    reader_ready(page)
    expect(page.locator(f".pr-turn[data-turn='{marked}'] .pr-unsure")).to_have_count(1)
    assert page.locator(".pr-speaker", has_text="Person at the door").count() > 0


def test_what_a_colleague_changed_meanwhile_is_kept(
    own: Server, watch: Callable[..., Watched]
) -> None:
    key = at_work(own)
    first, second = watch(), watch()
    for here in (first, second):
        here.page.goto(f"{own.url}/code?transcript={key}")
        at_the_desk(here.page)
        here.page.keyboard.press("j")
    for here, name in ((first, "Door one"), (second, "Door two")):
        # The refusal is an answer of 400, which the browser notes.
        here.server_down = True
        here.page.keyboard.press("w")
        here.page.keyboard.type(name)
        here.page.keyboard.press("Enter")
        expect(here.page.locator(".pr-notice").last).to_be_visible()
    expect(second.page.locator(".pr-notice").last).to_contain_text("in the meantime")
    assert said(own, key)[1].speaker == "Door one"
    expect(second.page.locator(".pr-speaker", has_text="Door one")).to_have_count(1)


def test_voices_are_heard_and_named_at_the_desk(own: Server, watch: Callable[..., Watched]) -> None:
    key = at_work(own)
    here = watch(viewport={"width": 1024, "height": 900})
    page = here.page
    page.goto(f"{own.url}/speakers?transcript={key}")
    settled(page)
    plays = page.locator(".pv-play")
    expect(plays.first).to_be_visible()
    plays.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(plays.nth(1)).to_have_attribute("aria-pressed", "true")
    hears_past(page, 1)
    plays.nth(3).click()
    expect(plays.nth(1)).to_have_attribute("aria-pressed", "false")
    assert overflow(page) <= 0

    # Somebody new, on the spot.
    page.get_by_role("button", name="New participant").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Pseudonym").fill("Wren")
    dialog.get_by_role("textbox", name="Role").fill("visitor")
    dialog.get_by_role("button", name="Add, and link").click()
    expect(dialog).to_have_count(0)
    settled(page)
    expect(page.get_by_text("Who is Wren?")).to_be_visible()
    names = [view.speaker for view in said(own, key)]
    assert "Wren" in names

    # The name holds in the reader.
    page.goto(f"{own.url}/code?transcript={key}")
    reader_ready(page)
    assert page.locator(".pr-speaker", has_text="Wren").count() > 0

    # And can be taken back.
    page.goto(f"{own.url}/speakers?transcript={key}")
    settled(page)
    page.get_by_role("tab", name="Changes").click()
    settled(page)
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("took back: said that")).to_be_visible()
    assert "Wren" not in [view.speaker for view in said(own, key)]
    with own.store().read() as session:
        assert session.scalars(select(Event.verb).order_by(Event.seq.desc())).first() == "undone"
