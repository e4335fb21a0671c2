"""How long the app and its reader take, in a real browser, against the limits we set ourselves.

    python benchmarks/reader.py [--rounds 5] [--keys 40]      (needs Chromium, playwright, psutil)

Each time is by the clock; the load of the machine stands beside it, since other work on the same
processors makes every number larger. Exit code 1 if a limit is missed or a coding is lost.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page
from running_app import (
    RunningApp,
    calibration_ms,
    chromium,
    load,
    main_thread,
    new_page,
    worked_s,
)
from sqlalchemy import func, select
from workload import Made, make

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from parihs.exchange.demo import load_demo
from parihs.home import Home
from parihs.model import Code, Coding
from parihs.store import Store

BURST, GAP_MS = 50, 25
FIRST_PAGE_MS, READY_MS, PAINTED_MS, SAVED_MS = 3000.0, 2500.0, 60.0, 120.0

INTERACTIVE = """() => document.querySelector('[data-test-script-state="notRunning"]')
  && [...document.querySelectorAll('h3')].some(h => h.textContent.startsWith('What to do next'))
  && performance.now()"""
READY = """() => performance.getEntriesByName('parihs:ready')[0]?.startTime"""
PHASES = """ready => {
  const all = performance.getEntriesByType('resource').filter(entry => entry.startTime < ready);
  const modules = all.filter(entry => /bidi-components.*\\.(js|css)/.test(entry.name));
  const styles = modules.filter(entry => entry.name.endsWith('.css'));
  const api = all.filter(entry => entry.name.includes('/api/'));
  const first = list => Math.min(...list.map(entry => entry.startTime));
  const last = list => Math.max(...list.map(entry => entry.responseEnd));
  return { boot: first(styles), modules: last(modules), asked: first(api), answered: last(api),
    requests: all.length, files: modules.length,
    kilobytes: api.reduce((sum, entry) => sum + entry.encodedBodySize, 0) / 1000 };
}"""
RUSH = """async ([count, gap]) => {
  const press = key => document.querySelector('.pr-scroll').dispatchEvent(
    new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
  for (let i = 0; i < count; i += 1) {
    press('j'); press('Enter'); press('2');
    await new Promise(done => setTimeout(done, gap));
  }
}"""
MARKED = """() => ['painted', 'saved'].map(
  name => performance.getEntriesByName('parihs:' + name)[0]?.startTime)"""


@dataclass
class Report:
    """Rows of the table, and whether all limits were kept."""

    missed: list[str] = field(default_factory=list)

    def row(
        self, name: str, value: float, unit: str = "ms", limit: float | None = None, note: str = ""
    ) -> None:
        """Print a number with its limit, the load of this moment and a note."""
        verdict = ""
        if limit is not None:
            kept = value <= limit
            verdict = f"{'pass' if kept else 'MISS'} ≤ {limit:.0f}"
            if not kept:
                self.missed.append(name)
        shown = f"{value:.2f}" if unit == "s" else f"{value:.0f}"
        print(
            f"{name:<44}{shown:>7} {unit:<3} {verdict:<13} load {load():4.1f}  {note}", flush=True
        )


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of the reader in an empty browser, ms since the address was entered."""

    boot: float
    """Streamlit's pages and our page script, until the reader's first file is asked for."""
    modules: float
    answered: float
    ready: float
    main_thread_s: float
    server_s: float
    files: int
    kilobytes: float


def percentile_95(values: list[float]) -> float:
    """Nearest rank."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def spread(values: list[float]) -> str:
    """Smallest to largest, for the note."""
    return f"{min(values):.0f} to {max(values):.0f}"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = tempfile.mkdtemp(prefix="parihs-benchmark-")
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def first_page(report: Report, folder: Path, rounds: int) -> None:
    """The demo study: start of the server, and its first page until it answers to a click."""
    home = Home(folder / "demo")
    store = Store(home)
    load_demo(store)
    store.close()
    starts, totals, pages = [], [], []
    with chromium() as browser:
        for number in range(rounds + 1):
            with RunningApp(home.path) as app, new_page(browser) as page:
                page.goto(app.address)
                page.wait_for_function(INTERACTIVE)
                total = (time.perf_counter() - app.started) * 1000
                if number == 0:
                    continue  # The first start fills the caches of the disk: "warm" is the rest.
                starts.append(app.start_ms)
                totals.append(total)
                with new_page(browser) as again:
                    again.goto(app.address)
                    pages.append(float(again.wait_for_function(INTERACTIVE).json_value()))
    report.row("Server: start to first 200", statistics.median(starts), note=spread(starts))
    report.row(
        "Demo: start of the server to first page",
        statistics.median(totals),
        limit=FIRST_PAGE_MS,
        note=spread(totals),
    )
    report.row(
        "Demo: first page of a running server",
        statistics.median(pages),
        limit=FIRST_PAGE_MS,
        note=spread(pages),
    )


def open_once(app: RunningApp, page: Page) -> Opening:
    """Go to the reader by its address and wait until all turns and codings are there."""
    before, count = app.processor_s(), main_thread(page)
    page.goto(f"{app.address}/code")
    page.wait_for_selector("[data-ready=true]", timeout=60_000)
    ready = float(page.evaluate(READY))
    worked, served = worked_s(count), app.processor_s() - before
    at = page.evaluate(PHASES, ready)
    return Opening(
        at["boot"],
        at["modules"],
        at["answered"],
        ready,
        worked,
        served,
        at["files"],
        at["kilobytes"],
    )


def openings(report: Report, made: Made, name: str, rounds: int, limit: float | None) -> None:
    """The reader in a fresh browser context each time, on a server that has served one before."""
    with RunningApp(made.home) as app, chromium() as browser:
        seen = []
        for _ in range(rounds + 1):
            with new_page(browser) as page:
                seen.append(open_once(app, page))
        seen = seen[1:]
        memory, worker = app.memory_mb()
    ready = [one.ready for one in seen]
    report.row(f"Reader, {name}: ready", statistics.median(ready), limit=limit, note=spread(ready))
    parts = {
        "  Streamlit's boot and our page script": [one.boot for one in seen],
        "  our modules": [one.modules - one.boot for one in seen],
        "  then text, codings, codebook": [max(0.0, one.answered - one.modules) for one in seen],
        "  then built and painted": [one.ready - max(one.answered, one.modules) for one in seen],
    }
    for part, values in parts.items():
        report.row(part, statistics.median(values), note=spread(values))
    report.row("  files of ours", seen[-1].files, "")
    report.row("  data, compressed", seen[-1].kilobytes, "kB")
    report.row("  page's main thread", statistics.median(one.main_thread_s for one in seen), "s")
    report.row("  server's processor", statistics.median(one.server_s for one in seen), "s")
    report.row("  server's memory", memory, "MB", note=f"worker {worker:.0f} MB")


def single_keys(page: Page, rounds: int) -> tuple[list[float], list[float]]:
    """Code a fresh sentence by one digit each time; ms from the key to painted and to saved."""
    painted, saved = [], []
    for _ in range(rounds):
        page.keyboard.press("j")
        page.keyboard.press("s")
        page.wait_for_timeout(80)
        page.evaluate("() => performance.clearMarks()")
        page.keyboard.press("1")
        page.wait_for_function(f"() => ({MARKED})().every(Boolean)")
        key = float(page.evaluate("() => window.keyAt"))
        shown, stored = page.evaluate(MARKED)
        painted.append(shown - key)
        saved.append(stored - key)
    return painted, saved


def stored(made: Made, code: str) -> int:
    """Codings of this coder with a code, as the database has them."""
    store = Store(Home(made.home))
    query = (
        select(func.count())
        .select_from(Coding)
        .join(Code, Code.id == Coding.code_id)
        .where(Code.key == code, Coding.coder_id == made.coder_id, Coding.uncoded.is_(False))
    )
    with store.read() as session:
        found = session.scalar(query) or 0
    store.close()
    return found


def coding(report: Report, made: Made, keys: int) -> None:
    """A coder at work: one key at a time, then as fast as fingers never are."""
    with RunningApp(made.home) as app, chromium() as browser, new_page(browser) as page:
        open_once(app, page)
        for name in ("innovation", "recipients"):  # No made coding has these; they get digits 1, 2.
            page.keyboard.press("j")
            page.keyboard.press("c")
            page.keyboard.type(name)
            page.keyboard.press("Enter")
            page.wait_for_timeout(200)
        before = {code: stored(made, code) for code in ("innovation", "recipients")}
        # The digit of the code used last is 1.
        painted, saved = single_keys(page, keys)
        page.evaluate(RUSH, [BURST, GAP_MS])
        page.wait_for_selector("[data-pending='0']")
        kept = {code: stored(made, code) - number for code, number in before.items()}
        memory, _ = app.memory_mb()
    for name, values, limit in (("painted", painted, PAINTED_MS), ("saved", saved, SAVED_MS)):
        middle = statistics.median(values)
        note = f"p95 {percentile_95(values):.0f}, largest {max(values):.0f}, n {len(values)}"
        report.row(f"Coding: key to {name}, median", middle, limit=limit, note=note)
    lost = keys + BURST - sum(kept.values())
    note = (
        f"{sum(kept.values())} of {keys + BURST} in the database, {BURST} of them {GAP_MS} ms apart"
    )
    report.row("Coding: lost", lost, "", limit=0, note=note)
    report.row("  server's memory after coding", memory, "MB")


def main() -> int:
    """Measure everything once and print a row per number."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keys", type=int, default=40)
    parser.add_argument("--only", choices=("first", "open", "many", "code"), action="append")
    wanted = parser.parse_args()
    parts = wanted.only or ["first", "open", "many", "code"]
    report = Report()
    report.row("Calibration loop before", calibration_ms())
    with scratch() as folder:
        if "first" in parts:
            first_page(report, folder, wanted.rounds)
        if "open" in parts:
            openings(report, make(folder / "none", 0), "0 codings", wanted.rounds, READY_MS)
        if "open" in parts or "code" in parts:
            made = make(folder / "some", 2_000)
        if "open" in parts:
            openings(report, made, "2,000 codings", wanted.rounds, READY_MS)
        if "many" in parts:
            openings(report, make(folder / "many", 10_000), "10,000 codings", wanted.rounds, None)
        if "code" in parts:
            coding(report, made, wanted.keys)
    report.row("Calibration loop after", calibration_ms())
    print(f"Missed: {', '.join(report.missed)}" if report.missed else "All limits kept.")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
