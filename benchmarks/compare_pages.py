"""How soon the pages of comparing answer, in a real browser, on the large study.

    python benchmarks/compare_pages.py FOLDER [--postgres URL]

``FOLDER`` holds the study of ``large_study.py``. Times run from the click (or from entering the
address) until the page's script has ended and what it shows is there. Prints every time with its
limit, the server's processor time beside it, and the server's memory; exit code 1 where a limit is
missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from sqlalchemy import select

from benchmarks.compare import MEMORY_MB, PAGE_S, Table, one_more_coding
from benchmarks.running_app import RunningApp, chromium, come_in_as, load, new_page
from parihs.figures import FIGURES
from parihs.home import Home
from parihs.inquiry import add_finding, findings, link_excerpts
from parihs.model import Coding
from parihs.store import Store
from parihs.store.studies import studies

PATIENCE_MS = 40_000
LOOK_MS = 20
QUIET = "[data-testid=stApp][data-test-script-state=notRunning]"


def there(page: Page, locator: Locator) -> None:
    """Wait until the first of what is looked for is to be seen.

    Looked for all the time: ``expect`` looks after 0.1, 0.35, 0.85 and 1.85 s, and that is what
    would be measured.
    """
    until = time.monotonic() + PATIENCE_MS / 1000
    while not locator.first.is_visible():
        if time.monotonic() > until:
            raise PlaywrightTimeoutError(f"not there: {locator}")
        page.wait_for_timeout(LOOK_MS)


def settled(page: Page) -> None:
    """Wait until Streamlit has run the page through."""
    page.wait_for_function(
        "quiet => document.querySelector(quiet)", arg=QUIET, polling="raf", timeout=PATIENCE_MS
    )


def go(page: Page, name: str) -> None:
    """Follow a link of the menu."""
    page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()
    page.wait_for_function(
        "title => document.title === title",
        arg=f"{name} · parihs",
        polling="raf",
        timeout=PATIENCE_MS,
    )
    settled(page)


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a select box by typing it, and see it taken."""
    box = page.get_by_test_id("stSelectbox").filter(has=page.get_by_text(label, exact=True))
    field = box.locator("input").first
    field.click()
    field.fill(option)
    page.get_by_role("option", name=option, exact=True).first.click()
    page.wait_for_timeout(60)
    settled(page)


class Timed:
    """Times what is done on a page, with the server's share of it."""

    def __init__(self, app: RunningApp, table: Table) -> None:
        self.app, self.table = app, table

    def __call__(self, name: str, work: Callable[[], object], limit: float | None = None) -> None:
        clock, processor = time.perf_counter(), self.app.processor_s()
        try:
            work()
        except (AssertionError, PlaywrightTimeoutError) as error:
            # The rest is still worth knowing.
            print(f"{name}: {str(error).splitlines()[0]}", flush=True)
        took, used = time.perf_counter() - clock, self.app.processor_s() - processor
        self.table.line(name, f"{took:.2f} s", f"{used:.2f} s", took, limit, "s")


def walk(page: Page, app: RunningApp, store: Store, table: Table) -> None:
    """Open the app, then everything that compares, each page and choice once."""
    timed = Timed(app, table)

    def opened() -> None:
        page.goto(app.address)
        there(page, page.get_by_role("heading", level=1))
        settled(page)

    timed("the app is entered", opened)
    timed(
        "Compare sites at once, while the codings are being read",
        lambda: (go(page, "Compare sites"), matrix_there(page)),
    )
    steps: list[tuple[str, Callable[[], object]]] = [
        ("Codebook", lambda: go(page, "Codebook")),
        ("Overview", lambda: (go(page, "Overview"), says(page, "Workshops"))),
        ("  the next workshops", lambda: next_part(page)),
        ("Compare sites, again", lambda: (go(page, "Compare sites"), matrix_there(page))),
        ("  rows: workshops", lambda: choose(page, "Rows", "Workshops")),
        ("  the next workshops", lambda: (next_part(page), matrix_there(page))),
        ("  columns: every code", lambda: choose(page, "Columns", "Every code")),
        ("  rows: roles", lambda: choose(page, "Rows", "Roles")),
        ("  shown: words", lambda: choose(page, "Shown", "Words in coded excerpts")),
        ("  rows: participants", lambda: choose(page, "Rows", "Participants")),
        ("  rows: sites", lambda: choose(page, "Rows", "Sites")),
        ("  columns: constructs", lambda: choose(page, "Columns", "Constructs")),
        ("  a cell is opened", lambda: open_cell(page)),
        ("  Codes together", lambda: (view(page, "Codes together"), drawn(page))),
        ("  Help and hindrance", lambda: (view(page, "Help and hindrance"), drawn(page))),
        ("  Side by side", lambda: (view(page, "Side by side"), drawn(page))),
        ("  Matrix", lambda: (view(page, "Matrix"), matrix_there(page))),
        ("Figures", lambda: (go(page, "Figures"), drawn(page))),
        *[
            (f"  {title}", lambda title=title: (choose(page, "Figure", title), drawn(page, title)))
            for title in [figure.title for figure in FIGURES.values()][1:]
        ],
        ("Participation", lambda: (go(page, "Participation"), drawn(page))),
        ("  over a workshop", lambda: (view(page, "Over a workshop"), drawn(page))),
        ("  never heard", lambda: view(page, "Who was never heard")),
        ("  who is heard", lambda: (view(page, "Who is heard"), drawn(page))),
        ("  workshops", lambda: choose(page, "Side by side", "Workshops")),
        ("  sites", lambda: choose(page, "Side by side", "Sites")),
        ("Framework grid", lambda: (go(page, "Framework grid"), matrix_there(page))),
        ("  a cell is opened", lambda: (open_cell(page), says(page, "Site 1"))),
        ("  cases: workshops", lambda: choose(page, "Cases", "Workshops")),
        ("  side by side", lambda: view(page, "Side by side")),
        ("  cell by cell", lambda: view(page, "Cell by cell")),
        ("Ratings", lambda: (go(page, "Ratings"), matrix_there(page))),
        ("Findings", lambda: (go(page, "Findings"), says(page, "Findings"))),
        ("Report", lambda: go(page, "Report")),
        ("Read and code", lambda: (go(page, "Read and code"), read(page))),
        ("Search", lambda: go(page, "Search")),
        ("Team", lambda: go(page, "Team")),
        ("History", lambda: go(page, "History")),
        ("Transcript versions", lambda: go(page, "Transcript versions")),
        ("Speakers", lambda: go(page, "Speakers")),
    ]
    for name, work in steps:
        timed(name, work, PAGE_S)
    table.line("memory of the server", *memory(app))
    one_more_coding(store)
    timed(
        "Compare sites, after somebody coded",
        lambda: (go(page, "Compare sites"), matrix_there(page)),
        PAGE_S,
    )
    timed(
        "  codings of all coders, first time",
        lambda: choose(page, "Codings of", "All coders together"),
        PAGE_S,
    )
    one_more_coding(store)
    timed("Ratings, after somebody coded", lambda: go(page, "Ratings"), PAGE_S)
    timed("Compare sites, all coders", lambda: go(page, "Compare sites"), PAGE_S)
    timed("Overview, after somebody coded", lambda: go(page, "Overview"), PAGE_S)
    table.line("memory of the server", *memory(app))
    timed("Agreement of 50 transcripts, first time", lambda: go(page, "Agreement"))
    timed("Codebook", lambda: go(page, "Codebook"), PAGE_S)
    timed("Agreement, again", lambda: go(page, "Agreement"), PAGE_S)
    table.line("memory of the server, with agreement", *memory(app))


