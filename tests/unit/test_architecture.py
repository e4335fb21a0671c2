"""The rooms and who may know whom; what is too heavy to load; what no file may contain.

Dependencies point one way: pages, routes and commands → features → store → model.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "parihs"

MAY_KNOW: dict[str, set[str]] = {
    "errors": set(),
    "home": set(),
    "child": set(),
    "model": {"errors"},
    "agreement": {"errors"},
    "reader": {"errors"},
    "charts": {"errors"},
    "codebook": {"errors"},
    "formats": {"errors", "model"},
    "media": {"errors", "home"},
    "store": {"errors", "home", "model", "media", "codebook"},
    "coding": {"errors", "model", "store", "codebook", "agreement"},
    "correction": {"errors", "model", "store", "coding"},
    "memos": {"errors", "model", "store", "coding"},
    "search": {"errors", "model", "store", "coding"},
    "suggestions": {"child", "errors", "home", "model", "store", "coding", "agreement"},
    "compare": {"errors", "model", "store", "coding"},
    "inquiry": {"errors", "model", "store", "agreement", "coding", "compare"},
    "figures": {"errors", "model", "store", "compare", "charts"},
    "report": {
        *("errors", "model", "store", "codebook", "agreement"),
        *("coding", "compare", "inquiry", "charts", "figures"),
    },
    "transcribe": {"child", "errors", "home", "model", "media", "store", "correction"},
    "speakers": {"child", "errors", "home", "model", "media", "store"},
    "exchange": {"errors", "model", "store", "coding", "codebook", "formats", "media", "inquiry"},
    "web": {
        *("errors", "home", "model", "store", "media"),
        *("codebook", "coding", "memos", "search", "suggestions", "speakers", "correction"),
        "transcribe",
    },
}
"""Room → rooms it may import. ``ui`` and ``cli`` stand on top and may know every one of them."""

ON_TOP = {"ui", "cli"}
MAY_USE_STREAMLIT = {"ui", "web", "reader"}
MAY_NOT_USE_SQL = {
    "errors",
    "home",
    "agreement",
    "reader",
    "charts",
    "codebook",
    "formats",
    "media",
}
HEAVY = {
    *("torch", "torchaudio", "whisperx", "faster_whisper", "pyannote", "transformers"),
    *("ctranslate2", "dbos", "nltk", "onnxruntime", "spacy", "thinc"),
}
ADAPTERS = {
    *("whisperx_engine", "faster_whisper_engine", "ctc_aligner", "turn_finder"),
    *("speaker_windows", "voice_clusters", "learner", "rare_words"),
}
"""Modules around one heavy library each; others import them inside a function."""
LONGEST_MODULE = 400

MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    """The room a module belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path, *, at_load: bool = False) -> Iterator[str]:
    """Full names that a module imports; with ``at_load`` only those that its loading imports."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        only_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not (at_load and (inside or only_types)):
            waiting.extend(ast.iter_child_nodes(node))


def rooms_known_by(path: Path) -> set[str]:
    """Rooms of ours that a module imports."""
    rooms = {room_of(module) for module in MODULES}
    names = (name.split(".") for name in imported(path) if name.startswith("parihs."))
    return {parts[1] for parts in names} & rooms - {room_of(path)}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_room_has_its_place() -> None:
    rooms = {room_of(module) for module in MODULES} - {"__init__", "__main__"}
    assert rooms <= MAY_KNOW.keys() | ON_TOP


@pytest.mark.parametrize("room", MAY_KNOW)
def test_dependencies_point_down(room: str) -> None:
    wrong = {
        named(module): known - MAY_KNOW[room]
        for module in MODULES
        if room_of(module) == room and (known := rooms_known_by(module)) - MAY_KNOW[room]
    }
    assert wrong == {}


def test_the_allowed_directions_have_no_circle() -> None:
    done: set[str] = set()
    while len(done) < len(MAY_KNOW):
        free = {room for room, known in MAY_KNOW.items() if known <= done} - done
        assert free, f"a circle among {set(MAY_KNOW) - done}"
        done |= free


def test_commands_never_reach_into_pages() -> None:
    wrong = [named(m) for m in MODULES if room_of(m) == "cli" and "ui" in rooms_known_by(m)]
    assert wrong == []


def test_streamlit_stays_where_pages_are() -> None:
    wrong = {
        named(module)
        for module in MODULES
        if room_of(module) not in MAY_USE_STREAMLIT
        and any(name.split(".")[0] == "streamlit" for name in imported(module))
    }
    assert wrong == set()


def test_only_rooms_that_may_know_a_database_speak_sql() -> None:
    wrong = {
        named(module)
        for module in MODULES
        if room_of(module) in MAY_NOT_USE_SQL
        and any(name.split(".")[0] in ("sqlalchemy", "alembic") for name in imported(module))
    }
    assert wrong == set()


def test_nothing_heavy_is_imported_when_a_module_loads() -> None:
    """Speech models and the job queue are imported by the function that uses them."""
    wrong = {
        (named(module), name)
        for module in MODULES
        if module.stem not in ADAPTERS
        for name in imported(module, at_load=True)
        if name.split(".")[0] in HEAVY or name.split(".")[-1] in ADAPTERS
    }
    assert wrong == set()


@pytest.mark.parametrize("room", sorted(MAY_KNOW.keys() - {"web"}))
def test_a_room_can_be_used_without_the_app(room: str) -> None:
    """As a library: no Streamlit, nothing heavy, whatever else is installed."""
    report = "print(json.dumps([name for name in sys.modules if '.' not in name]))"
    program = f"import sys, json, parihs.{room}; {report}"
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(json.loads(answer.stdout))
    drawing = set() if room in ("charts", "figures", "report") else {"plotly"}
    assert loaded & (HEAVY | {"streamlit"} | drawing) == set()


SERVE_EVERY_PAGE = """
import json, re, sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
import parihs.web.app
from parihs.exchange.demo import load_demo
from parihs.web.context import context

