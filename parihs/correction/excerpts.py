"""Excerpts that summaries, ratings and findings rest on go on meaning the same words.

An excerpt is named by a coding's id, which never changes, or, where coders agreed, by its place in
a version: ``version.code.start-end``. Those names move with the text.
"""

from __future__ import annotations

import re

from sqlalchemy import select

from parihs.correction.script import Script
from parihs.model import (
    Finding,
    FindingExcerpt,
    GridCell,
    Rating,
    SiteRating,
    Transcript,
    TranscriptVersion,
)
from parihs.store import Transaction


def move_excerpts(
    tx: Transaction, old: TranscriptVersion, new: TranscriptVersion, script: Script
) -> None:
    """Rename the stretches of ``old`` wherever a text of the study rests on them.

    A stretch whose words are gone keeps its old name.
    """
    study_id = tx.session.get_one(Transcript, old.transcript_id).study_id
    named = re.compile(rf"{re.escape(old.id)}\.([^.\s]+)\.(\d+)-(\d+)")

    def moved(text: str) -> str:
        return named.sub(renamed, text)

    def renamed(found: re.Match[str]) -> str:
        start, end = script.place(int(found[2]), int(found[3]))
        return f"{new.id}.{found[1]}.{start}-{end}" if start < end else found[0]

    texts: list[GridCell | Rating | SiteRating] = [
        *tx.session.scalars(select(GridCell).filter_by(study_id=study_id)),
        *tx.session.scalars(select(Rating).filter_by(study_id=study_id)),
        *tx.session.scalars(select(SiteRating).filter_by(study_id=study_id)),
    ]
    for text in texts:
        ids = [moved(each) for each in text.excerpt_ids]
        if ids != text.excerpt_ids:
            text.excerpt_ids = list(dict.fromkeys(ids))
    findings = list(tx.session.scalars(select(Finding).filter_by(study_id=study_id)))
    for finding in findings:
        if (claim := moved(finding.claim)) != finding.claim:
            finding.claim = claim
    linked = select(FindingExcerpt).where(
        FindingExcerpt.finding_id.in_([finding.id for finding in findings])
    )
    links = list(tx.session.scalars(linked))
    taken = {(link.finding_id, link.excerpt_id) for link in links}
    for link in links:
        excerpt_id = moved(link.excerpt_id)
        if excerpt_id != link.excerpt_id and (link.finding_id, excerpt_id) not in taken:
            taken.add((link.finding_id, excerpt_id))
            link.excerpt_id = excerpt_id
    tx.session.flush()
