"""Where a code stands: its construct, depth, path and descendants, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol


class Node(Protocol):
    """Anything with a place in a code tree."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def colour(self) -> str | None: ...


class CodeTree:
    """The codes of one codebook as a tree; siblings keep the order of the file.

    Expects codes that passed the checks: unique ids, known parents, no cycles. Asking for a code
    that is not in the tree raises KeyError.
    """

    def __init__(self, codes: Sequence[Node]) -> None:
        self._nodes = {code.id: code for code in codes}
        self._children: dict[str | None, list[str]] = {}
        for code in codes:
            self._children.setdefault(code.parent, []).append(code.id)
        self.order: tuple[str, ...] = tuple(self._walk(None))
        """All ids, each parent followed by its children."""

    @property
    def roots(self) -> tuple[str, ...]:
        """The constructs: codes without a parent."""
        return tuple(self._children.get(None, ()))

    def children(self, code: str) -> tuple[str, ...]:
        """Ids directly below a code."""
        return tuple(self._children.get(self._nodes[code].id, ()))

    def descendants(self, code: str) -> tuple[str, ...]:
        """All ids below a code, in tree order, without the code itself."""
        return tuple(self._walk(self._nodes[code].id))

    def lineage(self, code: str) -> tuple[str, ...]:
        """Ids from the construct down to the code itself."""
        upwards: list[str] = []
        above: str | None = code
        while above is not None:
            upwards.append(above)
            above = self._nodes[above].parent
        return tuple(reversed(upwards))

    def construct(self, code: str) -> str:
        """The top-level ancestor, or the code itself where it is one."""
        return self.lineage(code)[0]

    def depth(self, code: str) -> int:
        """0 for a construct, 1 for its children, and so on."""
        return len(self.lineage(code)) - 1

    def path(self, code: str) -> tuple[str, ...]:
        """Names from the construct down to the code, for breadcrumbs and exports."""
        return tuple(self._nodes[key].name for key in self.lineage(code))

    def _walk(self, parent: str | None) -> Iterator[str]:
        waiting = list(reversed(self._children.get(parent, ())))
        while waiting:
            code = waiting.pop()
            yield code
            waiting.extend(reversed(self._children.get(code, ())))
