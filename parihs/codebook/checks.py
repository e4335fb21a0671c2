"""What must hold in every codebook, wherever it comes from; all faults are found, not the first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from parihs.codebook.book import ORIGINS, CodebookFile, CodeEntry
from parihs.codebook.colours import is_colour
from parihs.errors import ParihsError

ID = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*(?:\.[a-z0-9]+(?:[_-][a-z0-9]+)*)*")
ID_RULE = "ids are lower-case words joined by dots, such as innovation.fit"

EXPECTED = ("definition", "when_to_use", "when_not", "example", "source")
VALENCE = ("enabling", "constraining")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a codebook file, as ``FILE:LINE: code 'id': what is wrong``."""

    file: str
    line: int
    code: str | None
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return (
            f"{where}: code '{self.code}': {self.message}"
            if self.code
            else (f"{where}: {self.message}")
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the code at ``index``, in which field."""

    index: int
    field: str
    message: str


def refuse(file: str, problems: Sequence[Problem]) -> ParihsError:
    """The error that lists every problem of a file."""
    many = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    lines = "\n".join(str(problem) for problem in problems)
    return ParihsError(
        f"The codebook {file} has {many}, so nothing of it was loaded:\n{lines}\n",
        "Mend these places in the file and load it again.",
    )


def faults(
    codes: Sequence[CodeEntry],
    sources: Iterable[str] | None,
    place: Callable[[int], str] = lambda index: f"code number {index + 1}",
) -> list[Fault]:
    """All that is wrong with the codes as a set: ids, parents, cycles, sources, colours, origins.

    ``sources`` None leaves source keys unchecked; ``place`` says where a code stands in its file.
    """
    found = [
        *_ids(codes, place),
        *_parents(codes),
        *_cycles(codes),
        *_values(codes, None if sources is None else set(sources)),
    ]
    return sorted(found, key=lambda fault: fault.index)


def ensure(book: CodebookFile) -> CodebookFile:
    """The book itself, or ParihsError naming every fault; for books made by hand, not read."""
    problems = [
        Problem(book.id, fault.index + 1, book.codes[fault.index].id, fault.message)
        for fault in faults(book.codes, book.sources)
    ]
    if not book.codes:
        problems.append(Problem(book.id, 1, None, "it has no codes"))
    if problems:
        raise refuse(book.id, problems)
    return book


def incomplete(book: CodebookFile) -> dict[str, tuple[str, ...]]:
    """Fields that coders rely on and that are still empty, by code id; complete codes are left out.

    Enabling and constraining signs count only where the code's valence is rated.
    """
    gaps = {
        entry.id: tuple(
            name
            for name in (*EXPECTED, *(VALENCE if entry.rate_valence else ()))
            if not getattr(entry, name)
        )
        for entry in book.codes
    }
    return {code: missing for code, missing in gaps.items() if missing}


def suggest(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` where one of the known words is close, else nothing."""
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _ids(codes: Sequence[CodeEntry], place: Callable[[int], str]) -> list[Fault]:
    found: list[Fault] = []
    first: dict[str, int] = {}
    for index, entry in enumerate(codes):
        if not entry.id:
            continue
        if ID.fullmatch(entry.id) is None:
            found.append(Fault(index, "id", f"this id cannot be used; {ID_RULE}"))
        if entry.id in first:
            where = place(first[entry.id])
            found.append(Fault(index, "id", f"this id is already used at {where}"))
        first.setdefault(entry.id, index)
    return found


def _parents(codes: Sequence[CodeEntry]) -> list[Fault]:
    known = {entry.id for entry in codes}
    return [
        Fault(
            index,
            "parent",
            f"its parent '{entry.parent}' is not in this codebook"
            f"{suggest(entry.parent, known - {entry.id})}",
        )
        for index, entry in enumerate(codes)
        if entry.parent is not None and entry.parent not in known
    ]


def _cycles(codes: Sequence[CodeEntry]) -> list[Fault]:
    parent_of: Mapping[str, str | None] = {entry.id: entry.parent for entry in codes}
    place = {entry.id: index for index, entry in reversed(list(enumerate(codes)))}
    found: list[Fault] = []
    settled: set[str] = set()
    for entry in codes:
        trail: dict[str, None] = {}
        at: str | None = entry.id
        while at is not None and at in parent_of and at not in settled and at not in trail:
            trail[at] = None
            at = parent_of[at]
        if at is not None and at in trail:
            members = list(trail)
            circle = members[members.index(at) :]
            first = circle.index(min(circle, key=place.__getitem__))
            told = " → ".join([*circle[first:], *circle[:first], circle[first]])
            found.append(Fault(place[circle[first]], "parent", f"it is its own ancestor: {told}"))
        settled.update(trail)
    return found


def _values(codes: Sequence[CodeEntry], sources: set[str] | None) -> list[Fault]:
    found: list[Fault] = []
    for index, entry in enumerate(codes):
        if entry.colour is not None and not is_colour(entry.colour):
            message = f"the colour '{entry.colour}' is not written like #0072B2"
            found.append(Fault(index, "colour", message))
        if entry.origin not in ORIGINS:
            known = ", ".join(ORIGINS)
            message = f"the origin '{entry.origin}' is not one of {known}"
            found.append(Fault(index, "origin", message + suggest(entry.origin, ORIGINS)))
        found += [
            Fault(
                index,
                "source",
                f"the source '{key}' is not listed under sources{suggest(key, sources)}",
            )
            for key in entry.source
            if sources is not None and key not in sources
        ]
    return found
