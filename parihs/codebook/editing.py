"""Changing a codebook by hand: each function gives a new book and leaves the old one as it was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from parihs.codebook.book import CodebookFile, CodeEntry
from parihs.codebook.tree import CodeTree
from parihs.errors import ParihsError


def new_id(taken: Collection[str], name: str, parent: str | None = None) -> str:
    """An id for a new code, made of its name and its parent's id, that no code ever had.

    ``taken`` are the ids of all codes of all versions, retired ones included.
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    word = "-".join(re.findall(r"[a-z0-9]+", letters)) or "code"
    first = f"{parent}.{word}" if parent else word
    found, number = first, 2
    while found in taken:
        found, number = f"{first}-{number}", number + 1
    return found


def entry_of(book: CodebookFile, key: str) -> CodeEntry:
    """The code with this id. Raises ParihsError where the book has none."""
    for entry in book.codes:
        if entry.id == key:
            return entry
    raise ParihsError(f"The codebook has no code “{key}” any more.", "Look at its newest version.")


def add(book: CodebookFile, entry: CodeEntry, *, after: str | None = None) -> CodebookFile:
    """The book with one more code: after ``after`` and what is below it, else at the end.

    Raises ParihsError when the name is empty or already stands below the same parent.
    """
    _free_name(book, entry.name, entry.parent, "")
    codes = list(book.codes)
    at = len(codes)
    if after is not None:
        branch = {after, *CodeTree(book.codes).descendants(after)}
        at = max(place for place, each in enumerate(codes) if each.id in branch) + 1
    return replace(book, codes=(*codes[:at], entry, *codes[at:]))


def change(book: CodebookFile, key: str, **fields: Any) -> CodebookFile:
    """The book with other texts for one code; ``fields`` are fields of ``CodeEntry``.

    Raises ParihsError when the code is not there, or its new name is empty or taken.
    """
    old = entry_of(book, key)
    _free_name(book, fields.get("name", old.name), fields.get("parent", old.parent), key)
    new = replace(old, **fields)
    return replace(book, codes=tuple(new if each.id == key else each for each in book.codes))


def move(book: CodebookFile, key: str, parent: str | None) -> CodebookFile:
    """The book with a code, and all below it, under another parent; None makes it a construct.

    Raises ParihsError when it would stand below itself.
    """
    tree = CodeTree(book.codes)
    entry = entry_of(book, key)
    if parent is not None:
        entry_of(book, parent)
    if parent is not None and parent in {key, *tree.descendants(key)}:
        raise ParihsError(
            f"“{entry.name}” cannot stand below itself; nothing was moved.", "Choose another place."
        )
    return change(book, key, parent=parent)


def swap(book: CodebookFile, key: str, by: int) -> CodebookFile:
    """The book with a code one place up (−1) or down (1) among those with the same parent."""
    tree = CodeTree(book.codes)
    parent = entry_of(book, key).parent
    row = tree.roots if parent is None else tree.children(parent)
    to = row.index(key) + by
    if not 0 <= to < len(row):
        return book
    exchanged = {key: row[to], row[to]: key}
    by_id = {each.id: each for each in book.codes}
    return replace(book, codes=tuple(by_id[exchanged.get(each.id, each.id)] for each in book.codes))


def retire(book: CodebookFile, key: str) -> CodebookFile:
    """The book without a code; earlier versions and its codings keep it.

    Raises ParihsError when there are codes below it, or none would be left.
    """
    entry = entry_of(book, key)
    below = CodeTree(book.codes).children(key)
    if below:
        names = ", ".join(f"“{entry_of(book, each).name}”" for each in below)
        raise ParihsError(
            f"“{entry.name}” has codes below it, so it was not retired: {names}.",
            "Move or retire these first.",
        )
    if len(book.codes) == 1:
        raise ParihsError("A codebook needs at least one code.", "Add another one first.")
    return replace(book, codes=tuple(each for each in book.codes if each.id != key))


def merge(book: CodebookFile, key: str, into: str) -> CodebookFile:
    """The book without ``key``, whose codes below move below ``into``.

    Raises ParihsError when both are the same, or ``into`` stands below ``key``.
    """
    entry, target = entry_of(book, key), entry_of(book, into)
    tree = CodeTree(book.codes)
    if into == key or into in tree.descendants(key):
        raise ParihsError(
            f"“{entry.name}” cannot be merged into “{target.name}”, which is part of it.",
            "Choose another code, or merge the other way round.",
        )
    for child in tree.children(key):
        book = change(book, child, parent=into)
    return retire(book, key)


def split(
    book: CodebookFile, key: str, into: Iterable[CodeEntry], *, holds_below: int = 0
) -> CodebookFile:
    """The book with new codes where ``key`` stood.

    The codes below ``key`` come below one of the new ones, ``into[holds_below]``, and stay as they
    are otherwise. Raises ParihsError when there are fewer than two parts, when names are taken, or
    ``holds_below`` names none of them.
    """
    entry = entry_of(book, key)
    parts = list(into)
    if len(parts) < 2:
        raise ParihsError("A code is split into two or more.", "Name another one.")
    if not 0 <= holds_below < len(parts):
        raise ParihsError(
            "The codes below would belong to none of the new codes; nothing was split.",
            "Choose one of the new codes.",
        )
    tree = CodeTree(book.codes)
    children = tree.children(key)
    branch = {key, *tree.descendants(key)}
    by_id = {each.id: each for each in book.codes}
    below = [by_id[each] for each in tree.descendants(key)]
    below = [
        replace(each, parent=parts[holds_below].id) if each.id in children else each
        for each in below
    ]
    at = [each.id for each in book.codes if each.id == key or each.id not in branch].index(key)
    made = replace(book, codes=tuple(each for each in book.codes if each.id not in branch))
    for part in parts:
        _free_name(made, part.name, entry.parent, "")
        new = [replace(part, parent=entry.parent)]
        new += below if part is parts[holds_below] else []
        made = replace(made, codes=(*made.codes[:at], *new, *made.codes[at:]))
        at += len(new)
    return made


def _free_name(book: CodebookFile, name: str, parent: str | None, key: str) -> None:
    if not name.strip():
        raise ParihsError("A code needs a name; nothing was changed.", "Give it one.")
    same = name.strip().casefold()
    for each in book.codes:
        if each.id != key and each.parent == parent and each.name.strip().casefold() == same:
            raise ParihsError(
                f"There is a code “{each.name}” at this place already.", "Choose another name."
            )
