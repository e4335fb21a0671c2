"""The demo study, page by page: opens fast, says what it is, fits, and stays on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.doing import go, heading, hears_past, overflow, reader_ready, settled
from tests.e2e.serving import Server

PAGES = {
    "Overview": "The Lantern Study (fictional)",
    "Add material": "Add material",
    "Transcription": "Transcription",
    "Compare sites": "Compare sites",
    "Codebook": "Codebook",
    "Sites and people": "Sites and people",
}


def test_the_first_page_can_be_used_after_a_restart(
    own: Server, watch: Callable[..., Watched], record_property: Callable[[str, object], None]
) -> None:
    """From the command to a page one can use; how long that may take is for the benchmarks."""
    own.start()
    own.stop()
    page = watch().page
    began = time.monotonic()
    own.start()
    page.goto(own.url)
    expect(page.get_by_text("What to do next")).to_be_visible()
    expect(page.get_by_role("link", name="Compare sites").first).to_be_enabled()
    took = time.monotonic() - began
    record_property("seconds to first page", round(took, 2))
    print(f"first page after {took:.2f} s")


def test_every_page_opens(demo: Server, watch: Callable[..., Watched]) -> None:
    watched = watch()
    page = watched.page
    page.goto(demo.url)
    for name, title in PAGES.items():
        if name != "Overview":
            go(page, name)
        heading(page, title)
        settled(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        watched.picture(f"walk-{name.lower().replace(' ', '-')}")
    go(page, "Read and code")
    reader = reader_ready(page)
    assert reader.locator(".pr-turn").count() > 50
    expect(reader).to_contain_text("fictional data")
    watched.picture("walk-read-and-code")


def test_a_number_opens_to_its_voice(demo: Server, watch: Callable[..., Watched]) -> None:
    """Cell → excerpts → sound, where the demo study has a recording."""
    watched = watch()
    page = watched.page
    page.goto(f"{demo.url}/compare")
    cells = page.locator("button.pm-cell:enabled")
    expect(cells.first).to_be_visible()
    assert cells.count() >= 5 * 4
    page.locator("button.pm-cell:enabled[aria-label*='Northmoor']").first.click()
    expect(page.locator(".pe-item").first).to_be_visible()
    settled(page)
    play = page.locator(".pe-play").first
    play.scroll_into_view_if_needed()
    play.click()
    expect(play).to_have_text("■ Stop")
    hears_past(page, 0.3)
    watched.picture("compare-excerpts")
    play.click()
    expect(play).to_have_text("▶ Play")


def test_the_server_loaded_no_speech_model(demo: Server, watch: Callable[..., Watched]) -> None:
    page = watch().page
    page.goto(f"{demo.url}/transcription")
    heading(page, "Transcription")
    assert demo.process is not None
    maps = Path(f"/proc/{demo.process.pid}/maps")
    if not maps.exists():
        pytest.skip("this system does not show what a process has loaded")
    loaded = maps.read_text()
    assert "libpython" in loaded or "python" in loaded
    assert "libtorch" not in loaded
    assert "ctranslate2" not in loaded


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_small_window(demo: Server, watch: Callable[..., Watched], scheme: str) -> None:
    """1,024 pixels wide, in light and in dark: nothing runs out of the page."""
    watched = watch(viewport={"width": 1024, "height": 768}, color_scheme=scheme)
    page = watched.page
    page.goto(demo.url)
    settled(page)
    background = page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert (background == "rgb(21, 25, 27)") == (scheme == "dark")
    too_wide = {}
    menu = page.get_by_test_id("stSidebar").get_by_role("link")
    expect(menu.filter(has_text="Sites and people")).to_be_visible()
    links = menu.all_inner_texts()
    names = [text.split("\n")[-1].strip() for text in links]
    assert {*PAGES, "Read and code"} <= set(names)
    for name in names:
        go(page, name)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        if name == "Read and code":
            reader_ready(page)
        if name == "Compare sites":
            expect(page.locator("button.pm-cell").first).to_be_visible()
        watched.picture(f"{scheme}-1024-{name.lower().replace(' ', '-')}")
        if (by := overflow(page)) > 0:
            too_wide[name] = by
    assert too_wide == {}


def test_nothing_asked_for_another_machine(demo: Server) -> None:
    """Runs last on this server: neither the app nor its worker looked for any other address."""
    watched = demo.processes_watched()
    assert any("parihs demo" in line for line in watched)
    assert any("parihs.transcribe.worker" in line for line in watched)
    assert demo.left_the_machine() == []
