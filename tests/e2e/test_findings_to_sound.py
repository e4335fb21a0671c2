"""From what a team writes to the voice behind it in two clicks; and a reload loses no words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from parihs.compare import load_excerpts, passages
from parihs.inquiry import findings, link_excerpts, rating_sheet
from parihs.inquiry.grid import grid
from parihs.model import Site
from parihs.store.codebooks import codebooks, definitions, latest_codebook_version
from parihs.store.studies import studies
from tests.e2e.conftest import Watched
from tests.e2e.doing import hears_past, settled
from tests.e2e.serving import Server

pytestmark = pytest.mark.slow


def sounds(session: Session, ids: Iterable[str]) -> bool:
    """Whether the first page of these excerpts holds one with a recording."""
    first = list(ids)[:20]
    found = passages(session, first, viewer_id="")
    return any(passage.recording_id and passage.start_ms is not None for passage in found)


def hear(page: Page) -> None:
    """The second click: play the first excerpt that has a recording."""
    play = page.locator(".pe-play:enabled").first
    expect(play).to_be_visible()
    play.scroll_into_view_if_needed()
    play.click()
    hears_past(page, 0.3)


def open_cell(page: Page, row: str, column: str) -> None:
    """The first click: select the cell of a row and a column by their names."""
    cell = page.locator(f'.pm-cell[aria-label^="{row}, {column}"]').first
    cell.scroll_into_view_if_needed()
    cell.click()
    settled(page)


def test_a_finding_is_heard(own: Server, watch: Callable[..., Watched]) -> None:
    own.start()
    store = own.store()
    with store.read() as session:
        study = studies(session)[0]
        version = latest_codebook_version(session, codebooks(session, study.id)[0].id)
        assert version is not None
        ids = load_excerpts(session, study.id, version.id, viewer_id="")["excerpt_id"]
        recorded = next(key for key in ids.unique() if sounds(session, [key]))
        finding = findings(session, study.id)[0].finding
    with store.write("test") as tx:
        link_excerpts(tx, finding.id, [recorded])
    watched = watch()
    page = watched.page
    page.goto(f"{own.url}/findings")
    settled(page)
    page.get_by_role("button", name="Read and hear them all").click()
    settled(page)
    hear(page)
    watched.picture("finding-heard")


def test_a_quote_of_the_framework_grid_is_heard(
    demo: Server, watch: Callable[..., Watched]
) -> None:
    with demo.store().read() as session:
        study = studies(session)[0]
        version = latest_codebook_version(session, codebooks(session, study.id)[0].id)
        assert version is not None
        shown = grid(session, study.id, version.id, viewer_id="")
        cells = [cell for cell in shown.cells.values() if sounds(session, cell.excerpt_ids)]
    assert cells, "no summary of the demo study rests on the recording"
    watched = watch()
    page = watched.page
    page.goto(f"{demo.url}/grid")
    settled(page)
    open_cell(page, cells[0].row.label, cells[0].column.label)
    hear(page)
    watched.picture("grid-heard")


def test_the_excerpts_of_a_rating_are_heard(demo: Server, watch: Callable[..., Watched]) -> None:
    with demo.store().read() as session:
        study = studies(session)[0]
        version = latest_codebook_version(session, codebooks(session, study.id)[0].id)
        assert version is not None
        sheet = rating_sheet(session, study.id, viewer_id="")
        names = {code.code_id: code.name for code in definitions(session, version.id)}
        places = [
            (session.get_one(Site, place.site_id).name, names[place.code_id])
            for place in sheet.places.values()
            if place.team and sounds(session, place.team.excerpt_ids)
        ]
    assert places, "no rating of the demo study rests on the recording"
    watched = watch()
    page = watched.page
    page.goto(f"{demo.url}/ratings")
    settled(page)
    open_cell(page, *places[0])
    hear(page)
    watched.picture("rating-heard")


def test_a_reload_in_the_middle_of_a_sentence_loses_no_word(
    own: Server, watch: Callable[..., Watched]
) -> None:
    own.start()
    page = watch().page
    page.goto(f"{own.url}/findings")
    settled(page)
    claim = page.get_by_role("textbox", name="Claim")
    claim.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" And nobody had asked", delay=20)
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.keyboard.type(" the nurses.", delay=20)
    expect(claim).to_be_focused()
    page.wait_for_timeout(1_500)
    expect(claim).to_have_value(ending(" And nobody had asked the nurses."))
    page.reload()
    settled(page)
    expect(page.get_by_role("textbox", name="Claim")).to_have_value(
        ending(" And nobody had asked the nurses.")
    )


def ending(text: str) -> re.Pattern[str]:
    """A pattern for a value that ends so."""

    return re.compile(re.escape(text) + r"\s*$")
