"""Findings: claims with the excerpts that bear them, in an order, never lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.inquiry.bearing import borne_by
from parihs.inquiry.quotes import quoted
from parihs.inquiry.texts import NewerTextError, Saved, history, one_of, who, written
from parihs.model import Finding, FindingExcerpt, Study, utc_now
from parihs.store import Transaction

SUPPORTS: Final = "supports"
CONTRADICTS: Final = "contradicts"
NUANCE: Final = "nuance"
STANCES: Final = {SUPPORTS: "Supports", CONTRADICTS: "Contradicts", NUANCE: "Qualifies"}
"""How an excerpt bears on a claim, as stored and as shown."""

STATUSES: Final = {"draft": "Draft", "agreed": "Agreed"}


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with the excerpts that bear on it, quoted ones among them."""

    finding: Finding
    excerpts: tuple[FindingExcerpt, ...]
    """In the order in which they were added."""

    def ids(self, stance: str | None = None) -> tuple[str, ...]:
        """Excerpt ids, of one stance or all."""
        return tuple(e.excerpt_id for e in self.excerpts if stance in (None, e.stance))


def add_finding(
    tx: Transaction, study_id: str, *, title: str, claim: str = "", status: str = "draft"
) -> Finding:
    """Add a finding after the others, in the name of whoever writes (``tx.actor``).

    Excerpts that the claim quotes are linked as supporting it. Raises ParihsError without a title,
    or when a quoted excerpt is not in the study.
    """
    if tx.session.get(Study, study_id) is None:
        raise ParihsError("This study is no longer here; the finding was not saved.")
    last = select(func.max(Finding.position)).filter_by(study_id=study_id)
    position = tx.session.scalar(last)
    finding = Finding(study_id=study_id, title="", position=0 if position is None else position + 1)
    _write(tx, finding, "added", title, claim, status)
    return finding


def edit_finding(
    tx: Transaction,
    finding_id: str,
    *,
    base_rev: int,
    title: str | None = None,
    claim: str | None = None,
    status: str | None = None,
) -> Finding:
    """Change a finding's words or status; None leaves a part as it is.

    ``base_rev`` is the finding's ``rev`` that the writer started from. Excerpts newly quoted are
    linked as supporting it. Saving the same again changes nothing.

    Raises NewerTextError, which has both claims, when somebody saved another text meanwhile;
    ParihsError for an empty title, an unknown status, or a quoted excerpt that is not in the study.
    """
    finding = _finding(tx.session, finding_id)
    new = (
        finding.title if title is None else written(title, "a title"),
        finding.claim if claim is None else written(claim),
        finding.status if status is None else one_of(status, STATUSES, "status of a finding"),
    )
    if new == (finding.title, finding.claim, finding.status):
        return finding
    if base_rev != finding.rev:
        raise NewerTextError(
            yours=f"{new[0]}\n\n{new[1]}",
            theirs=f"{finding.title}\n\n{finding.claim}",
            by=who(tx.session, finding.author),
            rev=finding.rev,
        )
    _write(tx, finding, "edited", *new)
    return finding


def move_finding(tx: Transaction, finding_id: str, place: int) -> None:
    """Give a finding another place (0 is first) among those that are not withdrawn."""
    finding = _finding(tx.session, finding_id)
    query = select(Finding).filter_by(study_id=finding.study_id, withdrawn=False)
    order = list(tx.session.scalars(query.order_by(Finding.position, Finding.created_at)))
    others = [each for each in order if each.id != finding_id]
    others.insert(max(0, place), finding)
    if others == order:
        return
    for position, each in enumerate(others):
        each.position = position
    data = {"order": [each.id for each in others]}
    tx.record(finding.study_id, "moved", "finding", finding_id, data)


def withdraw_finding(tx: Transaction, finding_id: str, reason: str = "") -> None:
    """Take a finding out of the list and the report; it stays in the record, with its excerpts."""
    finding = _finding(tx.session, finding_id)
    if not finding.withdrawn:
        finding.withdrawn = True
        data = {"reason": written(reason)}
        tx.record(finding.study_id, "withdrew", "finding", finding_id, data)


def restore_finding(tx: Transaction, finding_id: str) -> None:
    """Bring a withdrawn finding back, after the others."""
    finding = _finding(tx.session, finding_id)
    if finding.withdrawn:
        last = select(func.max(Finding.position)).filter_by(study_id=finding.study_id)
        finding.withdrawn, finding.position = False, (tx.session.scalar(last) or 0) + 1
        tx.record(finding.study_id, "restored", "finding", finding_id)


