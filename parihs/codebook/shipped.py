"""Where the codebooks that come with parihs are: beside the code in a checkout, or in the wheel."""

from __future__ import annotations

from pathlib import Path

import parihs

DEFAULT = "i-parihs"


def shipped() -> dict[str, Path]:
    """The codebooks that come with parihs by id, the default one first."""
    files = {file.stem: file for file in sorted(folder().glob("*.yaml"))}
    return dict(sorted(files.items(), key=lambda item: (item[0] != DEFAULT, item[0])))


def folder() -> Path:
    """The folder of shipped codebooks."""
    package = Path(parihs.__file__).parent
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "codebooks").is_dir():
        return checkout / "codebooks"
    return package / "_data" / "codebooks"
