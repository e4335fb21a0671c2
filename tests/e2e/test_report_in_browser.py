"""The HTML report as a file in a browser: its figures open their excerpts, script or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from parihs.report import Report, build, render
from parihs.store.studies import studies
from tests.e2e.conftest import Watched
from tests.e2e.serving import Server
from tests.e2e.test_figures import marks, press_in_passing, rest_on

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(demo: Server) -> Report:
    """The figures of the demo study, with what they open."""
    with demo.store().read() as session:
        return build(session, studies(session)[0].id, parts=["figures"])


@pytest.fixture(scope="module")
def file(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report as somebody would open it from a folder."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(render(report, "html"))
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_mark_of_each_figure_opens_its_excerpts(
    report: Report, file: Path, watch: Callable[..., Watched], scheme: str
) -> None:
    watched = watch(viewport={"width": 1200, "height": 1000}, color_scheme=scheme)
    page = watched.page
    page.goto(file.as_uri())
    for number, figure in enumerate(report.figures, start=1):
        plot = f"#figure-{number}"
        expect(page.locator(f"{plot} .main-svg").first).to_be_visible()
        opening = {mark.key: mark for mark in figure.marks}
        x, y, key = next(m for m in marks(page, plot) if tuple(m[2]) in opening)
        rest_on(page, x, y, key, plot)
        page.mouse.down()
        page.mouse.up()
        opened = page.locator(f"{plot}-opened")
        expect(opened.get_by_role("heading")).to_contain_text(opening[tuple(key)].title)
        labels = opened.locator(".excerpt > b").all_inner_texts()
        assert tuple(labels) == opening[tuple(key)].excerpts, figure.title
        watched.picture(f"report-{scheme}-figure-{number}")


def test_a_mark_opens_where_the_mouse_is_pressed_as_soon_as_it_is_there(
    report: Report, file: Path, watch: Callable[..., Watched]
) -> None:
    """Plotly alone looks for the mark while the button is down, and then finds none."""
    page = watch(viewport={"width": 1200, "height": 1000}).page
    page.goto(file.as_uri())
    for number, figure in enumerate(report.figures, start=1):
        opening = {mark.key: mark for mark in figure.marks}
        x, y, key = next(m for m in marks(page, f"#figure-{number}") if tuple(m[2]) in opening)
        press_in_passing(page, x, y)
        opened = page.locator(f"#figure-{number}-opened")
        expect(opened.get_by_role("heading")).to_contain_text(opening[tuple(key)].title)


def test_without_script_a_list_leads_to_the_excerpts(
    report: Report, file: Path, chromium: Browser
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    for number, figure in enumerate(report.figures):
        expect(page.get_by_role("img", name=figure.title)).to_be_visible()
        listing = page.locator("#figures details").nth(number)
        listing.locator("summary").click()
        mark = figure.marks[0]
        link = listing.get_by_role("link", name=mark.excerpts[0], exact=True).first
        expect(listing.get_by_text(mark.title, exact=True).first).to_be_visible()
        link.click()
        assert page.url.endswith(f"#{mark.excerpts[0]}")
        expect(page.locator(f"#{mark.excerpts[0]}")).to_be_in_viewport()
    context.close()
