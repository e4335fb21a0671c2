"""Codes seen at a level of the codebook: the codes themselves, their parents, their constructs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol, get_args

from parihs.errors import ParihsError

Level = Literal["code", "parent", "construct"]
LEVELS: tuple[Level, ...] = get_args(Level)


class CodePlace(Protocol):
    """Where a code stands in its codebook; ``parihs.store.codebooks.CodeView`` is one."""

    @property
    def code_id(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def parent_key(self) -> str | None: ...


class CodeLevels:
    """Which code counts for a coding at one level of a codebook.

    ``code`` leaves codes as they are, ``construct`` takes their top-level ancestor, ``parent`` the
    code right below the construct. So somebody who gave the broader code itself agrees, at its
    level, with somebody who gave a finer code below it. A code that is not in the book stands for
    itself.
    """

    def __init__(self, codes: Iterable[CodePlace], level: Level) -> None:
        """Raises ParihsError for an unknown level."""
        if level not in LEVELS:
            raise ParihsError(
                f"Codings cannot be compared at the level “{level}”.",
                f"Use one of: {', '.join(LEVELS)}.",
            )
        self.level = level
        book = {code.key: code for code in codes}
        self._order = {code.code_id: number for number, code in enumerate(book.values())}
        self._lineage: dict[str, tuple[str, ...]] = {}
        for code in book.values():
            above = []
            at: CodePlace | None = code
            while at is not None:
                above.append(at.code_id)
                at = book.get(at.parent_key) if at.parent_key is not None else None
            self._lineage[code.code_id] = tuple(reversed(above))

    def __getitem__(self, code_id: str) -> str:
        """Id of the code that counts for a code."""
        lineage = self._lineage.get(code_id, (code_id,))
        if self.level == "code":
            return code_id
        return lineage[0] if self.level == "construct" else lineage[:2][-1]

    def order(self, code_id: str) -> int:
        """Its place in the codebook; unknown codes come last."""
        return self._order.get(code_id, len(self._order))

    def distance(self, one: str, other: str) -> int:
        """0 for siblings or parent and child, 1 within a construct, 2 across constructs."""
        a, b = (self._lineage.get(code_id, (code_id,)) for code_id in (one, other))
        if a[0] != b[0]:
            return 2
        near = a[:-1] == b[:-1] or a[:-1] == b or a == b[:-1]
        return 0 if near else 1
