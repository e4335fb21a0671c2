"""What a model folder says about itself: our manifest, and the card its maker put beside it.

A manifest is written when a model is added. It lists each file with size and SHA-256, so that a
later check, or another computer that gets the folder on a stick, can tell that nothing changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

import yaml

from parihs.transcribe.models.kinds import MANIFEST, Kind

FORMAT = 1
BLOCK = 4 << 20
LONGEST_CARD = 20_000
"""Characters of a card's head; real ones have a few hundred."""

Progress = Callable[[int], None]
"""Called with the number of bytes just done."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a model, relative to its folder."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was added, and how every file of it looked then."""

    kind: Kind
    name: str
    title: str
    languages: tuple[str, ...] | None
    licence: str
    source: str
    added: str
    """Moment in UTC, ISO 8601."""
    files: tuple[FileEntry, ...]

    def write(self, folder: Path) -> None:
        """Put it into the folder, in one step."""
        text = json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1)
        draft = folder / f"{MANIFEST}.new"
        draft.write_text(text + "\n", encoding="utf-8")
        draft.replace(folder / MANIFEST)


@dataclass(frozen=True, slots=True)
class Card:
    """Licence and languages from the head of a README, as projects publish it; empty if unsaid."""

    licence: str = ""
    languages: tuple[str, ...] = ()


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder; None where there is none, or none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = tuple(
            FileEntry(str(f["file"]), int(f["bytes"]), f["sha256"]) for f in found["files"]
        )
        spoken = found["languages"]
        return Manifest(
            found["kind"],
            found["name"],
            found["title"],
            None if spoken is None else tuple(spoken),
            found["licence"],
            found["source"],
            found["added"],
            tuple(f for f in files if _inside(f.file)),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_card(folder: Path) -> Card:
    """What the README of a published model says in its head."""
    try:
        text = (folder / "README.md").read_text(encoding="utf-8")[:LONGEST_CARD]
        _, head, _ = text.split("---", 2)
        found = yaml.safe_load(head)
    except (OSError, ValueError, yaml.YAMLError):
        return Card()
    if not isinstance(found, dict):
        return Card()
    spoken = found.get("language") or []
    spoken = [spoken] if isinstance(spoken, str) else spoken
    codes = [str(code) for code in spoken] if isinstance(spoken, list) else []
    licence = found.get("license") or ""
    return Card(_licence(licence) if isinstance(licence, str) else "", tuple(codes))


def sizes_changed(folder: Path, manifest: Manifest) -> list[str]:
    """A sentence for each file that is gone or has another size than when the model was added."""
    wrong = []
    for entry in manifest.files:
        file = folder / entry.file
        if not file.is_file():
            wrong.append(f"{entry.file} is gone since the model was added.")
        elif (size := file.stat().st_size) != entry.bytes:
            wrong.append(f"{entry.file} has {size:,} bytes; it had {entry.bytes:,} when added.")
    return wrong


def hashes_changed(
    folder: Path, manifest: Manifest, progress: Progress = lambda done: None
) -> list[str]:
    """A sentence for each file that is not what it was when the model was added; reads them all."""
    wrong = sizes_changed(folder, manifest)
    if wrong:
        return wrong
    return [
        f"{entry.file} is not what it was when the model was added (other SHA-256)."
        for entry in manifest.files
        if sha256(folder / entry.file, progress) != entry.sha256
    ]


def sha256(file: Path, progress: Progress = lambda done: None) -> str:
    """SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            progress(len(block))
    return digest.hexdigest()


def _inside(name: str) -> bool:
    """Whether a file name from a manifest stays in the folder: sticks come from anywhere."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _licence(short: str) -> str:
    known = {
        "mit": "MIT",
        "apache-2.0": "Apache-2.0",
        "cc0-1.0": "CC0",
        "cc-by-4.0": "CC BY 4.0",
        "cc-by-sa-4.0": "CC BY-SA 4.0",
        "cc-by-nc-4.0": "CC BY-NC 4.0: not for commercial use",
    }
    if short in known:
        return known[short]
    return f"{short}: not for commercial use" if "-nc" in short else short
