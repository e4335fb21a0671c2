"""Lines, counts and the error that knows its line: what every reader needs."""

from __future__ import annotations

import re

from parihs.errors import ParihsError

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*")


class Unreadable(ParihsError):
    """A file that a reader must refuse, with the 1-based line where it noticed."""

    def __init__(self, message: str, hint: str = "", *, line: int | None = None) -> None:
        super().__init__(message, hint)
        self.line = line


def split_lines(text: str) -> list[str]:
    """Split at line ends only; ``str.splitlines`` also splits at marks that occur inside speech."""
    return _LINE_BREAK.split(text)


def language_tag(code: str | None) -> str | None:
    """Return a language code that can stand in a file's first lines, None for anything else."""
    return code if code and _LANGUAGE_TAG.fullmatch(code) else None


def blocks(lines: list[str]) -> list[list[str]]:
    """Group lines that no blank line separates."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Say how many: ``1 cue``, ``3 cues``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(items: list[str], most: int = 5) -> str:
    """Quote a few items for a warning, and say how many more there are."""
    shown = ", ".join(f"“{item}”" for item in items[:most])
    return f"{shown} and {len(items) - most} more" if len(items) > most else shown
