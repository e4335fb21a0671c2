"""What the findings page does to findings, and what it knows about each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from parihs.compare.passages import Passage, passages
from parihs.inquiry import (
    FindingView,
    Lint,
    Part,
    Saved,
    add_finding,
    edit_finding,
    finding_history,
    findings,
    link_excerpts,
    lint,
    marker,
    move_finding,
    quoted,
    render,
    restore_finding,
    unlink_excerpt,
    withdraw_finding,
)
from parihs.store import Transaction
from parihs.ui.standing import state_key
from parihs.ui.state import Current
from parihs.web.context import context

T = TypeVar("T")
_MARK = re.compile(r"\[quote: [^\[\]\n]*?([0-9a-f]{6})\]")

ICONS = {
    "problem": ":red[:material/error:]",
    "warning": ":orange[:material/warning:]",
    "hint": ":blue[:material/info:]",
}
"""Mark of each severity, gravest first."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the findings page shows, read at once."""

    findings: list[FindingView]
    withdrawn: list[FindingView]
    lint: list[Lint]

    def about(self, finding_id: str | None) -> list[Lint]:
        """What there is to look at in one finding; None for all of them together."""
        return [each for each in self.lint if each.finding_id == finding_id]

    def mark(self, view: FindingView) -> str:
        """The mark of the gravest remark on a finding."""
        found = self.about(view.finding.id)
        return ICONS[found[0].severity] if found else ""


def read_desk(now: Current) -> Desk:
    """The study's findings as the viewer may see them, read again when something was recorded."""
    return _desk(*state_key(now))


@st.cache_resource(max_entries=4, show_spinner=False)
def _desk(home: str, study_id: str, viewer_id: str, seen: int) -> Desk:
    with context().store.read() as session:
        return Desk(
            findings(session, study_id),
            findings(session, study_id, withdrawn=True),
            lint(session, study_id, viewer_id=viewer_id),
        )


def preview(now: Current, claim: str) -> list[Part]:
    """A claim as it will read, quotes with who says them."""
    with now.app.store.read() as session:
        return render(claim, passages(session, quoted(claim), viewer_id=now.viewer_id))


def bearing(now: Current, view: FindingView) -> dict[str, Passage]:
    """The passages behind a finding's excerpts and quotes, by excerpt id."""
    ids = [*view.ids(), *quoted(view.finding.claim)]
    with now.app.store.read() as session:
        found = passages(session, ids, viewer_id=now.viewer_id)
    return {key: passage for passage in found for key in passage.excerpt_ids}


def history(now: Current, finding_id: str) -> list[Saved]:
    """Earlier texts of a finding, newest first."""
    with now.app.store.read() as session:
        return [s for s in finding_history(session, finding_id) if "claim" in s.data]


def readable(claim: str, voices: Mapping[str, Passage]) -> str:
    """A stored claim as people edit it: each quote a short mark with the speaker's name."""
    for excerpt_id in quoted(claim):
        claim = claim.replace(marker(excerpt_id), mark(excerpt_id, voices))
    return claim


def stored(text: str, known: Iterable[str]) -> str:
    """An edited claim as it is kept; marks of excerpts that are not ``known`` stay as they are."""
    by_sign = {_sign(excerpt_id): excerpt_id for excerpt_id in known}
    return _MARK.sub(lambda m: marker(by_sign[m[1]]) if m[1] in by_sign else m[0], text)


def mark(excerpt_id: str, voices: Mapping[str, Passage]) -> str:
    """What stands for a quote while a claim is edited: ``[quote: Femi 3fa1c]``."""
    passage = voices.get(excerpt_id)
    who = "gone" if passage is None else passage.speakers[0].split(",")[0]
    name = re.sub(r"[^\w .-]", "", who)
    return f"[quote: {name} {_sign(excerpt_id)}]"


def with_quote(claim: str, excerpt_id: str, voices: Mapping[str, Passage]) -> str:
    """The claim with a quote on a line of its own at its end."""
    return f"{claim.rstrip()}\n\n{mark(excerpt_id, voices)}\n\n".lstrip()


def add(now: Current, title: str, claim: str) -> str:
    """Save a new finding and give its id."""
    return _write(now, lambda tx: add_finding(tx, now.study.id, title=title, claim=claim).id)


def save(now: Current, finding_id: str, rev: int, title: str, claim: str, status: str) -> None:
    """Save a finding's words and status over the revision the writer has seen."""
    _write(
        now,
        lambda tx: edit_finding(
            tx, finding_id, base_rev=rev, title=title, claim=claim, status=status
        ),
    )


def link(now: Current, finding_id: str, ids: Sequence[str], stance: str, note: str = "") -> None:
    """Say how excerpts bear on a finding."""
    _write(now, lambda tx: link_excerpts(tx, finding_id, ids, stance=stance, note=note))


def unlink(now: Current, finding_id: str, excerpt_id: str) -> None:
    """Take an excerpt off a finding."""
    _write(now, lambda tx: unlink_excerpt(tx, finding_id, excerpt_id))


def move(now: Current, finding_id: str, place: int) -> None:
    """Give a finding another place."""
    _write(now, lambda tx: move_finding(tx, finding_id, place))


def withdraw(now: Current, finding_id: str, reason: str) -> None:
    """Take a finding out of the list; it can be restored."""
    _write(now, lambda tx: withdraw_finding(tx, finding_id, reason))


def restore(now: Current, finding_id: str) -> None:
    """Bring a withdrawn finding back."""
    _write(now, lambda tx: restore_finding(tx, finding_id))


def _sign(excerpt_id: str) -> str:
    """Short, and the same whenever and wherever it is computed."""
    return hashlib.sha256(excerpt_id.encode()).hexdigest()[:6]


def _write(now: Current, change: Callable[[Transaction], T]) -> T:
    with now.app.store.write(now.viewer_id or "lead") as tx:
        return change(tx)
