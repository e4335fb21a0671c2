"""What a codebook is: the framework, its rules and sources, and its codes in file order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

FORMAT: Final = "parihs-codebook/1"

ORIGINS: Final = {
    "framework": "Named by the framework's own authors",
    "literature": "Added by later published work on the framework",
    "extension": "Added by this codebook; not part of the framework",
    "inductive": "Added by the study team from its own data",
}
"""Where a code comes from, so that a framework is never credited with what others added."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something recorded beside a coding, such as its valence, with the values it can take."""

    id: str
    name: str
    values: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    """What a value means, by value; values without a label speak for themselves."""
    extra: tuple[str, ...] = ()
    """Values that stand outside the scale, such as ``mixed``."""
    scope: str = "coding"


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code: its place in the tree, and what a coder needs to apply it the same way twice."""

    id: str
    """Lower-case words joined by dots; codings keep it for life."""
    name: str
    parent: str | None = None
    origin: str = "framework"
    definition: str = ""
    when_to_use: str = ""
    when_not: str = ""
    example: str = ""
    enabling: tuple[str, ...] = ()
    constraining: tuple[str, ...] = ()
    rate_valence: bool = True
    """False where help or hindrance is not judged on the coding itself."""
    source: tuple[str, ...] = ()
    """Keys of the codebook's ``sources``."""
    checked: str = ""
    colour: str | None = None
    """``#RRGGBB`` where the team chose one; None takes the framework's colour."""


@dataclass(frozen=True, slots=True)
class CodebookFile:
    """A codebook as read from a file, before it belongs to a study."""

    id: str
    name: str
    codes: tuple[CodeEntry, ...]
    version: str = "1.0.0"
    language: str = "en-GB"
    licence: str = ""
    note: str = ""
    attributes: tuple[Attribute, ...] = ()
    rules: tuple[str, ...] = ()
    crosswalk: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Other framework → this codebook's codes (``a+b``, ``a.*``) → what they are called there."""
    sources: Mapping[str, str] = field(default_factory=dict)
    checked: str = ""


def plain(value: Any) -> Any:
    """Tuples and mappings as lists and dicts, ready for YAML or JSON."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
