"""Every page of the side bar, light and dark, under axe-core: nothing serious may be left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import problems
from tests.e2e.conftest import Watched
from tests.e2e.doing import READY, code_as, go, settled
from tests.e2e.serving import Server


def names_of_pages(page: Page) -> list[str]:
    """The pages the side bar leads to; a new page is tested without being named here."""
    return page.get_by_test_id("stSidebar").get_by_role("link").all_inner_texts()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_problem(
    scheme: str, own: Server, watch: Callable[..., Watched]
) -> None:
    # on a server of its own: who is coding would be remembered for the other tests
    own.start()
    page = watch(color_scheme=scheme).page
    page.goto(own.url)
    expect(page.get_by_text("What to do next")).to_be_visible()
    code_as(page, "Isla Marsh")
    found: dict[str, list[str]] = {}
    names = [name.strip().split("\n")[-1] for name in names_of_pages(page)]
    assert len(names) > 10
    for name in names:
        go(page, name)
        if name == "Read and code":
            page.wait_for_selector(READY)
        settled(page)
        page.wait_for_timeout(300)
        if serious := problems(page):
            found[name] = serious
    assert not found, "\n".join(
        [f"{name}:\n  " + "\n  ".join(lines) for name, lines in found.items()]
    )