def link_excerpts(
    tx: Transaction,
    finding_id: str,
    excerpt_ids: Sequence[str],
    *,
    stance: str = SUPPORTS,
    note: str = "",
) -> None:
    """Say how excerpts bear on a finding; for those that are linked already, say it anew.

    Raises ParihsError for an unknown stance, or when an excerpt is not in the study or was taken
    back.
    """
    finding = _finding(tx.session, finding_id)
    one_of(stance, STANCES, "stance")
    note = written(note)
    before = {link.excerpt_id: link for link in _links(tx.session, [finding_id])}
    for key in borne_by(tx.session, finding.study_id, excerpt_ids, before):
        link = before.get(key)
        if link is None:
            link = FindingExcerpt(finding_id=finding_id, excerpt_id=key, stance="")
            tx.session.add(link)
        if (link.stance, link.note) == (stance, note):
            continue
        new = not link.stance
        link.stance, link.note = stance, note
        data = {"excerpt": key, "stance": stance, "note": note}
        seq = tx.record(finding.study_id, "linked", "finding", finding_id, data)
        # The first event gives its place in the list.
        link.rev = seq if new else link.rev


def unlink_excerpt(tx: Transaction, finding_id: str, excerpt_id: str) -> None:
    """Say that an excerpt no longer bears on a finding.

    Raises ParihsError while the claim quotes it.
    """
    finding = _finding(tx.session, finding_id)
    if excerpt_id in quoted(finding.claim):
        raise ParihsError(
            "The claim quotes this excerpt, so it was kept.",
            "Take the quote out of the text first.",
        )
    link = tx.session.get(FindingExcerpt, (finding_id, excerpt_id))
    if link is not None:
        tx.session.delete(link)
        data = {"excerpt": excerpt_id, "stance": link.stance, "note": link.note}
        tx.record(finding.study_id, "unlinked", "finding", finding_id, data)


def findings(session: Session, study_id: str, *, withdrawn: bool = False) -> list[FindingView]:
    """The study's findings in order; with ``withdrawn``, only those that were withdrawn."""
    query = (
        select(Finding)
        .filter_by(study_id=study_id, withdrawn=withdrawn)
        .order_by(Finding.position, Finding.created_at)
    )
    found = list(session.scalars(query))
    links: dict[str, list[FindingExcerpt]] = defaultdict(list)
    for link in _links(session, [finding.id for finding in found]):
        links[link.finding_id].append(link)
    return [FindingView(finding, tuple(links[finding.id])) for finding in found]


def finding_history(session: Session, finding_id: str) -> list[Saved]:
    """All that happened to a finding, newest first; ``added`` and ``edited`` lines hold the whole
    ``title, claim, status``, so an earlier text is restored by ``edit_finding``."""
    return history(session, "finding", finding_id)


def _write(
    tx: Transaction, finding: Finding, verb: str, title: str, claim: str, status: str
) -> None:
    # All of it is checked before any of it is set: a refused text must leave no trace.
    title, claim = written(title, "a title"), written(claim)
    status = one_of(status, STATUSES, "status of a finding")
    linked = [link.excerpt_id for link in _links(tx.session, [finding.id])]
    quotes = borne_by(tx.session, finding.study_id, quoted(claim), linked)
    finding.title, finding.claim, finding.status = title, claim, status
    finding.author, finding.updated_at = tx.actor, utc_now()
    tx.session.add(finding)
    tx.session.flush()
    data: dict[str, Any] = {"title": title, "claim": claim, "status": status}
    finding.rev = tx.record(finding.study_id, verb, "finding", finding.id, data)
    link_excerpts(tx, finding.id, [key for key in quotes if key not in linked])


def _links(session: Session, finding_ids: Sequence[str]) -> list[FindingExcerpt]:
    query = select(FindingExcerpt).where(FindingExcerpt.finding_id.in_(finding_ids))
    return list(session.scalars(query.order_by(FindingExcerpt.rev, FindingExcerpt.excerpt_id)))


def _finding(session: Session, finding_id: str) -> Finding:
    finding = session.get(Finding, finding_id)
    if finding is None:
        raise ParihsError("This finding is no longer in the study.", "Reload the page.")
    return finding
