"""What a model is: its kind, the files it consists of, and what stands in the way of using it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["asr", "align", "diarise"]

KINDS: tuple[Kind, ...] = ("asr", "align", "diarise")
"""Also the names of the three folders inside the model folder."""

NAMES: dict[Kind, str] = {
    "asr": "recognition model",
    "align": "word aligner",
    "diarise": "speaker model",
}

CTC_ALIGNER = "ctc_align.json"
"""Marks a folder with a small character-CTC aligner; its weights lie beside it."""

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Model:
    """A model in a folder, complete or not.

    ``missing`` names the files without which it cannot work; ``damaged`` says, a sentence each,
    what is wrong with files that are there.
    """

    kind: Kind
    name: str
    path: Path
    n_bytes: int
    missing: tuple[str, ...] = ()
    licence: str = ""
    """As its maker states it, with known restrictions; empty where nothing is known."""
    title: str = ""
    """What it is, told from its content: for example “Whisper small”."""
    languages: tuple[str, ...] | None = None
    """Codes of the languages it knows; None where it is made for many, or nothing is known."""
    files: tuple[str, ...] = ()
    """The files that belong to it, relative to ``path``."""
    damaged: tuple[str, ...] = ()
    source: str = ""
    """Who made it, by project name."""
    for_tests: bool = False
    """True for a toy that answers any recording with made-up sentences."""

    @property
    def whole(self) -> bool:
        """Whether it could be used: nothing missing, nothing damaged."""
        return not self.missing and not self.damaged

    @property
    def trouble(self) -> str:
        """What stands in the way, as one plain sentence or more; empty for a whole model."""
        parts = list(self.damaged)
        if self.missing:
            verb = "is" if len(self.missing) == 1 else "are"
            parts.insert(0, f"{_joined(self.missing)} {verb} missing.")
        return " ".join(parts)


def size_words(n_bytes: int) -> str:
    """A number of bytes as people read it: 480 MB, 1.6 GB."""
    if n_bytes < 1e6:
        return f"{max(n_bytes / 1e3, 0.1):.1f} kB" if n_bytes else "empty"
    return f"{n_bytes / 1e6:.0f} MB" if n_bytes < 1e9 else f"{n_bytes / 1e9:.1f} GB"


def _joined(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
