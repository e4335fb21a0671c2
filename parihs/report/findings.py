"""Findings with their quotes, all that bears on them, and what a careful reader would ask."""

from __future__ import annotations

from parihs.inquiry import STANCES, FindingView, Lint, render
from parihs.inquiry.findings import STATUSES
from parihs.report.contents import Evidence, FindingText, Piece, Remark
from parihs.report.register import attribution
from parihs.report.source import Source


def finding_texts(source: Source) -> tuple[FindingText, ...]:
    """The findings in their order."""
    return tuple(_text(source, n, view) for n, view in enumerate(source.findings, start=1))


def remarks(source: Source) -> tuple[Remark, ...]:
    """What concerns all findings together."""
    return tuple(_remark(source, each) for each in source.lint if each.finding_id is None)


def _text(source: Source, number: int, view: FindingView) -> FindingText:
    own = [each for each in source.lint if each.finding_id == view.finding.id]
    order = list(STANCES)
    evidence = sorted(view.excerpts, key=lambda link: order.index(link.stance))
    return FindingText(
        number=number,
        title=view.finding.title,
        status=STATUSES[view.finding.status],
        pieces=tuple(_pieces(source, view)),
        evidence=tuple(
            _evidence(source, link.excerpt_id, STANCES[link.stance], link.note) for link in evidence
        ),
        remarks=tuple(_remark(source, each) for each in own),
    )


def _pieces(source: Source, view: FindingView) -> list[Piece]:
    return [
        Piece(
            part.text,
            source.register.label(part.excerpt_id or ""),
            attribution(part.passage) if part.passage else "",
            part.kind,
        )
        for part in render(view.finding.claim, source.register.passages)
    ]


def _evidence(source: Source, excerpt_id: str, stance: str, note: str) -> Evidence:
    passage = source.register.passage(excerpt_id)
    if passage is None:
        gone = "This excerpt is no longer coded, or still coded blind."
        return Evidence(stance, "", gone, "", note)
    label = source.register.label(excerpt_id)
    return Evidence(stance, label, passage.quote, attribution(passage), note)


def _remark(source: Source, each: Lint) -> Remark:
    return Remark(each.severity, each.sentence, source.register.labels(each.ids))