def findings_there(store: Store) -> None:
    """A few findings that rest on excerpts of several sites, unless an earlier walk left them."""
    with store.write("benchmark") as tx:
        study = studies(tx.session)[0]
        if findings(tx.session, study.id):
            return
        ids = select(Coding.id).where(Coding.study_id == study.id, Coding.uncoded.is_(False))
        for number in range(3):
            query = ids.order_by(Coding.id).offset(number * 8).limit(8)
            finding = add_finding(tx, study.id, title=f"Finding {number + 1}")
            link_excerpts(tx, finding.id, list(tx.session.scalars(query)))


def matrix_there(page: Page) -> None:
    """Wait for the matrix with its numbers."""
    there(page, page.locator(".pm-cell"))


def memory(app: RunningApp) -> tuple[str, str, float, float, str]:
    """What the server holds, as a line of the table."""
    server, _ = app.memory_mb()
    return f"{server:,.0f} MB", "", server, MEMORY_MB, "MB"


def says(page: Page, words: str) -> None:
    """Wait for a heading."""
    there(page, page.get_by_role("heading", name=words))


def drawn(page: Page, title: str | None = None) -> None:
    """Wait for a figure: one with marks, and the one with this title where one is given."""
    plots = ".js-plotly-plot"
    there(page, page.locator(f"{plots} .main-svg"))
    if title is not None:
        page.wait_for_function(
            """([plots, title]) => [...document.querySelectorAll(plots)]
                .some(plot => plot.layout?.meta?.figure === title)""",
            arg=[plots, title],
            polling="raf",
            timeout=PATIENCE_MS,
        )


def read(page: Page) -> None:
    """Wait until a transcript is there to be read and coded."""
    page.wait_for_selector("[data-ready=true]", timeout=PATIENCE_MS)


def next_part(page: Page) -> None:
    """The second portion of a long list."""
    box = page.get_by_test_id("stSelectbox").filter(has_text="Part of the list")
    field = box.locator("input").first
    field.click()
    page.get_by_role("option").nth(1).click()
    page.wait_for_timeout(60)
    settled(page)


def open_cell(page: Page) -> None:
    """Select a cell, and wait for its first excerpt."""
    page.locator(".pm-cell:enabled").first.click()
    there(page, page.get_by_role("button", name="Open in transcript"))
    settled(page)


def view(page: Page, name: str) -> None:
    """Choose another way to look."""
    page.get_by_role("radio", name=name, exact=True).or_(
        page.get_by_role("button", name=name, exact=True)
    ).first.click()
    page.wait_for_timeout(60)
    settled(page)


def main() -> int:
    """Walk; say by the exit code whether the limits were kept."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--postgres", default=None)
    asked = arguments.parse_args()
    if asked.postgres:
        os.environ["PARIHS_DATABASE_URL"] = asked.postgres
    # What was chosen during an earlier walk would be chosen already.
    come_in_as(Home(asked.folder))
    store = Store(Home(asked.folder))
    findings_there(store)
    table = Table()
    print(f"{store.engine.dialect.name}, load {load():.1f}\n")
    print(f"{'':52}{'clock':>10}{'server':>10}{'limit':>12}")
    with RunningApp(asked.folder) as app, chromium() as browser, new_page(browser) as page:
        walk(page, app, store, table)
    store.close()
    print(f"\nload {load():.1f}; {len(table.missed)} limits missed")
    return int(bool(table.missed))


if __name__ == "__main__":
    sys.exit(main())
