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
from playwright.sync_api import Page, expect

from benchmarks.compare import MEMORY_MB, PAGE_S, Table, one_more_coding
from benchmarks.running_app import RunningApp, chromium, load, new_page
from parihs.home import Home
from parihs.store import Store

PATIENCE_MS = 40_000
QUIET = "[data-testid=stApp][data-test-script-state=notRunning]"


def settled(page: Page) -> None:
    """Wait until Streamlit has run the page through."""
    expect(page.locator(QUIET)).to_have_count(1, timeout=PATIENCE_MS)


def go(page: Page, name: str) -> None:
    """Follow a link of the menu."""
    page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_title(f"{name} · parihs", timeout=PATIENCE_MS)
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
        work()
        took, used = time.perf_counter() - clock, self.app.processor_s() - processor
        self.table.line(name, f"{took:.2f} s", f"{used:.2f} s", took, limit, "s")


def walk(page: Page, app: RunningApp, store: Store, table: Table) -> None:
    """Open the app, then everything that compares, each page and choice once."""
    timed = Timed(app, table)

    def opened() -> None:
        page.goto(app.address)
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE_MS)
        settled(page)

    timed("the app is entered", opened)
    timed(
        "Compare sites at once, while the codings are being read",
        lambda: (go(page, "Compare sites"), matrix_there(page)),
    )
    steps: list[tuple[str, Callable[[], object]]] = [
        ("Codebook", lambda: go(page, "Codebook")),
        ("Compare sites, again", lambda: (go(page, "Compare sites"), matrix_there(page))),
        ("  rows: workshops", lambda: choose(page, "Rows", "Workshops")),
        ("  rows: roles", lambda: choose(page, "Rows", "Roles")),
        ("  shown: words", lambda: choose(page, "Shown", "Words in coded excerpts")),
        ("  columns: every code", lambda: choose(page, "Columns", "Every code")),
        ("  rows: participants", lambda: choose(page, "Rows", "Participants")),
        ("  rows: sites", lambda: choose(page, "Rows", "Sites")),
        ("  columns: constructs", lambda: choose(page, "Columns", "Constructs")),
        ("  a cell is opened", lambda: open_cell(page)),
        ("  Codes together", lambda: view(page, "Codes together")),
        ("  Help and hindrance", lambda: view(page, "Help and hindrance")),
        ("  Side by side", lambda: view(page, "Side by side")),
        ("  Matrix", lambda: (view(page, "Matrix"), matrix_there(page))),
        ("Figures", lambda: go(page, "Figures")),
        ("Framework grid", lambda: go(page, "Framework grid")),
        ("Ratings", lambda: go(page, "Ratings")),
        ("Findings", lambda: go(page, "Findings")),
    ]
    for name, work in steps:
        timed(name, work, PAGE_S)
    one_more_coding(store)
    timed(
        "Compare sites, after somebody coded",
        lambda: (go(page, "Compare sites"), matrix_there(page)),
        PAGE_S,
    )
    timed(
        "  codings of all coders, first time",
        lambda: choose(page, "Codings of", "All coders together"),
    )
    one_more_coding(store)
    timed("Ratings, after somebody coded", lambda: go(page, "Ratings"), PAGE_S)
    timed("Compare sites, all coders", lambda: go(page, "Compare sites"), PAGE_S)
    server, _ = app.memory_mb()
    table.line("memory of the server", f"{server:,.0f} MB", "", server, MEMORY_MB, "MB")


def matrix_there(page: Page) -> None:
    """Wait for the matrix with its numbers."""
    expect(page.locator(".pm-cell").first).to_be_visible(timeout=PATIENCE_MS)


def open_cell(page: Page) -> None:
    """Select a cell, and wait for its first excerpt."""
    page.locator(".pm-cell:enabled").first.click()
    expect(page.locator(".pe-play").first).to_be_visible(timeout=PATIENCE_MS)
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
    store = Store(Home(asked.folder))
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
