"""The demo study loaded once, and ways to look into the files that a report becomes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from defusedxml import ElementTree

from parihs.exchange.demo import load_demo
from parihs.home import Home
from parihs.report import Report, build
from parihs.store import Store
from parihs.store.studies import get_study

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demo study; tests only read it."""
    store = Store(Home(tmp_path_factory.mktemp("report") / "home"))
    load_demo(store)
    yield store
    store.close()


@pytest.fixture(scope="module")
def demo_report(demo_store: Store) -> Report:
    """The demo study's report with the lead's eyes."""
    return built(demo_store)


def built(store: Store, **options: object) -> Report:
    """A report on the only study."""
    with store.read() as session:
        return build(session, get_study(session).id, **options)  # type: ignore[arg-type]


def workbook(data: bytes) -> dict[str, dict[str, tuple[str, str]]]:
    """Sheets of an XLSX file: name → cell → (kind, value); ``f`` is the kind of a formula."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    shared = [
        "".join(part.text or "" for part in item.iter(f"{MAIN}t"))
        for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    ]
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for number, sheet in enumerate(book.iter(f"{MAIN}sheet"), start=1):
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
        cells = {}
        for cell in root.iter(f"{MAIN}c"):
            value = cell.find(f"{MAIN}v")
            text = "" if value is None else value.text or ""
            if cell.find(f"{MAIN}f") is not None:
                cells[cell.get("r")] = ("f", text)
            elif cell.get("t") == "s":
                cells[cell.get("r")] = ("text", unescaped(shared[int(text)]))
            else:
                cells[cell.get("r")] = ("number", text)
        found[sheet.get("name")] = cells
    return found


def unescaped(text: str) -> str:
    """Characters that a workbook writes as ``_x001F_``."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


def written(path: Path, data: bytes) -> Path:
    """The bytes as a file."""
    path.write_bytes(data)
    return path
