"""The small study with a handful of codings, and short ways to make more."""

from __future__ import annotations

from typing import Any

from parihs.coding import apply_ops
from parihs.model import new_id
from parihs.store import Store
from tests.support.small_study import SmallStudy

# Positions in each version's text: "Shall we begin 🙂 then?" / "It does not fit here. It never
# has." / "Café talk, naïve as it is."
MARA = (0, 22)
KIM = (23, 58)
KIM_FIRST = (23, 44)
SOMEBODY = (59, 84)


def op(store: Store, small: SmallStudy, coder_id: str, where: int, **given: Any) -> str:
    """Send one operation on the transcript of site ``where`` and return the coding's id."""
    given.setdefault("coding_id", new_id())
    given["op_id"] = new_id()
    if "code" in given:
        given["code"] = small.codes[given["code"]]
    if "code" in given.get("set", {}):
        given["set"] = {**given["set"], "code": small.codes[given["set"]["code"]]}
    result = apply_ops(
        store,
        coder_id=coder_id,
        version_id=small.versions[where].id,
        codebook_version_id=small.codebook.id,
        ops=[given],
    )
    assert not result.refused, result.refused
    return str(given["coding_id"])


def code(
    store: Store,
    small: SmallStudy,
    where: int,
    stretch: tuple[int, int],
    key: str = "fit",
    valence: str = "unrated",
    *,
    by: str | None = None,
) -> str:
    """Code a stretch at site ``where`` (0 or 1) and return the coding's id."""
    start, end = stretch
    return op(
        store,
        small,
        by or small.ada.id,
        where,
        verb="code",
        start=start,
        end=end,
        code=key,
        valence=valence,
    )


def uncode(store: Store, small: SmallStudy, where: int, coding_id: str) -> None:
    """Take Ada's coding back."""
    op(store, small, small.ada.id, where, verb="uncode", coding_id=coding_id)
