"""The real app in its own process, a real browser before it, and how busy the machine is."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from parihs.home import Home
from parihs.ui.state import choices_file
from parihs.web.browsers import COOKIE

ROOT = Path(__file__).resolve().parents[1]
SIZE = {"width": 1440, "height": 900}
STARTS_WITHIN_S = 60.0
BROWSER = "be" * 16
"""The number of the browser that benchmarks use, as :mod:`parihs.web.browsers` gives them."""

# Before any script of the page: when the last key went down, by the event's own clock.
WATCH_KEYS = """addEventListener('keydown', event => { window.keyAt = event.timeStamp; }, true);"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningApp:
    """``parihs app`` on a home, from its start until the end of the block."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self.started = 0.0
        self.start_ms = 0.0

    def __enter__(self) -> RunningApp:
        command = [sys.executable, "-m", "parihs", "app", "--home", str(self.home)]
        self.log = (self.home / "benchmark.log").open("w")
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port), "--no-browser"],
            cwd=ROOT,
            stdout=self.log,
            stderr=self.log,
        )
        self._wait()
        self.start_ms = (time.perf_counter() - self.started) * 1000
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()

    def _wait(self) -> None:
        end = time.perf_counter() + STARTS_WITHIN_S
        while time.perf_counter() < end:
            try:
                with urllib.request.urlopen(self.address, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.005)
        raise SystemExit(f"The app did not start; see {self.log.name}")

    def memory_mb(self) -> tuple[float, float]:
        """Resident MB of the server, and of the transcription worker it keeps."""
        server = psutil.Process(self.process.pid)
        worker = sum(child.memory_info().rss for child in server.children(recursive=True))
        return server.memory_info().rss / 1e6, worker / 1e6

    def processor_s(self) -> float:
        """Processor seconds of the server so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)


def come_in_as(home: Home, **choices: str) -> None:
    """Let the benchmark's browser have chosen this at an earlier visit."""
    file = choices_file(home, BROWSER)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(choices), encoding="utf-8")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium without a window, or Playwright's own."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    """A page with an empty cache and empty storage; an error on the page ends the benchmark."""
    context: BrowserContext = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    context.add_cookies(
        [{"name": COOKIE, "value": BROWSER, "domain": "localhost", "path": "/"}],
    )
    page = context.new_page()
    page.add_init_script(WATCH_KEYS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    if errors:
        raise SystemExit(f"The page reported an error: {errors[0]}")


def main_thread(page: Page) -> CDPSession:
    """Begin to count how long this page's main thread works."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    return session


def worked_s(session: CDPSession) -> float:
    """Seconds this page's main thread has worked since the count began."""
    metrics: dict[str, Any] = {
        metric["name"]: metric["value"]
        for metric in session.send("Performance.getMetrics")["metrics"]
    }
    return float(metrics["TaskDuration"])


def calibration_ms() -> float:
    """A fixed loop by the clock, fastest of five: the same machine when idle gives the same."""

    def loop() -> float:
        began = time.perf_counter()
        total = 0
        for number in range(1_000_000):
            total += number * number % 7
        return (time.perf_counter() - began) * 1000

    return min(loop() for _ in range(5))


def load() -> float:
    """Processes that wanted a processor during the last minute."""
    return os.getloadavg()[0]
