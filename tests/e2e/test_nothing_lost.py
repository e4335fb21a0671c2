"""The app is killed outright while somebody codes as fast as keys repeat: nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from parihs.model import Coding
from tests.e2e.conftest import Watched
from tests.e2e.doing import READY, all_saved, at_the_desk, code_as, give_code, reader_ready
from tests.e2e.serving import Server

GAP_MS = 25
CODER = "Dev Rao"

CODE_FAST = """([count, gap]) => {
  const root = document.querySelector('.parihs-reader');
  const press = key => root.querySelector('.pr-scroll').dispatchEvent(
    new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
  window.coding = (async () => {
    for (let i = 0; i < count; i += 1) {
      press('j'); press('Enter'); press('1');
      await new Promise(done => setTimeout(done, gap));
    }
    return 'done';
  })();
}"""

WAITING = """() => Object.keys(localStorage).filter(key => key.startsWith('parihs:op:'))
    .map(key => JSON.parse(localStorage.getItem(key)))"""


class Heard:
    """Operations that the browser has sent: op id → coding id."""

    def __init__(self, page: Page) -> None:
        self.sent: dict[str, str] = {}
        page.on("request", self._request)

    def _request(self, request: Any) -> None:
        if request.url.endswith("/api/ops") and request.method == "POST":
            ops = json.loads(request.post_data or "{}")["ops"]
            self.sent |= {op["op_id"]: op["coding_id"] for op in ops}


def saved_codings(server: Server) -> set[str]:
    """Ids of all codings in the database."""
    store = server.store()
    with store.read() as session:
        found = set(session.scalars(select(Coding.id)))
    store.close()
    return found


def open_for_coding(server: Server, watched: Watched) -> Page:
    """The first transcript, its coder chosen, and one code in reach of the key 1."""
    page = watched.page
    page.goto(f"{server.url}/code")
    reader_ready(page)
    code_as(page, CODER)
    at_the_desk(page)
    before = saved_codings(server)
    for key in ("j", "Enter"):
        page.keyboard.press(key)
    give_code(page, "Trialability")
    all_saved(page)
    assert len(saved_codings(server) - before) == 1
    return page


def waiting(page: Page) -> set[str]:
    """Ids of the codings that wait in the browser's storage."""
    return {op["coding_id"] for op in page.evaluate(WAITING)}


def pending(page: Page) -> int:
    """What the page itself shows as not saved yet."""
    return int(page.locator(READY).get_attribute("data-pending") or -1)


def everything_arrived(page: Page) -> None:
    """The reader has sent all that was waiting."""
    expect(page.locator(READY)).to_have_attribute("data-pending", "0", timeout=60_000)
    all_saved(page)
    assert waiting(page) == set()


@pytest.mark.parametrize("reload", [False, True], ids=["page stays", "page reloaded"])
def test_killed_while_coding(own: Server, watch: Callable[..., Watched], reload: bool) -> None:
    own.start()
    watched = watch()
    page = open_for_coding(own, watched)
    before = saved_codings(own)
    heard = Heard(page)
    watched.server_down = True

    page.evaluate(CODE_FAST, [60, GAP_MS])
    page.wait_for_timeout(400)
    own.kill()
    assert page.evaluate("window.coding") == "done"

    unsent = waiting(page)
    assert pending(page) == len(unsent) > 0
    expect(page.locator(".pr-saved")).to_contain_text("kept on this computer")
    made = set(heard.sent.values()) | unsent
    shown_as_saved = made - unsent
    assert len(shown_as_saved) > 0
    assert shown_as_saved <= saved_codings(own)
    watched.picture(f"killed-{'reload' if reload else 'stays'}")

    own.start()
    if reload:
        page.goto(f"{own.url}/code")
        reader_ready(page)
    everything_arrived(page)
    watched.server_down = False
    after = saved_codings(own)
    assert made <= after
    assert len(after - before) == len(made) == 60
    watched.picture(f"restarted-{'reload' if reload else 'stays'}")


def test_a_restart_in_the_middle_of_nothing_is_not_noticed(
    own: Server, watch: Callable[..., Watched]
) -> None:
    """Stopped and started again under an open page, which then codes on by itself."""
    own.start()
    watched = watch()
    page = open_for_coding(own, watched)
    watched.server_down = True
    own.stop()
    own.start()
    before = saved_codings(own)
    page.locator(".pr-scroll").focus()
    for key in ("j", "Enter", "1"):
        page.keyboard.press(key)
    everything_arrived(page)
    assert len(saved_codings(own) - before) == 1
