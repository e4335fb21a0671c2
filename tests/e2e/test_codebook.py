"""The codebook while coding: own words, pins, own codes, and a change that reaches open readers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.doing import (
    all_saved,
    at_the_desk,
    code_as,
    go,
    settled,
)
from tests.e2e.serving import Server


@pytest.mark.slow
def test_the_codebook_at_hand_and_changed_while_one_codes(
    own: Server, watch: Callable[..., Watched]
) -> None:
    own.start()
    dev = watch().page
    dev.goto(f"{own.url}/code")
    settled(dev)
    code_as(dev, "Dev Rao")
    reader = at_the_desk(dev)

    # Pin by key, give it a word of one's own, and find it by that word at once.
    dev.keyboard.press("f")
    dev.keyboard.press("ArrowDown")
    dev.keyboard.press("ArrowDown")
    dev.keyboard.press("*")
    pinned = reader.locator(".pr-pins button")
    expect(pinned).to_have_text(["Underlying knowledge sources"])
    pinned.click()
    reader.locator(".pr-word-new").fill("zebra")
    reader.locator(".pr-word-new").press("Enter")
    expect(reader.locator(".pr-word")).to_contain_text("zebra")

    # A code of one's own, straight from the palette, below the code found by that word.
    reader.locator(".pr-scroll").focus()
    dev.keyboard.press("j")
    dev.keyboard.press("s")
    dev.keyboard.press("c")
    dev.keyboard.type("Night shift worries")
    dev.keyboard.press("Enter")
    dev.keyboard.type("zebra")
    dev.keyboard.press("Enter")
    expect(reader.locator(".pr-inspector h3")).to_have_text("Night shift worries")
    expect(reader.locator(".pr-code", has_text="Night shift").locator(".pr-own")).to_be_visible()
    all_saved(dev)

    # Somebody else changes the codebook: the open reader has it without a reload.
    isla = watch().page
    isla.goto(f"{own.url}/code")
    settled(isla)
    code_as(isla, "Isla Marsh")
    at_the_desk(isla)
    go(isla, "Codebook")
    isla.get_by_text("Change this code").click()
    isla.get_by_label("Name", exact=True).fill("The new thing")
    isla.get_by_label("Name", exact=True).press("Tab")
    expect(isla.get_by_text("1 code changed, not saved yet")).to_be_visible()
    note = isla.get_by_label("What changed, and why").first
    note.fill("Plainer")
    note.press("Tab")
    isla.get_by_role("button", name="Save as version 3").click()
    expect(isla.get_by_text("Saved as version 3")).to_be_visible()
    expect(reader.locator(".pr-code").first).to_contain_text("The new thing")
    expect(reader.locator(".pr-notice", has_text="version 3")).to_be_visible()

    # Pins and words are the coder's, on the server: Isla has none of them, Dev has them again in
    # a browser that never knew them.
    isla.goto(f"{own.url}/code")
    expect(at_the_desk(isla).locator(".pr-pins button")).to_have_count(0)
    dev.context.clear_cookies()
    dev.evaluate("localStorage.clear()")
    dev.reload()
    settled(dev)
    code_as(dev, "Dev Rao")
    expect(dev.locator(".pr-pins button")).to_have_text(["Underlying knowledge sources"])
