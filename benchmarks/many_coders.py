"""Ten thousand codings by five coders on one transcript: scrolling and coding stay smooth.

    python benchmarks/many_coders.py [--keys 30]

The transcript is released, so that all of them are seen at once. Exit code 1 if a limit is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from typing import Any

import psutil
from playwright.sync_api import Page
from reader import Report, open_once, percentile_95, scratch, single_keys
from running_app import RunningApp, calibration_ms, chromium, new_page
from workload import make

CODINGS, CODERS = 10_000, 5
PAINTED_MS, FRAME_MS = 80.0, 34.0
"""A frame of two periods of a 60 Hz screen is the most that still looks smooth."""
PERIOD_MS = 1000 / 60
PX_PER_FRAME = 60
"""About four windows a second, as when the wheel is spun."""

SCROLL = """async ([step, most]) => {
  const text = document.querySelector('.pr-scroll');
  text.scrollTop = 0;
  await new Promise(done => setTimeout(done, 500));
  const frames = [];
  await new Promise(done => {
    let last = 0;
    const frame = now => {
      if (last) frames.push(now - last);
      last = now;
      text.scrollTop += step;
      const ended = text.scrollTop + text.clientHeight >= text.scrollHeight - 1;
      if (ended || frames.length >= most) done();
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  return frames;
}"""
SHOWN = "() => document.querySelectorAll('.pr-stripe').length"


def page_memory(page: Page) -> tuple[float, float]:
    """MB of JavaScript after a collection, and of the page's whole process."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    heap = next(metric["value"] for metric in metrics if metric["name"] == "JSHeapUsedSize")
    assert page.context.browser is not None
    about = page.context.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    found: list[dict[str, Any]] = about["processInfo"]
    sizes = [
        psutil.Process(one["id"]).memory_full_info().uss
        for one in found
        if one["type"] == "renderer"
    ]
    return heap / 1e6, max(sizes) / 1e6


def scrolling(report: Report, page: Page, name: str) -> None:
    """Through the text at a wheel's pace: how long frames take, and how many are dropped."""
    frames = [float(ms) for ms in page.evaluate(SCROLL, [PX_PER_FRAME, 1_200])]
    dropped = sum(max(0, round(ms / PERIOD_MS) - 1) for ms in frames)
    due = len(frames) + dropped
    report.row(
        f"Scrolling, {name}: p95 frame",
        percentile_95(frames),
        limit=FRAME_MS,
        note=f"median {statistics.median(frames):.0f}, largest {max(frames):.0f}",
    )
    report.row("  dropped", 100 * dropped / due, "%", note=f"{dropped} of {due} frames")


def coding(report: Report, page: Page, keys: int) -> None:
    """One key at a time; painted and saved."""
    page.evaluate("() => { document.querySelector('.pr-scroll').scrollTop = 0; }")
    for key in ("j", "c"):
        page.keyboard.press(key)
    page.keyboard.type("innovation")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    painted, saved = single_keys(page, keys)
    for name, values, limit in (("painted", painted, PAINTED_MS), ("saved", saved, None)):
        note = f"p95 {percentile_95(values):.0f}, largest {max(values):.0f}, n {len(values)}"
        report.row(
            f"Coding: key to {name}, median", statistics.median(values), limit=limit, note=note
        )


def main() -> int:
    """Measure an uncoded transcript and one with ten thousand codings, in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keys", type=int, default=30)
    wanted = parser.parse_args()
    report = Report()
    report.row("Calibration loop before", calibration_ms())
    for codings in (0, CODINGS):
        name = f"{codings:,} codings"
        with (
            scratch() as folder,
            RunningApp(make(folder, codings, coders=CODERS).home) as app,
            chromium() as browser,
            new_page(browser) as page,
        ):
            opening = open_once(app, page)
            report.row(f"Reader, {name}: ready", opening.ready)
            scrolling(report, page, name)
            coding(report, page, wanted.keys)
            heap, process = page_memory(page)
            report.row("  page's memory", process, "MB", note=f"{heap:.0f} MB of it JavaScript")
            report.row("  server's memory", app.memory_mb()[0], "MB")
    report.row("Calibration loop after", calibration_ms())
    print(f"Missed: {', '.join(report.missed)}" if report.missed else "All limits kept.")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
