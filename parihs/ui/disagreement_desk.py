"""The desk where disagreements are read, settled, reopened and talked about."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import streamlit as st

from parihs.coding.adjudication import reopen, settle, settlements
from parihs.coding.discussion import discuss, propose_clarification
from parihs.coding.queue import Queue, QueueItem
from parihs.errors import ParihsError
from parihs.model.terms import VALENCES
from parihs.store.codebooks import definitions
from parihs.ui.disagreement_views import item_id, place_views
from parihs.ui.state import Current
from parihs.ui.widgets.disagreements import DeskView, Option, disagreements

PAGE = 40
REASONS = 8
READING_ONLY = "You are reading only. Say who you are in the side bar to settle or discuss this."
NOTHING_LEFT = "No disagreement here under these filters."


def desk(
    now: Current, queue: Queue, items: Sequence[QueueItem], *, key: str, about: Hashable = None
) -> None:
    """Show some of a queue's disagreements, one in focus, and do what the person asks.

    ``about`` says which ones they are: when it changes, the desk starts with the first.
    """
    kept = st.session_state.setdefault(f"desk-{key}", {"about": about, "place": 0})
    if kept["about"] != about:
        kept.update(about=about, place=0)
    first = min(kept["place"], max(0, len(items) - 1)) // PAGE * PAGE
    shown = items[first : first + PAGE]
    done = disagreements(
        _view(now, queue, shown, first, len(items), kept.pop("focus", None), kept.pop("error", "")),
        key=f"disagreements-{key}",
    )
    if done is not None and done.get("at") != kept.get("at"):
        kept["at"] = done.get("at")
        _act(now, items, done, kept)


def _view(
    now: Current,
    queue: Queue,
    shown: Sequence[QueueItem],
    first: int,
    total: int,
    focus: str | None,
    error: str,
) -> DeskView:
    assert now.codebook is not None
    with now.app.store.read() as session:
        codes = definitions(session, now.codebook.id)
        made = settlements(session, now.study.id, viewer_id=now.viewer_id)
    reasons = dict.fromkeys(each.settlement.reason for each in reversed(made))
    return DeskView(
        items=place_views(now, shown),
        first=first,
        total=total,
        progress={
            "settled": queue.n_settled,
            "stale": queue.n_stale,
            "total": len(queue.items),
        },
        codes=[Option(code.code_id, "\u2003" * code.depth + code.name) for code in codes],
        valences=[Option(valence, words) for valence, words in VALENCES.items()],
        reasons=list(reasons)[:REASONS],
        may_settle=now.coder is not None,
        why_not=READING_ONLY,
        empty=NOTHING_LEFT,
        error=error,
        focus=focus,
    )


def _act(
    now: Current, items: Sequence[QueueItem], done: Mapping[str, Any], kept: dict[str, Any]
) -> None:
    if done["do"] == "page":
        place = max(0, min(int(done["place"]), len(items) - 1))
        kept["place"], kept["focus"] = place, item_id(items[place])
        st.rerun()
    item = next((item for item in items if item_id(item) == done["id"]), None)
    if item is None:
        kept["error"] = "This place is not as it was: somebody changed a coding. Look at it again."
    elif done["do"] == "open":
        st.switch_page(
            "views/code.py",
            query_params={
                "transcript": item.transcript_id,
                "start": str(item.start),
                "end": str(item.end),
                "at": str(done["at"]),
            },
        )
    else:
        try:
            _write(now, item, done)
        except ParihsError as error:
            kept["error"] = str(error)
    st.rerun()


def _write(now: Current, item: QueueItem, done: Mapping[str, Any]) -> None:
    if now.coder is None:
        raise ParihsError("Nothing was saved.", READING_ONLY)
    with now.app.store.write(now.coder.id) as tx:
        if done["do"] == "reopen":
            reopen(tx, done["settlement"], done["reason"])
            return
        if item.place is None:
            raise ParihsError("The codings here have changed.", "Reopen the decision first.")
        if done["do"] == "settle":
            settle(
                tx,
                item.place,
                outcome=done["outcome"],
                reason=done["reason"],
                result=done["result"],
            )
        elif done["do"] == "discuss":
            discuss(tx, item.place, done["text"])
        elif done["do"] == "propose":
            propose_clarification(tx, done["code_id"], done["text"], place=item.place)
