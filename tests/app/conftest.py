"""Pages run for real, without a browser: their script, their widgets, a real store."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from parihs.home import Home
from parihs.store import Store
from parihs.web.app import ENTRY as MAIN
from parihs.web.context import context
from tests.support.small_study import SmallStudy, make_small_study

PAGES = sorted(set(re.findall(r"views/(\w+)\.py", MAIN.read_text(encoding="utf-8"))))
"""Pages of the navigation, by the names of their files."""

OpenPage = Callable[..., AppTest]


@pytest.fixture
def app_store(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the pages of this test use."""
    monkeypatch.setenv("PARIHS_HOME", str(home.path))
    # An app has one home; here, copies of one study would be taken for each other.
    st.cache_resource.clear()
    store = context().store
    yield store
    store.close()


@pytest.fixture
def open_page(app_store: Store) -> OpenPage:
    """Opens a page of the app by its file name, in a session of its own."""

    def opened(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        return app if name == "overview" else app.switch_page(f"views/{name}.py").run()

    return opened


@pytest.fixture
def study(app_store: Store) -> SmallStudy:
    """A small study to work in."""
    return make_small_study(app_store)


@pytest.fixture
def demo(app_store: Store, demo_home: Home) -> Store:
    """The demo study, put into the store that is open already."""
    with (
        closing(sqlite3.connect(demo_home.database_file)) as made,
        closing(sqlite3.connect(app_store.home.database_file)) as own,
    ):
        made.backup(own)
    shutil.copytree(demo_home.media, app_store.home.media, dirs_exist_ok=True)
    return app_store
