"""What is shipped: the wheel runs by itself, and no archive carries anything private."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASSETS = ("*.js", "*.css", "*.png", "*.py")
PRIVATE = (".sqlite", "/secret", "/choices/", ".log", "/uploads/", "/backups/", ".venv", ".git/")


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel and an sdist, built from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return folder


def names(folder: Path) -> tuple[set[str], set[str]]:
    """File names in the wheel and in the sdist (below its top folder)."""
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as packed:
        in_wheel = set(packed.namelist())
    with tarfile.open(sdist) as packed:
        in_sdist = {name.split("/", 1)[1] for name in packed.getnames() if "/" in name}
    return in_wheel, in_sdist


def test_the_wheel_holds_every_file_of_the_package(archives: Path) -> None:
    in_wheel, _ = names(archives)
    for pattern in ASSETS:
        for file in (ROOT / "parihs").rglob(pattern):
            assert file.relative_to(ROOT).as_posix() in in_wheel
    for folder, packed in (("codebooks", "codebooks"), ("transcripts", "transcripts")):
        for file in (ROOT / folder).rglob("*"):
            if file.is_file():
                inside = f"parihs/_data/{packed}/{file.relative_to(ROOT / folder).as_posix()}"
                assert inside in in_wheel


def test_archives_hold_nothing_private(archives: Path) -> None:
    for inside in names(archives):
        for name in inside:
            assert not any(mark in f"/{name}" for mark in PRIVATE), name
    _, in_sdist = names(archives)
    assert {"start.py", "app.py", "LICENSE", "README.md"} <= in_sdist


def test_the_wheel_runs_without_the_checkout(archives: Path, tmp_path: Path) -> None:
    (wheel,) = archives.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
    script = (
        "import parihs, pathlib, sys\n"
        "from parihs.codebook import load, shipped\n"
        "from parihs.exchange.demo import load_demo\n"
        "from parihs.home import Home\n"
        "from parihs.store import Store\n"
        "assert 'site' in parihs.__file__, parihs.__file__\n"
        "assert all('site' in str(path) for path in shipped().values())\n"
        "assert len(load(shipped()['i-parihs']).codes) == 67\n"
        "print(load_demo(Store(Home(sys.argv[1]))).key)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "home")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "lantern", done.stderr
