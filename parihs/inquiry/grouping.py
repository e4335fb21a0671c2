"""Which sites did well and which did not: kept once per study, with the rule to compare by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.inquiry.distinguishing import RULES
from parihs.inquiry.texts import one_of, written
from parihs.model import Site, SiteGrouping, utc_now
from parihs.store import Transaction


def group_sites(
    tx: Transaction,
    study_id: str,
    *,
    high: Sequence[str],
    low: Sequence[str],
    outcome: str,
    rule: str = "varsi-2015",
) -> SiteGrouping:
    """Keep which sites did well and which did not, by what ``outcome``, and the rule to compare by.

    Raises ParihsError for unknown sites, a site in both groups, an unknown rule, or no outcome.
    """
    one_of(rule, RULES, "rule for distinguishing constructs")
    outcome = written(outcome, "what the sites are grouped by")
    known = set(tx.session.scalars(select(Site.id).filter_by(study_id=study_id)))
    if not {*high, *low} <= known:
        raise ParihsError("A site is not in the study; nothing was saved.", "Reload.")
    if set(high) & set(low):
        raise ParihsError("A site cannot be in both groups; nothing was saved.", "Choose one.")
    grouping = tx.session.get(SiteGrouping, study_id)
    if grouping is None:
        grouping = SiteGrouping(study_id=study_id, outcome="", high=[], low=[], rule=rule)
        tx.session.add(grouping)
    grouping.high, grouping.low = list(high), list(low)
    grouping.outcome, grouping.rule, grouping.updated_at = outcome, rule, utc_now()
    tx.session.flush()
    data = {"high": list(high), "low": list(low), "outcome": outcome, "rule": rule}
    tx.record(study_id, "grouped sites", "study", study_id, data)
    return grouping


def site_grouping(session: Session, study_id: str) -> SiteGrouping | None:
    """The study's high and low sites and its rule, once somebody has said so."""
    return session.get(SiteGrouping, study_id)