parihs.web.app.create_app()
load_demo(context().store)
main = Path(parihs.web.app.ENTRY)
app = AppTest.from_file(str(main), default_timeout=60).run()
for view in sorted(set(re.findall(r"views/\\w+\\.py", main.read_text(encoding="utf-8")))):
    app.switch_page(view).run()
    assert not app.exception, (view, app.exception)
print(json.dumps([name for name in sys.modules if "." not in name]))
"""


def test_the_app_never_loads_a_speech_model(tmp_path: Path) -> None:
    """Every page of the demo study is served by a process without torch and WhisperX."""
    answer = subprocess.run(
        [sys.executable, "-c", SERVE_EVERY_PAGE],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PARIHS_HOME": str(tmp_path / "home")},
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    loaded = set(json.loads(answer.stdout.splitlines()[-1]))
    assert "streamlit" in loaded
    assert loaded & (HEAVY - {"dbos"}) == set()


def test_modules_stay_short() -> None:
    sources = [*MODULES, *PACKAGE.rglob("*.js")]
    long = {
        named(path): lines
        for path in sources
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def our_texts() -> list[Path]:
    """Every text file of the project, as far as it is not made by a tool."""
    folders = [
        "parihs",
        "tests",
        "docs",
        "scripts",
        "benchmarks",
        "codebooks",
        "transcripts",
        ".ci",
    ]
    inside = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    made = {"__pycache__", "node_modules", "out"}
    return [
        path
        for path in [*inside, *ROOT.glob("*.*")]
        if path.is_file()
        and path.suffix not in {".bin", ".safetensors", ".ogg", ".png", ".pyc", ".wav", ".sqlite"}
        and not made & set(path.relative_to(ROOT).parts)
    ]


def machine_words() -> list[str]:
    """What belongs to one machine only: its folders, and the package mirrors it is set up with."""
    words = ["/" + "work" + "/", "/" + "tmp" + "/dev"]
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True
    ).stdout
    settings = [listed, *(v for n, v in os.environ.items() if re.search("INDEX_URL|REGISTRY", n))]
    for address in re.findall(r"https?://[^\s'\"]+", " ".join(settings)):
        host = urlsplit(address).hostname or ""
        if host and host not in {"pypi.org", "registry.npmjs.org", "download.pytorch.org"}:
            words.append(host)
    return words


def test_no_file_names_the_machine_it_was_written_on() -> None:
    words = [word.encode() for word in machine_words()]
    wrong = {
        (named(path), word.decode())
        for path in our_texts()
        for word in words
        if word in path.read_bytes()
    }
    assert wrong == set()


def test_locks_name_no_registry() -> None:
    locks = [*ROOT.glob("*.lock"), *ROOT.glob("*/*.lock")]
    assert [named(lock) for lock in locks if "://" in lock.read_text(encoding="utf-8")] == []
