"""What differs between two states of a codebook, and bringing two people's changes together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from parihs.codebook.book import CodebookFile, CodeEntry

ADDED: Final = "added"
RETIRED: Final = "retired"
MOVED: Final = "moved"
CHANGED: Final = "changed"

FIELDS: Final = {
    "name": "Name",
    "definition": "Definition",
    "when_to_use": "Use it when",
    "when_not": "Not when",
    "example": "Example",
    "enabling": "Enabling signs",
    "constraining": "Constraining signs",
    "rate_valence": "Valence is rated",
    "source": "Sources",
    "origin": "Origin",
    "colour": "Colour",
    "checked": "Checked",
}
"""Fields of a code that a person reads, and what they are called."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: a code that was ``added``, ``retired``, ``moved``, or ``changed`` in a field.

    ``before`` and ``after`` are texts; a moved code's are the names of its parents.
    """

    kind: str
    key: str
    name: str
    field: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """Both changed the same field of a code, or one changed what the other retired."""

    key: str
    name: str
    field: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Two people's changes in one book; where they clash, it holds mine."""

    book: CodebookFile
    clashes: tuple[Clash, ...]


def compare(before: CodebookFile, after: CodebookFile) -> list[Difference]:
    """All differences between two books, in the order of the newer one; retired codes last."""
    old = {entry.id: entry for entry in before.codes}
    new = {entry.id: entry for entry in after.codes}
    found: list[Difference] = []
    for entry in after.codes:
        was = old.get(entry.id)
        if was is None:
            above = new[entry.parent].name if entry.parent else ""
            found.append(Difference(ADDED, entry.id, entry.name, "parent", "", above))
            continue
        if was.parent != entry.parent:
            above = old[was.parent].name if was.parent else ""
            now = new[entry.parent].name if entry.parent else ""
            found.append(Difference(MOVED, entry.id, entry.name, "parent", above, now))
        found += [
            Difference(CHANGED, entry.id, entry.name, name, words(a), words(b))
            for name in FIELDS
            if (a := getattr(was, name)) != (b := getattr(entry, name))
        ]
    return [
        *found,
        *(
            Difference(RETIRED, entry.id, entry.name)
            for entry in before.codes
            if entry.id not in new
        ),
    ]


def join(base: CodebookFile, mine: CodebookFile, theirs: CodebookFile) -> Joined:
    """My changes since ``base`` put onto what others made of it meanwhile.

    A code that one side retired stays where the other changed it or put something below it, and
    is named among the clashes where the retiring was not mine.
    """
    olds, ours, others = (
        {entry.id: entry for entry in book.codes} for book in (base, mine, theirs)
    )
    clashes: list[Clash] = []
    kept: dict[str, CodeEntry] = {}
    for entry in (*theirs.codes, *mine.codes):
        if entry.id in kept:
            continue
        old, own, other = (found.get(entry.id) for found in (olds, ours, others))
        if own is not None and other is not None:
            kept[entry.id] = _both(old, own, other, clashes)
        elif old is None:
            kept[entry.id] = entry
        elif entry != old:
            # One side changed what the other retired: it stays, so that no text is lost.
            kept[entry.id] = entry
            told = ("changed", "retired") if own is not None else ("retired", "changed")
            clashes.append(Clash(entry.id, entry.name, "", *told))
    _keep_parents(kept, olds)
    order = {key: at for at, key in enumerate(others)}
    same_order = [e.id for e in base.codes] == [e.id for e in theirs.codes]
    if same_order:
        order = {key: at for at, key in enumerate(ours)}
    codes = sorted(kept.values(), key=lambda entry: order.get(entry.id, len(order)))
    book = replace(mine, codes=tuple(codes))
    about = [
        item.name
        for item in fields(CodebookFile)
        if item.name != "codes" and getattr(mine, item.name) == getattr(base, item.name)
    ]
    return Joined(replace(book, **{name: getattr(theirs, name) for name in about}), tuple(clashes))


def words(value: Any) -> str:
    """A field's value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return "; ".join(str(each) for each in value)
    return "" if value is None else str(value)


def _both(
    old: CodeEntry | None, mine: CodeEntry, theirs: CodeEntry, clashes: list[Clash]
) -> CodeEntry:
    """Field by field: what I changed, else what they have."""
    taken = {}
    for name in _names():
        was = None if old is None else getattr(old, name)
        own, other = getattr(mine, name), getattr(theirs, name)
        if own == other or (old is not None and own == was):
            continue
        taken[name] = own
        if old is None or other != was:
            clashes.append(Clash(mine.id, mine.name, name, words(own), words(other)))
    return replace(theirs, **taken)


def _keep_parents(kept: dict[str, CodeEntry], olds: dict[str, CodeEntry]) -> None:
    """A retired code below which somebody put something comes back, with those above it."""
    waiting = list(kept.values())
    while waiting:
        parent = waiting.pop().parent
        if parent is not None and parent not in kept:
            kept[parent] = olds[parent]
            waiting.append(olds[parent])


def _names() -> Iterator[str]:
    return (item.name for item in fields(CodeEntry) if item.name != "id")
