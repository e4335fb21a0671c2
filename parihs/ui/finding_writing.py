"""What the findings page does to findings, and what it knows about each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

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
from parihs.ui.state import Current

T = TypeVar("T")

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
    """The study's findings as the viewer may see them."""
    with now.app.store.read() as session:
        return Desk(
            findings(session, now.study.id),
            findings(session, now.study.id, withdrawn=True),
            lint(session, now.study.id, viewer_id=now.viewer_id),
        )


def preview(now: Current, claim: str) -> list[Part]:
    """A claim as it will read, quotes with who says them."""
    with now.app.store.read() as session:
        return render(claim, passages(session, quoted(claim), viewer_id=now.viewer_id))


def bearing(now: Current, view: FindingView) -> dict[str, Passage]:
    """The passages behind a finding's excerpts, by excerpt id."""
    with now.app.store.read() as session:
        found = passages(session, view.ids(), viewer_id=now.viewer_id)
    return {key: passage for passage in found for key in passage.excerpt_ids}


def history(now: Current, finding_id: str) -> list[Saved]:
    """Earlier texts of a finding, newest first."""
    with now.app.store.read() as session:
        return [s for s in finding_history(session, finding_id) if "claim" in s.data]


def with_quote(claim: str, excerpt_id: str) -> str:
    """The claim with a quote on a line of its own at its end."""
    return f"{claim.rstrip()}\n\n{marker(excerpt_id)}\n\n".lstrip()


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


def _write(now: Current, change: Callable[[Transaction], T]) -> T:
    with now.app.store.write(now.viewer_id or "lead") as tx:
        return change(tx)
