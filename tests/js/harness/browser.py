"""Opens the reader's page without Streamlit in a real browser, for measurements and pictures."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"


@contextmanager
def served() -> Iterator[str]:
    """Run the node server on a free port; gives its address."""
    process = subprocess.Popen(
        ["node", str(HERE / "server.mjs"), "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the system's Chromium without a window."""
    path = CHROMIUM if Path(CHROMIUM).exists() else None
    flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


def trouble(address: str, **settings: object) -> None:
    """Make the server fail (``fail=503``), slow (``delay=ms``) or refuse a code (``refuse=id``)."""
    body = json.dumps(settings).encode()
    urllib.request.urlopen(urllib.request.Request(f"{address}control", data=body)).close()


def open_reader(page: Page, address: str, query: str) -> list[str]:
    """Go to the reader and wait until it is painted; gives the list that gathers page errors."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}?{query}")
    page.wait_for_selector("[data-ready=true]", timeout=20_000)
    return errors
