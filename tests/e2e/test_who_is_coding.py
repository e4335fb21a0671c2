"""Two people, each at a browser of their own, on one server: nobody comes back as somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watched
from tests.e2e.serving import Server

NOBODY = "Nobody: reading only"


def who(page: Page) -> str:
    """Whom the side bar shows as coding."""
    box = page.get_by_test_id("stSelectbox").filter(has_text="You are coding as")
    box.wait_for()
    return box.locator("input").first.input_value()


def become(page: Page, name: str) -> None:
    """Choose who one is, and wait until it is so."""
    box = page.get_by_test_id("stSelectbox").filter(has_text="You are coding as").locator("input")
    box.first.click()
    page.get_by_role("option", name=name).click()
    expect(box.first).to_have_value(re.compile(name))


def test_each_browser_keeps_its_own_coder(own: Server, watch: Callable[..., Watched]) -> None:
    own.start()
    isla, dev = watch(browser="").page, watch(browser="").page
    for page, name in ((isla, "Isla Marsh"), (dev, "Dev Rao")):
        page.goto(own.url)
        assert who(page) == NOBODY, "somebody who never was here came in as somebody else"
        become(page, name)
    for page in (isla, dev):
        page.goto(f"{own.url}/code")
    assert (who(isla), who(dev)) == ("Isla Marsh", "Dev Rao")

    cookies = [cookie for cookie in isla.context.cookies() if cookie["name"] == "parihs-browser"]
    assert [cookie["httpOnly"] for cookie in cookies] == [True]
    other = watch(browser="../../../secret").page
    other.goto(own.url)
    assert who(other) == NOBODY
