"""Codes that rules name by their keys, “(context.local.evaluation)”, told by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DOTTED = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def by_name(text: str, names: Mapping[str, str]) -> str:
    """A rule as people read it: each key with a dot that is in ``names`` becomes its “name”.

    Files keep the keys, since those outlive a renaming. Other words stay as they are, and so does
    a key without a dot, which may be a word of the sentence.
    """

    def told(found: re.Match[str]) -> str:
        name = names.get(found[0])
        return found[0] if name is None else f"“{name}”"

    return _DOTTED.sub(told, text)
