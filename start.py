"""Sets parihs up in this folder and runs it: needs Python 3.11 or newer and nothing else.

    python3 start.py           the app, on the demo study
    python3 start.py app       the app, on your own studies
    python3 start.py test      the tests (more words go to pytest; -n 0 runs them one by one)

The first run installs the locked versions into ``.venv``; later runs start at once. Add
``--without-transcription`` to leave the speech engine out (a tenth of the size; transcripts can be
imported and everything else works).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.txt"
LIGHT = "--without-transcription"
COMMANDS = {"demo": ["demo"], "app": ["app"], "test": []}


def python() -> str:
    """The interpreter of the virtual environment."""
    return str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def pip(*arguments: str) -> None:
    """Install something; the output is pip's own, since this can take minutes."""
    subprocess.run(
        [python(), "-m", "pip", "install", "--disable-pip-version-check", *arguments],
        check=True,
        cwd=ROOT,
    )


def install(groups: list[str]) -> None:
    """Bring the environment to the locked versions, unless it is there already."""
    locks = [ROOT / "requirements" / f"{group}.lock" for group in groups]
    # Kept as the set of what is installed, so that the tests do not undo the app's installation.
    known = set(STAMP.read_text(encoding="utf-8").split()) if STAMP.exists() else set()
    wanted = {
        hashlib.sha256(file.read_bytes()).hexdigest() for file in (*locks, ROOT / "pyproject.toml")
    }
    if wanted <= known:
        return
    if not Path(python()).exists():
        print("Making a Python environment in .venv …", flush=True)
        venv.create(VENV, with_pip=True)
    print("Installing the locked versions; the first time takes some minutes …", flush=True)
    alone = [lock for lock in locks if lock.stem.endswith("without-their-needs")]
    pip(*(word for lock in locks if lock not in alone for word in ("-r", str(lock))))
    for lock in alone:
        pip("--no-deps", "-r", str(lock))
    pip("--no-deps", "--no-build-isolation", "-e", ".")
    STAMP.write_text("\n".join(sorted(known | wanted)) + "\n", encoding="utf-8")


def main() -> int:
    """Install what the command needs, then run it."""
    if sys.version_info < (3, 11):  # noqa: UP036 - here an older Python is still possible
        print("parihs needs Python 3.11 or newer; this is", sys.version.split()[0])
        return 1
    words = [word for word in sys.argv[1:] if word != LIGHT]
    command, rest = (words[0], words[1:]) if words else ("demo", [])
    if command not in COMMANDS:
        print(__doc__)
        return 0 if command in ("-h", "--help", "help") else 2
    groups = ["app"]
    if LIGHT not in sys.argv:
        groups += ["transcribe", "without-their-needs"]
    if command == "test":
        groups += ["dev", "dev-without-their-needs"]
    try:
        install(groups)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"\nThe setup stopped: {error}", file=sys.stderr)
        print("Check the connection and the space on the disk, then run it again.", file=sys.stderr)
        return 1
    if command == "test":
        side_by_side = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
        return subprocess.call([python(), "-m", "pytest", *side_by_side, *rest], cwd=ROOT)
    try:
        return subprocess.call([python(), "-m", "parihs", *COMMANDS[command], *rest], cwd=ROOT)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
