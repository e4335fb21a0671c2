"""A bar of the participation page opens the turns behind it, and they sound; transcripts leave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from parihs.formats import read
from tests.e2e.conftest import Watched
from tests.e2e.doing import hears_past, select, settled
from tests.e2e.serving import Server
from tests.e2e.test_figures import RECORDED, marks, rest_on

pytestmark = pytest.mark.slow


def test_a_column_of_a_workshop_opens_its_turns_and_they_sound(
    demo: Server, watch: Callable[..., Watched]
) -> None:
    watched = watch(viewport={"width": 1440, "height": 1400})
    page = watched.page
    page.goto(f"{demo.url}/participation")
    settled(page)
    watched.picture("participation")
    page.get_by_role("radio", name="Over a workshop").click()
    settled(page)
    select(page, "Workshop", RECORDED)
    expect(page.get_by_text(f"{RECORDED}: who speaks in each stretch of 5 minutes")).to_be_visible()
    settled(page)
    rest_on(page, *marks(page)[0])
    page.mouse.down()
    page.mouse.up()
    settled(page)
    play = page.locator(".pe-play:enabled").first
    expect(play).to_be_visible()
    play.scroll_into_view_if_needed()
    play.click()
    hears_past(page, 0.3)
    watched.picture("participation-opened")
    page.get_by_role("button", name="Open in transcript").first.click()
    page.wait_for_url("**/code?**")


def test_a_transcript_is_downloaded_from_the_reading_page(
    demo: Server, watch: Callable[..., Watched], tmp_path: Path
) -> None:
    page = watch().page
    page.goto(f"{demo.url}/code")
    settled(page)
    page.get_by_role("button", name="Download", exact=True).click()
    for label in ("Word document", "SubRip captions (SRT)", "MAXQDA transcript"):
        select(page, "Format", label)
        settled(page)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download “").click()
        file = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(file)
        assert len(read(file).turns) > 50
