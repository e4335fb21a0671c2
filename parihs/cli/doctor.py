"""``parihs doctor``: what works here, what is missing, and what to do about it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from parihs.cli.main import answer, home_option, json_option
from parihs.home import Home

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FREE_GB = 5
FREE_MEMORY_GB = 2


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``needed`` things must be there for parihs to work at all."""

    name: str
    ok: bool
    needed: bool
    text: str
    hint: str = ""


@click.command("doctor")
@click.option("--all-needed", is_flag=True, help="Treat what is optional as needed, as CI does.")
@json_option
@home_option
def doctor_command(home: Home, as_json: bool, all_needed: bool) -> None:
    """Look at Python, disk, database, speech models, browser; change nothing."""
    checks = [*_machine(home), _database(home), *_speech(home), *_tools()]
    lines = []
    for check in checks:
        mark = "ok     " if check.ok else "MISSING" if check.needed or all_needed else "without"
        lines.append(f"{mark}  {check.name}: {check.text}")
        if not check.ok and check.hint:
            lines.append(f"         {check.hint}")
    answer(as_json, [asdict(check) for check in checks], lines)
    if any(not check.ok and (check.needed or all_needed) for check in checks):
        sys.exit(1)


def _machine(home: Home) -> list[Check]:
    from parihs.transcribe.models.room import memory_free

    free = shutil.disk_usage(home.path).free / 1e9
    memory = memory_free()
    return [
        Check(
            "Python",
            sys.version_info >= (3, 11),
            True,
            platform.python_version(),
            "Install Python 3.11 or newer.",
        ),
        Check(
            "Disk",
            free > FREE_GB,
            False,
            f"{free:.0f} GB free at {home.path}",
            "Three hours of sound need about 0.5 GB while they are transcribed.",
        ),
        Check(
            "Memory",
            memory is None or memory > FREE_MEMORY_GB * 1e9,
            False,
            "unknown" if memory is None else f"{memory / 1e9:.0f} GB free",
            "Transcribing needs 2 to 5 GB, depending on the model. Close other programs.",
        ),
    ]


def _database(home: Home) -> Check:
    from parihs.errors import ParihsError
    from parihs.store import Store

    kind = "PostgreSQL" if home.database_url.startswith("postgresql") else "SQLite"
    try:
        Store(home).close()
    except ParihsError as error:
        return Check("Studies", False, True, error.message, error.hint)
    return Check("Studies", True, True, f"{kind}, opens")


def _speech(home: Home) -> list[Check]:
    from parihs.transcribe import check, find_models
    from parihs.transcribe.models import NAMES
    from parihs.transcribe.models.self_test import last

    checks = [
        Check(
            f"Transcription, {f.stage}",
            f.ok,
            False,
            f.text if f.ok else f"needs {f.needs}. {f.text}",
            f.hint,
        )
        for f in check(home.models)
    ]
    checks += [
        Check(
            f"Model folder, {NAMES[model.kind]} {model.name}",
            False,
            False,
            model.trouble,
            "Bring it again with: parihs models add FOLDER",
        )
        for model in find_models(home.models)
        if not model.whole
    ]
    test = last(home.path)
    tried = "not tried out yet"
    if test is not None:
        tried = f"3 h of recording takes about {test.minutes(3):.0f} minutes with “{test.model}”"
    hint = "Try the models out and time them with: parihs models check"
    return [*checks, Check("Transcription, speed", test is not None, False, tried, hint)]


def _tools() -> list[Check]:
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    driver = importlib.util.find_spec("psycopg") is not None
    server = bool(list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))) or bool(
        shutil.which("initdb")
    )
    espeak = shutil.which("espeak-ng")
    return [
        Check("Streamlit", True, True, importlib.metadata.version("streamlit")),
        Check(
            "Browser for tests and pictures",
            browser is not None,
            False,
            browser or "none found",
            "Any Chromium; the app itself runs in every current browser.",
        ),
        Check(
            "PostgreSQL driver",
            driver,
            False,
            "psycopg" if driver else "not installed",
            "Only for teams on a server: pip install 'parihs[postgres]'.",
        ),
        Check(
            "PostgreSQL server for tests",
            server,
            False,
            "found" if server else "none found",
            "Only tests start one; studies on a laptop use SQLite.",
        ),
        Check(
            "Speech synthesis for tests",
            espeak is not None,
            False,
            espeak or "none found",
            "espeak-ng makes the voices of the demo recording and of the tests.",
        ),
        Check(
            "Telemetry",
            os.environ.get("STREAMLIT_BROWSER_GATHER_USAGE_STATS", "false") != "true",
            True,
            "off",
        ),
    ]
