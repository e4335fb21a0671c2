"""Blind on every page: what a coder is shown does not depend on what others coded in secret.

Each page is opened in two worlds that differ only in that, and everything it sends to the browser
is compared: words, tables, figures, data of components, and the contents of files to download. A
new page is tested as soon as it is in the navigation.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.elements.widgets.button import ButtonMixin
from streamlit.testing.v1 import AppTest

from parihs.home import Home
from parihs.web.context import context
from tests.app.conftest import MAIN, PAGES
from tests.support.two_worlds import SECRET, Worlds, make_worlds, masked

SHOW_CODINGS = {"overview", "compare", "figures", "agreement", "grid", "history", "team"}
"""Pages on which whoever may see the codings sees them at once: there the comparison must fail."""
MOST_OPTIONS = 8
DRAWN = ("PNG", "SVG")
"""Downloads drawn by a browser from the same figure as the others."""
RANDOM = re.compile(r'deferred_file_id: "\w+"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')
"""Ids of files and of figures, drawn anew each time."""

FILES: list[str] = []
"""What the page that is open offers for download."""

Open = Callable[[Home, str], AppTest]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return make_worlds(tmp_path_factory.mktemp("worlds"), pytest.MonkeyPatch())


@pytest.fixture
def open_in(monkeypatch: pytest.MonkeyPatch, worlds: Worlds) -> Iterator[Open]:
    """Opens a page of one world; who looks is what ``come_in_as`` said."""
    for name in ("PARIHS_DATABASE_URL", "PARIHS_JOBS_URL"):
        monkeypatch.delenv(name, raising=False)
    offer = ButtonMixin.download_button

    def offered(self: Any, label: str, data: Any, *more: Any, **options: Any) -> Any:
        if label not in DRAWN:
            FILES.append(f"{label}: {data() if callable(data) else data!r}")
        return offer(self, label, data, *more, **options)

    monkeypatch.setattr(ButtonMixin, "download_button", offered)

    def opened(home: Home, name: str) -> AppTest:
        FILES.clear()
        monkeypatch.setenv("PARIHS_HOME", str(home.path))
        app = AppTest.from_file(str(MAIN), default_timeout=60).run()
        app = app if name == "overview" else app.switch_page(f"views/{name}.py").run()
        assert not app.exception, app.exception
        return app

    yield opened
    for home in worlds:
        monkeypatch.setenv("PARIHS_HOME", str(home.path))
        context().store.close()


def sent(app: AppTest, home: Home) -> list[str]:
    """Everything the page sends to the browser, in order."""

    def each(block: Any) -> Iterator[str]:
        for child in block.children.values():
            proto = getattr(child, "proto", None)
            if proto is not None:
                yield RANDOM.sub("", masked(str(proto), home))
            if hasattr(child, "children"):
                yield from each(child)

    return [
        *each(app.main),
        *each(app.sidebar),
        *(RANDOM.sub("", masked(file, home)) for file in FILES),
    ]


def same(open_in: Open, worlds: Worlds, page: str) -> None:
    quiet, busy = (sent(open_in(home, page), home) for home in worlds)
    assert len(busy) > 10
    assert quiet == busy
    assert SECRET not in "".join(busy)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_a_blind_coder_the_same_in_both_worlds(
    page: str, open_in: Open, worlds: Worlds
) -> None:
    worlds.come_in_as("ada")
    same(open_in, worlds, page)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["cy", "vera", "nobody"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_others_who_are_blind_the_same(
    page: str, who: str, open_in: Open, worlds: Worlds
) -> None:
    worlds.come_in_as(who)
    same(open_in, worlds, page)


@pytest.mark.parametrize("page", sorted(SHOW_CODINGS))
def test_the_worlds_look_different_to_whoever_may_see(
    page: str, open_in: Open, worlds: Worlds
) -> None:
    """So the comparison can fail: a lead who does not code the transcript sees what differs."""
    worlds.come_in_as("lea")
    quiet, busy = (sent(open_in(home, page), home) for home in worlds)
    assert quiet != busy


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("add", "transcription")])
def test_every_choice_on_a_page_shows_the_same(page: str, open_in: Open, worlds: Worlds) -> None:
    """Each option of each list, one at a time."""
    worlds.come_in_as("ada")
    first = open_in(worlds.quiet, page)
    boxes = [box for box in first.main.get("selectbox") if not box.disabled]
    for number, box in enumerate(boxes):
        for option in range(min(len(box.options), MOST_OPTIONS)):
            shown = []
            for home in worlds:
                # what the last choice left unsaved would open the page differently
                shutil.rmtree(home.path / "drafts", ignore_errors=True)
                app = open_in(home, page)
                now = [box for box in app.main.get("selectbox") if not box.disabled]
                now[number].select_index(option)
                app.run()
                shown.append(sent(app, home))
                worlds.come_in_as("ada")
            assert shown[0] == shown[1], f"{box.label}: {box.options[option]}"
            assert SECRET not in "".join(shown[1])
