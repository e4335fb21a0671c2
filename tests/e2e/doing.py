"""What people do in the app, as a browser does it."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

READY = ".parihs-reader[data-ready=true]"


def settled(page: Page) -> None:
    """Wait until Streamlit has run the page through."""
    expect(page.get_by_test_id("stApp")).to_be_visible()
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_have_count(1)


def go(page: Page, name: str) -> None:
    """Follow a link of the side bar."""
    page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_title(f"{name} · parihs")
    settled(page)


def select(page: Page, label: str, option: str, within: Locator | None = None) -> None:
    """Choose an option of a select box by typing it."""
    inside = within or page
    box = inside.get_by_test_id("stSelectbox").filter(has=page.get_by_text(label, exact=True))
    field = box.locator("input").first
    field.click()
    field.fill(option)
    page.get_by_role("option", name=option).first.click()
    settled(page)


def code_as(page: Page, name: str) -> None:
    """Say who is coding, in the side bar."""
    select(page, "You are coding as", name, page.get_by_test_id("stSidebar"))


def reader_ready(page: Page) -> Locator:
    """The reader, once its text is on the page."""
    page.wait_for_selector(READY)
    return page.locator(READY)


def at_the_desk(page: Page) -> Locator:
    """The reader of somebody who may code, with the keyboard in it."""
    reader = reader_ready(page)
    expect(reader.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.locator(".parihs-reader")).to_have_count(1)
    # The side bar's field keeps the keyboard until one goes to the text.
    reader.locator(".pr-scroll").focus()
    return reader


def give_code(page: Page, name: str) -> None:
    """Code what is selected, by typing a code's name into the palette."""
    page.keyboard.press("c")
    palette = page.get_by_role("dialog", name="Choose a code")
    expect(palette).to_be_visible()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(palette).to_be_hidden()


def all_saved(page: Page) -> None:
    """Wait until the reader says that everything is saved."""
    expect(page.locator(".pr-saved")).to_have_text("All saved")
    expect(page.locator(READY)).to_have_attribute("data-pending", "0")


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    """The page's title says what it is."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def playing(page: Page) -> dict[str, Any]:
    """The player that was started last: where it is, and whether it moves."""
    found: dict[str, Any] = page.evaluate(
        """() => { const audio = window.heard.at(-1);
          return audio && {at: audio.currentTime, paused: audio.paused, from: audio.src,
                           error: audio.error && audio.error.message}; }"""
    )
    return found


def hears_past(page: Page, seconds: float) -> None:
    """Wait until the sound that plays has passed a moment of the recording."""
    page.wait_for_function(
        "at => window.heard.length && window.heard.at(-1).currentTime > at", arg=seconds
    )
    assert playing(page)["error"] is None


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    wide: int = page.evaluate(
        """() => Math.max(...['html', '[data-testid=stMain]', '[data-testid=stMainBlockContainer]']
            .map(name => document.querySelector(name)).filter(Boolean)
            .map(box => box.scrollWidth - box.clientWidth))"""
    )
    return wide
