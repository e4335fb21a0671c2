"""Times of the reader on a long transcript: ready, key to painted, key to saved, a fast burst.

Run ``python tests/js/harness/measure.py``; it fails when a limit is passed or a coding is lost.
"""

from __future__ import annotations

import statistics
import sys

from browser import browser, open_reader, served
from playwright.sync_api import Page

LIMITS_MS = {"ready": 2500.0, "painted": 60.0, "saved": 120.0}
MARKS = """() => Object.fromEntries(['parihs:key', 'parihs:painted', 'parihs:saved'].map(
    name => [name, performance.getEntriesByName(name).map(mark => mark.startTime)]))"""
SCROLL = """async () => {
  const box = document.querySelector('.pr-scroll'); const gaps = []; let last = performance.now();
  for (let i = 0; i < 120; i += 1) {
    box.scrollTop += 60;
    await new Promise(requestAnimationFrame);
    const now = performance.now(); gaps.push(now - last); last = now;
  }
  return gaps.slice(5).sort((a, b) => a - b);
}"""


def single_keys(page: Page, rounds: int) -> tuple[list[float], list[float]]:
    """Press a digit on a fresh sentence each time; gives ms to painted and to saved."""
    painted: list[float] = []
    saved: list[float] = []
    for _ in range(rounds):
        page.keyboard.press("j")
        page.keyboard.press("s")
        page.wait_for_timeout(60)
        page.evaluate("() => performance.clearMarks()")
        page.keyboard.press("1")
        page.wait_for_function("() => performance.getEntriesByName('parihs:saved').length > 0")
        page.wait_for_function("() => performance.getEntriesByName('parihs:painted').length > 0")
        marks = page.evaluate(MARKS)
        painted.append(marks["parihs:painted"][0] - marks["parihs:key"][0])
        saved.append(marks["parihs:saved"][0] - marks["parihs:key"][0])
    return painted, saved


def known_to_server(page: Page) -> int:
    """How many codings the server holds now."""
    ask = """() => fetch('/api/3000-2000/versions/v1/codings?since=0',
        {headers: {Authorization: 'Bearer t'}})
        .then(answer => answer.json()).then(answer => answer.codings.length)"""
    return int(page.evaluate(ask))


def burst(page: Page, count: int, gap_ms: int) -> int:
    """Code ``count`` turns as fast as ``gap_ms`` allows; gives how many more the server knows."""
    before = known_to_server(page)
    page.evaluate(
        """async ([count, gap]) => {
          const press = key => document.querySelector('.pr-scroll').dispatchEvent(
            new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
          for (let i = 0; i < count; i += 1) {
            press('j'); press('Enter'); press('2');
            await new Promise(done => setTimeout(done, gap));
          }
        }""",
        [count, gap_ms],
    )
    page.wait_for_selector("[data-pending='0']")
    return known_to_server(page) - before


def main() -> int:
    """Measure once and print a line per number."""
    with served() as address, browser() as chromium:
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        errors = open_reader(page, address, "turns=3000&codings=2000")
        ready = page.evaluate("() => performance.getEntriesByName('parihs:ready')[0].startTime")
        # Two constructs, which no generated coding carries, take the digits 1 and 2.
        for name in ("innovation", "recipients"):
            page.keyboard.press("j")
            page.keyboard.press("c")
            page.keyboard.type(name)
            page.keyboard.press("Enter")
            page.wait_for_timeout(100)
        painted, saved = single_keys(page, 25)
        kept = burst(page, 50, 25)
        frames = page.evaluate(SCROLL)
    results = {
        "ready": ready,
        "painted": statistics.median(painted),
        "saved": statistics.median(saved),
    }
    for name, value in results.items():
        print(f"{name:8} {value:7.0f} ms   limit {LIMITS_MS[name]:.0f}")
    print(f"painted  max {max(painted):.0f} ms, saved max {max(saved):.0f} ms")
    print(f"burst    {kept} of 50 codings saved")
    print(f"scroll   median {frames[len(frames) // 2]:.0f} ms, p95 {frames[-6]:.0f} ms a frame")
    for error in errors:
        print("error:", error)
    slow = [name for name, value in results.items() if value > LIMITS_MS[name]]
    return 1 if slow or kept != 50 or errors else 0


if __name__ == "__main__":
    sys.exit(main())
