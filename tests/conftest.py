"""Shared pieces of the tests: homes, stores on SQLite and PostgreSQL, a small study."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from parihs.exchange.demo import load_demo
from parihs.home import Home
from parihs.store import Store
from tests.support.small_study import SmallStudy, make_small_study

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
IN_CI = bool(os.environ.get("CI"))
ONLY_FOR_SHARED = "the shared "
"""In the reason of a skip: the reference material, which no checkout holds."""
Report = TypeVar("Report", pytest.CollectReport, pytest.TestReport)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: with several processes, the longest must not begin last."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A file that is skipped whole is held to the same rule as a test."""
    report = yield
    return _in_ci_a_skip_is_a_failure(report)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What is optional elsewhere must be present in CI."""
    report = yield
    return _in_ci_a_skip_is_a_failure(report)


def _in_ci_a_skip_is_a_failure(report: Report) -> Report:
    if IN_CI and report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
        if ONLY_FOR_SHARED not in reason:
            report.outcome = "failed"
            report.longrepr = f"{reason} (and CI must not skip a test)"
    return report


def need(found: bool, what: str) -> None:
    """Skip where an optional program is absent."""
    if not found:
        pytest.skip(f"{what} is not installed here")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home folder that nothing else uses."""
    for name in ("PARIHS_HOME", "PARIHS_DATABASE_URL", "PARIHS_JOBS_URL", "PARIHS_MODELS"):
        monkeypatch.delenv(name, raising=False)
    return Home(tmp_path / "home")


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    """An empty store on a SQLite file."""
    opened = Store(home)
    yield opened
    opened.close()


@pytest.fixture
def small(store: Store) -> SmallStudy:
    """A study with two sites, two workshops, two coders and short transcripts."""
    return make_small_study(store)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the demo study, to be copied: loading it anew takes seconds each time."""
    made = Home(tmp_path_factory.mktemp("demo-to-copy") / "home")
    opened = Store(made)
    load_demo(opened)
    opened.close()
    return made


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium without a window; one for all tests, for two would not start."""
    need(CHROMIUM is not None, "Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server of our own, without a database name."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    need(bool(folders), "PostgreSQL")
    binaries = folders[-1]
    folder = Path(tempfile.mkdtemp(prefix="parihs-postgres-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, capture_output=True, cwd=folder)

    data = str(folder / "data")
    run(str(binaries / "initdb"), "-D", data, "-U", "parihs", "--auth=trust", "-E", "UTF8")
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    run(
        str(binaries / "pg_ctl"),
        "-D",
        data,
        "-o",
        options,
        "-l",
        str(folder / "log"),
        "-w",
        "start",
    )
    try:
        yield f"postgresql+psycopg://parihs@127.0.0.1:{port}"
    finally:
        run(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty PostgreSQL database."""
    import psycopg

    name = f"t{os.urandom(6).hex()}"
    admin = f"{postgres_server.replace('+psycopg', '')}/postgres"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{postgres_server}/{name}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_store(
    request: pytest.FixtureRequest, home: Home, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """An empty store, on SQLite and on PostgreSQL in turn."""
    if request.param == "postgresql":
        monkeypatch.setenv("PARIHS_DATABASE_URL", request.getfixturevalue("postgres_url"))
    opened = Store(home)
    yield opened
    opened.close()


StudyMaker = Callable[[Store], SmallStudy]
