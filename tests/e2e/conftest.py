"""A real browser at the app; it may talk to this machine only, and nothing may fail unseen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from parihs.home import Home
from parihs.web.browsers import COOKIE
from tests.conftest import CHROMIUM, need
from tests.e2e.serving import ROOT, TESTING_BROWSER, Server

PICTURES = ROOT / "tests" / "out"
# Streamlit looks for itself below each page's own address first, and gets a 404 for it.
PROBING = re.compile(r"/_stcore/(health|host-config)")
LOCAL = {"localhost", "127.0.0.1", "::1"}
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)

HEAR_PLAYERS = """() => {
  window.heard = [];
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    if (!window.heard.includes(this)) window.heard.push(this);
    return play.call(this);
  };
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@dataclass
class Watched:
    """A page, and what went wrong in it."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    server_down: bool = False
    """While a test has the server down, failed requests are expected."""

    def picture(self, name: str) -> None:
        """Keep a picture of the page in tests/out."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(PICTURES / f"{name}.png"))


@pytest.fixture
def watch(chromium: Browser) -> Iterator[Callable[..., Watched]]:
    """Opens pages whose requests and errors are watched; the test fails if there were any."""
    opened: list[Watched] = []

    def open_page(**options: Any) -> Watched:
        settings: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, **options}
        number = settings.pop("browser", TESTING_BROWSER)
        context = chromium.new_context(**settings)
        context.set_default_timeout(PATIENCE_MS)
        if number:
            known = {"name": COOKIE, "value": number, "domain": "localhost", "path": "/"}
            context.add_cookies([known])
        context.add_init_script(f"({HEAR_PLAYERS})()")
        watched = Watched(context.new_page())

        def only_this_machine(route: Route, request: Request) -> None:
            if urlsplit(request.url).hostname in LOCAL:
                route.continue_()
            else:
                watched.outside.append(request.url)
                route.abort()

        def console(message: Any) -> None:
            address = message.location.get("url", "")
            if message.type != "error" or watched.server_down or PROBING.search(address):
                return
            watched.errors.append(f"{message.text} ({address})")

        context.route(re.compile(r"^(https?|wss?):"), only_this_machine)
        watched.page.on("console", console)
        watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
        opened.append(watched)
        return watched

    yield open_page
    for watched in opened:
        watched.page.context.close()
    assert [url for watched in opened for url in watched.outside] == []
    assert [error for watched in opened for error in watched.errors] == []


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, demo_home: Home) -> Iterator[Server]:
    """The demo study, shared by tests that only look."""
    need(CHROMIUM is not None, "Chromium")
    server = Server(tmp_path_factory.mktemp("demo") / "home")
    shutil.copytree(demo_home.path, server.folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own(tmp_path: Path, demo_home: Home) -> Iterator[Server]:
    """A demo study of a test's own, not started yet."""
    need(CHROMIUM is not None, "Chromium")
    server = Server(tmp_path / "home")
    shutil.copytree(demo_home.path, server.folder)
    yield server
    server.stop()
