"""Unsaved texts on the disk of whoever serves the app, so that a reload loses none of them.

One small file per person and text in the home folder. A file is there as long as something is
not saved; it is readable by the folder's owner only, like the study itself.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from parihs.web.context import context

FOLDER = "drafts"


def load(owner: str, name: str) -> dict[str, Any]:
    """What ``owner`` left unsaved in the text ``name``; empty where there is nothing."""
    try:
        kept = json.loads(_file(owner, name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) and isinstance(kept.get("values"), dict) else {}


def keep(owner: str, name: str, kept: dict[str, Any]) -> None:
    """Write what is not saved; nothing in ``kept`` takes the file away."""
    file = _file(owner, name)
    if not kept:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(mode=0o700, exist_ok=True)
    part = file.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(kept), encoding="utf-8")
    part.replace(file)


def count(owner: str) -> int:
    """How many texts of ``owner`` are not saved."""
    return sum(1 for _ in _folder().glob(f"{_short(owner)}-*.json"))


def _folder() -> Path:
    return context().home.path / FOLDER


def _file(owner: str, name: str) -> Path:
    return _folder() / f"{_short(owner)}-{_short(name)}.json"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
